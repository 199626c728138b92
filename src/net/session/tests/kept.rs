//! Connections are kept as long as they can be, and the pace is kept with them.

use super::*;

#[tokio::test]
async fn twenty_requests_go_over_one_connection() {
    let server = Server::start(|_, _| Then::Answer(page("", "<p>déjà".as_bytes()))).await;
    let mut session = session();
    for n in 0..20 {
        let fetched = get(&mut session, &server.url(&format!("/{n}?a=1#top"))).await;
        assert_eq!((fetched.reason, fetched.status, fetched.fresh), (Reason::Ok, 200, n == 0));
        assert_eq!((fetched.text.as_str(), fetched.bytes), ("<p>déjà", 9));
        assert_eq!(fetched.wire_bytes, 47, "head and body of one answer, not of all");
    }
    assert_eq!(server.over(), [1; 20]);
    let head = server.head(19);
    let host = format!("GET /19?a=1 HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n", server.port);
    assert!(head.starts_with(&host), "{head}");
    assert!(!head.contains("if-") && !head.contains("cookie"), "{head}");
}

#[tokio::test]
async fn a_connection_that_grew_stale_is_made_anew_and_nobody_notices() {
    // the third request finds the door shut
    let asked = Mutex::new(0);
    let server = Server::start(move |_, _| {
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        if *asked == 3 { Then::Close } else { Then::Answer(page("", b"x")) }
    })
    .await;
    let mut session = session();
    for fresh in [true, false, true, false] {
        let fetched = get(&mut session, &server.url("/")).await;
        assert_eq!((fetched.reason, fetched.fresh), (Reason::Ok, fresh));
    }
    assert_eq!(server.over(), [1, 1, 1, 2, 2]);
    // half a head is no less stale
    let server = Server::start(|number, head| match (number, head.starts_with("GET /2 ")) {
        (1, true) => Then::Last(lines("HTTP/1.1 200 OK\nContent-")),
        _ => Then::Answer(page("", b"x")),
    })
    .await;
    let mut session = self::session();
    for path in ["/1", "/2"] {
        assert_eq!(get(&mut session, &server.url(path)).await.reason, Reason::Ok);
    }
    assert_eq!(server.over(), [1, 1, 2]);
}

#[tokio::test]
async fn a_cut_on_a_new_connection_is_the_sites_fault_and_asked_once() {
    let server = Server::start(|_, _| Then::Close).await;
    let fetched = get(&mut session(), &server.url("/")).await;
    assert_eq!((fetched.reason, fetched.fresh), (Reason::ConnectReset, true));
    assert_eq!(server.over(), [1]);
    // nor twice when the one before had grown stale
    let served = AtomicBool::new(false);
    let server = Server::start(move |_, _| match served.swap(true, Ordering::Relaxed) {
        false => Then::Answer(page("", b"x")),
        true => Then::Close,
    })
    .await;
    let mut session = session();
    for (reason, fresh) in [(Reason::Ok, true), (Reason::ConnectReset, true)] {
        let fetched = get(&mut session, &server.url("/")).await;
        assert_eq!((fetched.reason, fetched.fresh), (reason, fresh));
    }
    assert_eq!(server.over(), [1, 1, 2]);
}

#[tokio::test]
async fn what_is_to_be_closed_is_not_kept() {
    for answer in [
        "HTTP/1.1 200 OK\nConnection: close\nContent-Length: 1\n\nx",
        "HTTP/1.0 200 OK\nContent-Length: 1\n\nx",
        "HTTP/1.0 200 OK\n\nx",
        "HTTP/1.1 200 OK\n\nx",
        // more than was announced: whose are the bytes behind?
        "HTTP/1.1 200 OK\nContent-Length: 1\n\nxHTTP/1.1 200 OK\nContent-Length: 1\n\ny",
    ] {
        let server = Server::start(|_, _| Then::Last(lines(answer))).await;
        let mut session = session();
        for _ in 0..3 {
            let fetched = get(&mut session, &server.url("/")).await;
            assert_eq!((fetched.reason, fetched.text.as_str()), (Reason::Ok, "x"), "{answer}");
            assert!(fetched.fresh && session.lines.kept.is_empty(), "{answer}");
        }
        assert_eq!(server.over(), [1, 2, 3]);
    }
    // HTTP/1.0 that says it stays
    let answer = "HTTP/1.0 200 OK\nConnection: keep-alive\nContent-Length: 1\n\nx";
    let server = Server::answering(answer).await;
    let mut session = session();
    get(&mut session, &server.url("/")).await;
    assert!(!session.lines.kept.is_empty());
}

#[tokio::test]
async fn two_connections_are_kept_and_the_third_closes_the_oldest() {
    let server = Server::answering("HTTP/1.1 200 OK\nContent-Length: 1\n\nx").await;
    let allow_net = vec!["127.0.0.0/8".parse().unwrap()];
    let port_map = BTreeMap::from([(80, server.port)]);
    let mut session = session_with(Config { allow_net, port_map, ..config() }, Duration::ZERO);
    for (host, fresh) in
        [(1, true), (2, true), (1, false), (2, false), (1, false), (3, true), (1, false), (2, true)]
    {
        let url: Url = format!("http://127.0.0.{host}/").parse().unwrap();
        let fetched = get(&mut session, &url).await;
        assert_eq!((fetched.reason, fetched.fresh), (Reason::Ok, fresh), "{url}");
    }
    assert_eq!(server.over(), [1, 2, 1, 2, 1, 3, 1, 4]);
}

#[tokio::test]
async fn every_request_of_every_session_keeps_the_pace() {
    let server = Server::answering("HTTP/1.1 200 OK\nContent-Length: 1\n\nx").await;
    let door = Door::new(Config { interval_ms: 10, ..config() }).unwrap();
    let pace = Duration::from_millis(100);
    let crawl = || {
        let mut session = door.session(&["127.0.0.1".parse().unwrap()], pace);
        let url = server.url("/");
        tokio::spawn(async move {
            for _ in 0..3 {
                let fetched = get(&mut session, &url).await;
                assert_eq!(fetched.reason, Reason::Ok);
                assert!(fetched.took < pace, "waiting does not count: {:?}", fetched.took);
            }
        })
    };
    let (one, other) = (crawl(), crawl());
    one.await.unwrap();
    other.await.unwrap();
    assert_eq!(server.over().len(), 6);
    for at in 0..5 {
        assert!(server.gap(at) >= pace, "{:?}", server.gap(at));
    }
}

#[tokio::test]
async fn a_host_that_has_enough_is_left_alone_for_a_while() {
    for (answer, least) in [
        ("HTTP/1.1 429 Too Many\nContent-Length: 0\n\n", 200),
        ("HTTP/1.1 503 Busy\nRetry-After: 3600\nContent-Length: 0\n\n", 300),
    ] {
        let server = Server::answering(answer).await;
        let retry_after_cap = Duration::from_millis(300);
        let mut session = session_with(Config { retry_after_cap, ..config() }, Duration::ZERO);
        for _ in 0..2 {
            let fetched = get(&mut session, &server.url("/")).await;
            assert_eq!(fetched.reason, Reason::HttpStatus(fetched.status));
        }
        assert_eq!(server.over(), [1, 1]);
        let gap = server.gap(0).as_millis();
        assert!((least..3000).contains(&gap), "{gap}");
    }
}

#[tokio::test]
async fn a_request_is_a_small_thing_that_may_move_between_threads() {
    fn moves<T: Send>(value: T) -> T {
        value
    }
    let server = Server::answering("HTTP/1.1 200 OK\nContent-Length: 1\n\nx").await;
    let (mut session, url) = (session(), server.url("/"));
    let want = want(&url);
    let fetch = moves(session.fetch(&want));
    let size = size_of_val(&fetch);
    assert!(size < 8 << 10, "{size} bytes");
    assert_eq!(fetch.await.reason, Reason::Ok);
}
