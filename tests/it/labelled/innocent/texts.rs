//! Texts about secrets, about wrong words, about history; and words whose neighbours make something evil.

use super::{
    super::{
        chance::Chance,
        skeleton::{Parts, titled},
        words::{organ, prose},
    },
    Kind,
};

pub(super) const KINDS: &[Kind] = &[
    ("trade-secrets", trade_secrets),
    ("secrecy-law", secrecy_law),
    ("marks-explained", marks_explained),
    ("typos-corrected", typos_corrected),
    ("wrong-words-explained", wrong_words_explained),
    ("history", history),
    ("taiwan-affairs", taiwan_affairs),
    ("words-that-meet", words_that_meet),
    ("stars", stars),
    ("ordinary", ordinary),
    ("ordinary-long", ordinary_long),
    ("empty", empty),
];

fn told(chance: &mut Chance, titles: &[&str], sentences: &[&str]) -> Parts {
    let mut title = chance.pick(titles).to_owned();
    if chance.once_in(2) {
        title = format!("{title}_{}", organ(chance));
    }
    let count = chance.between(2, sentences.len().max(2));
    let chosen = chance.some(sentences, count);
    let text: String = chosen.iter().map(|text| format!("<p>{text}</p>\n")).collect();
    titled(title, text + &prose(chance, 1))
}

fn trade_secrets(chance: &mut Chance) -> Parts {
    told(
        chance,
        &[
            "关于加强商业秘密保护的通知",
            "商业秘密保护示范点创建公示",
            "什么是商业秘密",
            "政府信息公开申请答复书",
        ],
        &[
            "本规定所称商业秘密，是指不为公众所知悉、具有商业价值并经权利人采取相应保密措施的技术信息、经营信息。",
            "涉及国家秘密、商业秘密、个人隐私的政府信息，不得公开。",
            "工作人员应当对履行职责中知悉的国家秘密、工作秘密、商业秘密、个人隐私予以保密。",
            "经审查，您申请公开的信息属于国家秘密，依据条例第十四条不予公开。",
            "机密文件、绝密级文件的销毁，应当履行清点、登记、审批手续。",
            "这座古城藏着一个流传千年的秘密，等待游客去发现。",
        ],
    )
}

fn secrecy_law(chance: &mut Chance) -> Parts {
    told(
        chance,
        &[
            "中华人民共和国保守国家秘密法",
            "保密宣传教育月活动启动",
            "保密知识问答",
            "国家秘密定密管理暂行规定",
        ],
        &[
            "国家秘密的密级分为绝密、机密、秘密三级。",
            "绝密级国家秘密是最重要的国家秘密，泄露会使国家安全和利益遭受特别严重的损害。",
            "国家秘密的保密期限，除另有规定外，绝密级不超过三十年，机密级不超过二十年，秘密级不超过十年。",
            "密级标志应当与载体不可分离，明显并易于识别。",
            "严禁在互联网及其他公共信息网络中存储、处理、传递国家秘密。",
            "保密期限届满的，自行解密。",
        ],
    )
}

fn marks_explained(chance: &mut Chance) -> Parts {
    told(
        chance,
        &["公文格式：密级和保密期限", "国家秘密标志形式说明", "公文写作知识讲座", "保密小课堂"],
        &[
            "国家秘密标志形式为“密级★保密期限”“密级★解密时间”或者“密级★解密条件”。",
            "如需标注密级和保密期限，一般用3号黑体字，顶格编排在版心左上角第二行；保密期限中的数字用阿拉伯数字标注。",
            "例如，“机密★10年”表示该文件为机密级，保密期限为十年。",
            "“★”前标密级，“★”后标保密期限，如：秘密★5年。",
            "问：文件上标注的“绝密★长期”是什么意思？答：表示绝密级、保密期限为长期。",
            "涉密公文应当根据涉密程度分别标注“绝密”“机密”“秘密”和保密期限。",
        ],
    )
}

fn typos_corrected(chance: &mut Chance) -> Parts {
    told(
        chance,
        &[
            "政府网站常见错别字举例",
            "公文写作中容易写错的词语",
            "网站错敏信息整改通报",
            "语言文字规范化知识",
        ],
        &[
            "“布署”应为“部署”；“按装”应为“安装”；“座落”应为“坐落”。",
            "误：截止目前　正：截至目前",
            "把“再接再厉”写成“再接再励”，把“迫不及待”写成“迫不急待”，都是常见的错误。",
            "检查中发现，有的网站将“川流不息”误写为“穿流不息”，将“度假村”误写为“渡假村”。",
            "错误：追朔；正确：追溯。错误：松驰；正确：松弛。",
            "“既使”是错误写法，正确的写法是“即使”。",
        ],
    )
}

fn wrong_words_explained(chance: &mut Chance) -> Parts {
    told(
        chance,
        &[
            "新闻报道中的禁用词和慎用词",
            "涉台宣传用语规范",
            "关于规范使用地图和地名的提示",
            "严重表述错误案例通报",
        ],
        &[
            "不得将台湾、香港、澳门与中国并列，不得使用“台湾等国家”“港澳台等国家”一类提法。",
            "“中国与台湾两国”的说法是错误的，应当使用“大陆与台湾”或者“两岸”。",
            "某网站将“中国共产党”误写为“中国共产觉”，被上级通报批评。",
            "通报指出，个别网站把“社会主义思想”错写成“社会主意思想”，把“从严治党”错写成“从严治觉”。",
            "对台湾当局“政权”系统和其他机构的名称，无法回避时应加引号。",
            "香港、澳门回归祖国以后，称“香港特别行政区”“澳门特别行政区”。",
        ],
    )
}

fn history(chance: &mut Chance) -> Parts {
    told(
        chance,
        &["澜川历史沿革", "辛亥革命在澜川", "抗日战争时期的澜川", "革命烈士纪念馆简介"],
        &[
            "1912年中华民国成立，废府存县，澜川隶属豫东道。",
            "民国二十七年，国民政府军事委员会在此设立伤兵医院。",
            "伪满洲国时期，劳工被强征修筑工事，死难者不计其数。",
            "1949年10月1日，中华人民共和国成立，澜川进入新的历史时期。",
            "中国共产党澜川地方组织成立于1927年，点燃了革命的星星之火。",
            "中华民国时期的县志记载，当时全县有集市四十二处。",
            "孙中山先生就任中华民国临时大总统，宣告清王朝覆灭。",
        ],
    )
}

fn taiwan_affairs(chance: &mut Chance) -> Parts {
    told(
        chance,
        &[
            "两岸青年交流活动举行",
            "台湾同胞投资企业座谈会召开",
            "港澳台居民居住证办理指南",
            "出入境须知",
        ],
        &[
            "来自台湾地区的三十名青年参加了此次研学活动。",
            "港澳台侨同胞是推动高质量发展的重要力量。",
            "港澳台居民可以凭居住证在内地（大陆）享受公共服务。",
            "来自香港、澳门特别行政区和台湾地区的客商参加了洽谈会。",
            "大陆居民前往台湾地区，应当持有大陆居民往来台湾通行证。",
            "日本、韩国、新加坡等国家和台湾地区的企业参展。",
            "坚持一个中国原则，台湾是中国不可分割的一部分。",
        ],
    )
}

fn words_that_meet(chance: &mut Chance) -> Parts {
    told(
        chance,
        &[
            "按装配式建筑标准组织验收",
            "以经济建设为中心",
            "数据中台建设项目",
            "水利工程施工按装机容量核定",
        ],
        &[
            "项目按装配式建筑的要求设计，按装机容量核定补助。",
            "食堂既使用天然气，又使用电磁灶，既使得成本下降，又减少了排放。",
            "坚持以经济建设为中心，因该项目前期投入较大，建设周期有所延长。",
            "报名截止时间为十二月一日，资格复审截止日期另行通知。",
            "全市数据中台、业务中台建设取得进展，中台湾区大厦竣工。",
            "请把帐篷座位落实到人，做好为老服务，一但丁小学的师生参加。",
            "广场上的博物馆、彩车、票务中心和百姓大舞台吸引了游人。",
            "大家乐于投身志愿服务，百家乐意提供帮助，赌注式营销不可取。",
            "时时彩绘墙面，处处新风扑面；六个合作社彩棚相连。",
            "同城约定炮制中药材加工标准，激情演绎裸眼三维灯光秀。",
        ],
    )
}

fn stars(chance: &mut Chance) -> Parts {
    told(
        chance,
        &["星级饭店复核公告", "★重要提示★", "五星级文明户名单", "满意度评价"],
        &[
            "★★★★★ 澜川宾馆　★★★★ 青岚大酒店　★★★ 望溪饭店",
            "服务态度：★★★★☆　办事效率：★★★★★",
            "★秘密花园亲子乐园★本周开放。",
            "带★的为必备材料，带☆的为容缺材料。",
            "机密印刷厂旧址★★★景区，保密教育基地★★。",
            "★1年期存款利率　★3年期国债发行公告",
        ],
    )
}

fn ordinary(chance: &mut Chance) -> Parts {
    let paragraphs = chance.between(1, 6);
    titled("", prose(chance, paragraphs))
}

fn ordinary_long(chance: &mut Chance) -> Parts {
    let paragraphs = chance.between(12, 40);
    titled("", prose(chance, paragraphs))
}

fn empty(chance: &mut Chance) -> Parts {
    let text = chance.pick(&[
        "",
        "<p>栏目建设中</p>",
        "<p>暂无数据</p>",
        "<p>您访问的页面不存在或已删除</p>",
    ]);
    Parts { alone: true, ..titled("", text) }
}
