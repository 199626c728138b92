//! Hits: pages with identity numbers, bank cards and lists of mobile numbers of people who do not exist.

use super::{
    Case,
    chance::Chance,
    numbers::{card, full_width, grouped, id, phone},
    skeleton::{Parts, body, titled},
    words::{TOWNS, organ, person, table},
};

const ID: &[&str] = &["privacy.id-number"];
const CARD: &[&str] = &["privacy.bank-card"];
const PHONES: &[&str] = &["privacy.phone-list"];

/// Running text around an identity number.
const TOLD: &[&str] = &[
    "<p>当事人：{P}，男，汉族，42 岁，身份证：{N}，住云麓区北关街道。</p>",
    "<p>申请人{P}（身份证号码：{N}）于本月向我局提出申请。</p>",
    "<p>{P}，女，公民身份号码{N}，系{T}村民。</p>",
    "<p>姓名：{P}<br>证件号码：{N}<br>家庭住址：{T}三组</p>",
    "<p>被处罚人：{P}　身份证件号码:{N}　罚款二百元。</p>",
    "<p>兹有我单位职工{P}同志（{N}）前往贵处办理业务，请予接洽。</p>",
    "<div class=\"msg\">网友：我叫{P}，身份证{N}，社保卡一直没有办下来，请领导帮忙查一下。</div>",
];
/// Running text around a bank card.
const PAID: &[&str] = &[
    "<p>收款人：{P}，开户行：中国农业银行澜川支行，卡号：{N}。</p>",
    "<p>请将补助资金打入{P}的银行卡，银行卡号{N}。</p>",
    "<p>{P}　建设银行　账号：{N}　金额：1200元</p>",
    "<p>来信人：{P}，本人一卡通账号 {N}，至今没有收到粮食直补。</p>",
];

pub(crate) fn cases(chance: &mut Chance) -> Vec<Case> {
    let mut cases = Vec::new();
    ids(chance, &mut cases);
    cards(chance, &mut cases);
    phones(chance, &mut cases);
    cases
}

fn told(chance: &mut Chance, form: &str, number: &str) -> Parts {
    let (person, town) = (person(chance), chance.pick(TOWNS));
    body(form.replace("{P}", &person).replace("{T}", town).replace("{N}", number))
}

fn ids(chance: &mut Chance, cases: &mut Vec<Case>) {
    for form in TOLD {
        let number = id(chance);
        let parts = told(chance, form, &number);
        cases.push(Case::page(chance, "persons", "id-in-text", ID, parts));
    }
    let ways = [
        ("id-full-width", full_width as fn(&str) -> String),
        ("id-small-x", |number| number.replace('X', "x")),
        ("id-spaces", |number| grouped(number, &[6, 4, 4], " ")),
        ("id-spaces", |number| grouped(number, &[6, 8], "&nbsp;")),
        ("id-spans", |number| grouped(number, &[6, 8], "</span><span lang=\"EN-US\">")),
        ("id-spans", |number| grouped(number, &[3, 5, 7], "</font><font>")),
        ("id-entities", |number| super::spam::entities(number, false)),
    ];
    for (name, write) in ways {
        for form in &TOLD[..2] {
            let number = write(&id(chance));
            let parts = told(chance, form, &format!("<span>{number}</span>"));
            cases.push(Case::page(chance, "persons", name, ID, parts));
        }
    }
    for head in ["身份证号", "公民身份号码", "证件号码", "备注"] {
        let count = chance.between(1, 12);
        let rows: Vec<_> = (1..=count)
            .map(|number| {
                vec![number.to_string(), person(chance), id(chance), chance.pick(TOWNS).to_owned()]
            })
            .collect();
        let table = table(chance, &["序号", "姓名", head, "所在乡镇"], &rows);
        let title = format!("{}特殊工种提前退休人员公示名单", organ(chance));
        cases.push(Case::page(chance, "persons", "id-in-table", ID, titled(title, table)));
    }
    // a list without a table
    for between in ["　", ",", "\t", "、"] {
        let line = |chance: &mut Chance| {
            format!("{}{between}{}{between}合格<br>\n", person(chance), id(chance))
        };
        let list: String = (0..6).map(|_| line(chance)).collect();
        cases.push(Case::page(
            chance,
            "persons",
            "id-in-lines",
            ID,
            body(format!("<div>{list}</div>")),
        ));
    }
    // an attribute and a script are no text of the page, a list that a script fills is published all the same
    let number = id(chance);
    let parts = titled(format!("关于{}（身份证号{number}）的处理决定", person(chance)), "");
    cases.push(Case::page(chance, "persons", "id-in-title", ID, parts));
}

fn cards(chance: &mut Chance, cases: &mut Vec<Case>) {
    for form in PAID {
        let number = card(chance);
        let parts = told(chance, form, &number);
        cases.push(Case::page(chance, "persons", "card-in-text", CARD, parts));
        let number = grouped(&card(chance), &[4, 4, 4, 4], " ");
        let parts = told(chance, form, &number);
        cases.push(Case::page(chance, "persons", "card-in-fours", CARD, parts));
    }
    for head in ["银行卡号", "卡号", "银行账号", "一卡通账号"] {
        let count = chance.between(1, 9);
        let rows: Vec<_> = (0..count)
            .map(|_| {
                vec![
                    person(chance),
                    chance.pick(TOWNS).to_owned(),
                    card(chance),
                    "农业银行".to_owned(),
                ]
            })
            .collect();
        let table = table(chance, &["姓名", "地址", head, "开户银行"], &rows);
        let title = format!("{}惠农补贴发放明细公示", chance.pick(TOWNS));
        cases.push(Case::page(chance, "persons", "card-in-table", CARD, titled(title, table)));
    }
}

fn phones(chance: &mut Chance, cases: &mut Vec<Case>) {
    for head in ["联系电话", "手机号码", "联系方式", "电话"] {
        let count = chance.between(5, 14);
        let rows: Vec<_> = (0..count)
            .map(|_| vec![person(chance), chance.pick(TOWNS).to_owned(), phone(chance)])
            .collect();
        let table = table(chance, &["姓名", "住址", head], &rows);
        let title = format!("{}残疾人两项补贴发放名单", chance.pick(TOWNS));
        cases.push(Case::page(chance, "persons", "phones-in-table", PHONES, titled(title, table)));
    }
    for write in [
        |number: &str| number.to_owned(),
        |number: &str| grouped(number, &[3, 4], "-"),
        |number: &str| grouped(number, &[3, 4], " "),
    ] {
        let line = |chance: &mut Chance| format!("{} {}；", person(chance), write(&phone(chance)));
        let list: String = (0..8).map(|_| line(chance)).collect();
        let parts =
            titled("公益性岗位拟录用人员公示", format!("<p>拟录用人员及联系电话：{list}</p>"));
        cases.push(Case::page(chance, "persons", "phones-in-text", PHONES, parts));
    }
    let line = |chance: &mut Chance| {
        format!("<li>{}　手机：{}</li>", person(chance), full_width(&phone(chance)))
    };
    let list: String = (0..6).map(|_| line(chance)).collect();
    cases.push(Case::page(
        chance,
        "persons",
        "phones-full-width",
        PHONES,
        body(format!("<ul>{list}</ul>")),
    ));
}
