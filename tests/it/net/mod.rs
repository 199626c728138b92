//! The door: the guard holds, every misbehaviour has its reason and its end, the pace is kept.

mod faults;
mod guard;
mod pace;
mod pages;
mod resolving;

use url::Url;
use xuncha_net::{Door, Visit};

use crate::support::servers::Guest;

type Tcp = Guest<tokio::net::TcpStream>;

const HTML: &[u8] = b"<html><head><title>ok</title></head></html>";

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

async fn go(door: &Door, port: u16) -> Visit {
    door.visit(&url(&format!("http://site.test:{port}/")), &[]).await
}
