//! The survey of a TLS port, as facts.

use chrono::{DateTime, Utc};
use xuncha_model::{
    Reason, Seen,
    facts::{
        OfferFacts,
        offers::{DefaultCertificate, OtherAddress, SuiteOffer, TlcpOffer, VersionOffer},
        tls::Certificate,
    },
};
use xuncha_net::{
    Fault, Survey,
    hello::{Offer, Protocol, suites},
};

use crate::{certificate, dns::is_address, trust::covers};

/// The facts of a survey; unseen, with the reason, when nothing was answered: nothing can be said of a port then.
pub fn facts(survey: Result<Survey, Fault>, now: DateTime<Utc>) -> Seen<OfferFacts> {
    let mut survey = match survey {
        Ok(survey) => survey,
        Err(fault) => return unseen(fault),
    };
    if let Ok(chain) = &survey.tlcp
        && (survey.offers.len() > 1 || is_address(&survey.host))
        && !covers(chain, &survey.host)
    {
        // hellos of TLCP name nobody: on a machine of many sites another one answered
        survey.offers.retain(|offer| offer.protocol != Protocol::Tlcp);
        let detail = "the address speaks TLCP, with the certificate of another host";
        let fault = Fault::new(Reason::TlsHandshake, detail);
        if survey.offers.is_empty() {
            return unseen(fault);
        }
        survey.tlcp = Err(fault);
    }
    let address = survey.address.to_string();
    let suites = offered(&survey.offers);
    let tlcp = survey.offers.iter().find(|offer| offer.protocol == Protocol::Tlcp);
    let tlcp = match (survey.tlcp, tlcp) {
        (Ok(chain), Some(offer)) => Seen::Seen(TlcpOffer {
            suites: offer.suites.iter().map(|code| name(*code)).collect(),
            name_matches: covers(&chain, &survey.host),
            chain: certificates(&chain, &address, now),
        }),
        (Err(fault), _) => unseen(fault),
        (Ok(_), None) => Seen::unseen(Reason::NotLooked, ""),
    };
    Seen::Seen(OfferFacts {
        host: survey.host,
        connections: survey.connections,
        complete: survey.complete,
        versions: survey.offers.iter().map(version).collect(),
        suites,
        dh_bits: survey.dh_bits,
        groups: survey.groups,
        compression: survey.compression,
        secure_renegotiation: survey.secure_renegotiation,
        extended_master_secret: survey.extended_master_secret,
        ocsp_stapled: survey.ocsp_stapled,
        alpn: survey.alpn,
        without_name: match survey.without_name {
            Ok(unnamed) => match certificates(&unnamed.chain, &address, now).into_iter().next() {
                Some(leaf) => Seen::Seen(DefaultCertificate {
                    same: unnamed.same,
                    subject: leaf.subject,
                    names: leaf.names,
                }),
                None => Seen::unseen(Reason::TlsHandshake, "what is shown is no certificate"),
            },
            Err(fault) => unseen(fault),
        },
        tlcp,
        others: survey
            .others
            .into_iter()
            .map(|other| OtherAddress {
                address: other.address.to_string(),
                same: other.same.map_or_else(|| Seen::unseen(other.reason.clone(), ""), Seen::Seen),
                reason: other.reason,
                version: other.version,
            })
            .collect(),
        address,
    })
}

fn unseen<T>(fault: Fault) -> Seen<T> {
    Seen::unseen(fault.reason, fault.detail)
}

fn version(offer: &Offer) -> VersionOffer {
    let own_order = match (offer.own_order, offer.suites.len()) {
        (Some(own), _) => Seen::Seen(own),
        (None, 0 | 1) => Seen::unseen(Reason::NotLooked, "one suite has no order"),
        (None, _) => Seen::unseen(Reason::NotLooked, "not settled"),
    };
    VersionOffer {
        name: offer.protocol.name().to_owned(),
        suites: u32::try_from(offer.suites.len()).unwrap_or(u32::MAX),
        own_order,
    }
}

/// Every suite once, ascending by code point, with the protocols it was picked under.
fn offered(offers: &[Offer]) -> Vec<SuiteOffer> {
    let mut codes: Vec<u16> = offers.iter().flat_map(|offer| &offer.suites).copied().collect();
    codes.sort_unstable();
    codes.dedup();
    let suite = |code: u16| {
        let with = offers.iter().filter(|offer| offer.suites.contains(&code));
        let name = name(code);
        SuiteOffer {
            code: format!("0x{code:04X}"),
            versions: with.map(|offer| offer.protocol.name().to_owned()).collect(),
            classes: suites::classes(&name).into_iter().map(str::to_owned).collect(),
            name,
        }
    };
    codes.into_iter().map(suite).collect()
}

fn name(code: u16) -> String {
    suites::name(code).map_or_else(|| format!("0x{code:04X}"), str::to_owned)
}

fn certificates(chain: &[Vec<u8>], address: &str, now: DateTime<Utc>) -> Vec<Certificate> {
    let numbered = (0..).zip(chain);
    numbered.filter_map(|(at, der)| certificate::facts(der, at, address, now)).collect()
}
