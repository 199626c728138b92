//! Every answer is read for what it is, and none beyond its cap.

use super::*;

#[tokio::test]
async fn answers_without_a_body_leave_the_connection_as_it_was() {
    let server = Server::start(|_, head| {
        Then::Answer(if head.contains("if-none-match: \"v1\"") {
            lines("HTTP/1.1 304 Not Modified\nETag: \"v1\"\nContent-Length: 4\n\n")
        } else if head.starts_with("HEAD ") {
            lines("HTTP/1.1 200 OK\nContent-Type: video/mp4\nContent-Length: 400000000\n\n")
        } else if head.starts_with("GET /204") {
            lines("HTTP/1.1 204 No Content\n\n")
        } else if head.starts_with("GET /early") {
            lines("HTTP/1.1 103 Early Hints\n\nHTTP/1.1 200 OK\nContent-Length: 0\n\n")
        } else {
            page("ETag: \"v1\"\n", b"page")
        })
    })
    .await;
    let (mut session, url) = (session(), server.url("/"));
    let modified = "Tue, 24 Nov 2026 02:00:00 GMT";
    let known = Want { etag: "\"v1\"", modified, text_only: true, ..want(&url) };
    let head = Want { head_only: true, text_only: true, ..want(&url) };
    let (empty, early) = (server.url("/204"), server.url("/early"));
    for (want, status, bytes) in [
        (want(&url), 200, 4),
        (known, 304, 0),
        (head, 200, 0),
        (want(&empty), 204, 0),
        (want(&early), 200, 0),
    ] {
        let fetched = session.fetch(&want).await;
        assert_eq!((fetched.reason, fetched.status, fetched.bytes), (Reason::Ok, status, bytes));
    }
    // what cannot be sent back is left out
    let broken = Want { etag: "\u{fffd}", ..want(&url) };
    assert_eq!(session.fetch(&broken).await.status, 200);
    assert_eq!(server.over(), [1; 6]);
    assert!(server.head(1).contains(&format!("if-modified-since: {modified}\r\n")));
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed_and_errors_have_their_pages() {
    let server = Server::start(|_, head| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        Then::Answer(match path {
            "/there" => lines(
                "HTTP/1.1 302 Found\nLocation: http://u:p@127.0.0.1/a\nContent-Length: 4\n\ngone",
            ),
            "/nowhere" => lines("HTTP/1.1 301 Moved\nContent-Length: 0\n\n"),
            "/script" => lines("HTTP/1.1 302 Found\nLocation: javascript:1\nContent-Length: 0\n\n"),
            _ => {
                lines("HTTP/1.1 404 Not Found\nContent-Type: text/html\nContent-Length: 4\n\nnone")
            }
        })
    })
    .await;
    let mut session = session();
    let fetched = get(&mut session, &server.url("/there")).await;
    let location = fetched.location.map(String::from);
    assert_eq!((fetched.reason, location.as_deref()), (Reason::Ok, Some("http://127.0.0.1/a")));
    for path in ["/nowhere", "/script"] {
        assert_eq!(get(&mut session, &server.url(path)).await.reason, Reason::RedirectBad);
    }
    let fetched = get(&mut session, &server.url("/else")).await;
    assert_eq!((fetched.reason, fetched.text.as_str()), (Reason::HttpStatus(404), "none"));
    assert_eq!(server.over(), [1; 4]);
}

#[tokio::test]
async fn no_address_and_no_port_but_its_own_is_reached_from_inside() {
    let server = Server::answering("HTTP/1.1 200 OK\nContent-Length: 1\n\nx").await;
    let port = server.port;
    let mut session = session();
    assert_eq!(get(&mut session, &server.url("/")).await.reason, Reason::Ok);
    for address in [
        format!("http://127.0.0.2:{port}/"),
        "http://127.0.0.1:22/".to_owned(),
        "http://127.0.0.2/".to_owned(),
        "http://[::ffff:127.0.0.1]/".to_owned(),
        "https://169.254.169.254/latest".to_owned(),
        "ftp://127.0.0.1/".to_owned(),
        format!("ws://127.0.0.1:{port}/"),
    ] {
        let fetched = get(&mut session, &address.parse().unwrap()).await;
        assert_eq!(fetched.reason, Reason::GuardAddress, "{address}");
        assert_eq!(fetched.status, 0);
    }
    // without the range of its own not even that
    let mut closed = Door::new(config()).unwrap().session(&[], Duration::ZERO);
    assert_eq!(get(&mut closed, &server.url("/")).await.reason, Reason::GuardAddress);
    assert_eq!(server.over(), [1]);
}

#[tokio::test]
async fn every_flood_has_its_cap_and_costs_the_connection() {
    let ok = "HTTP/1.1 200 OK\n";
    for (first, again, reason) in [
        ("HTTP/1.1 200 OK\nX: 1\n", "X: 1\n", Reason::LimitHeaders),
        ("HTTP/1.1 200 OK\nX: ", "aaaa", Reason::LimitHeaders),
        ("HTTP/1.1 200 OK\n\n", "aaaa", Reason::LimitBody),
        ("HTTP/1.1 200 OK\nContent-Length: 99999999999\n\n", "aaaa", Reason::LimitBody),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", "2\naa\n", Reason::LimitBody),
        ("", "HTTP/1.1 103 Early Hints\n\n", Reason::HttpProtocol),
        ("220 mail.test ESMTP\n", "x", Reason::HttpProtocol),
    ] {
        let server = Server::start(move |number, _| match number {
            1 => Then::Pour(first, again),
            _ => Then::Answer(page("", b"x")),
        })
        .await;
        let mut session = session();
        let fetched = get(&mut session, &server.url("/")).await;
        assert_eq!(fetched.reason, reason, "{first}{again}");
        assert!(fetched.bytes <= 100_000);
        let fetched = get(&mut session, &server.url("/")).await;
        assert_eq!((fetched.reason, fetched.fresh), (Reason::Ok, true), "{ok}");
    }
    let server =
        Server::start(|_, _| Then::Last(lines("HTTP/1.1 200 OK\nContent-Length: 9\n\nhalf"))).await;
    let fetched = get(&mut session(), &server.url("/")).await;
    assert_eq!((fetched.reason, fetched.text.as_str()), (Reason::HttpTruncated, "half"));
}

/// A body under gzip.
async fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzipEncoder::new(Vec::new());
    encoder.write_all(body).await.unwrap();
    encoder.shutdown().await.unwrap();
    encoder.into_inner()
}

#[tokio::test]
async fn a_packed_body_in_chunks_is_read_to_its_end_and_a_bomb_is_not() {
    let body = packed(b"<p>packed").await;
    let mut chunked =
        lines("HTTP/1.1 200 OK\nContent-Encoding: gzip\nTransfer-Encoding: chunked\n\n");
    chunked.extend(format!("{:x}\r\n", body.len()).into_bytes());
    chunked.extend(&body);
    let bomb = page("Content-Encoding: gzip\n", &packed(&vec![b' '; 10 << 20]).await);
    let server = Server::start(move |_, head| match head.starts_with("GET /bomb") {
        true => Then::Answer(bomb.clone()),
        // the page is whole before the chunks have said that they end
        false => Then::Late(chunked.clone(), b"\r\n0\r\n\r\n"),
    })
    .await;
    let mut session = session();
    for _ in 0..3 {
        let fetched = get(&mut session, &server.url("/")).await;
        assert_eq!((fetched.reason, fetched.text.as_str()), (Reason::Ok, "<p>packed"));
    }
    let fetched = get(&mut session, &server.url("/bomb")).await;
    assert_eq!((fetched.reason, fetched.bytes), (Reason::LimitDecode, 100_000));
    assert!(session.lines.kept.is_empty());
    assert_eq!(server.over(), [1; 4]);
}

#[tokio::test]
async fn what_is_no_text_is_not_read_where_texts_are_wanted() {
    let server = Server::start(|_, head| {
        let kind =
            head.split(' ').nth(1).and_then(|path| path.strip_prefix("/?")).unwrap_or_default();
        let kind = if kind.is_empty() { String::new() } else { format!("Content-Type: {kind}\n") };
        Then::Answer(page(&kind, b"\xff\xd8body"))
    })
    .await;
    let mut session = session();
    for (kind, read) in [
        ("text/html;charset=gbk", true),
        ("", true),
        ("Application/XHTML+xml", true),
        ("application/x-javascript", true),
        ("text/css", true),
        ("application/rss+xml", true),
        ("image/jpeg", false),
        ("application/pdf", false),
        ("text/calendar", false),
    ] {
        let url = server.url(&format!("/?{kind}"));
        let fetched = session.fetch(&Want { text_only: true, ..want(&url) }).await;
        assert_eq!((fetched.reason, fetched.status), (Reason::Ok, 200), "{kind}");
        assert_eq!(
            (fetched.bytes > 0, session.lines.kept.len()),
            (read, usize::from(read)),
            "{kind}"
        );
    }
    // where everything is wanted, a picture is read, and not taken for a text
    let fetched = get(&mut session, &server.url("/?image/jpeg")).await;
    assert_eq!((fetched.bytes, fetched.text.as_str()), (6, ""));
    assert_eq!(session.lines.kept.len(), 1);
}

#[tokio::test]
async fn a_site_that_redirects_until_its_cookie_comes_back_is_read() {
    let server = Server::start(|_, head| {
        Then::Answer(if head.contains("cookie: seen=1\r\n") {
            page("Set-Cookie: seen=; Max-Age=0\n", b"page")
        } else {
            lines("HTTP/1.1 302 Found\nLocation: /\nSet-Cookie: seen=1; Path=/\nContent-Length: 0\n\n")
        })
    })
    .await;
    let (mut session, url) = (session(), server.url("/"));
    for status in [302, 200, 302] {
        let fetched = get(&mut session, &url).await;
        assert_eq!(fetched.status, status);
        assert!(fetched.headers.iter().all(|header| !header.value.contains("seen=1")));
    }
}

#[tokio::test]
async fn a_guise_is_for_the_first_host_alone() {
    let server = Server::answering("HTTP/1.1 200 OK\nContent-Length: 1\n\nx").await;
    let config = Config { allow_net: vec!["127.0.0.2".parse().unwrap()], ..config() };
    let config = Config { port_map: [(80, server.port)].into(), ..config };
    let mut session = session_with(config, Duration::ZERO);
    let (own, other) = (server.url("/"), "http://127.0.0.2/".parse().unwrap());
    let guise = Guise { agent: "Spider/2.0", referer: "https://search.example/s?wd=a" };
    for url in [&own, &other] {
        session.fetch(&Want { guise, ..want(url) }).await;
    }
    get(&mut session, &own).await;
    let names =
        |head: &str| (head.contains("user-agent: Spider/2.0\r\n"), head.contains("referer: "));
    assert_eq!(names(&server.head(0)), (true, true), "{}", server.head(0));
    assert!(server.head(0).contains("referer: https://search.example/s?wd=a\r\n"));
    for at in [1, 2] {
        assert_eq!(names(&server.head(at)), (false, false), "{}", server.head(at));
        assert!(server.head(at).contains("user-agent: xuncha/"), "{}", server.head(at));
    }
}
