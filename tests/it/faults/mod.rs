//! The threats of the network, each with the tests that hold it: a site may misbehave as it likes, and our own line may fail.
//!
//! | Threat | What is asked | Held by |
//! |---|---|---|
//! | T6 | redirect loops and chains: ≤ 11 requests, counted at the server | [`redirects`]; `net::faults::redirects_that_lead_nowhere`, `net::faults::eleven_redirects_are_one_too_many` |
//! | T7 | slow drip, stall, silence: each probe ends by its deadline + 2 s; with 50 such sites in the list a healthy site's check is not late by more than 5 s | [`stalls`]; `net::faults::heads_that_never_come_or_never_end`, `net::faults::bodies_that_break_off_or_never_end`, `net::faults::the_whole_visit_has_an_end_too`, `hello::made` (surveys) |
//! | T8 | floods of headers, chunks, interim answers, trailers, cookies: the caps hold, memory grows by 64 MB at most | [`floods`] (memory), [`lies`] (lengths, cookies); `net::faults` (reasons), `net::faults::a_bomb_goes_off_outside` |
//! | T9 | HTTP/2 floods: closed within 10 s, memory grows by 64 MB at most | [`floods`]; [`strangers`] (a server of HTTP/2 alone) |
//! | T31 | our name server lying or dead | [`ourselves`] (a liar); `probes::line`, `net::resolving::a_resolver_that_is_not_there_is_our_own_fault`, `cli::without_a_line_nobody_is_accused`, `scan::without_a_resolver_the_round_is_void_and_accuses_nobody`; the second resolver: `xuncha_net::resolve::ask` |
//! | T32 | our own line cut: no site is accused, what was seen stands, the next round is as ever | `line` (network namespaces); `xuncha_scan::tests` (shares, held looks) |
//! | T33 | our own overload: what was measured meanwhile is unknown | [`ourselves`] (the program stopped in mid-look); `xuncha_scan::tests::a_monitor_that_stands_still_accuses_nobody` |
//! | T41 | a gateway's page is "cannot judge", never "down" | [`gateways`] (every gateway of `rules/lists/gateways.yaml`, scripts with status 200); `probes::availability::a_gateway_is_neither_up_nor_down` |

mod floods;
mod gateways;
mod lies;
mod ourselves;
mod redirects;
mod stalls;
mod strangers;

use xuncha_model::scan::{Report, SiteResult};

use crate::support::servers::Guest;

type Tcp = Guest<tokio::net::TcpStream>;

const HTML: &[u8] = "<!DOCTYPE html><html lang=zh><head><meta charset=utf-8><title>周口市财政局</title></head><body>正文</body></html>".as_bytes();

/// The rules that found something on a site, each once.
fn rules(site: &SiteResult) -> Vec<&str> {
    let mut rules: Vec<_> = site.findings.iter().map(|finding| finding.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

fn site(report: &Report, at: usize) -> &SiteResult {
    &report.sites[at]
}
