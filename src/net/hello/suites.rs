//! What a cipher suite is, told from its name: its classes, its key exchange, the protocols it may stand in.

use super::{Protocol, table::SUITES};

/// How keys are agreed on: this decides what a ServerKeyExchange holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exchange {
    /// Ephemeral Diffie-Hellman over a prime, anonymous or signed.
    Dhe,
    /// Ephemeral Diffie-Hellman over a curve, anonymous or signed.
    Ecdhe,
    /// Whatever shows no group: RSA, static keys, identity-based ones, all of TLS 1.3.
    Other,
}

/// The name of a suite: IANA's, or that of GB/T 38636; `None` for one that is never offered.
pub fn name(code: u16) -> Option<&'static str> {
    let at = SUITES.binary_search_by_key(&code, |(code, _)| *code).ok()?;
    SUITES.get(at).map(|(_, name)| *name)
}

/// Every suite that is ever offered: code point and name, ascending.
pub fn names() -> impl Iterator<Item = (u16, &'static str)> {
    SUITES.iter().copied()
}

/// The code point of a name.
pub fn code(name: &str) -> Option<u16> {
    SUITES.iter().find(|(_, known)| *known == name).map(|(code, _)| *code)
}

/// What a suite is: null, export, anonymous, rc4, des, 3des, cbc, aead, forward-secrecy, rsa-key-exchange, sm.
///
/// A 3DES suite is `cbc` too. Anonymous suites are no `forward-secrecy`: whoever sits between can read along anyway.
pub fn classes(name: &str) -> Vec<&'static str> {
    let has = |part: &str| name.contains(part);
    let modern = exists_in(name, Protocol::Tls13);
    let all = [
        ("null", has("_WITH_NULL") || name.starts_with("TLS_SHA")),
        ("export", has("_EXPORT")),
        ("anonymous", has("_anon_")),
        ("rc4", has("_RC4_")),
        ("des", has("_WITH_DES_") || has("_DES40_")),
        ("3des", has("_3DES_")),
        ("cbc", has("_CBC_")),
        ("aead", has("_GCM") || has("_CCM") || has("_POLY1305")),
        ("forward-secrecy", modern || has("DHE_") || name.starts_with("IBSDH_")),
        (
            "rsa-key-exchange",
            ["TLS_RSA_", "SSL_RSA_", "RSA_"].iter().any(|start| name.starts_with(start)),
        ),
        ("sm", has("SM4") || has("SM1")),
    ];
    all.into_iter().filter(|(_, is)| *is).map(|(class, _)| class).collect()
}

/// The suites that may stand in a hello of this protocol, ascending by code point: the oldest and weakest first.
pub(crate) fn of(protocol: Protocol) -> Vec<u16> {
    SUITES.iter().filter(|(_, name)| exists_in(name, protocol)).map(|(code, _)| *code).collect()
}

/// No encryption, no authentication, or a cipher that is broken: what is asked for first.
pub(crate) fn is_weak(code: u16) -> bool {
    let weak = ["null", "export", "anonymous", "rc4", "des", "3des"];
    name(code).is_some_and(|name| classes(name).iter().any(|class| weak.contains(class)))
}

/// The key exchange of a suite.
pub(crate) fn exchange(code: u16) -> Exchange {
    let name = name(code).unwrap_or_default();
    if name.contains("ECDHE_") || name.contains("ECDH_anon_") {
        Exchange::Ecdhe
    } else if name.contains("DHE_") || name.contains("_DH_anon_") {
        Exchange::Dhe
    } else {
        Exchange::Other
    }
}

/// TLS 1.3 and TLCP have suites of their own; AEAD and the SHA-2 MACs came with TLS 1.2 (RFC 5246, RFC 5288).
fn exists_in(name: &str, protocol: Protocol) -> bool {
    let classic = name.starts_with("SSL_") || name.contains("_WITH_");
    match protocol {
        Protocol::Tlcp => !name.starts_with("TLS_") && !name.starts_with("SSL_"),
        Protocol::Tls13 => name.starts_with("TLS_") && !classic,
        Protocol::Tls12 => classic,
        Protocol::Ssl3 | Protocol::Tls10 | Protocol::Tls11 => {
            classic
                && ["_SHA", "_MD5", "_OLD"].iter().any(|end| name.ends_with(end))
                && !name.contains("POLY1305")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_suite_belongs_somewhere() {
        assert!(SUITES.is_sorted_by(|(one, _), (other, _)| one < other));
        assert!(SUITES.len() >= 230, "{}", SUITES.len());
        for (_, name) in SUITES {
            let protocols = Protocol::ALL.iter().filter(|protocol| exists_in(name, **protocol));
            assert_ne!(protocols.count(), 0, "{name}");
            assert!(name.ends_with("_SM3") && name.contains("SM1") || !classes(name).is_empty());
        }
    }

    #[test]
    fn classes_are_told_from_the_name() {
        let of = |code| classes(name(code).unwrap()).join(" ");
        assert_eq!(of(0x0002), "null rsa-key-exchange");
        assert_eq!(of(0x0003), "export rc4 rsa-key-exchange");
        assert_eq!(of(0x0014), "export des cbc forward-secrecy");
        assert_eq!(of(0x000A), "3des cbc rsa-key-exchange");
        assert_eq!(of(0x0009), "des cbc rsa-key-exchange");
        assert_eq!(of(0x0034), "anonymous cbc");
        assert_eq!(of(0xC018), "anonymous cbc");
        assert_eq!(of(0xC013), "cbc forward-secrecy");
        assert_eq!(of(0xC02F), "aead forward-secrecy");
        assert_eq!(of(0xC0AE), "aead forward-secrecy");
        assert_eq!(of(0xCCA8), "aead forward-secrecy");
        assert_eq!(of(0x1301), "aead forward-secrecy");
        assert_eq!(of(0xC00E), "cbc");
        assert_eq!(of(0x00C6), "aead forward-secrecy sm");
        assert_eq!(of(0xC0B4), "null forward-secrecy");
        assert_eq!(of(0xE011), "cbc forward-secrecy sm");
        assert_eq!(of(0xE013), "cbc sm");
        assert_eq!(of(0xE059), "aead rsa-key-exchange sm");
    }

    #[test]
    fn each_protocol_gets_its_own_suites() {
        assert_eq!(of(Protocol::Tls13).len(), 9);
        assert!(of(Protocol::Tlcp).contains(&0xE05A) && !of(Protocol::Tlcp).contains(&0x00C6));
        for code in of(Protocol::Tls10) {
            let name = name(code).unwrap();
            assert!(!classes(name).contains(&"aead") && !name.ends_with("256"), "{name}");
            assert!(of(Protocol::Tls12).contains(&code));
        }
        assert!(of(Protocol::Tls12).len() > 200);
    }

    #[test]
    fn only_ephemeral_suites_show_a_group() {
        assert_eq!(exchange(0x0033), Exchange::Dhe);
        assert_eq!(exchange(0x0017), Exchange::Dhe);
        assert_eq!(exchange(0xC013), Exchange::Ecdhe);
        assert_eq!(exchange(0xC018), Exchange::Ecdhe);
        assert_eq!(exchange(0xE011), Exchange::Ecdhe);
        for code in [0x0031, 0xC00E, 0x002F, 0xE013, 0x1301] {
            assert_eq!(exchange(code), Exchange::Other, "{code:04X}");
        }
    }
}
