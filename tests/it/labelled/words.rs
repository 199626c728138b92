//! What government pages say day by day: places, organs, people who do not exist, and sentences.

use super::chance::Chance;

pub(crate) const PLACES: &[&str] = &["澜川市", "云麓区", "青岚县", "望溪县", "重岩县", "岚台县"];
pub(crate) const TOWNS: &[&str] =
    &["清泉镇", "东岭镇", "河湾乡", "城关街道", "北关街道", "石桥镇", "柳林乡", "白塔镇"];
pub(crate) const BUREAUS: &[&str] = &[
    "教育局",
    "财政局",
    "民政局",
    "公安局",
    "司法局",
    "水利局",
    "商务局",
    "审计局",
    "统计局",
    "体育局",
    "农业农村局",
    "应急管理局",
    "生态环境局",
    "交通运输局",
    "市场监督管理局",
    "卫生健康委员会",
    "人力资源和社会保障局",
    "住房和城乡建设局",
    "自然资源局",
    "医疗保障局",
    "林业局",
    "信访局",
];
pub(crate) const COLUMNS: &[&str] = &[
    "政务要闻",
    "通知公告",
    "工作动态",
    "政策文件",
    "政策解读",
    "政务公开",
    "办事服务",
    "互动交流",
    "人事信息",
    "财政信息",
    "统计数据",
    "招标采购",
    "专题专栏",
    "机构职能",
    "领导之窗",
    "走进澜川",
];
const SURNAMES: &[&str] = &[
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "卫", "蒋", "沈", "韩", "杨", "朱",
    "秦", "许",
];
const GIVEN: &[&str] = &[
    "明远", "书宁", "启航", "若溪", "景行", "思齐", "雨桐", "知行", "国强", "秀英", "桂兰", "建军",
    "玉梅", "志伟", "海燕", "红霞", "保国", "春花", "振华", "小丽",
];
const SENTENCES: &[&str] = &[
    "会议传达学习了上级有关会议精神，听取了近期重点工作进展情况汇报，研究部署下一阶段任务。",
    "各单位要切实提高思想认识，加强组织领导，明确责任分工，确保各项工作有序推进。",
    "要坚持问题导向，聚焦群众急难愁盼问题，拿出务实管用的举措，一件一件抓好落实。",
    "今年以来，全市上下坚持稳中求进工作总基调，经济运行总体平稳、稳中向好。",
    "下一步，将继续优化服务流程，压缩办理时限，让企业和群众办事更加方便。",
    "检查组先后来到项目施工现场、社区便民服务中心，详细了解工程进度和服务情况。",
    "活动现场发放宣传资料八百余份，接受群众咨询一百二十余人次，取得了良好的效果。",
    "据介绍，该项目总投资三点六亿元，建成后可带动周边五百余人就业。",
    "如对公示内容有异议，请在公示期内以书面形式向我单位反映，并提供相关证明材料。",
    "公示时间为五个工作日，自本公告发布之日起计算。",
    "本办法自印发之日起施行，有效期五年，由主管部门负责解释。",
    "参加活动的志愿者深入村组农户，面对面讲解惠民政策，帮助解决实际困难。",
    "要压实属地责任、部门责任和企业主体责任，坚决守住安全生产底线。",
    "全市夏粮收购工作进展顺利，累计收购小麦四十二万吨，同比增长百分之三。",
    "河道治理工程完工后，水质明显改善，沿岸居民多了一处休闲健身的好去处。",
    "与会人员围绕议题进行了深入讨论，提出了许多有价值的意见和建议。",
    "评审专家组认真查阅资料，听取单位汇报，一致同意通过验收。",
    "学校开展了形式多样的主题教育活动，引导学生树立正确的世界观、人生观、价值观。",
    "市民可通过政务服务网、手机客户端或者到办事大厅窗口办理相关业务。",
    "有关负责人表示，将以此次检查为契机，举一反三，建立健全长效机制。",
    "记者从发布会上获悉，今年全市计划新改建农村公路二百一十公里。",
    "各乡镇要做好秸秆禁烧宣传工作，加强巡查值守，发现火情及时处置。",
    "凡符合条件的申请人，应当如实填写申请表，并对材料的真实性负责。",
    "专家提醒广大群众，雨天路滑，出行请注意交通安全，减速慢行。",
    "培训采取集中授课与现场观摩相结合的方式，共有一百三十名业务骨干参加。",
    "通过以案释法，进一步增强了干部职工的法治意识和廉洁自律意识。",
    "目前，主体工程已经封顶，正在进行内部装修和设备安装调试。",
    "会议强调，要深刻领会精神实质，切实把思想和行动统一到决策部署上来。",
    "当天，文艺小分队为村民送上了戏曲、快板、舞蹈等精彩节目。",
    "工作人员耐心细致的讲解和热情周到的服务得到了群众的一致好评。",
];

pub(crate) fn person(chance: &mut Chance) -> String {
    format!("{}{}", chance.pick(SURNAMES), chance.pick(GIVEN))
}

/// 王某某 and the like.
pub(crate) fn somebody(chance: &mut Chance) -> String {
    format!("{}{}", chance.pick(SURNAMES), chance.pick(&["某", "某某", "某强", "某华"]))
}

pub(crate) fn organ(chance: &mut Chance) -> String {
    format!("{}{}", chance.pick(PLACES), chance.pick(BUREAUS))
}

/// Some sentences of every day, in paragraphs.
pub(crate) fn prose(chance: &mut Chance, paragraphs: usize) -> String {
    let mut text = String::new();
    for _ in 0..paragraphs {
        let count = chance.between(1, 4);
        text += &format!("<p>{}{}</p>\n", lead(chance), chance.some(SENTENCES, count).concat());
    }
    text
}

/// The same without mark-up, a line a paragraph.
pub(crate) fn lines(chance: &mut Chance, count: usize) -> Vec<String> {
    let line =
        |chance: &mut Chance| format!("{}{}", lead(chance), chance.some(SENTENCES, 2).concat());
    (0..count).map(|_| line(chance)).collect()
}

fn lead(chance: &mut Chance) -> String {
    let (month, day) = (chance.between(1, 12), chance.between(1, 28));
    match chance.below(5) {
        0 => format!("{month}月{day}日，{}", organ(chance)),
        1 => format!("近日，{}{}", chance.pick(PLACES), chance.pick(TOWNS)),
        2 => format!("为进一步做好相关工作，{}研究决定：", organ(chance)),
        _ => String::new(),
    }
}

/// A headline of every day.
pub(crate) fn headline(chance: &mut Chance) -> String {
    let organ = organ(chance);
    let tail = chance.pick(&[
        "召开重点工作推进会",
        "开展安全生产大检查",
        "关于做好年度考核工作的通知",
        "关于公开征求意见的公告",
        "深入基层开展走访慰问活动",
        "举办业务能力提升培训班",
        "关于招聘工作人员面试成绩的公告",
        "组织开展志愿服务活动",
        "部门预算公开说明",
        "政府信息公开年度报告",
        "优化营商环境再出实招",
        "关于调整办公时间的公告",
    ]);
    format!("{organ}{tail}")
}

/// A table with a head.
pub(crate) fn table(chance: &mut Chance, head: &[&str], rows: &[Vec<String>]) -> String {
    let (open, cell, close) = match chance.below(3) {
        0 => ("<table border=\"1\" cellspacing=\"0\">", "td", "</table>"),
        1 => (
            "<table class=\"MsoNormalTable\" style=\"border-collapse:collapse\"><tbody>",
            "td",
            "</tbody></table>",
        ),
        _ => ("<table>", "th", "</table>"),
    };
    let row = |cells: &[String], cell: &str| {
        let cells = cells.iter().map(|text| format!("<{cell}>{text}</{cell}>"));
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let body: String = rows.iter().map(|cells| row(cells, "td")).collect();
    format!("{open}\n{}{body}{close}\n", row(&head, cell))
}
