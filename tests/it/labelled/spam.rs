//! What spammers write: words, links and hosts; every host lies under a name that can never exist (RFC 2606).

use super::chance::Chance;

pub(crate) const GAMBLING: &[&str] = &[
    "澳门新葡京娱乐城",
    "开云体育官网入口",
    "乐鱼体育app下载",
    "华体会体育官方网站",
    "百家乐在线投注平台",
    "威尼斯人娱乐场",
    "真人荷官在线发牌",
    "ag真人国际厅",
    "必威体育登录",
    "彩票投注网站",
    "北京赛车pk10投注",
    "金沙娱乐城官网",
    "太阳城集团网上赌场",
    "电子游戏送彩金",
    "网上真钱棋牌游戏",
    "时时彩平台注册",
    "六合彩开奖结果",
    "博彩公司评级",
    "足球外围投注",
    "注册送38体验金",
    "永利皇宫赌场",
    "银河娱乐城开户",
    "炸金花现金版",
    "捕鱼赢现金平台",
    "皇冠体育投注网",
    "mg电子游戏网址",
    "澳门赌场网址大全",
];
pub(crate) const PORN: &[&str] = &[
    "成人视频在线观看",
    "无码av免费下载",
    "黄色网站大全",
    "激情裸聊直播间",
    "一夜情同城约炮",
    "性爱视频在线播放",
    "国产自拍偷拍视频",
    "美女脱衣裸体直播",
    "色情电影免费看",
    "三级片在线播放",
];
pub(crate) const FRAUD: &[&str] = &[
    "办理各类假证件",
    "代开增值税发票联系电话",
    "刻章办证快速出证",
    "出售银行卡四件套",
    "高仿身份证制作",
    "代办毕业证学历证",
    "无抵押贷款秒到账",
    "代写论文包发表",
    "私家侦探婚外情调查",
    "信用卡套现提额",
];
pub(crate) const PHARMACY: &[&str] = &[
    "迷药哪里有卖",
    "听话水购买渠道",
    "催情药货到付款",
    "万艾可伟哥网购",
    "壮阳药官方旗舰店",
    "三唑仑迷幻药出售",
    "蒙汗药购买",
    "乖乖水专卖店",
];
pub(crate) const LOTTERY: &[&str] = &[
    "六合彩特码资料",
    "香港六合彩开奖直播",
    "时时彩计划软件",
    "重庆时时彩走势",
    "幸运飞艇计划群",
    "北京赛车计划",
    "六合彩挂牌全篇",
    "白小姐一肖中特",
    "曾道人特码玄机",
    "极速赛车开奖",
];
/// Words that say nothing evil: only where they stand does.
pub(crate) const BLAND: &[&str] = &[
    "不锈钢水箱厂家",
    "成都二手车网",
    "网站优化推广",
    "办公家具定做",
    "上海搬家公司",
    "空压机维修",
    "广州整形医院",
    "净水设备价格",
    "深圳月嫂公司",
    "钢结构厂房造价",
    "彩钢瓦价格",
    "杭州代理记账",
];

/// A foreign host.
pub(crate) fn host(chance: &mut Chance) -> String {
    let name = format!("{}{}", chance.letters(3), chance.digits(4));
    match chance.below(6) {
        0 => format!("203.0.113.{}", chance.between(1, 254)),
        1 => format!("{name}.example"),
        2 => format!("m.{name}.com.example"),
        _ => format!("www.{name}.example"),
    }
}

/// The address of a page there.
pub(crate) fn url(chance: &mut Chance) -> String {
    let (host, path) = (host(chance), chance.letters(5));
    match chance.below(4) {
        0 => format!("https://{host}/"),
        1 => format!("http://{host}"),
        2 => format!("http://{host}/{path}.html"),
        _ => format!("http://{host}/?{path}={}", chance.digits(4)),
    }
}

/// Links with these words, written in one of four ways.
pub(crate) fn links(chance: &mut Chance, words: &[&str], count: usize) -> String {
    let way = chance.below(4);
    let link = |chance: &mut Chance, word: &str| {
        let url = url(chance);
        match way {
            0 => format!("<a href=\"{url}\">{word}</a>\n"),
            1 => format!("<A href='{url}' target=_blank title='{word}'>{word}</A>,"),
            2 => format!("<li><a target=\"_blank\" href={url}><strong>{word}</strong></a></li>"),
            _ => format!("<h3><a  href = \"{url}\" >{word}</a></h3> | "),
        }
    };
    let words = chance.some(words, count);
    words.into_iter().map(|word| link(chance, word)).collect()
}

/// Every character as a numeric entity.
pub(crate) fn entities(text: &str, hexadecimal: bool) -> String {
    let entity = |c: char| {
        if hexadecimal { format!("&#x{:X};", u32::from(c)) } else { format!("&#{};", u32::from(c)) }
    };
    text.chars().map(entity).collect()
}

/// Something between the characters of each word.
pub(crate) fn separated(text: &str, between: &str) -> String {
    let characters: Vec<String> = text.chars().map(String::from).collect();
    characters.join(between)
}

/// `%3Cdiv…` as `unescape` reads it.
pub(crate) fn escaped(text: &str) -> String {
    let escape = |c: char| {
        let code = u32::from(c);
        if code < 256 { format!("%{code:02X}") } else { format!("%u{code:04X}") }
    };
    text.chars().map(escape).collect()
}

/// `60,100,…` as `String.fromCharCode` reads it.
pub(crate) fn codes(text: &str) -> String {
    let codes: Vec<String> = text.chars().map(|c| u32::from(c).to_string()).collect();
    codes.join(",")
}

/// `\x68\x74…` as scripts write it.
pub(crate) fn hexed(text: &str) -> String {
    text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
}

/// As `atob` reads it.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const SET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap();
            text.push(if place > chunk.len() { '=' } else { char::from(SET[index]) });
        }
    }
    text
}

#[test]
fn what_is_encoded_is_encoded_as_browsers_read_it() {
    assert_eq!(
        (base64(b"Man"), base64(b"Ma"), base64(b"M")),
        ("TWFu".into(), "TWE=".into(), "TQ==".into())
    );
    assert_eq!(escaped("<博"), "%3C%u535A");
    assert_eq!(entities("博A", false), "&#21338;&#65;");
    assert_eq!((codes("<a"), hexed("<a")), ("60,97".to_owned(), "\\x3c\\x61".to_owned()));
}
