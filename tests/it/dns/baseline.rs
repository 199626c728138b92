//! The baseline from the first look over a change to its confirmation, in the demo city.

use serde_json::Value;
use tempfile::tempdir;
use xuncha_model::{Finding, Seen, facts::dns::DnssecState};
use xuncha_net::{Config, Door};
use xuncha_store::Store;

use crate::{
    program::{command, lab_flags, run, status, stderr, stdout},
    support::config,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_until_somebody_vouches_for_it() {
    let lab = xuncha_lab::start(crate::now()).await.unwrap();
    let folder = tempdir().unwrap();
    let flags = lab_flags(&lab, folder.path());
    let path = folder.path().to_owned();
    let scan = async || {
        let (path, flags) = (path.clone(), flags.clone());
        let scanned = tokio::task::spawn_blocking(move || {
            let scan = ["scan", "lanchuan", "yunlu", "sthjj"];
            let output = command(&path).args(scan).args(flags).output().unwrap();
            assert_eq!(status(&output), 0, "{}", stderr(&output));
            let list = ["findings", "list", "--rule", "dns.answer-changed", "--format", "json"];
            serde_json::from_str::<Vec<Finding>>(&stdout(&run(&path, &list))).unwrap()
        });
        scanned.await.unwrap()
    };
    let baseline = |more: &[&str]| {
        let args = [&["sites", "baseline"], more, &["--format", "json"]].concat();
        let output = run(&path, &args);
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        serde_json::from_str::<Value>(&stdout(&output)).unwrap()
    };

    assert!(scan().await.is_empty(), "the first look is the baseline");
    let first = baseline(&["lanchuan", "yunlu", "sthjj"]);
    assert_eq!(first[0]["confirmed_by"], "first look");
    assert_eq!(first[0]["baseline"]["addresses"], serde_json::json!(["127.80.0.1", "::1"]));
    assert_eq!(first[1]["baseline"]["addresses"], serde_json::json!([]), "it has an alias");
    let aliases = first[1]["baseline"]["aliases"].as_array().unwrap();
    assert_eq!(aliases.len(), 1, "what a platform makes of it behind that is the platform's");
    assert_eq!(first[2]["baseline"], Value::Null, "what does not resolve is no baseline");
    assert!(scan().await.is_empty(), "nothing has changed");
    assert_eq!(baseline(&["lanchuan"])[0]["drift"]["added"], serde_json::json!([]));

    // as if the name had led elsewhere when it was confirmed
    let store = Store::open(&path.join("xuncha-data"), &crate::now).await.unwrap();
    let mut before = store.dns_baseline("lanchuan").await.unwrap().unwrap().baseline;
    before.addresses = vec!["127.80.0.1".to_owned(), "192.0.2.1".to_owned()];
    store.confirm_dns_baseline("lanchuan", &before, crate::now(), "张三").await.unwrap();
    store.close().await;
    let found = scan().await;
    assert_eq!((found.len(), found[0].site.as_str()), (1, "lanchuan"));
    let message = &found[0].message;
    assert!(message.contains("由 张三 确认"), "{message}");
    assert!(message.contains("增加了 ::1；减少了 192.0.2.1；"), "{message}");
    assert_eq!(scan().await.len(), 1, "a second look confirms nothing by itself");

    let refused = run(&path, &["sites", "baseline", "--confirm", "--by", "李四"]);
    assert_eq!(status(&refused), 2, "nobody vouches for all sites at once");
    let refused = run(&path, &["sites", "baseline", "sthjj", "--confirm", "--by", "李四"]);
    assert_eq!(status(&refused), 2, "{}", stderr(&refused));
    let confirmed = baseline(&["lanchuan", "--confirm", "--by", "李四"]);
    assert_eq!(confirmed[0]["confirmed_by"], "李四");
    assert_eq!(confirmed[0]["drift"]["added"], serde_json::json!([]));
    assert!(scan().await.is_empty(), "what was confirmed is no change");
}

#[tokio::test]
async fn the_zones_of_the_city_are_as_they_should_be() {
    let lab = xuncha_lab::start(crate::now()).await.unwrap();
    let folder = tempdir().unwrap();
    let anchor = folder.path().join("anchor");
    std::fs::write(&anchor, &lab.trust_anchor).unwrap();
    let door = Door::new(Config {
        allow_net: lab.allow_net.iter().map(|range| range.parse().unwrap()).collect(),
        port_map: lab.port_map.clone(),
        trust_anchor: Some(anchor),
        ..config(lab.resolver)
    })
    .unwrap();
    let zone = door.zone("www.yunlu.gov.cn").await.seen().unwrap().clone();
    assert_eq!((zone.name.as_str(), zone.servers.len(), zone.networks), ("yunlu.gov.cn", 2, 2));
    assert!(zone.servers.iter().all(|server| server.reason.is_ok() && server.authoritative));
    assert_eq!(zone.agree, Seen::Seen(true));
    for (host, state) in [
        ("www.yunlu.gov.cn", DnssecState::Secure),
        ("zhengfu.wangxi.gov.cn", DnssecState::Insecure),
        ("www.huanyingnin.gov.cn", DnssecState::Bogus),
    ] {
        let seen = door.dnssec(host, false).await;
        assert_eq!(seen.seen().map(|facts| facts.state), Some(state), "{host}: {seen:?}");
    }
}

#[tokio::test]
async fn a_baseline_of_another_host_gives_way_and_others_stay() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path(), &crate::now).await.unwrap();
    let baseline = |host: &str| xuncha_model::facts::dns::DnsBaseline {
        host: host.to_owned(),
        addresses: vec!["192.0.2.1".to_owned()],
        ..Default::default()
    };
    let at = crate::now();
    assert_eq!(store.dns_baseline("a").await.unwrap(), None);
    store.begin_dns_baseline("a", &baseline("www.a.cn"), at).await.unwrap();
    store.confirm_dns_baseline("a", &baseline("www.a.cn"), at, "张三").await.unwrap();
    store.begin_dns_baseline("a", &baseline("www.a.cn"), at).await.unwrap();
    let kept = store.dns_baseline("a").await.unwrap().unwrap();
    assert_eq!(kept.confirmed_by, "张三", "a first look takes nothing over from a person");
    store.begin_dns_baseline("a", &baseline("www.b.cn"), at).await.unwrap();
    let moved = store.dns_baseline("a").await.unwrap().unwrap();
    assert_eq!(
        (moved.confirmed_by.as_str(), moved.baseline.host.as_str()),
        ("first look", "www.b.cn")
    );
}
