//! A city of whole sites for the crawl: columns, articles, files, broken links, some sites in GB18030, all from one seed.

use std::{fmt::Write as _, fs, path::Path};

use serde::{Deserialize, Serialize};

use super::{Outcome, address, host};

/// Articles a column page lists.
const ROWS: u32 = 20;
/// Columns of a site.
const COLUMNS: u32 = 12;
/// Files of a site: pictures, styles, documents.
const FILES: u32 = 72;
/// Links of a site that lead nowhere.
const BROKEN: u32 = 4;
/// One site in so many is written in GB18030 and says gb2312.
const GB18030: u32 = 12;

/// What a site holds, to check work against.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) sites: u32,
    /// Pages of each.
    pub(crate) pages: u32,
    /// Addresses of each that are no pages and open.
    pub(crate) files: u32,
    /// Addresses of each that do not open.
    pub(crate) broken: u32,
}

/// The paths of a site's pages.
pub(crate) fn pages(manifest: &Manifest) -> Vec<String> {
    let columns = (0..COLUMNS).map(|column| format!("/c{column}/"));
    let articles = (0..articles(manifest)).map(article);
    std::iter::once("/".to_owned()).chain(columns).chain(articles).collect()
}

/// The paths that do not open.
pub(crate) fn broken() -> impl Iterator<Item = String> {
    (0..BROKEN).map(|number| format!("/gone/{number}.html"))
}

fn articles(manifest: &Manifest) -> u32 {
    manifest.pages - 1 - COLUMNS
}

fn article(number: u32) -> String {
    let (month, day) = (number % 11 + 1, number % 28 + 1);
    format!("/c{}/2026{month:02}/t2026{month:02}{day:02}_{number}.html", number % COLUMNS)
}

fn file(number: u32) -> String {
    match number % 6 {
        0 => format!("/files/{number}.pdf"),
        1 => format!("/files/{number}.doc"),
        2 => format!("/files/{number}.xls"),
        _ => format!("/images/{number}.png"),
    }
}

/// Writes the sites below `folder`, one folder an address.
pub(crate) fn write(folder: &Path, sites: u32, pages: u32) -> Outcome<Manifest> {
    // the style, its background, and the script
    let manifest = Manifest { sites, pages, files: FILES + 3, broken: BROKEN };
    for site in 0..sites {
        let root = folder.join(address(site).to_string());
        let mut writer = Writer {
            root: &root,
            site,
            manifest,
            dice: Dice(u64::from(site) + 1),
            vocabulary: WORDS.chars().collect(),
        };
        writer.site()?;
    }
    Ok(manifest)
}

/// Numbers that look random and are the same every time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut n = self.0;
        n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (n >> 33) as usize % sides
    }
}

const WORDS: &str = "关于进一步做好全市政务公开工作的通知深入贯彻落实党中央国务院决策部署坚持以人民为中心优化营商环境推进重点领域信息\
公开加强基层建设提升服务水平完善工作机制压实主体责任确保各项任务落到实处组织开展专项检查督促整改及时报送情况联系电话办公室财政教育\
卫生健康社会保障住房交通农业水利生态环境文化旅游市场监管应急管理统计审计项目资金预算决算采购招标规划实施方案意见办法规定细则解读会议";

struct Writer<'a> {
    root: &'a Path,
    site: u32,
    manifest: Manifest,
    dice: Dice,
    vocabulary: Vec<char>,
}

impl Writer<'_> {
    fn site(&mut self) -> Outcome {
        let articles = articles(&self.manifest);
        self.page("/", None, 160)?;
        for column in 0..COLUMNS {
            self.page(&format!("/c{column}/"), Some(column), 60)?;
        }
        for number in 0..articles {
            let paragraphs = 20 + self.dice.roll(90);
            self.page(&article(number), None, paragraphs)?;
        }
        for number in 0..FILES {
            let bytes = vec![b'x'; 2_000 + self.dice.roll(20_000)];
            self.put(&file(number), &bytes)?;
        }
        self.put("/css/site.css", b"body{margin:0} header{background:url(/images/bg.png)}")?;
        self.put("/images/bg.png", &[b'x'; 3000])?;
        self.put(
            "/js/site.js",
            b"function search(){location.href='/search?q='+document.getElementById('q').value}",
        )
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Outcome {
        let mut to = self.root.join(path.trim_start_matches('/'));
        if path.ends_with('/') {
            to.push("index.html");
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(fs::write(to, bytes)?)
    }

    /// So many characters, two by two from all over the vocabulary: no two pages are alike.
    fn words(&mut self, count: usize) -> String {
        let mut text = String::with_capacity(3 * count + 3);
        for _ in 0..count.div_ceil(2) {
            let from = self.dice.roll(self.vocabulary.len() - 1);
            text.extend(&self.vocabulary[from..from + 2]);
        }
        text
    }

    /// A page with the links of its site; a home page lists all columns, a column its own articles.
    fn page(&mut self, path: &str, column: Option<u32>, paragraphs: usize) -> Outcome {
        let gb = self.site % GB18030 == GB18030 - 1;
        let title = self.words(18);
        let mut page = format!(
            "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"{charset}\"><title>{title}</title>
             <meta name=\"SiteName\" content=\"周口市测试局{site}\"><meta name=\"SiteDomain\" content=\"{name}\">
             <meta name=\"SiteIDCode\" content=\"4116000001\"><meta name=\"ColumnName\" content=\"工作动态\">
             <meta name=\"ColumnDescription\" content=\"工作动态\"><meta name=\"ColumnKeywords\" content=\"动态\">
             <meta name=\"ColumnType\" content=\"动态\"><meta name=\"PubDate\" content=\"2026-11-20 09:24\">
             <link rel=\"stylesheet\" href=\"/css/site.css\"><script src=\"/js/site.js\"></script></head><body>
             <nav><ul><li><a href=\"/\">首页</a></li>",
            charset = if gb { "gb2312" } else { "utf-8" },
            site = self.site,
            name = host(self.site),
        );
        for number in 0..COLUMNS {
            write!(page, "<li><a href=\"/c{number}/\">{}</a></li>", self.words(4))?;
        }
        page.push_str("</ul></nav><div class=\"main\">");
        let articles = articles(&self.manifest);
        let listed: Vec<u32> = match column {
            Some(column) => (0..articles).filter(|number| number % COLUMNS == column).collect(),
            None => (0..ROWS).map(|_| self.dice.roll(articles as usize) as u32).collect(),
        };
        page.push_str("<ul class=\"list\">");
        for number in listed {
            let words = self.words(22);
            writeln!(
                page,
                "<li><a href=\"{}\" target=\"_blank\" title=\"{words}\">{words}</a><span class=\"date\">2026-{:02}-{:02}</span></li>",
                article(number),
                number % 11 + 1,
                number % 28 + 1,
            )?;
        }
        page.push_str("</ul><h1>");
        page.push_str(&title);
        page.push_str(
            "</h1><p class=\"info\">来源：周口市测试局 发布时间：2026-11-20 09:24 访问量：1024</p>",
        );
        for _ in 0..paragraphs {
            let length = 60 + self.dice.roll(160);
            let words = self.words(length);
            writeln!(page, "<p style=\"text-indent:2em;font-family:宋体\">{words}。</p>")?;
        }
        if path == "/" {
            for number in 0..FILES {
                self.file(&mut page, number)?;
            }
            for path in broken() {
                write!(page, "<a href=\"{path}\">{}</a>", self.words(8))?;
            }
            for step in 1..=16 {
                let other = host((self.site + step) % self.manifest.sites);
                write!(page, "<a href=\"http://{other}/\">{}</a>", self.words(8))?;
            }
        } else {
            for _ in 0..4 {
                let number = self.dice.roll(FILES as usize) as u32;
                self.file(&mut page, number)?;
            }
        }
        page.push_str("</div><footer>主办单位：周口市测试局 网站标识码：4116000001 豫ICP备05012345号 豫公网安备41160002000123号</footer></body></html>");
        if gb {
            let (bytes, _, _) = encoding_rs::GB18030.encode(&page);
            return self.put(path, &bytes);
        }
        self.put(path, page.as_bytes())
    }

    fn file(&mut self, page: &mut String, number: u32) -> Outcome {
        let (path, words) = (file(number), self.words(10));
        match number % 6 {
            0..=2 => writeln!(page, "<p><a href=\"{path}\">附件：{words}</a></p>")?,
            _ => writeln!(page, "<p><img src=\"{path}\" alt=\"{words}\"></p>")?,
        }
        Ok(())
    }
}
