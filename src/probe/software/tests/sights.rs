//! Where software shows itself, and what must not be taken for it.

use std::time::Instant;

use super::*;

#[test]
fn scripts_are_known_by_the_exact_name_of_their_file() {
    let page = "<script src='/js/jquery.SuperSlide.2.1.1.js'></script><script src='/js/jquery-ui-1.10.3.min.js'></script>
        <script src='/js/jquery.min.js?v=1.8.3'></script><script src=/js/jquery.cookie-1.4.1.js></script>";
    let seen = see(&[], page);
    let jquery = of(&seen, "jquery");
    assert_eq!(
        (jquery.version.as_str(), jquery.eol),
        ("", Eol::Unknown),
        "?v= breaks caches, it is no version"
    );
    assert_eq!(jquery.evidence, "/js/jquery.min.js?v=1.8.3");
    assert_eq!(of(&seen, "jquery-ui").version, "1.10.3");
    assert_eq!(of(&seen, "superslide").version, "2.1.1");
    for (file, eol, outdated) in [
        ("jquery-1.12.4.min.js", Eol::Yes, false),
        ("jquery-2.2.4.min.js", Eol::Yes, false),
        ("jquery-3.4.1.min.js", Eol::No, true),
        ("jquery-3.7.1.min.js", Eol::No, false),
        ("jquery-3.js", Eol::No, false),
    ] {
        let seen = see(&[], &format!("<script src='/js/{file}'></script>"));
        let jquery = of(&seen, "jquery");
        assert_eq!(
            (jquery.eol, jquery.outdated, jquery.eol_date.seen()),
            (eol, outdated, None),
            "{file}"
        );
    }
}

#[test]
fn what_a_file_says_of_itself_beats_its_address() {
    let page = "<script src='js/jquery-1.7.2.min.js'></script>";
    let script =
        "/*! jQuery v1.12.4 | (c) jQuery Foundation | jquery.org/license */ (function(){})()";
    let answers = [
        Evidence { url: "http://a.gov.cn/x/", body: Body::Page(page), ..Evidence::default() },
        Evidence {
            url: "http://a.gov.cn/x/js/jquery-1.7.2.min.js",
            body: Body::Script(script),
            ..Evidence::default()
        },
    ];
    let seen = catalog().software(&answers, today());
    let jquery = of(&seen, "jquery");
    assert_eq!((jquery.version.as_str(), jquery.place.as_str()), ("1.12.4", "comment"));
    assert_eq!(jquery.url, "http://a.gov.cn/x/js/jquery-1.7.2.min.js");
    // another copy is another entry
    let page = format!("{page}<script>{script}</script>");
    let versions: Vec<String> =
        see(&[], &page).into_iter().map(|software| software.version).collect();
    assert_eq!(versions, ["1.12.4", "1.7.2"]);
}

#[test]
fn one_entry_a_product_and_version() {
    let page = "<hr><center>nginx/1.16.0</center><script src=/a/jquery-1.8.3.js></script>
        <script src='/b/jquery-1.8.3.min.js'></script><script src='/c/jquery.js'></script>";
    let seen = see(&["Server: nginx/1.16.0", "Set-Cookie: a=b"], page);
    assert_eq!(of(&seen, "nginx").place, "header");
    assert_eq!(of(&seen, "jquery").evidence, "/a/jquery-1.8.3.js");
    let header = headers(&["Server: nginx"]);
    let hidden = Evidence { url: HOME, headers: &header, ..Evidence::default() };
    let error = Evidence {
        url: HOME,
        body: Body::Page("<center>nginx/1.16.0</center>"),
        ..Evidence::default()
    };
    let page = Evidence { body: Body::Page("<hr><center>nginx/1.16.0</center>"), ..error };
    let seen = catalog().software(&[hidden, page], today());
    assert_eq!(
        (of(&seen, "nginx").version.as_str(), seen.len()),
        ("1.16.0", 1),
        "a version beats none"
    );
}

#[test]
fn front_ends_speak_for_themselves() {
    for line in [
        "Via: cache15.l2cn1809[0,0,200-0,H]",
        "X-Cache: HIT from a",
        "X-Via: 1.1 PS:1 (Cdn Cache Server V2.0)",
        "EagleId: 2ff615",
        "X-Safe-Firewall: zhuji.360.cn 1.0.9.47 F1W1",
    ] {
        let page = "<hr><center>nginx/1.14.0</center>";
        let seen = see(&[line, "Server: nginx/1.16.0", "X-Powered-By: PHP/5.6.40"], page);
        assert!(
            seen.iter().filter(|software| software.product == "nginx").all(|nginx| nginx.front_end),
            "{line}"
        );
        let php = of(&seen, "php");
        assert!(!php.front_end && php.eol == Eol::Yes, "{line}: PHP is the site's own");
    }
    for banner in ["yunjiasu-nginx", "WWW Server/1.1", "WAF", "Cdn Cache Server V2.0"] {
        let seen = see(&[&format!("Server: {banner}")], "");
        assert!(
            seen.iter().all(|software| software.front_end && software.kind == "gateway"),
            "{seen:?}"
        );
        assert_eq!(seen.len(), 1, "{banner}");
    }
    // Tomcat's page is no front end's
    let seen = see(&["Via: x", "Server: Tengine"], "<h3>Apache Tomcat/7.0.52</h3>");
    assert!(!of(&seen, "tomcat").front_end);
    // the name system may know it where the headers are silent
    let header = headers(&["Server: nginx/1.16.0"]);
    let answer = Evidence { url: HOME, headers: &header, front_end: true, ..Evidence::default() };
    assert!(of(&catalog().software(&[answer], today()), "nginx").front_end);
}

#[test]
fn scripts_for_old_browsers_alone_are_not_loaded() {
    let page = "<!--[if lt IE 9]><script src='/js/html5shiv-3.7.3.min.js'></script><![endif]--><p>";
    assert!(see(&[], page).is_empty());
}

#[test]
fn evidence_is_quoted_safely() {
    let seen = see(&["Server: nginx/1.16.0 \u{1b}[2J\u{202e}\u{9b}x"], "");
    assert_eq!(of(&seen, "nginx").evidence, "Server: nginx/1.16.0 [2J x");
    let long = format!("Server: nginx/1.16.0 {}", "x".repeat(5_000));
    assert_eq!(of(&see(&[&long], ""), "nginx").evidence.chars().count(), 200);
}

#[test]
fn hostile_pages_cost_little_and_break_nothing() {
    let begun = Instant::now();
    for piece in [
        "<",
        "<!--",
        "<!-->",
        "jquery",
        "<script>",
        "<script src='",
        "<meta name='",
        "/*",
        "<script>/*jquery",
        "<script>//!",
        "/t20",
        "<object",
        "<!--jquery-->",
        "<title>",
        "\u{0}",
        "\u{5b9d}\u{5854}",
        "<script src='/jquery-1.1.1.1.1.1.1.1.1.1/a/a/a/a/a/a/a/jquery.js'>",
        "\"buildInfo\":{",
        "clsid:",
    ] {
        let page = piece.repeat((3 << 20) / piece.len());
        let seen = see(&[&format!("Server: {}", piece.repeat(1_000).replace('\n', " "))], &page);
        assert!(seen.len() <= MOST, "{piece}");
    }
    // quadratic time would be hours; this leaves room for a busy machine
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    let begun = Instant::now();
    let cookies = vec!["a"; 100_000];
    let many: Vec<Header> =
        headers(&["Server: nginx/1.16.0"]).into_iter().cycle().take(5_000).collect();
    let answer =
        Evidence { url: "not a url", headers: &many, cookies: &cookies, ..Evidence::default() };
    assert_eq!(catalog().software(&[answer], today()).len(), 1);
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}
