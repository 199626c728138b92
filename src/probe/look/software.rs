//! The software that the answers disclose; libraries whose names say no version are asked for theirs.

use std::collections::BTreeSet;

use url::Url;
use xuncha_model::{
    Reason, Seen,
    facts::{DnsFacts, NameAnswer, SoftwareFacts, page::Origin},
    period::local_date,
};
use xuncha_net::{Ask, Visit};

use super::Look;
use crate::{
    page::same_place,
    software::{Body, Catalog, Evidence},
};

/// Scripts of the site's own that are fetched for the version they tell inside.
const MOST_SCRIPTS: usize = 3;

impl Look<'_> {
    /// The software of these answers.
    pub(super) async fn software(
        &mut self,
        answers: &[(&Visit, Origin)],
        dns: Option<&DnsFacts>,
    ) -> Seen<Vec<SoftwareFacts>> {
        let Some(catalog) = Catalog::embedded() else {
            return Seen::unseen(Reason::SelfBug, "the list of fingerprints cannot be read");
        };
        let today = local_date(self.at);
        let home = answers.first().map(|(visit, _)| *visit);
        let front_end = match (dns, home) {
            (Some(dns), Some(home)) => behind_a_front(&dns.names, home),
            _ => false,
        };
        let cookies: Vec<Vec<&str>> = answers
            .iter()
            .map(|(visit, _)| visit.cookies.iter().map(|cookie| cookie.name.as_str()).collect())
            .collect();
        let pages = answers.iter().zip(&cookies).map(|((visit, _), cookies)| Evidence {
            url: visit.final_url.as_str(),
            headers: &visit.headers,
            cookies,
            body: Body::Page(&visit.text),
            front_end,
        });
        let mut evidence: Vec<Evidence<'_>> = pages.collect();
        let first = catalog.software(&evidence, today);
        let scripts = match self.scripts(&first).await {
            Ok(scripts) if scripts.is_empty() => return Seen::Seen(first),
            Ok(scripts) => scripts,
            // without its inside a library has no version, and what was found in it before would seem mended
            Err(reason) => return Seen::unseen(reason, "a script could not be read"),
        };
        evidence.extend(scripts.iter().map(|visit| Evidence {
            url: visit.url.as_str(),
            headers: &[],
            cookies: &[],
            body: Body::Script(&visit.text),
            front_end,
        }));
        Seen::Seen(catalog.software(&evidence, today))
    }

    /// The scripts of the site's own whose names told a library and no version.
    ///
    /// # Errors
    ///
    /// Why one of them was not had; an answer, whatever it says, is none.
    async fn scripts(&mut self, software: &[SoftwareFacts]) -> Result<Vec<Visit>, Reason> {
        let silent = software
            .iter()
            .filter(|one| one.place == "script" && one.version.is_empty())
            .filter_map(|one| {
                let page = Url::parse(&one.url).ok()?;
                let script = page.join(&one.evidence).ok()?;
                same_place(&script, &page).then_some(script)
            });
        let silent: BTreeSet<Url> = silent.collect();
        let mut found = Vec::new();
        for script in silent.iter().take(MOST_SCRIPTS) {
            let visit = self.ask(script, Ask { stay: true, ..Ask::default() }).await;
            match visit.status {
                0 => return Err(visit.reason),
                200 => found.push(visit),
                _ => {}
            }
        }
        Ok(found)
    }
}

/// An alias of the site's host leads to a CDN or a cloud protection: that answers for it.
fn behind_a_front(names: &[NameAnswer], home: &Visit) -> bool {
    let host = home.final_url.host_str().unwrap_or_default();
    let known = ["cdn", "waf", "kunlun", "yundun", "dnsv1", "cloudfront", "edgekey", "yunjiasu"];
    let answer = names.iter().find(|answer| answer.name == host);
    let last = answer.and_then(|answer| answer.cname.last());
    last.is_some_and(|alias| known.iter().any(|word| alias.contains(word)))
}
