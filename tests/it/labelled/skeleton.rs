//! The bodies of government sites: four ways of writing them, with menus, friends and footers.

use super::{
    chance::Chance,
    words::{BUREAUS, COLUMNS, PLACES, headline, prose},
};

/// What is put into a page.
#[derive(Default)]
pub(crate) struct Parts {
    /// Empty: one of every day.
    pub(crate) title: String,
    pub(crate) keywords: String,
    pub(crate) description: String,
    /// At the end of the head.
    pub(crate) head: String,
    /// Before `<html>`, at the beginning of the body, in the article, at the end of the body, after `</html>`.
    pub(crate) first: String,
    pub(crate) top: String,
    pub(crate) body: String,
    pub(crate) bottom: String,
    pub(crate) last: String,
    /// Nothing of every day stands beside the body.
    pub(crate) alone: bool,
}

/// A page as it is saved.
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn body(body: impl Into<String>) -> Parts {
    Parts { body: body.into(), ..Parts::default() }
}

pub(crate) fn titled(title: impl Into<String>, body: impl Into<String>) -> Parts {
    Parts { title: title.into(), body: body.into(), ..Parts::default() }
}

/// The address of a page of one of the city's sites.
pub(crate) fn address(chance: &mut Chance) -> String {
    let host =
        chance.pick(&["www", "czj", "jyj", "mzj", "sfj", "rsj", "wjw", "yjj", "scjgj", "slj"]);
    let number = chance.digits(7);
    match chance.below(4) {
        0 => format!("https://{host}.lanchuan.gov.cn/"),
        1 => format!("https://{host}.lanchuan.gov.cn/zwgk/tzgg/202611/t20261103_{number}.html"),
        2 => format!("http://{host}.lanchuan.gov.cn/content.php?id={number}"),
        _ => format!(
            "https://{host}.lanchuan.gov.cn/sitesources/lc/page_pc/xwzx/article{number}.html"
        ),
    }
}

/// Writes a page in one of the ways.
pub(crate) fn write(chance: &mut Chance, parts: Parts) -> Page {
    let url = address(chance);
    let way = chance.below(4);
    let charset = if way == 1 && chance.once_in(2) { "gb2312" } else { "utf-8" };
    let text = text(chance, way, charset, parts);
    let bytes = if charset == "utf-8" {
        text.into_bytes()
    } else {
        encoding_rs::GBK.encode(&text).0.into_owned()
    };
    Page { url, bytes }
}

fn text(chance: &mut Chance, way: usize, charset: &str, parts: Parts) -> String {
    let name = format!("{}{}", chance.pick(PLACES), chance.pick(BUREAUS));
    let Parts { title, keywords, description, head, first, top, body, bottom, last, alone } = parts;
    let title = if title.is_empty() { format!("{}_{name}", headline(chance)) } else { title };
    let keywords = if keywords.is_empty() { format!("{name},政务公开") } else { keywords };
    let description =
        if description.is_empty() { format!("{name}门户网站") } else { description };
    let (nav, friends, foot) = (nav(chance), friends(chance), foot(chance, &name));
    let (before, after) = if alone {
        (String::new(), String::new())
    } else {
        let paragraphs = chance.between(1, 4);
        (prose(chance, paragraphs), prose(chance, 1))
    };
    let meta = format!(
        "<meta name=\"keywords\" content=\"{keywords}\">\n<meta name=\"description\" content=\"{description}\">"
    );
    match way {
        0 => format!(
            "{first}<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"{charset}\">\n<title>{title}</title>\n{meta}\n<link rel=\"stylesheet\" href=\"/css/style.css\">\n{head}</head>\n<body>\n{top}<header><h1>{name}</h1></header>\n<nav><ul>{nav}</ul></nav>\n<main><article>\n{before}{body}{after}</article></main>\n<div class=\"links\"><ul>{friends}</ul></div>\n<footer>{foot}</footer>\n{bottom}</body>\n</html>\n{last}"
        ),
        1 => format!(
            "{first}<HTML>\n<HEAD><TITLE>{title}</TITLE>\n<META http-equiv=Content-Type content=\"text/html; charset={charset}\">\n{meta}\n{head}</HEAD>\n<BODY bgColor=#ffffff topMargin=0>\n{top}<TABLE cellSpacing=0 cellPadding=0 width=1002 align=center border=0>\n<TR><TD>{nav}</TD></TR>\n<TR><TD width=760 valign=top>\n{before}{body}{after}</TD></TR></TABLE>\n<TABLE width=1002><TR><TD>{friends}</TD></TR><TR><TD align=center>{foot}</TD></TR></TABLE>\n{bottom}</BODY></HTML>\n{last}"
        ),
        2 => format!(
            "{first}<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset={charset}\" />\n<title>{title}</title>\n{meta}\n<meta name=\"SiteName\" content=\"{name}\" />\n<meta name=\"PubDate\" content=\"2026-11-03 09:24\" />\n<script type=\"text/javascript\" src=\"/js/jquery-1.11.3.min.js\"></script>\n{head}</head>\n<body>\n{top}<div id=\"nav\"><ul>{nav}</ul></div>\n<div class=\"con\"><div class=\"TRS_Editor\">\n{before}{body}{after}</div></div>\n<div class=\"yqlj\">{friends}</div>\n<div id=\"foot\">{foot}</div>\n{bottom}</body>\n</html>{last}"
        ),
        _ => format!(
            "{first}<!doctype html>\n<html>\n<head><meta charset=\"{charset}\" /><meta name=\"viewport\" content=\"width=device-width\" /><title>{title}</title>{meta}\n{head}</head>\n<body class=\"page\">\n{top}<div class=\"wrap\"><div class=\"menu\">{nav}</div><div class=\"view\" id=\"UCAP-CONTENT\">\n{before}{body}{after}</div><div class=\"bottom\">{friends}<div>{foot}</div></div></div>\n<script src=\"/js/common.js\"></script>\n{bottom}</body>\n</html>\n{last}"
        ),
    }
}

fn nav(chance: &mut Chance) -> String {
    let count = chance.between(5, 9);
    let item = |column: &&str| format!("<li><a href=\"/{}/\">{column}</a></li>", column.len());
    chance.some(COLUMNS, count).iter().map(item).collect()
}

fn friends(chance: &mut Chance) -> String {
    const FRIENDS: &[&str] = &[
        "<a href=\"https://www.gov.cn/\">中国政府网</a>",
        "<a href=\"https://www.henan.gov.cn/\">河南省人民政府</a>",
        "<a href=\"http://www.people.com.cn/\" target=\"_blank\">人民网</a>",
        "<a href=\"http://www.xinhuanet.com/\" target=\"_blank\">新华网</a>",
        "<a href=\"https://www.lanchuan.gov.cn/\">澜川市人民政府</a>",
        "<a href=\"http://www.ccdi.gov.cn/\">中央纪委国家监委网站</a>",
        "<a href=\"https://www.cctv.com/\">央视网</a>",
    ];
    chance.some(FRIENDS, 4).concat()
}

fn foot(chance: &mut Chance, name: &str) -> String {
    let support = chance.pick(&[
        "",
        "技术支持：<a href=\"http://www.lctech.example/\">澜川信息技术有限公司</a>",
        "推荐使用1024*768以上分辨率浏览",
    ]);
    format!(
        "主办单位：{name}　联系电话：0399-555{}<br>网站标识码：419900{} <a href=\"https://beian.miit.gov.cn/\">豫ICP备99{}号</a> {support}",
        chance.digits(4),
        chance.digits(4),
        chance.digits(6)
    )
}
