//! Limits that are missed by a day, ways of writing, and articles at fault: as planned and no further.

use super::*;

#[test]
fn limits_are_missed_and_passed_by_a_day() {
    // the second is ten past midnight in Shanghai
    for (now, today) in
        [("2026-11-24T02:00:00Z", "2026-11-24"), ("2027-03-30T16:10:00Z", "2027-03-31")]
    {
        let town = town_at(now);
        let today: chrono::NaiveDate = today.parse().unwrap();
        let ages = |id: &str| -> BTreeMap<String, i64> {
            let columns = &shelf(&town, id).book.columns;
            columns
                .iter()
                .filter_map(|column| {
                    Some((column.slug.clone(), (today - column.articles.first()?.day).num_days()))
                })
                .collect()
        };
        for (id, home, news) in [
            ("gdj", 15, 15),
            ("zljdj", 15, 1),
            ("wxdglj", 13, 1),
            ("jnjcj", 9, 1),
            ("ypjgj", 3, 15),
            ("spaqj", 3, 13),
            ("fgw", 1, 1),
        ] {
            let shelf = shelf(&town, id);
            let shown = shelf.book.columns.iter().flat_map(|column| shelf.on_home(column));
            let newest = shown.map(|article| article.day).max().unwrap();
            assert_eq!(((today - newest).num_days(), ages(id)["zwdt"]), (home, news), "{id}");
        }
        let due = |id: &str| {
            shelf(&town, id)
                .book
                .columns
                .iter()
                .find(|column| column.slug == "tzgg")
                .unwrap()
                .articles[0]
                .day
                + chrono::Months::new(6)
        };
        assert!(due("ypjgj") < today && due("spaqj") > today, "{now}");
        let old = |id: &str, over: i64| ages(id).values().filter(|age| **age > over).count();
        assert_eq!((old("gyglj", 365), old("sljsj", 365)), (10, 9));
        let empty = |id: &str| {
            shelf(&town, id).book.columns.iter().filter(|column| column.articles.is_empty()).count()
        };
        assert_eq!((empty("zfglj"), empty("whzfj"), empty("fgw")), (5, 4, 0));
        let waiting = |id: &str| {
            let letters =
                shelf(&town, id).book.articles().filter_map(|article| article.letter.as_ref());
            let waiting: Vec<_> = letters
                .filter(|letter| letter.answered.is_empty())
                .map(|letter| letter.asked.clone())
                .collect();
            waiting
                .into_iter()
                .map(|day| day.parse::<chrono::NaiveDate>().unwrap() + chrono::Months::new(3))
                .collect::<Vec<_>>()
        };
        assert!(waiting("gsglj").iter().all(|due| *due < today) && waiting("gsglj").len() == 1);
        assert!(waiting("grglj").iter().all(|due| *due > today) && waiting("grglj").len() == 1);
        assert!(waiting("fgw").is_empty());
    }
}

#[test]
fn sites_write_in_their_own_ways() {
    let town = town();
    for (id, path, shows) in [
        ("fgw", "/zwdt/", "<span>2026-11-23</span>"),
        ("yunlu", "/zwdt/", "<span>2026/11/23</span>"),
        ("chongyan", "/zwdt/", "<span>[11-23]</span>"),
        ("qinglan", "/zwdt/", "<span><b>23</b><i>2026-11</i></span>"),
        ("gxhzj", "/zwdt/", "<span>2026年11月23日</span>"),
        ("chj", "/zwdt/", "href=\"/zwdt/202611/23/content_"),
        ("swj-vertical", "/zwdt/", "href=\"/sitesources/swj-vertical/page_pc/zwdt/article"),
        ("ghglj", "/zwdt/", "\"date\": \"2026-11-23\""),
        ("jyfwj", "/", "<ul data-column=\"zwdt\" data-rows=\"6\"></ul>"),
        ("yzj", "/", "href=\"javascript:void(0)\" data-href=\"/zwdt/\""),
        ("gaj", "/js/footer.js", "document.write('<div>主办单位：澜川市公安局"),
        ("swglj", "/zwdt/", "<body>\n<div id=\"app\"></div>"),
        ("swglj", "/api/page?path=/zwdt/", "<span>2026-11-23</span>"),
        ("jyfwj", "/api/list.json?column=zwdt&rows=1", "\"date\": \"2026-11-23\"}\n]}"),
        ("chj", "/sitemap.xml", "<loc>https://chj.lanchuan.gov.cn/zwdt/202611/23/"),
        ("chj", "/", "今天是2026年11月24日"),
        ("clfwj", "/", "<html>"),
    ] {
        let page = page(shelf(&town, id), path);
        let Body::Text(text) = page.body else { panic!("{id}{path}") };
        assert!(text.contains(shows), "{id}{path}: {text}");
    }
    let platform = shelf(&town, "swj-vertical");
    let article = platform.book.articles().next().unwrap();
    let text = page(platform, &article.path);
    assert!(html(&text).contains("来源: 国家税务总局澜川市税务局 时间: 2026-11-23 "));
    assert!(!html(&page(shelf(&town, "gaj"), "/")).contains("主办单位"));
}

#[test]
fn faults_of_articles_are_as_planned() {
    let town = town();
    let text = |id: &str, choose: &dyn Fn(&Article) -> bool| {
        let shelf = shelf(&town, id);
        let article = shelf.book.articles().find(|article| choose(article)).unwrap();
        html(&page(shelf, &article.path)).to_owned()
    };
    let repost = |article: &Article| article.title.starts_with("全国政务公开工作");
    assert!(text("fgw", &repost).contains("来源：中国政府网 发布时间：2026-11-17 "));
    let faulty = text("xwcbj", &repost);
    assert!(!faulty.contains("来源") && faulty.contains("发布时间：2026-08-06 "), "{faulty}");
    assert!(
        shelf(&town, "xwcbj")
            .book
            .articles()
            .find(|article| repost(article))
            .unwrap()
            .path
            .contains("/t20261117_")
    );
    let first = |_: &Article| true;
    assert!(
        !text("cyfzj", &first).contains("发布时间") && text("cyfzj", &first).contains("来源：")
    );
    assert!(text("dzkcj", &first).contains("name=\"PubDate\" content=\"2026/11/23 "));
    assert!(
        !text("bqglj", &first).contains("ColumnName") && !text("bqglj", &first).contains("PubDate")
    );
    let news = &shelf(&town, "flglj").book.columns[0].articles;
    assert!(
        news.iter()
            .all(|article| article.row.is_empty() && article.path.starts_with("/zwdt/content_"))
    );
    let document = |article: &Article| article.entry.is_some();
    let good = text("fgw", &document);
    assert!(
        good.contains("<td>LC005-0201-2026-00001</td>")
            && good.contains("相关解读：<a href=\"/zcjd/"),
        "{good}"
    );
    assert!(!text("fzglj", &document).contains("相关解读"));
    let bad = text("zjglj", &document);
    assert!(
        bad.contains("/0201/2026/00001</td>")
            && bad.contains("<td>2026年11月12日</td>")
            && bad.contains("<td>市资金管理局</td>"),
        "{bad}"
    );
    let numbers = |id: &str| {
        let entries = shelf(&town, id).book.articles().filter_map(|article| article.entry.as_ref());
        entries.map(|entry| entry.index.clone()).collect::<Vec<_>>()
    };
    assert_eq!(numbers("jzglj")[0], numbers("jzglj")[1]);
    let preface = |id: &str| html(&page(shelf(&town, id), CATALOG)).contains("编制说明");
    assert!(preface("fgw") && !preface("zjglj"));
    let lacking = |id: &str| {
        let mut guides =
            shelf(&town, id).book.articles().filter(|article| !article.elements.is_empty());
        8 - guides.next().unwrap().elements.len()
    };
    assert_eq!((lacking("lyfzj"), lacking("grglj"), lacking("fgw")), (4, 3, 0));
}
