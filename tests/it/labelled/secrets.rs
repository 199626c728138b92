//! Hits: documents with a classification mark, and wrong expressions.

use super::{
    Case,
    chance::Chance,
    skeleton::{body, titled},
    words::{PLACES, organ, prose},
};

const MARK: &[&str] = &["secrecy.classification-mark"];
const SERIOUS: &[&str] = &["wording.serious"];
const TYPO: &[&str] = &["wording.typo"];

/// Marks as they stand at the head of a document.
const MARKS: &[&str] = &[
    "<p align=\"right\">秘密★1年</p>",
    "<p>机密★</p>",
    "<p style=\"text-align:left\"><b>绝密★长期</b></p>",
    "<div>机密★10年</div>",
    "<p>秘密 ★ 5年</p>",
    "<p>秘密☆3年</p>",
    "<p><span>机</span><span>密</span><span>★</span><span>20年</span></p>",
    "<p>密级：秘密★6个月</p>",
    "<p>【秘密★一年】</p>",
    "<p>机密&#9733;10年　　　　　　　　紧急程度：特急</p>",
    "<table><tr><td>秘密★２年</td><td>第0012号</td></tr></table>",
    "<p>绝 密 ★ 30 年</p>",
];
/// What must never be written, with something right around it.
const WRONG: &[&str] = &[
    "庆祝中国共产觉成立一百零五周年文艺演出圆满举行。",
    "为庆祝中华人民共合国成立七十七周年，我市举行升国旗仪式。",
    "会议要求，深入学习贯彻新时代中国特色社会主意思想。",
    "全体党员要牢记全心全意为人民服务的宗旨，坚持全面从严治觉。",
    "要坚持以人民未中心的发展思想，着力保障和改善民生。",
    "代表团先后访问了日本、韩国和台湾等国家。",
    "港澳台等国家的客商参加了此次洽谈会。",
    "与会嘉宾就中国与台湾两国的经贸往来进行了交流。",
    "经中华人名共和国商务部批准，展会定于十月举行。",
    "根据《中华人民共和囯行政许可法》的规定，现予公告。",
    "要增强“四个意识”、坚定“四个自信”、做到“两个维户”。",
    "我国与香港、澳门、台湾等国签订了合作协议。",
];
/// Words that are written wrongly over and over.
const TYPOS: &[&str] = &[
    "截止目前，全市共完成造林三万亩。",
    "会议对下一阶段工作进行了安排布署。",
    "施工单位正在按装路灯和监控设备。",
    "既使困难再大，也要按期完成任务。",
    "全体干部要再接再励，争取更大成绩。",
    "该镇座落在青岚山脚下，风景秀丽。",
    "工作人员严格按步就班地开展核查。",
    "这里已经成为远近闻名的渡假村。",
    "监测点加强了对核幅射环境的监测。",
    "参观者穿流不息，对成果表示赞叹。",
    "有关线索可以追朔到三年以前。",
    "部分单位纪律松驰，作风漂浮。",
    "近年来，我县人才倍出，硕果累累。",
    "任何人不得防碍执法人员执行公务。",
    "感人的事迹震憾了在场的每一个人。",
    "孩子们迫不急待地打开了新书包。",
    "代表们见面后相互寒喧，气氛热烈。",
    "消息不径而走，村民纷纷前来咨询。",
    "公安机关追回脏款十二万元。",
    "面对困难，大家一愁莫展。",
    "干部直接了当地指出了存在的问题。",
    "个别同志莫明其妙地受到了指责。",
    "要全面推进乡村振新各项工作。",
    "打赢脱贫功坚战取得决定性成果。",
    "坚持不忘初心、劳记使命。",
];

pub(crate) fn cases(chance: &mut Chance) -> Vec<Case> {
    let mut cases = Vec::new();
    for mark in MARKS {
        for way in 0..2 {
            let organ = organ(chance);
            let head = format!("{mark}\n<h1>{organ}文件</h1>\n");
            let parts = if way == 0 {
                titled(format!("{organ}关于印发工作方案的通知"), head + &prose(chance, 2))
            } else {
                body(format!("{head}<p>各县（区）人民政府：</p>{}", prose(chance, 1)))
            };
            cases.push(Case::page(chance, "marks", "mark-on-page", MARK, parts));
        }
    }
    for wrong in WRONG {
        cases.push(Case::page(
            chance,
            "wording",
            "serious-in-text",
            SERIOUS,
            body(format!("<p>{wrong}</p>")),
        ));
    }
    for wrong in [
        "全面从严治觉工作会议召开",
        "学习贯彻新时代中国特色社会主意思想培训班开班",
        "庆祝中国共产觉成立文艺演出",
    ] {
        let title = format!("{}{wrong}", chance.pick(PLACES));
        cases.push(Case::page(chance, "wording", "serious-in-title", SERIOUS, titled(title, "")));
    }
    for wrong in TYPOS {
        cases.push(Case::page(
            chance,
            "wording",
            "typo-in-text",
            TYPO,
            body(format!("<p>{wrong}</p>")),
        ));
    }
    cases
}
