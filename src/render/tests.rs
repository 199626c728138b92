//! A real Chromium against a server on this machine: pages that scripts fill, pages that try to get out, pages without end.

use std::{
    net::UdpSocket,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use url::Url;
use xuncha_model::Reason;
use xuncha_net::{Config, Door};
use xuncha_probe::render::{Browser as _, RenderAsk, Rendered, Unrendered};

use super::Renderer;

const LIST: &str = "<!DOCTYPE html><meta charset=utf-8><title>list</title><div id=app></div>\
    <img src=/logo.png onerror='this.remove()'><script src=/app.js></script>";
const APP: &str = "fetch('/api/list').then(answer => answer.json()).then(rows => { document.getElementById('app').innerHTML = \
    rows.map(row => `<li><a href=\"${row.url}\">${row.title}</a><span>${row.date}</span></li>`).join(''); });";
const ROWS: &str = r#"[{"url":"/a/1.html","title":"first","date":"2026-11-22"},{"url":"/a/2.html","title":"second","date":"2026-11-20"}]"#;

/// A server of pages; it notes what it is asked.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `page` is what `/` shows.
    async fn start(page: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, page.clone(), Arc::clone(&noted)));
            }
        });
        Self { port, asked }
    }

    fn url(&self, path: &str) -> Url {
        format!("http://127.0.0.1:{}{path}", self.port).parse().unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(mut stream: TcpStream, page: String, asked: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    let mut part = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut part).await {
            Ok(read) if read > 0 => head.extend_from_slice(&part[..read]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let line = head.split(" HTTP/").next().unwrap_or_default().to_owned();
    asked.lock().unwrap().push(line.clone());
    let (status, more, body): (_, String, &str) = match line.as_str() {
        again if again == "GET /" || again.starts_with("GET /?") => {
            ("200 OK", "content-type: text/html".into(), &page)
        }
        "GET /app.js" => ("200 OK", "content-type: text/javascript".into(), APP),
        "GET /api/list" => ("200 OK", "content-type: application/json".into(), ROWS),
        "GET /away" => ("302 Found", "location: /".into(), "moved"),
        "GET /file" => ("200 OK", "content-type: application/pdf".into(), "%PDF-1.4"),
        _ => ("404 Not Found", "content-type: text/html".into(), "not here"),
    };
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status}\r\n{more}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    let _ = stream.write_all(text.as_bytes()).await;
}

fn door() -> Door {
    Door::new(Config {
        resolver: "127.0.0.1:1".parse().ok(),
        allow_net: vec!["127.0.0.0/8".parse().unwrap()],
        interval_ms: 0,
        per_host: 4,
        ..Config::default()
    })
    .unwrap()
}

fn renderer() -> Renderer {
    Renderer::new("/usr/local/bin:/usr/bin:/bin")
}

async fn render(renderer: &Renderer, url: &Url) -> Result<Rendered, Unrendered> {
    renderer.render(RenderAsk { door: &door(), url, own: &[] }).await
}

/// The process of the browser that stands by, and where it writes.
async fn traces(renderer: &Renderer) -> (u32, std::path::PathBuf) {
    renderer.browser.lock().await.as_ref().unwrap().traces()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_scripts_fill_is_there() {
    let server = Server::start(LIST.to_owned()).await;
    let renderer = renderer();
    let page = render(&renderer, &server.url("/away")).await.unwrap();
    assert!(
        page.html.contains("<li><a href=\"/a/1.html\">first</a><span>2026-11-22"),
        "{}",
        page.html
    );
    assert!(page.html.contains("<img src"), "a picture that is not loaded does no harm");
    assert_eq!(page.final_url, server.url("/"));
    assert_eq!(server.asked(), ["GET /away", "GET /", "GET /app.js", "GET /api/list"]);
    assert_eq!((page.requests, page.refused), (4, 0));
    assert!(page.bytes as usize >= LIST.len() + APP.len() + ROWS.len());

    // the same browser again, and a page that is none
    let (process, profile) = traces(&renderer).await;
    let error = render(&renderer, &server.url("/file")).await.unwrap_err();
    assert_eq!(error, Unrendered::new(Reason::NotLooked, "no page: application/pdf"));
    let error = render(&renderer, &server.url("/none")).await.unwrap_err();
    assert_eq!(error.reason, Reason::HttpStatus(404));
    assert_eq!(traces(&renderer).await.0, process);

    // one that somebody shot is started again, and so is one that has done its share
    std::process::Command::new("kill").args(["-9", &process.to_string()]).status().unwrap();
    let page = render(&renderer, &server.url("/")).await;
    if let Err(error) = page {
        assert_eq!(error.reason, Reason::SelfBrowser, "it was noticed at work");
    }
    assert!(render(&renderer, &server.url("/")).await.is_ok());
    assert!(!profile.exists());
    let (second, _) = traces(&renderer).await;
    assert_ne!(second, process);
    renderer.browser.lock().await.as_mut().unwrap().pages = super::MOST_PAGES;
    assert!(render(&renderer, &server.url("/")).await.is_ok());
    let (third, profile) = traces(&renderer).await;
    assert_ne!(third, second);
    drop(renderer);
    assert!(!profile.exists() && !Path::new(&format!("/proc/{third}")).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_but_through_the_door() {
    let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let page = ESCAPES.replace("TCP", &tcp.local_addr().unwrap().port().to_string());
    let server = Server::start(page).await;
    let rendered = render(&renderer(), &server.url("/")).await.unwrap();
    assert!(rendered.html.contains("<b id=\"tried\">all</b>"), "{}", rendered.html);
    assert!(rendered.html.contains("data-metadata=\"none\""), "{}", rendered.html);
    assert!(rendered.refused >= 4, "{}", rendered.refused);
    let accepted = tokio::time::timeout(Duration::from_secs(1), tcp.accept()).await;
    assert!(accepted.is_err(), "somebody came to the canary");
    let asked = server.asked();
    assert!(asked.iter().all(|line| ["GET /", "GET /file"].contains(&line.as_str())), "{asked:?}");
}

const ESCAPES: &str = r#"<!DOCTYPE html><title>out</title>
<link rel=dns-prefetch href=http://127.0.0.1:TCP/><link rel=preconnect href=http://127.0.0.1:TCP/>
<link rel=prefetch href=http://127.0.0.1:TCP/><link rel=preload as=fetch href=http://127.0.0.1:TCP/>
<script src=http://127.0.0.1:TCP/a.js></script><link rel=stylesheet href=http://127.0.0.1:TCP/a.css>
<img src=http://127.0.0.1:TCP/p.png><video src=http://127.0.0.1:TCP/v.mp4></video><iframe src=http://127.0.0.1:TCP/f></iframe>
<iframe srcdoc="<script>fetch('http://127.0.0.1:TCP/').catch(() => 0); new WebSocket('ws://127.0.0.1:TCP/')</script>"></iframe>
<object data=http://127.0.0.1:TCP/o></object><form id=f method=post action=/post target=g><input name=x value=1></form><iframe name=g></iframe>
<body><script>
const out = 'http://127.0.0.1:TCP/';
const ways = [
  () => fetch(out), () => fetch(out, { method: 'POST', body: 'x', mode: 'no-cors' }), () => fetch('/post', { method: 'POST', body: 'x' }),
  () => fetch('/post', { method: 'DELETE' }), () => navigator.sendBeacon('/post', 'x'), () => navigator.sendBeacon(out, 'x'),
  () => new WebSocket('ws://127.0.0.1:TCP/'), () => new WebSocket('wss://127.0.0.1:TCP/'), () => new EventSource(out),
  () => new Worker(URL.createObjectURL(new Blob([`fetch('${out}').catch(() => 0); new WebSocket('ws://127.0.0.1:TCP/')`]))),
  () => new SharedWorker(URL.createObjectURL(new Blob([`fetch('${out}')`]))),
  () => navigator.serviceWorker.register('/sw.js'),
  () => window.open(out), () => document.getElementById('f').submit(), () => import(out + 'm.js'),
  () => { const form = document.createElement('form'); form.method = 'post'; form.action = '/post'; form.target = 'g';
    document.body.append(form); form.submit(); },
  () => { const form = document.createElement('form'); form.method = 'post'; form.action = '/post'; document.body.append(form);
    setTimeout(() => form.submit(), 50); },
  () => { const a = document.createElement('a'); a.href = '/file'; a.download = 'x'; document.body.append(a); a.click(); },
  () => Notification.requestPermission(), () => navigator.geolocation.getCurrentPosition(() => 0), () => alert('x'),
];
for (const way of ways) { try { const tried = way(); if (tried && tried.catch) tried.catch(() => 0); } catch (error) {} }
fetch('http://169.254.169.254/latest/meta-data/').then(() => 'got', () => 'none').then(what => {
  document.body.dataset.metadata = what; document.body.insertAdjacentHTML('beforeend', '<b id="tried">all</b>');
});
</script>"#;

/// Past HTTP: WebRTC (STUN over UDP, TURN over TCP) and WebTransport (QUIC), from the page, from a frame and from a worker.
const PAST_HTTP: &str = r#"<!DOCTYPE html><title>out</title><iframe srcdoc="<p>x"></iframe><body><script>
const servers = { iceServers: [{ urls: 'stun:HOST:UDP' }, { urls: 'turn:HOST:TCP?transport=tcp', username: 'a', credential: 'b' }] };
async function talk(Peer) {
  const peer = new Peer(servers);
  peer.createDataChannel('x');
  await peer.setLocalDescription(await peer.createOffer());
}
addEventListener('load', async () => {
  const ways = [() => talk(RTCPeerConnection), () => talk(document.querySelector('iframe').contentWindow.RTCPeerConnection),
    () => new WebTransport('https://HOST:UDP/'),
    () => new Worker(URL.createObjectURL(new Blob([`new WebTransport('https://HOST:UDP/')`])))];
  for (const way of ways) { try { await way(); } catch (error) {} }
  for (let turn = 0; turn < 10; turn++) { await fetch('/'); await new Promise(done => setTimeout(done, 200)); }
  document.body.insertAdjacentHTML('beforeend', '<b id="tried">all</b>');
});
</script>"#;

#[expect(
    clippy::disallowed_methods,
    reason = "an address of our own is asked for; nothing is sent"
)]
#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_speak_http_is_silent() {
    // WebRTC uses no loopback; without a line to anywhere there is nothing to try either
    let line = UdpSocket::bind("0.0.0.0:0").unwrap();
    let own = line.connect("192.0.2.1:9").and_then(|()| line.local_addr());
    let own = own.map_or_else(|_| "127.0.0.1".to_owned(), |own| own.ip().to_string());
    let tcp = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let udp = UdpSocket::bind("0.0.0.0:0").unwrap();
    udp.set_nonblocking(true).unwrap();
    let page = PAST_HTTP
        .replace("TCP", &tcp.local_addr().unwrap().port().to_string())
        .replace("UDP", &udp.local_addr().unwrap().port().to_string())
        .replace("HOST", &own);
    let server = Server::start(page).await;
    let rendered = render(&renderer(), &server.url("/")).await.unwrap();
    assert!(rendered.html.contains("<b id=\"tried\">all</b>"), "{}", rendered.html);
    assert!(udp.recv_from(&mut [0; 100]).is_err(), "somebody wrote to the canary");
    let accepted = tokio::time::timeout(Duration::from_secs(1), tcp.accept()).await;
    assert!(accepted.is_err(), "somebody came to the canary");
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_that_do_not_end_are_ended() {
    let mut renderer = renderer();
    renderer.whole = Duration::from_secs(4);
    for page in [
        "<p>x</p><script>for (;;) {}</script>",
        "<p>x</p><script>onload = () => { for (;;) {} }</script>",
    ] {
        let server = Server::start(page.to_owned()).await;
        let begun = Instant::now();
        let error = render(&renderer, &server.url("/")).await.unwrap_err();
        assert_eq!(error, Unrendered::new(Reason::LimitTime, "not done after 4 s"));
        // a busy machine may take its time to end a browser
        assert!(begun.elapsed() < Duration::from_secs(60));
    }
    // what leads to itself for ever is out of requests, or of time
    let again = "<p>x</p><script>location.href = '/?' + Math.random()</script>";
    let server = Server::start(again.to_owned()).await;
    match render(&renderer, &server.url("/")).await {
        Ok(page) => assert!(page.requests <= 100 && page.refused > 0, "{page:?}"),
        Err(error) => assert_eq!(error.reason, Reason::LimitTime),
    }
    assert!(server.asked().len() <= 100);
    // what polls for ever is done when it has been there for a while
    renderer.whole = super::WHOLE;
    let polls = "<p>polls</p><script>setInterval(() => fetch('/api/list'), 100)</script>";
    let server = Server::start(polls.to_owned()).await;
    let page = render(&renderer, &server.url("/")).await.unwrap();
    assert!(page.html.contains("<p>polls</p>") && page.requests <= 100, "{page:?}");
}

#[tokio::test]
async fn without_a_browser_the_reason_says_so() {
    let url: Url = "https://www.a.gov.cn/".parse().unwrap();
    for search in ["", "/nonexistent", ".", "bin"] {
        let error = render(&Renderer::new(search), &url).await.unwrap_err();
        let detail = "no chromium found: install the Debian package chromium";
        assert_eq!(error, Unrendered::new(Reason::SelfBrowser, detail), "{search}");
    }
}
