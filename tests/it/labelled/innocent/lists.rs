//! Lists and numbers: fixed lines, codes, orders, masked people, statistics, catalogues.

use super::{
    super::{
        chance::Chance,
        numbers::{card, credit_code, id, landline, masked, no_id, phone},
        skeleton::{Parts, body, titled},
        words::{BUREAUS, TOWNS, organ, person, prose, somebody, table},
    },
    Kind,
};

pub(super) const KINDS: &[Kind] = &[
    ("duty-roster", duty_roster),
    ("organ-directory", organ_directory),
    ("corporate-accounts", corporate_accounts),
    ("credit-codes", credit_codes),
    ("order-numbers", order_numbers),
    ("masked-people", masked_people),
    ("masked-phones", masked_phones),
    ("contact-persons", contact_persons),
    ("statistics-table", statistics_table),
    ("catalogue", catalogue),
    ("service-guide", service_guide),
    ("long-numbers", long_numbers),
    ("wrong-check-digits", wrong_check_digits),
    ("addresses-with-numbers", addresses_with_numbers),
];

fn rows(
    chance: &mut Chance,
    first: usize,
    last: usize,
    row: impl Fn(&mut Chance, usize) -> Vec<String>,
) -> Vec<Vec<String>> {
    let count = chance.between(first, last);
    (1..=count).map(|number| row(chance, number)).collect()
}

fn duty_roster(chance: &mut Chance) -> Parts {
    let rows = rows(chance, 5, 12, |chance, day| {
        vec![format!("10月{day}日"), person(chance), person(chance), landline(chance)]
    });
    let table = table(chance, &["日期", "带班领导", "值班人员", "值班电话"], &rows);
    titled(format!("{}国庆节值班安排表", organ(chance)), table)
}

fn organ_directory(chance: &mut Chance) -> Parts {
    let rows = rows(chance, 8, 20, |chance, _| {
        vec![
            chance.pick(BUREAUS).to_owned(),
            landline(chance),
            landline(chance),
            "466700".to_owned(),
        ]
    });
    let hotlines = "<p>服务热线：12345　举报电话：12388　消费投诉：12315　客服：4006123456</p>";
    titled(
        "机关单位办公电话一览",
        table(chance, &["单位", "办公电话", "传真", "邮编"], &rows) + hotlines,
    )
}

/// An account of an organ: never on the list of cards.
fn account(chance: &mut Chance) -> String {
    let bank = chance.pick(&["4105", "1707", "2500", "0000", "8898", "7369"]);
    let length = chance.between(8, 15);
    format!("{bank}{}", chance.digits(length))
}

fn corporate_accounts(chance: &mut Chance) -> Parts {
    let (organ, account) = (organ(chance), account(chance));
    let text = format!(
        "<p>投标保证金缴纳账户</p><p>账户名称：{organ}<br>开户行：中国建设银行股份有限公司澜川分行<br>账号：{account}<br>行号：105508{}</p><p>纳税人识别号：{}</p>",
        chance.digits(6),
        credit_code(chance)
    );
    titled("公共资源交易项目招标公告", text + &prose(chance, 1))
}

fn credit_codes(chance: &mut Chance) -> Parts {
    let rows = rows(chance, 4, 14, |chance, number| {
        vec![
            number.to_string(),
            format!("澜川市{}商贸有限公司", person(chance)),
            credit_code(chance),
            format!("罚款{}00元", chance.between(1, 90)),
        ]
    });
    let head = chance.pick(&[
        "统一社会信用代码",
        "信用代码",
        "社会信用代码（证照号码）",
        "行政相对人代码",
    ]);
    titled("行政处罚信息公示", table(chance, &["序号", "行政相对人名称", head, "处罚内容"], &rows))
}

fn order_numbers(chance: &mut Chance) -> Parts {
    let rows = rows(chance, 4, 12, |chance, number| {
        let (month, serial) = (chance.between(1, 12), chance.digits(6));
        let order = match chance.below(4) {
            0 => format!("2026{month:02}{:02}{}{serial}", chance.between(1, 28), chance.digits(4)),
            1 => format!("4199{}2026{serial}{}", chance.digits(2), chance.digits(2)),
            2 => format!("JG2026{month:02}{serial}"),
            _ => format!("豫澜竞谈-2026-{number}"),
        };
        vec![
            order,
            "办公设备采购".to_owned(),
            format!("{}.{}", chance.between(1, 90), chance.digits(2)),
        ]
    });
    titled("政府采购合同公告", table(chance, &["合同编号", "项目名称", "金额（万元）"], &rows))
}

fn masked_people(chance: &mut Chance) -> Parts {
    let kept = [(6, 4), (4, 3), (3, 4), (2, 3), (6, 2), (1, 1)][chance.below(6)];
    let star = chance.pick(&["*", "*", "*", "×", "＊", "x"]);
    let cards = chance.once_in(3);
    let rows = rows(chance, 3, 15, |chance, number| {
        let shown = masked(&id(chance), kept.0, kept.1).replace('*', star);
        let card =
            if cards { masked(&card(chance), 6, 4).replace('*', star) } else { String::new() };
        vec![number.to_string(), person(chance), shown, card]
    });
    let table = table(chance, &["序号", "姓名", "身份证号", "银行卡号"], &rows);
    titled(format!("{}公开招聘体检人员名单", organ(chance)), table)
}

fn masked_phones(chance: &mut Chance) -> Parts {
    let star = chance.pick(&["****", "××××", "xxxx", "＊＊＊＊"]);
    let rows = rows(chance, 5, 20, |chance, _| {
        let phone = phone(chance);
        vec![
            somebody(chance),
            format!("{}{star}{}", &phone[..3], &phone[7..]),
            chance.pick(TOWNS).to_owned(),
        ]
    });
    titled("保障性住房摇号结果公示", table(chance, &["姓名", "联系电话", "乡镇"], &rows))
}

fn contact_persons(chance: &mut Chance) -> Parts {
    let mut text = String::new();
    let count = chance.between(1, 3);
    for _ in 0..count {
        text += &format!(
            "<p>联系人：{}　联系电话：{}　{}</p>",
            person(chance),
            phone(chance),
            landline(chance)
        );
    }
    titled(format!("{}招标公告", organ(chance)), prose(chance, 2) + &text)
}

fn statistics_table(chance: &mut Chance) -> Parts {
    let rows = rows(chance, 6, 16, |chance, _| {
        let long = |chance: &mut Chance, count: usize| {
            format!("{}{}", chance.between(1, 9), chance.digits(count))
        };
        vec![
            chance.pick(TOWNS).to_owned(),
            long(chance, 9),
            long(chance, 10),
            format!("{}.{}", long(chance, 7), chance.digits(2)),
            long(chance, 15),
        ]
    });
    titled(
        "国民经济主要指标统计表",
        table(chance, &["地区", "总产值（元）", "税收（元）", "人均", "累计（分）"], &rows),
    )
}

fn catalogue(chance: &mut Chance) -> Parts {
    let rows = rows(chance, 3, 10, |chance, number| {
        vec![
            format!("LC{}-0201-2026-{number:05}", chance.digits(3)),
            format!("澜政办〔2026〕{number}号"),
            format!("0051{}20260{}{}", chance.digits(5), chance.between(1, 9), chance.digits(6)),
            "2026-10-12".to_owned(),
        ]
    });
    titled("政府信息公开目录", table(chance, &["索引号", "文号", "信息编码", "生成日期"], &rows))
}

fn service_guide(chance: &mut Chance) -> Parts {
    let code = format!("11419900{}{}", chance.digits(9), chance.digits(1));
    body(format!(
        "<table><tr><th>事项名称</th><td>居民身份证换领</td></tr><tr><th>事项编码</th><td>{code}4000{}</td></tr><tr><th>实施编码</th><td>11419921{}X{}</td></tr><tr><th>办理材料</th><td>居民身份证、银行卡复印件各一份；填写身份证号码、手机号码</td></tr><tr><th>咨询电话</th><td>{}</td></tr><tr><th>样例</th><td>身份证号填写格式：18位数字，末位为X的填大写</td></tr></table>",
        chance.digits(12),
        chance.digits(8),
        chance.digits(6),
        landline(chance)
    ))
}

fn long_numbers(chance: &mut Chance) -> Parts {
    let text = format!(
        "<p>不动产单元号：419902{}GB{}F{}，产权证号：豫（2026）澜川市不动产权第{}号。</p><p>商品条码：69{}；网站标识码：419900{}；豫公网安备419900020{}号。</p><p>ISBN 978-7-{}-{}-{}；建设项目代码：2611-419902-04-01-{}；经度114.{}，纬度33.{}。</p><p>交易流水号：1000{}2026{}；QQ群：{}；学籍号：G4199{}。</p>",
        chance.digits(6),
        chance.digits(5),
        chance.digits(8),
        chance.digits(7),
        chance.digits(11),
        chance.digits(4),
        chance.digits(5),
        chance.digits(4),
        chance.digits(4),
        chance.digits(1),
        chance.digits(6),
        chance.digits(12),
        chance.digits(12),
        chance.digits(6),
        chance.digits(10),
        chance.digits(9),
        chance.digits(13)
    );
    body(text)
}

fn wrong_check_digits(chance: &mut Chance) -> Parts {
    let rows = rows(chance, 2, 8, |chance, number| {
        vec![number.to_string(), no_id(chance), chance.digits(10)]
    });
    titled("设备资产编号清单", table(chance, &["序号", "资产编号", "型号"], &rows))
}

fn addresses_with_numbers(chance: &mut Chance) -> Parts {
    let link = |chance: &mut Chance| {
        let (long, short) = (chance.digits(18), chance.digits(10));
        format!(
            "<li><a href=\"/zwgk/{long}/P02026{short}{}.pdf\">附件</a><img src=\"/u/{long}.jpg\" data-id=\"0{short}\" alt=\"图片\"></li>",
            chance.digits(5)
        )
    };
    let list: String = (0..6).map(|_| link(chance)).collect();
    body(format!("<ul>{list}</ul>{}", prose(chance, 1)))
}
