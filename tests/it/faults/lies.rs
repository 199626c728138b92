//! Lengths that are not true, and more cookies than anybody needs.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use xuncha_model::Reason;
use xuncha_net::Door;

use super::{HTML, Tcp};
use crate::support::{
    servers::page,
    street::{House, Street, manner, says},
};

/// An answer whose head is written down as it is, with a body of twenty letters.
fn with(head: &str) -> House {
    let head = head.replace('\n', "\r\n");
    House::Plain(says(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\nTwenty letters here.")))
}

#[tokio::test]
async fn a_length_that_is_not_true_is_found_out() {
    let cases = vec![
        ("the truth", with("Content-Length: 20"), Reason::Ok, 20),
        ("too long", with("Content-Length: 21"), Reason::HttpTruncated, 20),
        // what is behind the end is not part of the answer (RFC 9112, 6.3)
        ("too short", with("Content-Length: 6"), Reason::Ok, 6),
        ("nothing", with("Content-Length: 0"), Reason::HttpEmpty, 0),
        (
            "the largest number",
            with("Content-Length: 18446744073709551615"),
            Reason::LimitHeaders,
            0,
        ),
        ("a terabyte", with("Content-Length: 1099511627776"), Reason::HttpTruncated, 20),
        ("below nothing", with("Content-Length: -1"), Reason::HttpProtocol, 0),
        ("no number", with("Content-Length: many"), Reason::HttpProtocol, 0),
        ("two lengths", with("Content-Length: 20\nContent-Length: 6"), Reason::HttpProtocol, 0),
        ("the same twice", with("Content-Length: 20\nContent-Length: 20"), Reason::Ok, 20),
        ("chunked, and not in chunks", with("Transfer-Encoding: chunked"), Reason::HttpProtocol, 0),
        ("none at all", with("X: y"), Reason::Ok, 20),
    ];
    let houses: Vec<House> = cases.iter().map(|(_, house, ..)| house.clone()).collect();
    let street = Street::start(&houses).await;
    let door = Door::new(street.config()).unwrap();
    for (at, (name, _, reason, bytes)) in cases.iter().enumerate() {
        let begun = Instant::now();
        let visit = door.visit(&street.url(at).parse().unwrap(), &[]).await;
        assert_eq!((&visit.reason, visit.body.len()), (reason, *bytes), "{name}: {}", visit.detail);
        assert!(begun.elapsed() < Duration::from_secs(3), "{name}");
    }
}

#[tokio::test]
async fn cookies_are_kept_up_to_fifty_and_sixteen_kilobytes() {
    let many = (0..150).map(|n| format!("Set-Cookie: c{n}=1; Path=/\r\n")).collect::<String>();
    let large =
        (0..10).map(|n| format!("Set-Cookie: l{n}={}\r\n", "v".repeat(4000))).collect::<String>();
    let too_many = (0..250).map(|n| format!("Set-Cookie: c{n}=1\r\n")).collect::<String>();
    // sets the cookies at the door, and shows the page behind it
    let behind = |lines: String| {
        House::Plain(manner(move |mut guest: Tcp| {
            let lines = lines.clone();
            async move {
                let answer = if guest.head().await?.starts_with("GET / ") {
                    let to = "Location: /home\r\nContent-Length: 0\r\n\r\n";
                    format!("HTTP/1.1 302 Found\r\n{lines}{to}").into_bytes()
                } else {
                    page("", HTML)
                };
                guest.stream.write_all(&answer).await?;
                guest.stream.shutdown().await
            }
        }))
    };
    let street = Street::start(&[behind(many), behind(large), behind(too_many)]).await;
    let door = Door::new(street.config()).unwrap();
    let mut sent = Vec::new();
    for (at, reason) in [(0, Reason::Ok), (1, Reason::Ok), (2, Reason::LimitHeaders)] {
        let visit = door.visit(&street.url(at).parse().unwrap(), &[]).await;
        assert_eq!(visit.reason, reason, "{at}: {}", visit.detail);
        assert!(visit.cookies.len() <= 50, "{}", visit.cookies.len());
        let heads = street.server(at).requests();
        let line = heads.last().unwrap().1.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("cookie").then(|| value.to_owned())
        });
        sent.push(line.unwrap_or_default());
    }
    assert_eq!(sent[0].split("; ").count(), 50);
    assert!((4000..17_000).contains(&sent[1].len()), "{}", sent[1].len());
    assert_eq!(sent[2], "", "the answer was not read to its end");
}
