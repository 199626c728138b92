//! Our own line first: when it is down, nobody is accused.

use std::net::IpAddr;

use futures_util::future::{join, join_all};
use xuncha_model::Reason;
use xuncha_net::{Door, Fault, Gateway};

/// The port that is tried where a reference names none.
const PORT: u16 = 443;

/// Whether our line and our resolver work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineState {
    /// They do.
    Up {
        /// Some reference answers over IPv6: only then is a site's IPv6 looked at.
        ipv6: bool,
    },
    /// They do not: the round is void.
    Down {
        /// `self.resolver` or `self.network`.
        reason: Reason,
        /// What failed, in English.
        detail: String,
    },
}

/// A name that does not exist anywhere (RFC 6761, 6.4): a resolver that knows it knows every name.
const NOWHERE: &str = "xuncha-asks-for-what-is-not-there.invalid";

/// Resolves and connects the references (`host` or `host:port`); down when more than half of them fail, or when the
/// resolver knows names that do not exist: a wall before a log-in, or a provider who sells what is mistyped.
///
/// Without references only the resolver is asked whether it answers.
pub async fn check(door: &Door, references: &[String]) -> LineState {
    if references.is_empty() {
        return match door.resolver_answers().await {
            Ok(()) => LineState::Up { ipv6: false },
            Err(Fault { reason, detail }) => down(reason, &detail),
        };
    }
    let tries = references.iter().map(|reference| async move {
        let (host, port) = split(reference);
        let four = door.reach(host, port, false).await.err().map(|fault| (reference, fault));
        (four, door.reach(host, port, true).await.is_ok())
    });
    let (tried, lie) = join(join_all(tries), lie(door, references)).await;
    let (failed, six): (Vec<_>, Vec<bool>) = tried.into_iter().unzip();
    if let Some(lie) = lie {
        return down(Reason::SelfResolver, &lie);
    }
    let failed: Vec<_> = failed.into_iter().flatten().collect();
    if failed.len() <= references.len() / 2 {
        return LineState::Up { ipv6: six.contains(&true) };
    }
    let deaf = failed.iter().all(|(_, fault)| fault.reason == Reason::SelfResolver);
    let told: Vec<_> = failed
        .iter()
        .map(|(reference, fault)| format!("{reference}: {} {}", fault.reason, fault.detail))
        .collect();
    let reason = if deaf { Reason::SelfResolver } else { Reason::SelfNetwork };
    down(reason, &told.join("; "))
}

/// What the resolver says of a name that does not exist, when it should say nothing; not asked where no name is needed.
async fn lie(door: &Door, references: &[String]) -> Option<String> {
    let literal = |text: &String| split(text).0.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    if references.iter().all(literal) {
        return None;
    }
    let answer = door.lookup(NOWHERE).await.addresses().into_iter().next()?;
    Some(format!("the name server answers {NOWHERE}, which does not exist, with {answer}"))
}

/// What failed, and what the machine knows of its way out.
fn down(reason: Reason, detail: &str) -> LineState {
    LineState::Down { reason, detail: format!("{detail}; {}", Gateway::now()) }
}

fn split(reference: &str) -> (&str, u16) {
    match reference.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            port.parse().map_or((reference, PORT), |port| (host, port))
        }
        _ => (reference, PORT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_may_name_a_port() {
        assert_eq!(split("www.gov.cn"), ("www.gov.cn", 443));
        assert_eq!(split("www.gov.cn:80"), ("www.gov.cn", 80));
        assert_eq!(split("[2400:3200::1]:53"), ("[2400:3200::1]", 53));
        assert_eq!(split("2400:3200::1"), ("2400:3200::1", 443));
    }
}
