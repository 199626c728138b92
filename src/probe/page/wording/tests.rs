//! Sentences with wrong expressions and without, and the form of the lists.

use std::collections::BTreeSet;

use xuncha_model::{Seen, facts::article::Message};

use super::*;

const LISTS: [(&str, &str); 2] = [
    ("serious", include_str!("../../../../rules/lists/wording/serious.tsv")),
    ("typo", include_str!("../../../../rules/lists/wording/typo.tsv")),
];

fn found(text: &str) -> Vec<Wrong> {
    wrong_in(text, &lexicon::hits(text))
}

fn on_page(title: &str, text: &str) -> Vec<Wrong> {
    let page = PageFacts { title: title.to_owned(), ..PageFacts::default() };
    wrong(&page, text, &lexicon::hits(text))
}

/// `(list, wrong, right, innocent longer words)`.
fn rows() -> Vec<(&'static str, &'static str, &'static str, Vec<&'static str>)> {
    let mut rows = Vec::new();
    for (list, text) in LISTS {
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let (wrong, right) = (cells.next().unwrap(), cells.next().unwrap());
            let except = cells.next().map(|cell| cell.split('|').collect()).unwrap_or_default();
            assert_eq!(cells.next(), None, "{line}");
            rows.push((list, wrong, right, except));
        }
    }
    rows
}

#[test]
fn the_lists_are_well_formed() {
    let rows = rows();
    let mut known = BTreeSet::new();
    for (list, wrong, right, except) in &rows {
        assert!(known.insert(*wrong), "{wrong} twice");
        assert!(wrong.chars().count() >= if *list == "typo" { 2 } else { 4 }, "{wrong}");
        assert_ne!(wrong, right);
        assert!(!right.is_empty() && right.trim() == *right && wrong.trim() == *wrong, "{wrong}");
        for longer in except {
            assert!(longer.contains(wrong) && longer != wrong, "{wrong}: {longer}");
        }
    }
    let count = |of: &str| rows.iter().filter(|(list, ..)| *list == of).count();
    assert!(count("serious") >= 1000 && count("typo") >= 3500);
}

/// A right form, whichever it is, accuses nobody.
#[test]
fn what_is_right_is_not_wrong() {
    let rows = rows();
    let rights: BTreeSet<_> = rows.iter().map(|(_, _, right, _)| *right).collect();
    for right in rights {
        assert_eq!(lexicon::hits(right).into_iter().find(is_wrong), None, "{right}");
        let text = format!("我们认为，{right}，大家都知道{right}的意义");
        assert_eq!(lexicon::hits(&text).into_iter().find(is_wrong), None, "{text}");
    }
    for (_, wrong, _, except) in rows {
        for longer in except {
            let hits = lexicon::hits(longer);
            assert!(hits.iter().all(|hit| hit.entry.word != wrong), "{longer}");
        }
    }
}

#[test]
fn every_wrong_form_is_found() {
    for (list, wrong, right, _) in rows() {
        let text = format!("会上指出，{wrong}，大家一致同意。");
        let found = found(&text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        let found = &found[0];
        assert_eq!((found.list.as_str(), found.wrong.as_str()), (list, wrong));
        assert_eq!((found.right.as_str(), found.count, found.place.as_str()), (right, 1, "text"));
    }
}

#[test]
fn sentences_with_an_error() {
    for (text, wrong, list) in [
        ("深入学习贯彻习近平新时代中国特色社会思想", "习近平新时代中国特色社会思想", "serious"),
        ("以习近平新时代中国特色社会主意思想为指导", "习近平新时代中国特色社会主意思想", "serious"),
        ("坚决做到“两个为护”，坚持正确的政治方向", "两个为护", "serious"),
        ("增强“四个意识”、坚定“四个自心”", "四个自心", "serious"),
        ("开展“两学一作”学习教育", "“两学一作”", "serious"),
        ("不忘初心、牢记史命，砥砺前行", "不忘初心、牢记史命", "serious"),
        ("构建人类命运共同休", "人类命运共同休", "serious"),
        ("践行社会主义核心价直观", "社会主义核心价直观", "serious"),
        ("坚持“一国两治”方针", "一国两治", "serious"),
        ("根据《中华人名共和国土地管理法》", "中华人名共和国", "serious"),
        ("向县人民检查院举报", "人民检查院", "serious"),
        ("市纪律检察委员会印发通知", "纪律检察委员会", "serious"),
        ("党的十九大五中全会审议通过", "十九大五中全会", "serious"),
        ("中国共产党第二十届全国代表大会", "中国共产党第二十届全国代表大会", "serious"),
        ("日本、台湾等国家的客商前来考察", "台湾等国家", "serious"),
        ("参展商来自香港等多个国家", "香港等多个国家", "serious"),
        ("姓名：某某　国籍：台湾", "国籍：台湾", "serious"),
        ("产品销往中国、台湾、韩国", "中国、台湾、", "serious"),
        ("新疆维吾尔族自治区来访团", "新疆维吾尔族自治区", "serious"),
        ("铸牢中华名族共同体意识", "中华名族共同体意识", "serious"),
        ("淮阳县人名政府办公室", "人名政府", "serious"),
        ("安排布署秋冬季森林防火工作", "布署", "typo"),
        ("会上再接再励，推动工作", "再接再励", "typo"),
        ("村民自已的事自己办，自已的家自己建", "自已的", "typo"),
        ("项目己经建成投产", "己经", "typo"),
        ("按装路灯二百盏", "按装", "typo"),
        ("电磁幅射环境监测", "幅射", "typo"),
        ("面对困难一愁莫展", "一愁莫展", "typo"),
        ("报名须在网上进行，登陆网站填写信息", "登陆网站", "typo"),
        ("截止目前，全县已完成投资三亿元", "截止目前", "typo"),
        ("某某单位招聘启示", "招聘启示", "typo"),
        ("给于行政处罚并责令改正", "给于行政处罚", "typo"),
        ("依法签定合同", "签定合同", "typo"),
        ("关健技术取得突破", "关健技术", "typo"),
        ("取得显着成效", "显着成效", "typo"),
        ("向住房与城乡建设局申请", "住房与城乡建设局", "typo"),
        ("由机关事物管理局负责", "机关事物管理局", "typo"),
        ("依法追纠相关人员责任", "依法追纠", "typo"),
        ("走仿慰问困难群众", "走仿慰问", "typo"),
        ("请持户口薄原件办理", "户口薄", "typo"),
        ("竟争上岗，公平竟争", "公平竟争", "typo"),
        ("切实做到防患于末然", "防患于末然", "typo"),
        ("坚持以法行政，建设法治政府", "以法行政", "typo"),
        ("做好防讯抗旱工作", "防讯抗旱", "typo"),
        ("消除安全稳患", "安全稳患", "typo"),
        ("建档立卡贫因户", "贫因户", "typo"),
    ] {
        let found = found(text);
        assert!(
            found.iter().any(|found| found.wrong == wrong && found.list == list),
            "{text}: {found:?}"
        );
        assert!(found.iter().all(|found| found.snippet.contains(&found.wrong)), "{found:?}");
        assert!(found.iter().all(|found| found.snippet.chars().count() <= SNIPPET), "{found:?}");
    }
}

/// Among them: words that meet across a boundary, right forms that look wrong, history, and texts about wrong forms.
#[test]
fn innocent_sentences() {
    for text in [
        "深入学习贯彻习近平新时代中国特色社会主义思想和党的二十大精神",
        "习近平总书记记得那位老乡，习近平总书记在河南考察",
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”，拥护“两个确立”",
        "践行社会主义核心价值观，社会主义核心价值关乎民族前途",
        "中华人民共和国国务院令，最高人民法院院长，中央军事委员会会议",
        "全国人民代表大会会议，中华全国总工会会员，全国政协协商会议",
        "河南省人民政府省长，县人民政府府办公室",
        "党的十九届五中全会，党的二十大大力推动",
        "中国式现代化化解矛盾，中国式现代话语体系",
        "邓小平理论论述，马克思注意到这一点，科学发展关系全局",
        "来自日本、台湾等国家和地区的客商，香港等多个国家和地区，港澳台等国家级园区",
        "两岸同属一个中国，台湾是中国不可分割的一部分，中国台湾地区",
        "国籍：中国　户籍：台湾省",
        "所谓“台湾共和国”是非法的，日方称“尖阁诸岛”的钓鱼岛是中国领土",
        "中华民国台湾省行政长官公署旧档",
        "中华民国临时大总统孙中山，中华民国元年",
        "检查院内感染管理，本市检查院校安全",
        "改革开放四十年，医改革开方便之门",
        "他自己经过努力，自己经常学习，自己经营超市，知己经年不见",
        "资金来自已建成的园区，出自已故作家之手，源自已经废止的文件",
        "由总部署名发布，公布署名文章，颁布署名的决定",
        "按装机容量计算，按装修面积收费，按装卸费支付",
        "外部置换，内部置于其中，全部置办齐全",
        "完毕竞赛，未必竟能如愿，随即然后离开",
        "西安祥和社区，长安祥云路",
        "询问侯某某，当时侯主任在场，诸侯选人任用",
        "既使群众受益又使企业增效，以经济建设为中心",
        "大学藉此机会，各国藉口不一，全党藉以教育",
        "台风登陆系统性强，登陆部队，登录网站填写",
        "温泉渡假村，轮渡假日航班",
        "付局长，付主任，付书记都姓付",
        "蓝球和红球的号码，荷兰球场",
        "债权入股，嫌疑入罪，候选入围，纳税入库，联系入住",
        "供给策略，公示其内容，公告拦标价，针对姓名不符，影响历史",
        "诈骗罚款，市政付款，宣传删除，传承载历史",
        "金融和发展，团结和实际行动，国内税人民币",
        "争取的成效，以食品为生，周末来发展特色旅游",
        "弥漫性病变，中医辨证法，堪察加半岛，胡芦巴",
        "承担误工费，精悍卫士，配合谐调，混合谐振",
        "请持此通知单到窗口领取，用户需知悉，考生需知道",
        "红樱幼儿园，先峰队村民组，住村工作队",
        "按全生产周期管理，按全市统一标准，交通按全年计算",
        "各分工做安排，职工做经验交流，工作做风险评估",
        "构建全机制，构建全完善的体系，恢复盖面层",
        "必须品质优良，必须品种齐全，必须品行端正",
        "究竟争议何在，毕竟竞争激烈，究竟选择谁",
        "座落、部份、帐号、其它、罗嗦、身份、仿佛",
        "世外桃园农家乐，宏杨公司，安祥小区",
        "人才、身材、题材、素材，坐标，座标",
        "反映情况，反应迅速，化学反应，不良反应情况",
        "截至目前，报名截止，截止日期为11月30日",
        "权力清单，权利和义务，制定政策，制订计划",
        "辉煌成就，焕然一新，涣散，唤醒，再接再厉",
        "迫不及待，一筹莫展，走投无路，针砭时弊，莫名其妙",
        "发展和改革委员会，工业和信息化部，住房和城乡建设局",
        "“布署”应为“部署”。",
        "是“部署”，而“布署”是常见的错法",
        "“幅射”写成这样是错误写法，正确的是“辐射”",
        "将文中“按装”改为“安装”",
        "常见错误：再接再励（应为：再接再厉）",
        "迫不急待 → 迫不及待",
        "不得使用“台湾总统”等表述",
        "咬文嚼字：布署与按装",
        "错别字举例\n布署，按装，幅射",
        "更正：昨日文章“人民检查院”有误",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn each_is_told_once_with_its_sentence() {
    let text = "第一句话。安排布署工作，请认真落实！第三句\n又布署一次，再次布署。";
    let found = found(text);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].count, found[0].snippet.as_str()), (3, "安排布署工作，请认真落实"));
    let long = format!("{}布署{}", "长".repeat(500), "话".repeat(500));
    let snippet = self::found(&long).remove(0).snippet;
    assert_eq!(snippet.chars().count(), SNIPPET);
    assert!(snippet.contains("布署"));
}

#[test]
fn a_title_is_read_and_may_excuse() {
    let found = on_page("关于布署防汛工作的通知", "关于布署防汛工作的通知\n按装水泵");
    let places: Vec<_> = found.iter().map(|one| (one.place.as_str(), one.count)).collect();
    assert_eq!(places, [("title", 2), ("text", 1)]);
    assert_eq!(on_page("公文中的错别字（三）", "布署 按装 人民检查院"), []);
    assert_eq!(on_page("我要纠错", "布署"), []);
}

#[test]
fn typing_errors_of_citizens_are_theirs() {
    let message = Message {
        title: "路灯".to_owned(),
        url: String::new(),
        asked: String::new(),
        answered: String::new(),
        replied: false,
        waited_days: Seen::Seen(0),
        overdue: false,
    };
    let page = PageFacts { messages: vec![message], ..PageFacts::default() };
    let text = "咨询：路灯按装问题。答复：人民检查院已受理";
    let found = wrong(&page, text, &lexicon::hits(text));
    let words: Vec<_> = found.iter().map(|one| one.wrong.as_str()).collect();
    assert_eq!(words, ["人民检查院"]);
}

#[test]
fn no_number_of_a_person_stands_in_a_snippet() {
    for number in ["411602199001011234", "4116 0219 9001 0112 34", "13800138000", "138-0013-8000"] {
        let snippet = found(&format!("联系人{number}布署")).remove(0).snippet;
        assert!(!snippet.contains(|char: char| char.is_numeric()), "{snippet}");
    }
    let snippet = found("2026年11月24日布署").remove(0).snippet;
    assert_eq!(snippet, "2026年11月24日布署");
}

#[test]
fn a_hostile_text_costs_no_more_than_its_length() {
    let text = "“布署".repeat(50_000);
    let found = found(&text);
    assert_eq!(found.len(), 1);
    let many: String = rows().iter().map(|(_, wrong, ..)| format!("{wrong}，")).collect();
    assert_eq!(self::found(&many).len(), MOST);
}
