//! Reason codes: why a look at a site ended as it did (DESIGN §4.2), empty for "well".

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

macro_rules! reasons {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal,)*) => {
        /// A code a machine can read; its text form is a contract.
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            /// Nothing went wrong (the empty string).
            #[default]
            Ok,
            $($(#[doc = $doc])* $name,)*
            /// The final answer carried this HTTP status, which is an error: `http.503`.
            HttpStatus(u16),
            /// A named anti-robot gateway answered in the site's place: `gateway.412`.
            Gateway(String),
        }

        impl Reason {
            /// Every code that has no variable part.
            pub const FIXED: &[(&str, Self)] = &[("", Self::Ok), $(($code, Self::$name),)*];

            fn fixed(&self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Ok | Self::HttpStatus(_) | Self::Gateway(_) => "",
                }
            }
        }
    };
}

reasons! {
    /// The name does not exist.
    DnsNxdomain = "dns.nxdomain",
    /// The name servers failed.
    DnsServfail = "dns.servfail",
    /// No name server answered in time.
    DnsTimeout = "dns.timeout",
    /// The name exists, and has no address.
    DnsNodata = "dns.nodata",
    /// The name servers refused the question.
    DnsRefused = "dns.refused",
    /// The alias chain does not end.
    DnsLoop = "dns.loop",
    /// DNSSEC validation failed.
    DnsBogus = "dns.bogus",
    /// Nothing listens there.
    ConnectRefused = "connect.refused",
    /// The connection was cut while it was being made.
    ConnectReset = "connect.reset",
    /// No answer to the connection attempt.
    ConnectTimeout = "connect.timeout",
    /// No route to the host.
    ConnectUnreachable = "connect.unreachable",
    /// The TLS handshake failed.
    TlsHandshake = "tls.handshake",
    /// The TLS handshake did not end in time.
    TlsTimeout = "tls.timeout",
    /// Only protocols or suites older than TLS 1.2 with forward secrecy.
    TlsLegacy = "tls.legacy",
    /// Only the Chinese TLCP (GB/T 38636).
    TlsTlcpOnly = "tls.tlcp-only",
    /// Something answers on the port, and it is not TLS.
    TlsNotTls = "tls.not-tls",
    /// The server demands a client certificate.
    TlsClientCert = "tls.client-cert",
    /// The page was had, over a certificate that no browser takes.
    TlsCertificate = "tls.certificate",
    /// No complete answer in time.
    HttpTimeout = "http.timeout",
    /// The connection was cut before the answer was complete.
    HttpReset = "http.reset",
    /// What answered does not speak HTTP.
    HttpProtocol = "http.protocol",
    /// A success status with nothing in the body.
    HttpEmpty = "http.empty",
    /// Fewer bytes than announced.
    HttpTruncated = "http.truncated",
    /// A redirect led back to an address already visited.
    RedirectLoop = "redirect.loop",
    /// More redirects than the limit.
    RedirectLimit = "redirect.limit",
    /// A redirect without a usable target.
    RedirectBad = "redirect.bad",
    /// The page was had, at a host that is neither the site's nor the city's.
    RedirectElsewhere = "redirect.elsewhere",
    /// The guard refused the address (threats.md T1).
    GuardAddress = "guard.address",
    /// The body exceeded its cap.
    LimitBody = "limit.body",
    /// The headers exceeded their cap.
    LimitHeaders = "limit.headers",
    /// The decoded body exceeded its cap, or could not be decoded.
    LimitDecode = "limit.decode",
    /// The total deadline of the look passed.
    LimitTime = "limit.time",
    /// robots.txt asks us to stay away.
    Robots = "robots",
    /// A crawl ended before it came here: its budget was used up.
    LimitPages = "limit.pages",
    /// Scripts fill the page, and they were not run.
    PageShell = "page.shell",
    /// What was given is no page: there is no mark-up in it.
    PageNone = "page.none",
    /// A browser is needed, and there is none on this machine.
    SelfBrowser = "self.browser",
    /// Our own line is down: the round is void.
    SelfNetwork = "self.network",
    /// Our own resolver is down: the round is void.
    SelfResolver = "self.resolver",
    /// We were too busy to measure fairly.
    SelfOverload = "self.overload",
    /// A bug of ours; the log has the rest.
    SelfBug = "self.bug",
    /// The operator stopped the scan before this look.
    SelfStopped = "self.stopped",
    /// The register does not say.
    RegisterUnknown = "register.unknown",
    /// The site's status or the scan's profile leaves this look out.
    NotLooked = "not-looked",
}

impl Reason {
    /// Nothing went wrong.
    pub fn is_ok(&self) -> bool {
        *self == Self::Ok
    }

    /// The fault lies with the monitor: the look is void and accuses nobody.
    pub fn is_own_fault(&self) -> bool {
        self.fixed().starts_with("self.")
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HttpStatus(status) => write!(f, "http.{status}"),
            Self::Gateway(name) => write!(f, "gateway.{name}"),
            fixed => f.write_str(fixed.fixed()),
        }
    }
}

/// The text is not a reason code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownReason(pub String);

impl fmt::Display for UnknownReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a reason code", self.0)
    }
}

impl std::error::Error for UnknownReason {}

impl FromStr for Reason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some((_, reason)) = Self::FIXED.iter().find(|(code, _)| *code == text) {
            return Ok(reason.clone());
        }
        let unknown = || UnknownReason(text.to_owned());
        if let Some(name) = text.strip_prefix("gateway.") {
            return Ok(Self::Gateway(name.to_owned()));
        }
        let status = text.strip_prefix("http.").ok_or_else(unknown)?;
        status.parse().map(Self::HttpStatus).map_err(|_| unknown())
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Reason {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Reason".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "reason" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        let variable = [Reason::HttpStatus(503), Reason::Gateway("412".into())];
        for reason in Reason::FIXED.iter().map(|(_, reason)| reason.clone()).chain(variable) {
            assert_eq!(reason.to_string().parse::<Reason>(), Ok(reason));
        }
        assert!("http.x".parse::<Reason>().is_err());
    }
}
