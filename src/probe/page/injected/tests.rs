//! What is planted, and what is only talked about.

use std::collections::BTreeMap;

use super::*;

/// What a finding takes, as `rules/safety.yaml` has it.
const ENOUGH: [(&str, u32); 5] =
    [("title", 7), ("meta", 7), ("anchor", 10), ("text", 15), ("address", 10)];

fn heavy(found: &[Injected]) -> Vec<&Injected> {
    let enough = |it: &&Injected| {
        ENOUGH.iter().any(|(place, least)| *place == it.place && it.weight >= *least)
    };
    found.iter().filter(enough).collect()
}

#[test]
fn the_contexts_can_be_read() {
    assert_eq!(crate::lists::parsed::<context::Written>(context::WRITTEN).err(), None);
    assert!(CONTEXTS.is_some());
}

/// Titles of pages that were attacked, and the list they are known by.
const REPLACED: [(&str, &str); 61] = [
    ("gambling", "澳门新葡京官网-澳门新葡京娱乐场【首页】"),
    ("gambling", "百家乐_百家乐官网_真人百家乐开户"),
    ("gambling", "澳門新葡京官網|澳門新葡京娛樂城"),
    ("gambling", "澳门威尼斯人官网·周口市某某局"),
    ("gambling", "新 葡 京 官 网 - 某某县人民政府"),
    ("gambling", "百·家·乐 真·人·荷·官 欢迎您"),
    ("gambling", "百家\u{200b}乐官\u{200b}网"),
    ("gambling", "ＢＥＴ３６５官网_ＢＥＴ３６５体育投注"),
    ("gambling", "Bet365官网 - 某某市公安局交警支队"),
    ("gambling", "太阳城真人娱乐,太阳城网上赌场"),
    ("gambling", "乐鱼体育app官网下载-乐鱼体育登录入口"),
    ("gambling", "开云体育官网入口(中国)有限公司"),
    ("gambling", "AG真人官网_AG视讯_AG真人平台"),
    ("gambling", "PG电子官网 - PG电子试玩"),
    ("gambling", "送彩金38的网站大全,注册送彩金"),
    ("gambling", "真人荷官在线发牌 老虎机下载"),
    ("gambling", "Online Casino | Best Online Casinos 2025"),
    ("gambling", "Situs Slot Gacor | Slot Online"),
    ("gambling", "皇冠体育投注-皇冠现金网"),
    ("gambling", "伟德国际-伟德国际官方网站"),
    ("gambling", "澳门新葡京·(中国)官方网站-登录入口"),
    ("gambling", "开云(kaiyun)体育官方网站-首页"),
    ("gambling", "必威·betway(中国)官方网站-体育投注"),
    ("gambling", "百家乐|百家乐平台|百家乐在线投注"),
    ("gambling", "网上赌场-最好的网上赌博平台"),
    ("gambling", "百家樂線上投注平台_真人荷官_註冊送體驗金"),
    ("gambling", "炸金花现金版 真钱捕鱼平台"),
    ("lottery", "香港六合彩开奖结果_白小姐资料大全"),
    ("lottery", "新澳门天天开好彩大全 新澳门全年免费资料"),
    ("lottery", "六*合*彩 一肖一码 管家婆免费资料大全"),
    ("lottery", "北京赛车pk10计划_北京赛车pk10稳赢技巧"),
    ("lottery", "幸运飞艇计划群 极速赛车全天计划"),
    ("lottery", "重庆时时彩平台,时时彩计划软件"),
    ("lottery", "香港馬會開獎結果-曾道人心水論壇"),
    ("lottery", "六合彩 香港六合彩 特码资料"),
    ("lottery", "澳洲幸运10人工计划"),
    ("lottery", "加拿大28开户 PC蛋蛋28稳赢"),
    ("pornography", "成人视频在线观看_无码av免费观看"),
    ("pornography", "国产精品自拍 亚洲一区二区三区 麻豆传媒"),
    ("pornography", "日本av在线观看,欧美性爱免费视频"),
    ("pornography", "91porn 91自拍 约炮软件"),
    ("pornography", "free porn videos - xvideos"),
    ("pornography", "同城喝茶资源,高端外围预约"),
    ("fraud", "专业代开发票公司-代开各类发票"),
    ("fraud", "办证刻章-高仿毕业证"),
    ("fraud", "传奇私服发布网_新开传奇私服"),
    ("fraud", "代孕公司_代孕价格_代孕包成功"),
    ("fraud", "黑户网贷口子大全"),
    ("fraud", "欧易交易所官网下载"),
    ("fraud", "黑客接单网_查开房记录"),
    ("fraud", "高仿手表批发 一比一复刻劳力士"),
    ("fraud", "股票配资平台排名-股票配资开户"),
    ("fraud", "假币出售 假币货到付款"),
    ("fraud", "刷单兼职平台 刷单日结平台"),
    ("fraud", "imToken官网下载-imToken钱包下载"),
    ("pharmacy", "伟哥专卖店-美国伟哥货到付款"),
    ("pharmacy", "迷药出售,听话水哪里有卖"),
    ("pharmacy", "催情药官网-三唑仑购买"),
    ("pharmacy", "Buy Viagra Online Without Prescription"),
    ("pharmacy", "Cheap Cialis Online - Canadian Pharmacy"),
    ("pharmacy", "ｂｕｙ ｖｉａｇｒａ"),
];

#[test]
fn replaced_titles_are_known() {
    for (list, title) in REPLACED {
        let found = injected_in(title, "");
        let heavy = heavy(&found);
        assert!(
            heavy.iter().any(|it| it.list == list && it.place == "title"),
            "{title}: {found:?}"
        );
    }
}

#[test]
fn planted_paragraphs_are_known() {
    let own = "为进一步做好政务公开工作，现将有关事项通知如下。各单位要高度重视，认真组织实施。";
    let texts = [
        "澳门新葡京官网 澳门威尼斯人娱乐城 百家乐 真人荷官 老虎机 时时彩 澳门赌场官网",
        "博彩 百家乐官网 网上赌场开户 皇冠现金网 太阳城真人娱乐",
        "六合彩开奖结果 白小姐一肖一码 香港马会资料大全 特码资料",
        "百 家 乐 老 虎 机 博·彩 网 上 赌 场 真·人·荷·官 线 上 赌 场 足 彩 外 围 现 金 网",
        "澳門賭場官網 百家樂開戶 線上娛樂城 皇冠現金網 網上賭場開戶",
        "成人电影 三级片 草榴社区 麻豆传媒 无码专区",
        "专业代开发票公司，代开各类发票，先办证后付款，办证刻章，高仿毕业证",
        "buy viagra online cheap cialis online canadian pharmacy generic levitra",
        "online casino slot gacor situs slot judi online bandar togel",
        "北京赛车pk10计划 幸运飞艇计划 重庆时时彩平台 分分彩计划群",
    ];
    for text in texts {
        for text in [text.to_owned(), format!("{own}\n{text}\n{own}")] {
            let found = injected_in("关于做好有关工作的通知", &text);
            assert!(heavy(&found).iter().any(|it| it.place == "text"), "{text}: {found:?}");
        }
    }
}

/// Titles and sentences of real kinds, in which no one may be accused.
const INNOCENT: [&str; 79] = [
    "我市公安机关打掉一个网络赌博团伙",
    "周口警方捣毁一“百家乐”赌博窝点 抓获嫌疑人23名",
    "严厉打击利用老虎机、捕鱼机进行赌博的违法犯罪活动",
    "被告人张某开设赌场罪一审刑事判决书：在澳门赌场官网开户投注",
    "警惕！澳门新葡京娱乐场网上开户是骗局",
    "民警入户宣传：网络刷单兼职平台都是诈骗",
    "反诈中心提醒：黑户贷款、无视征信、强制下款都是套路",
    "开展“扫黄打非·净网2026”专项行动，查处传播成人视频网站",
    "全县集中整治六合彩、时时彩等非法彩票活动",
    "福利彩票双色球第2026132期开奖公告",
    "体育彩票大乐透派奖活动启动，竞彩足球游戏规则说明",
    "关于中央彩票公益金支持社会公益事业项目的公示",
    "关于福彩快三、体彩11选5游戏停止销售的公告",
    "市药监局通报3批次假药：标示为“美国伟哥”的产品检出西地那非",
    "药品抽检信息公告：万艾可（枸橼酸西地那非片）",
    "关于进一步规范三唑仑等精神药品管理的通知",
    "保健食品非法添加西地那非、他达拉非专项整治方案",
    "纳税人代开发票须知：自然人代开餐饮发票如何办理",
    "税务局关于代开增值税专用发票有关事项的公告",
    "不动产登记中心办证大厅搬迁公告",
    "出入境办证微信公众号预约流程",
    "电影《澳门风云》免费放映通知",
    "诸子百家乐道：传统文化讲座",
    "万家灯火百家乐业，共建美好家园",
    "城乡居民百家乐享健康生活",
    "澳门特别行政区博彩业收入同比增长",
    "博采众长、博彩众议，推动改革",
    "商务代表团考察澳门威尼斯人会展中心",
    "金沙江流域防洪调度方案",
    "永利街道社区服务中心招聘公告",
    "皇冠假日酒店消防安全检查情况",
    "银河系科普讲座走进校园",
    "太阳城小区老旧改造项目招标公告",
    "关于帝豪娱乐城等五家娱乐场所行政许可的公示",
    "全市歌舞娱乐场所名单：金碧娱乐城、东方娱乐城、皇家娱乐城、钻石娱乐城、威尼斯人娱乐城",
    "江南体育馆对外开放时间调整",
    "国家体育总局棋牌运动管理中心赛事通知",
    "老年活动中心棋牌室开放公告",
    "幼儿园滚球游戏技巧教案评比结果",
    "成人高等教育招生报名须知",
    "成人用品店行政处罚决定书",
    "一级响应 三级应急预案 在线视频会议",
    "上门服务：为高龄老人提供护理上门服务预约电话",
    "家政按摩师职业技能培训班",
    "严禁医疗机构实施代孕，举报电话12320",
    "卫健委：打击代孕机构、代孕中介专项行动",
    "人类辅助生殖技术机构名单（供卵试管不得开展）",
    "市场监管局查获高仿手表、a货批发窝点",
    "销毁假冒伪劣香烟，查扣高仿香烟500条",
    "网信办约谈直播平台，关停色情直播账号",
    "中国人民银行：防范虚拟货币交易炒作风险，币安交易所官网属非法",
    "证监局提示：远离股票配资平台、场外配资",
    "关于打击办假证、办证刻章小广告的通告",
    "黑户口子女入学问题的答复",
    "论文代写代发属于学术不端，各高校要严肃处理",
    "路口交通信号灯改造，进出口交易会，人群交流",
    "治污视频监控平台，排污视频在线监测，特色综合网络",
    "天天干净整洁，日日操劳，狠狠干事创业",
    "妇女优先、儿女优待、子女优惠政策",
    "下午三时时彩旗飘扬，十分分彩带飞舞",
    "北京赛车场承办汽车方程式锦标赛",
    "网上办证网点查询，快速办证通道开通",
    "刻公章网上备案流程，办毕业证明须提供材料",
    "食品药品监督：警惕打胎药网上购买风险",
    "中医药讲座：壮阳药膳与养生",
    "长春药业集团中标公告，宜春药品采购",
    "昏迷药物治疗指南解读",
    "警方通报：侦探调查公司非法获取公民个人信息案",
    "网络安全宣传：黑客接单、盗取微信的手法曝光",
    "传奇私服侵犯著作权案开庭审理",
    "Specialist clinic: erectile dysfunction guidance for patients",
    "The casino industry of Macao: statistics",
    "关于网络投票平台（网投平台）评选十佳的通知",
    "信息安全讯网络公司中标",
    "全省电子老虎机、赌博机清查行动启动",
    "社会工作人才社工库建设方案，药品挂网采购，户外挂网公示",
    "支援交通建设，预约炮台参观，援交会展",
    "申请博士：申博官方网站材料清单",
    "某县新濠商贸有限公司、凯发机械厂环评公示",
];

#[test]
fn what_is_only_talked_about_accuses_no_one() {
    for text in INNOCENT {
        for found in [injected_in(text, ""), injected_in("工作动态", text), injected_in(text, text)]
        {
            assert!(heavy(&found).is_empty(), "{text}: {found:?}");
        }
        let links = [link("https://www.lanchuan.gov.cn/a.html", text)];
        let found = injected(&page("https://www.lanchuan.gov.cn/", &[]), &links, "", &[]);
        assert!(heavy(&found).is_empty(), "{text}: {found:?}");
        let found =
            injected(&page("https://www.lanchuan.gov.cn/", &[("keywords", text)]), &[], "", &[]);
        assert!(heavy(&found).is_empty(), "{text}: {found:?}");
    }
    // a list of them, and one long text
    let all = INNOCENT.join("\n");
    assert!(
        heavy(&injected_in("通知公告", &all)).is_empty(),
        "{:?}",
        injected_in("通知公告", &all)
    );
}

#[test]
fn a_long_article_against_gambling_is_innocent() {
    let text = "近日，周口市公安局刑警支队侦破一起特大跨境网络赌博案。经查，犯罪嫌疑人王某等人自2024年起在境外租用服务器，搭建名为“新葡京娱乐城”“澳门威尼斯人官网”的赌博网站，设有百家乐、老虎机、真人荷官、时时彩、北京赛车pk10、六合彩等项目，通过微信群发展会员，以注册送彩金为诱饵吸引他人投注。\
        参赌人员李某说，起初在百家乐和老虎机上赢了几千元，后来越输越多，欠下高利贷。群里有人天天发幸运飞艇计划、时时彩计划软件，说是导师带单，包赢不输。\n\
        民警提醒，十赌九输，网络赌博后台可以随意修改数据。广大群众切勿参与网络赌博，发现线索请及时举报。目前，28名犯罪嫌疑人已被采取刑事强制措施，涉案资金1.2亿元，案件正在进一步侦办中。";
    for title in ["周口警方侦破一起特大跨境网络赌博案", "百家乐、老虎机背后的秘密", ""]
    {
        let found = injected_in(title, text);
        assert!(heavy(&found).is_empty(), "{title}: {found:?}");
    }
}

#[test]
fn links_to_strangers_weigh_more() {
    let home = "https://www.lanchuan.gov.cn/index.html";
    let page = page(home, &[]);
    let anchor = |host: &str| {
        let links = [link(&format!("https://{host}/x"), "澳门新葡京官网"), link(home, "首页")];
        injected(&page, &links, "", &[]).into_iter().map(|it| it.weight).next()
    };
    assert_eq!(anchor("www.bad.example"), Some(16));
    assert_eq!(anchor("xx.lanchuan.gov.cn"), Some(8));
    assert_eq!(anchor("www.lanchuan.gov.cn"), Some(8));
    assert_eq!(anchor("notlanchuan.gov.cn"), Some(16));
}

#[test]
fn keywords_and_odd_paths_are_told() {
    let tags = [("keywords", "百家乐,澳门赌场官网,线上娱乐城"), ("description", "政务服务")];
    let found = injected(
        &page("https://www.lanchuan.gov.cn/html/casino/baijiale88-kaihu.html", &tags),
        &[],
        "",
        &[],
    );
    let told: Vec<_> =
        found.iter().map(|it| (it.place.as_str(), it.list.as_str(), it.weight)).collect();
    assert_eq!(told, [("meta", "gambling", 18), ("address", "gambling", 10)]);
    assert_eq!(found[1].words, ["casino", "baijiale88"]);
    let found = injected(
        &page("https://www.lanchuan.gov.cn/zwgk/slots/caipiaogongyijin/", &[]),
        &[],
        "",
        &[],
    );
    assert!(heavy(&found).is_empty(), "{found:?}");
}

#[test]
fn evidence_is_short_and_numbers_no_one() {
    let long = format!(
        "{}1101011990030712345678 澳门新葡京官网 电话13900001111 {}",
        "前".repeat(300),
        "后".repeat(300)
    );
    let found = injected_in("", &long);
    let snippet = &found[0].snippet;
    assert!(snippet.chars().count() <= 120 && snippet.contains("新葡京"), "{snippet}");
    assert!(!snippet.contains("1390000") && !snippet.contains("345678"), "{snippet}");
    let words: Vec<String> = [
        "官网", "网址", "平台", "赌场", "赌城", "博彩", "开户", "注册", "登录", "投注", "app",
        "棋牌",
    ]
    .iter()
    .map(|end| format!("澳门新葡京{end}"))
    .collect();
    let found = injected_in(&words.join(" "), &words.join(" ").repeat(500));
    for it in found {
        assert_eq!((it.words.len(), it.weight), (10, 96));
    }
}

fn page(url: &str, tags: &[(&str, &str)]) -> PageFacts {
    let tags: BTreeMap<_, _> =
        tags.iter().map(|(name, content)| ((*name).to_owned(), (*content).to_owned())).collect();
    PageFacts { url: url.to_owned(), tags, ..PageFacts::default() }
}

fn link(url: &str, text: &str) -> Link {
    Link { url: Url::parse(url).unwrap(), text: text.to_owned(), how: How::Anchor }
}
