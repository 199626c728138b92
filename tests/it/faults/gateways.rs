//! Whatever answers in a site's place is "cannot judge": never down, and never pestered.

use xuncha_model::{Reason, facts::LookOutcome};
use xuncha_rules::yaml::{self, Node, Value};

use super::{HTML, rules};
use crate::support::{
    servers::page,
    street::{House, Street, round, says},
};

const LIST: &str = include_str!("../../../rules/lists/gateways.yaml");

fn field<'n>(entry: &'n Node, name: &str) -> Option<&'n Node> {
    let Value::Map(fields) = &entry.value else { return None };
    fields.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
}

fn text(node: &Node) -> &str {
    let Value::Text(text) = &node.value else { panic!("a text, not {node:?}") };
    text
}

/// Every hit of the list: the gateway's name, and what it answers.
fn hits() -> Vec<(String, Vec<u8>)> {
    let list = yaml::parse("gateways.yaml", LIST).unwrap();
    let Value::List(entries) = &list.value else { panic!("a list") };
    let mut hits = Vec::new();
    for entry in entries {
        let name = text(field(entry, "name").unwrap());
        let Value::List(examples) = &field(entry, "hit").unwrap().value else { panic!("{name}") };
        for example in examples {
            hits.push((name.to_owned(), answer(text(example))));
        }
    }
    hits
}

/// An example as it comes over the network: status, headers, an empty line, the page.
fn answer(example: &str) -> Vec<u8> {
    let (head, body) = example.split_once("\n\n").unwrap();
    let (status, headers) = head.split_once('\n').unwrap_or((head, ""));
    let mut lines = String::new();
    for header in headers.lines() {
        lines += &format!("{header}\r\n");
    }
    let length = body.len();
    format!("HTTP/1.1 {status} Gateway\r\n{lines}Content-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

#[tokio::test]
async fn every_gateway_of_the_list_is_blocked_and_never_down() {
    let hits = hits();
    assert!(hits.len() >= 20, "{}", hits.len());
    assert!(
        hits.iter().any(|(_, answer)| answer.starts_with(b"HTTP/1.1 200 ")),
        "scripts with 200"
    );
    let mut houses: Vec<House> =
        hits.iter().map(|(_, answer)| House::Plain(says(answer.clone()))).collect();
    houses.push(House::Plain(says(page("Content-Type: text/html\r\n", HTML))));
    let street = Street::start(&houses).await;
    let report = round(&street.scanner(street.config(), &[hits.len()]), &|_| {}).await;
    for (at, (name, _)) in hits.iter().enumerate() {
        let site = &report.sites[at];
        assert_eq!(site.outcome, LookOutcome::Blocked, "{name}: {}", site.reason);
        assert_eq!(site.reason, Reason::Gateway(name.clone()));
        let found = rules(site);
        assert!(found.contains(&"availability.blocked"), "{name}: {found:?}");
        // nothing is said of a page that was not seen
        let blind = ["availability.", "domain.", "dns.", "filing.", "http.no-https"];
        let odd: Vec<_> = found
            .iter()
            .filter(|rule| !blind.iter().any(|known| rule.starts_with(known)))
            .collect();
        assert!(odd.is_empty(), "{name}: {odd:?}");
        assert!(
            !found.iter().any(|rule| matches!(*rule, "availability.down" | "availability.slow"))
        );
        let facts = site.facts.as_ref().unwrap();
        let availability = facts.availability.seen().unwrap();
        assert_eq!(availability.looks.len(), 1, "{name}: a second look would be blocked as well");
        let gateway = availability.gateway.seen().unwrap();
        assert!(gateway.evidence.starts_with("HTTP "), "{name}: {}", gateway.evidence);
        assert!(facts.pages.seen().is_none() && facts.software.seen().is_none(), "{name}");
        // http:// once; port 443 is refused
        assert_eq!(street.server(at).connections(), 1, "{name}");
    }
    let healthy = report.sites.last().unwrap();
    assert_eq!(healthy.outcome, LookOutcome::Ok);
}

#[tokio::test]
async fn a_page_that_is_nothing_but_a_script_that_sets_a_cookie_is_blocked_too() {
    let html =
        |body: &str| House::Plain(says(page("Content-Type: text/html\r\n", body.as_bytes())));
    let street = Street::start(&[
        html("<html><script>document.cookie='k='+(1+2);location.reload();</script></html>"),
        html("<!DOCTYPE html><html><head><meta charset='utf-8'><script type=\"text/javascript\">\nvar a=1;\ndocument.cookie = \"v=\" + a + \";path=/\";\nwindow.location.href = \"/\";\n</script></head><body></body></html>"),
        html("<html><head><title>周口市</title><script>document.cookie='skin=1';if(top!=self)top.location.href=location;</script></head><body>正文</body></html>"),
        // a page that only leads on: no cookie, no wall
        html("<html><script>location.href='/index/'</script></html>"),
        html("<title>a</title>a"),
    ])
    .await;
    let report = round(&street.scanner(street.config(), &[4]), &|_| {}).await;
    let outcomes: Vec<_> =
        report.sites.iter().map(|site| (site.outcome, site.reason.to_string())).collect();
    let blocked = (LookOutcome::Blocked, "gateway.script".to_owned());
    let ok = (LookOutcome::Ok, String::new());
    assert_eq!(outcomes, [blocked.clone(), blocked, ok.clone(), ok.clone(), ok]);
}
