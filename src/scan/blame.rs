//! Whose fault a failure may be: what a cut line of ours would look like from here.

use serde_json::Value;
use xuncha_model::{Facts, Reason, Seen, facts::LookOutcome, scan::SiteResult};

/// How something fails over a cut line; what failed as our own fault accuses nobody as it is.
const CUT: &[&str] = &[
    "connect.reset",
    "connect.timeout",
    "connect.unreachable",
    "dns.servfail",
    "dns.timeout",
    "http.reset",
    "http.timeout",
    "http.truncated",
    "limit.time",
    "tls.timeout",
];

/// The failure is one that our own line, cut or full, would show too.
pub(crate) fn may_be_ours(result: &SiteResult) -> bool {
    match result.outcome {
        LookOutcome::Down => {
            let code = result.reason.to_string();
            let network = code.starts_with("dns.") || code.starts_with("connect.");
            let cut = [".timeout", ".reset", ".truncated", ".time"];
            network || cut.iter().any(|ending| code.ends_with(ending))
        }
        LookOutcome::Skipped => {
            matches!(result.reason, Reason::SelfNetwork | Reason::SelfResolver)
        }
        LookOutcome::Ok | LookOutcome::Degraded | LookOutcome::Blocked => false,
    }
}

/// Something in a look, whatever came of it, failed as it would if our line was cut meanwhile. `facts` as JSON.
pub(crate) fn touched(facts: &Value) -> bool {
    let mut left = vec![facts];
    while let Some(value) = left.pop() {
        match value {
            Value::Array(items) => left.extend(items),
            Value::Object(fields) => {
                let reason = fields.get("reason").and_then(Value::as_str);
                if reason.is_some_and(|reason| CUT.contains(&reason)) {
                    return true;
                }
                left.extend(fields.values());
            }
            _ => {}
        }
    }
    false
}

/// So many of `looked` sites failed together that our line has to be looked at first: more than 30 % of at least
/// three (threats.md T32), or all.
pub(crate) fn too_many(failed: usize, looked: usize) -> bool {
    failed > 0 && (failed >= looked || (looked >= 3 && failed * 10 > looked * 3))
}

/// Takes back everything that came through the network: it was our line that was seen.
pub(crate) fn unsee(facts: &mut Facts, reason: &Reason, detail: &str) {
    fn unseen<T>(reason: &Reason, detail: &str) -> Seen<T> {
        Seen::unseen(reason.clone(), detail)
    }
    facts.dns = unseen(reason, detail);
    facts.availability = unseen(reason, detail);
    facts.http = unseen(reason, detail);
    facts.tls = unseen(reason, detail);
    facts.offers = unseen(reason, detail);
    facts.pages = unseen(reason, detail);
    facts.software = unseen(reason, detail);
    facts.crawl = unseen(reason, detail);
    facts.links = unseen(reason, detail);
    facts.columns = unseen(reason, detail);
    facts.freshness = unseen(reason, detail);
    facts.articles = unseen(reason, detail);
    facts.catalog = unseen(reason, detail);
    facts.interaction = unseen(reason, detail);
    facts.services = unseen(reason, detail);
    facts.search = unseen(reason, detail);
    facts.hosts = unseen(reason, detail);
    facts.content = unseen(reason, detail);
    facts.guises = unseen(reason, detail);
    facts.drift = unseen(reason, detail);
    facts.outbound = unseen(reason, detail);
    if let Seen::Seen(filing) = &mut facts.filing {
        for retired in &mut filing.retired {
            retired.serving = unseen(reason, detail);
            retired.lands_on = unseen(reason, detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_found_wherever_it_stands() {
        let of = |reason: &str| {
            let secure = serde_json::json!({ "hops": [{ "status": 0 }], "reason": reason });
            touched(&serde_json::json!({ "http": { "home": { "reason": "" }, "secure": secure } }))
        };
        assert!(of("connect.timeout") && of("tls.timeout"));
        assert!(
            !of("")
                && !of("connect.refused")
                && !of("http.404")
                && !of("self.resolver")
                && !of("not-looked")
        );
    }

    #[test]
    fn a_third_of_a_handful_is_too_many_and_one_of_ten_is_not() {
        assert!(!too_many(0, 0) && !too_many(0, 5));
        assert!(too_many(1, 1) && too_many(2, 2));
        assert!(!too_many(1, 2), "two sites are too few for a share");
        assert!(too_many(1, 3) && !too_many(1, 4));
        assert!(!too_many(3, 10) && too_many(4, 10));
    }
}
