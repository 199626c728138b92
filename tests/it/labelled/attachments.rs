//! Files to download: lists of people, marked documents, and innocent ones of the same sorts.

use std::path::PathBuf;

use url::Url;
use xuncha_lab::files::{Document, Kind, archive};
use xuncha_model::Facts;
use xuncha_probe::{alone, domain::Names, file::File};
use xuncha_unpack::Unpacking;

use super::{
    Case, Shown,
    chance::Chance,
    numbers::{card, credit_code, id, landline, masked, phone},
    words::{BUREAUS, TOWNS, headline, lines, organ, person, somebody},
};

const ID: &[&str] = &["privacy.id-number"];
const CARD: &[&str] = &["privacy.bank-card"];
const PHONES: &[&str] = &["privacy.phone-list"];
const MARK: &[&str] = &["secrecy.classification-mark"];
/// Files that show a table, and those that show text.
const TABLES: &[Kind] = &[Kind::Xlsx, Kind::Csv, Kind::CsvGbk, Kind::Docx, Kind::Pdf, Kind::Zip];
const TEXTS: &[Kind] = &[Kind::Docx, Kind::Pdf, Kind::Zip];
/// Innocent files of each kind.
const EACH: usize = 10;

/// Takes the text out of files as the program does, and hands it to the rules.
pub(super) struct Reader {
    unpacking: Unpacking,
    runtime: tokio::runtime::Runtime,
}

impl Reader {
    pub(super) fn new() -> Self {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_xuncha-under-test"));
        let search = std::env::var_os("PATH").unwrap_or_default();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        Self { unpacking: Unpacking::new(program, search), runtime }
    }

    /// As `xuncha page FILE` reads it.
    pub(super) fn facts(&self, name: &str, body: &[u8], names: &Names) -> Facts {
        let url = Url::parse(&format!("https://www.lanchuan.gov.cn/files/{name}")).unwrap();
        let file = File { url: &url, name, body };
        let now = "2026-11-24T02:00:00Z".parse().unwrap();
        let looked = alone::document(&file, &self.unpacking, names, now);
        let (facts, file) = self.runtime.block_on(looked);
        assert!(file.reason.is_ok(), "{name}: {}", file.reason);
        facts
    }
}

fn case(
    family: &'static str,
    form: &str,
    rules: &'static [&'static str],
    kind: Kind,
    document: &Document,
) -> Case {
    let name = format!("P020261103.{}", kind.ending());
    let bytes = document.make(kind).unwrap();
    let form = format!("{form}-{kind:?}").to_lowercase();
    Case { family, form, rules, shown: Shown::File { name, bytes } }
}

/// A table of some people; the last column is `cell`'s.
fn list(
    chance: &mut Chance,
    title: &str,
    head: &str,
    count: usize,
    cell: impl Fn(&mut Chance) -> String,
) -> Document {
    let first = ["序号", "姓名", "乡镇", head].map(str::to_owned).to_vec();
    let row = |chance: &mut Chance, number: usize| {
        vec![number.to_string(), person(chance), chance.pick(TOWNS).to_owned(), cell(chance)]
    };
    let rows = std::iter::once(first).chain((1..=count).map(|number| row(chance, number)));
    let rows = rows.collect();
    Document { title: title.to_owned(), lines: lines(chance, 2), rows }
}

fn text(chance: &mut Chance, title: String, first: Vec<String>) -> Document {
    let lines = first.into_iter().chain(lines(chance, 5)).collect();
    Document { title, lines, rows: Vec::new() }
}

pub(super) fn hits(chance: &mut Chance) -> Vec<Case> {
    let mut cases = Vec::new();
    for kind in TABLES {
        for head in ["身份证号", "证件号码"] {
            let count = chance.between(1, 60);
            let list = list(chance, "特殊工种提前退休人员公示名单", head, count, id);
            cases.push(case("files", "id", ID, *kind, &list));
        }
        let count = chance.between(1, 30);
        let cards = list(chance, "惠农补贴发放明细", "银行卡号", count, card);
        cases.push(case("files", "card", CARD, *kind, &cards));
        let count = chance.between(5, 30);
        let phones = list(chance, "低保对象名单", "联系电话", count, phone);
        cases.push(case("files", "phones", PHONES, *kind, &phones));
    }
    for kind in TEXTS {
        for mark in ["机密★10年", "秘密★1年", "绝密★"] {
            let title = headline(chance);
            let mut document = text(chance, mark.to_owned(), vec![title]);
            document.lines.truncate(4);
            cases.push(case("files", "mark", MARK, *kind, &document));
        }
        let told = format!(
            "当事人{}，男，身份证号码：{}，住{}。",
            person(chance),
            id(chance),
            chance.pick(TOWNS)
        );
        let title = headline(chance);
        let document = text(chance, title, vec![told]);
        cases.push(case("files", "id-in-text", ID, *kind, &document));
        let title = headline(chance);
        let wrong = "会议要求，学习贯彻新时代中国特色社会主意思想。".to_owned();
        let document = text(chance, title, vec![wrong]);
        cases.push(case("files", "serious", &["wording.serious"], *kind, &document));
    }
    // an archive within an archive
    let inner = list(chance, "发放名单", "身份证号", 3, id).make(Kind::Zip).unwrap();
    let bytes = archive(&[("附件/附件.zip", inner), ("说明.txt", "说明".into())]).unwrap();
    let shown = Shown::File { name: "P020261104.zip".to_owned(), bytes };
    cases.push(Case { family: "files", form: "id-zip-in-zip".to_owned(), rules: ID, shown });
    cases
}

type Maker = fn(&mut Chance) -> Document;

pub(super) fn innocent(chance: &mut Chance) -> Vec<Case> {
    let kinds: [(&str, &[Kind], Maker); 10] = [
        ("file-masked", TABLES, |chance| {
            list(chance, "体检人员名单", "身份证号", 20, |chance| {
                masked(&id(chance), 6, 4)
            })
        }),
        ("file-masked-phones", TABLES, |chance| {
            list(chance, "摇号结果", "联系电话", 20, |chance| masked(&phone(chance), 3, 4))
        }),
        ("file-codes", TABLES, |chance| {
            list(chance, "行政处罚信息公示", "统一社会信用代码", 25, credit_code)
        }),
        ("file-duty", TABLES, |chance| list(chance, "值班安排表", "值班电话", 12, landline)),
        ("file-orders", TABLES, |chance| {
            list(chance, "政府采购合同公告", "合同编号", 15, |chance| {
                format!("2026{:02}{}", chance.between(1, 12), chance.digits(12))
            })
        }),
        ("file-statistics", TABLES, |chance| {
            list(chance, "统计表", "总产值（元）", 30, |chance| {
                format!("{}{}", chance.between(1, 9), chance.digits(11))
            })
        }),
        ("file-budget", TABLES, |chance| {
            list(chance, "部门预算公开表", "预算数（万元）", 25, |chance| {
                format!("{}.{}", chance.between(1, 9000), chance.digits(2))
            })
        }),
        ("file-notice", TEXTS, |chance| {
            let contact = format!("联系人：{}　电话：{}", person(chance), phone(chance));
            let title = headline(chance);
            text(chance, title, vec![contact])
        }),
        ("file-secrecy", TEXTS, |chance| {
            let told = [
                "国家秘密的密级分为绝密、机密、秘密三级。",
                "国家秘密标志形式为“密级★保密期限”。",
                "涉及商业秘密、个人隐私的信息不得公开。",
            ];
            let title = format!("{}保密知识培训教材", organ(chance));
            text(chance, title, told.map(str::to_owned).to_vec())
        }),
        ("file-court", TEXTS, |chance| {
            let told = format!(
                "被告人{}伙同他人开设网络赌场，以“百家乐”等方式聚众赌博，由{}移送审查起诉。",
                somebody(chance),
                chance.pick(BUREAUS)
            );
            let title = headline(chance);
            text(chance, title, vec![told])
        }),
    ];
    let mut cases = Vec::new();
    for (form, sorts, make) in kinds {
        for number in 0..EACH {
            let document = make(chance);
            cases.push(case("innocent", form, &[], sorts[number % sorts.len()], &document));
        }
    }
    for _ in 0..2 {
        cases.push(case("innocent", "file-scan", &[], Kind::Scan, &Document::default()));
    }
    cases
}
