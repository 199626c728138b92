//! The groups keys are agreed over: curves and primes (IANA's TLS Supported Groups).

/// Curves, by popularity: the order in which they are offered where there is no key share to send.
const CURVES: &[(u16, &str)] = &[
    (29, "x25519"),
    (23, "secp256r1"),
    (24, "secp384r1"),
    (25, "secp521r1"),
    (30, "x448"),
    (26, "brainpoolP256r1"),
    (27, "brainpoolP384r1"),
    (28, "brainpoolP512r1"),
    (22, "secp256k1"),
    (21, "secp224r1"),
    (20, "secp224k1"),
    (19, "secp192r1"),
    (18, "secp192k1"),
    (17, "secp160r2"),
    (16, "secp160r1"),
    (15, "secp160k1"),
    (14, "sect571r1"),
    (13, "sect571k1"),
    (12, "sect409r1"),
    (11, "sect409k1"),
    (10, "sect283r1"),
    (9, "sect283k1"),
    (8, "sect239k1"),
    (7, "sect233r1"),
    (6, "sect233k1"),
    (5, "sect193r2"),
    (4, "sect193r1"),
    (3, "sect163r2"),
    (2, "sect163r1"),
    (1, "sect163k1"),
    (41, "curveSM2"),
];

/// Groups that are offered under TLS 1.3. The named primes (RFC 7919) are kept to it: before, a server that knows them
/// would show one of them in the place of its own.
const MODERN: &[(u16, &str)] = &[
    (29, "x25519"),
    (23, "secp256r1"),
    (24, "secp384r1"),
    (25, "secp521r1"),
    (30, "x448"),
    (41, "curveSM2"),
    (0x0100, "ffdhe2048"),
    (0x0101, "ffdhe3072"),
];

/// The name of a group; a number where it has none here.
pub fn name(group: u16) -> String {
    let mut known = CURVES.iter().chain(MODERN);
    known
        .find(|(number, _)| *number == group)
        .map_or_else(|| format!("{group:#06x}"), |(_, name)| (*name).to_owned())
}

/// The curves of a hello up to TLS 1.2.
pub(super) fn classic() -> impl Iterator<Item = u16> {
    CURVES.iter().map(|(number, _)| *number)
}

/// The groups of a hello of TLS 1.3.
pub(super) fn modern() -> impl Iterator<Item = u16> {
    MODERN.iter().map(|(number, _)| *number)
}
