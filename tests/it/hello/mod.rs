//! The survey of a TLS port: what it says of real servers and of made ones, and how much it asks of them.

mod facts;
mod made;
mod real;
mod second;
mod sslyze;

use std::time::Duration;

use xuncha_net::{
    Config, Door, Fault, Survey,
    hello::{Offer, Protocol, suites},
};

use crate::support::{config, names::Names, servers::Guest};

type Tcp = Guest<tokio::net::TcpStream>;

/// Surveys a port of 127.0.0.2 as www.site.test.
async fn survey(port: u16) -> Result<Survey, Fault> {
    let names = Names::all_at("127.0.0.2").await;
    survey_of(config(names.address), port).await
}

/// The same, with time enough for a slow machine: nothing here waits for a timeout.
async fn patient(port: u16) -> Survey {
    let names = Names::all_at("127.0.0.2").await;
    let config = Config { tls_timeout: Duration::from_secs(5), ..config(names.address) };
    survey_of(config, port).await.unwrap()
}

async fn survey_of(config: Config, port: u16) -> Result<Survey, Fault> {
    Door::new(config).unwrap().survey("www.site.test", port, &[]).await
}

fn versions(survey: &Survey) -> Vec<&'static str> {
    survey.offers.iter().map(|offer| offer.protocol.name()).collect()
}

fn offer(survey: &Survey, protocol: Protocol) -> &Offer {
    survey.offers.iter().find(|offer| offer.protocol == protocol).unwrap()
}

/// The names of the suites under a protocol.
fn picked(survey: &Survey, protocol: Protocol) -> Vec<&'static str> {
    offer(survey, protocol).suites.iter().filter_map(|code| suites::name(*code)).collect()
}
