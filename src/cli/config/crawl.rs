//! The `crawl:` part of the configuration: what the crawl of a site may cost.

use xuncha_probe::crawl::Settings;
use xuncha_rules::yaml::{self, Fields, Node, Problems};

use super::{set, time};

/// Most pages of one site that can be asked for.
const MOST_PAGES: i64 = 1_000_000;

/// Lays the `crawl:` map over the settings.
pub(super) fn apply(crawl: &mut Settings, node: &Node, problems: &mut Problems) {
    let Some(mut fields) = Fields::open(node, "`crawl`", problems) else { return };
    let numbers = [
        ("max_pages", 1..=MOST_PAGES, &mut crawl.max_pages),
        ("max_depth", 1..=100, &mut crawl.max_depth),
        ("max_files", 0..=MOST_PAGES, &mut crawl.max_files),
    ];
    for (name, range, setting) in numbers {
        let whole = |node| yaml::whole(node, name, *range.start(), *range.end(), problems);
        let number = fields.take(name).and_then(whole);
        set(setting, number.and_then(|number| u32::try_from(number).ok()));
    }
    let times = [
        ("max_time", &mut crawl.max_time),
        ("interval", &mut crawl.interval),
        ("second_look", &mut crawl.second_look),
    ];
    for (name, setting) in times {
        set(setting, fields.take(name).and_then(|node| time(node, name, problems)));
    }
    let robots = fields.take("robots").and_then(|node| yaml::boolean(node, "robots", problems));
    set(&mut crawl.robots, robots);
    fields.close(problems);
}
