//! Hits: pages whose title, tags, headings, links or whole text spammers have replaced.

use super::{
    Case,
    chance::Chance,
    skeleton::Parts,
    spam::{FRAUD, GAMBLING, LOTTERY, PHARMACY, PORN, entities, links, separated, url},
};

const RULE: &[&str] = &["safety.injected-content"];
const LISTS: [(&str, &[&str]); 5] = [
    ("gambling", GAMBLING),
    ("pornography", PORN),
    ("fraud", FRAUD),
    ("pharmacy", PHARMACY),
    ("lottery", LOTTERY),
];
/// Titles as they are seen on hacked pages.
const TITLES: &[&str] = &[
    "澳门新葡京·(中国)官方网站-登录入口",
    "开云(kaiyun)体育官方网站-首页",
    "乐鱼体育(leyu)在线登录入口_乐鱼体育app下载",
    "百家乐|百家乐平台|百家乐在线投注",
    "威尼斯人娱乐城|澳门威尼斯人官网",
    "华体会hth·体育全站app官网登录",
    "bet365官网|bet365体育在线投注",
    "金沙娱乐场官网_澳门金沙网上赌场",
    "六合彩开奖结果查询_香港六合彩特码资料",
    "必威·betway(中国)官方网站-体育投注",
    "真人百家乐-真人荷官在线发牌_注册送彩金",
    "成人视频在线观看_无码av免费下载",
    "时时彩平台_时时彩计划_时时彩投注技巧",
    "网上赌场-最好的网上赌博平台",
];
/// The same in traditional characters.
const TRADITIONAL: &[&str] = &[
    "澳門新葡京娛樂城-官方網站-百家樂投注",
    "百家樂線上投注平台_真人荷官_註冊送體驗金",
    "線上娛樂城推薦-博彩公司評級-現金版",
    "六合彩特碼資料_香港六合彩開獎結果",
    "澳門賭場網址大全-網上賭博",
];
/// Other spellings of the same characters.
const ALIKE: &[&str] = &[
    "氵奥门新葡京 亻百家乐投注 网上赌场开户",
    "ＡＧ真人百家乐－ｂｅｔ３６５体育投注平台",
    "澳门賭场網址，百家樂投注，真人荷官",
];

pub(crate) fn cases(chance: &mut Chance) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |chance: &mut Chance, form: &str, parts: Parts| {
        cases.push(Case::page(chance, "injected", form, RULE, parts));
    };
    for title in TITLES {
        add(chance, "title", Parts { title: (*title).to_owned(), ..Parts::default() });
    }
    for title in TRADITIONAL {
        add(chance, "title-traditional", Parts { title: (*title).to_owned(), ..Parts::default() });
    }
    for text in ALIKE {
        add(chance, "title-alike", Parts { title: (*text).to_owned(), ..Parts::default() });
    }
    for (number, title) in TITLES.iter().chain(TRADITIONAL).take(8).enumerate() {
        let title = entities(title, number % 2 == 0);
        add(chance, "title-entities", Parts { title, ..Parts::default() });
    }
    for between in ["·", " ", "-", "\u{200b}", "＊", "&nbsp;"] {
        let words = [
            separated("百家乐", between),
            separated("澳门赌场", between),
            separated("时时彩平台", between),
        ];
        add(chance, "title-separated", Parts { title: words.join("_"), ..Parts::default() });
    }
    for (list, words) in LISTS {
        for (form, parts) in placed(chance, list, words) {
            add(chance, &form, parts);
        }
    }
    for _ in 0..3 {
        let title = chance.pick(TITLES).to_owned();
        let body = format!("<h1>{title}</h1><p>{}</p>", chance.some(GAMBLING, 8).join("，"));
        add(
            chance,
            "whole-page",
            Parts {
                title: title.clone(),
                keywords: title.clone(),
                description: title,
                body,
                alone: true,
                ..Parts::default()
            },
        );
    }
    cases
}

/// The words of a list at every place of a page, with the names of the forms.
fn placed(chance: &mut Chance, list: &str, words: &[&str]) -> Vec<(String, Parts)> {
    let keywords = chance.some(words, 6).join(",");
    let encoded = entities(&keywords, false);
    let (first, some) = (chance.pick(words), chance.some(words, 4).join("、"));
    let description = format!("【{first}】提供{some}，24小时在线客服，欢迎咨询。");
    let anchors = format!("<div class=\"link\">{}</div>", links(chance, words, 6));
    let (body, parasite) = (comment(chance, words), parasite(chance, words));
    let heading = format!("<h1>{}</h1>", chance.some(words, 3).join("_"));
    vec![
        (format!("keywords-{list}"), Parts { keywords, ..Parts::default() }),
        ("keywords-entities".to_owned(), Parts { keywords: encoded, ..Parts::default() }),
        (format!("description-{list}"), Parts { description, ..Parts::default() }),
        (format!("anchors-{list}"), Parts { bottom: anchors, ..Parts::default() }),
        (format!("text-{list}"), Parts { body, ..Parts::default() }),
        (format!("parasite-{list}"), parasite),
        (format!("heading-{list}"), Parts { body: heading, ..Parts::default() }),
    ]
}

/// What robots type into the message board.
fn comment(chance: &mut Chance, words: &[&str]) -> String {
    let (first, second) = (chance.some(words, 5).join("，"), chance.some(words, 4).join("，"));
    let (url, contact) = (url(chance), chance.letters(8));
    format!(
        "<div class=\"msg\"><p>网友留言：{first}，详情登录 <a href=\"{url}\">{url}</a>，{second}，加微信{contact}</p></div>"
    )
}

/// A page of spam in a folder of the site.
fn parasite(chance: &mut Chance, words: &[&str]) -> Parts {
    let chosen = chance.some(words, 7);
    let name = chosen[0].to_owned();
    let mut body = format!("<h1>{name}</h1>\n");
    for word in &chosen {
        body += &format!(
            "<p>{name}为您提供{word}，最新{word}，{word}哪里好，信誉平台，欢迎广大用户前来体验。</p>\n"
        );
    }
    let keywords = chosen.join(",");
    Parts {
        title: format!("{name}-{}", chosen[1]),
        keywords,
        body,
        alone: true,
        ..Parts::default()
    }
}
