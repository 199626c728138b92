//! Our own line first: when it is down, nobody is accused.

use futures_util::future::join_all;
use xuncha_model::Reason;
use xuncha_net::{Door, Fault};

/// The port that is tried where a reference names none.
const PORT: u16 = 443;

/// Whether our line and our resolver work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineState {
    /// They do.
    Up,
    /// They do not: the round is void.
    Down {
        /// `self.resolver` or `self.network`.
        reason: Reason,
        /// What failed, in English.
        detail: String,
    },
}

/// Resolves and connects the references (`host` or `host:port`); down when more than half of them fail.
///
/// Without references only the resolver is asked whether it answers.
pub async fn check(door: &Door, references: &[String]) -> LineState {
    if references.is_empty() {
        return match door.resolver_answers().await {
            Ok(()) => LineState::Up,
            Err(Fault { reason, detail }) => LineState::Down { reason, detail },
        };
    }
    let tries = references.iter().map(|reference| async move {
        let (host, port) = split(reference);
        door.reach(host, port).await.err().map(|fault| (reference, fault))
    });
    let failed: Vec<_> = join_all(tries).await.into_iter().flatten().collect();
    if failed.len() <= references.len() / 2 {
        return LineState::Up;
    }
    let deaf = failed.iter().all(|(_, fault)| fault.reason == Reason::SelfResolver);
    let told: Vec<_> = failed
        .iter()
        .map(|(reference, fault)| format!("{reference}: {} {}", fault.reason, fault.detail))
        .collect();
    LineState::Down {
        reason: if deaf { Reason::SelfResolver } else { Reason::SelfNetwork },
        detail: told.join("; "),
    }
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
