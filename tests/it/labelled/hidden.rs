//! Hits: links that readers cannot see, by more than thirty techniques, each written in several ways.

use super::{
    Case,
    chance::Chance,
    skeleton::Parts,
    spam::{BLAND, GAMBLING, LOTTERY, PORN, codes, entities, escaped, links},
};

/// How a box is hidden: its name, whether words that say nothing evil are enough, and the ways it is written. Before `¦`
/// stands what belongs into the head; `{L}` are the links, `{N}` is a name of its own.
const BOXES: &[(&str, bool, &[&str])] = &[
    (
        "display-none",
        false,
        &[
            "<div style=\"display:none\">{L}</div>",
            "<DIV STYLE='DISPLAY: NONE'>{L}</DIV>",
            "<div id=\"{N}\" style=\"font-size:12px; display : none !important;\">{L}</div>",
            "<span style=display:none>{L}</span>",
            "<div style=\"display:none\"><div><ul>{L}</ul></div></div>",
            "<div style=\"color:red;\ndisplay:\nnone\">{L}</div>",
        ],
    ),
    (
        "visibility",
        false,
        &[
            "<div style=\"visibility:hidden\">{L}</div>",
            "<div style=\"height:0;visibility: hidden;\">{L}</div>",
        ],
    ),
    (
        "opacity",
        false,
        &[
            "<div style=\"opacity:0\">{L}</div>",
            "<div style=\"filter:alpha(opacity=0);-moz-opacity:0;opacity:0.0\">{L}</div>",
            "<div style=\"opacity: 0; position:absolute\">{L}</div>",
        ],
    ),
    (
        "font-size",
        true,
        &[
            "<div style=\"font-size:0\">{L}</div>",
            "<p style=\"font-size:0px;line-height:0px\">{L}</p>",
            "<div style=\"font-size:1px;color:#fff\">{L}</div>",
        ],
    ),
    (
        "small-box",
        true,
        &[
            "<div style=\"width:1px;height:1px;overflow:hidden\">{L}</div>",
            "<div style=\"height:0px; overflow:hidden; width:0px\">{L}</div>",
            "<div style=\"overflow: hidden; height: 1px\">{L}</div>",
            "<div style=\"max-height:0;overflow:hidden\">{L}</div>",
            "<font style=\"position: absolute; overflow: hidden; height: 0; width: 0\">{L}</font>",
        ],
    ),
    (
        "off-screen-left",
        true,
        &[
            "<div style=\"position:absolute;left:-9999px\">{L}</div>",
            "<div style=\"position:absolute; left:-1098px; top:-1998px;\">{L}</div>",
            "<div style='POSITION: absolute; LEFT: -52850px'>{L}</div>",
            "<div style=\"position:fixed;left:-1000em\">{L}</div>",
            "<ul style=\"position:absolute;left:-5000px;width:900px\">{L}</ul>",
        ],
    ),
    (
        "off-screen-top",
        true,
        &[
            "<div style=\"position:absolute;top:-999px\">{L}</div>",
            "<div style=\"position: fixed; top: -12000px; z-index: 9\">{L}</div>",
            "<div style=\"top:-1999px;position:absolute;left:0\">{L}</div>",
        ],
    ),
    (
        "off-screen-far",
        true,
        &[
            "<div style=\"position:absolute;left:300000px\">{L}</div>",
            "<div style=\"position:absolute;top:250000px;left:100000px\">{L}</div>",
        ],
    ),
    (
        "margin",
        true,
        &[
            "<div style=\"margin-left:-9999px\">{L}</div>",
            "<div style=\"margin-top:-10000px;position:absolute\">{L}</div>",
        ],
    ),
    (
        "text-indent",
        true,
        &[
            "<div style=\"text-indent:-9999px\">{L}</div>",
            "<div style=\"text-indent: -999em; overflow:hidden; height:1px\">{L}</div>",
        ],
    ),
    (
        "same-colour",
        false,
        &[
            "<div style=\"color:#fff;background:#fff\">{L}</div>",
            "<div style=\"background-color:#FFFFFF;color:white\">{L}</div>",
            "<div style=\"background:rgb(255,255,255);color:#ffffff\">{L}</div>",
        ],
    ),
    (
        "transparent",
        false,
        &[
            "<div style=\"color:transparent\">{L}</div>",
            "<div style=\"color: rgba(0,0,0,0)\">{L}</div>",
        ],
    ),
    (
        "marquee",
        true,
        &[
            "<marquee height=1 width=4 scrollamount=3000 scrolldelay=20000>{L}</marquee>",
            "<MARQUEE scrollAmount=10000 width=\"1\" height=\"5\">{L}</MARQUEE>",
            "<marquee height=\"0\">{L}</marquee>",
            "<marquee style=\"width:1px;height:1px\" scrollamount=\"9000\">{L}</marquee>",
        ],
    ),
    (
        "z-index",
        false,
        &[
            "<div style=\"position:absolute;z-index:-1\">{L}</div>",
            "<div style=\"position:absolute;top:0;left:0;z-index:-9999\">{L}</div>",
        ],
    ),
    (
        "clip",
        true,
        &[
            "<div style=\"position:absolute;clip:rect(0,0,0,0)\">{L}</div>",
            "<div style=\"position: absolute; clip: rect(1px 1px 1px 1px)\">{L}</div>",
        ],
    ),
    (
        "transform",
        false,
        &[
            "<div style=\"transform:scale(0)\">{L}</div>",
            "<div style=\"transform: translateX(-9999px)\">{L}</div>",
        ],
    ),
    ("hidden-attribute", false, &["<div hidden>{L}</div>", "<div hidden=\"hidden\">{L}</div>"]),
    (
        "class-rule",
        false,
        &[
            "<style>.{N}{display:none}</style>¦<div class=\"{N}\">{L}</div>",
            "<style type=\"text/css\">\n.nav{color:#333}\n.{N} { position:absolute; left:-9999px; }\n</style>¦<div class=\"con {N}\">{L}</div>",
            "<style>.a,.{N}{height:0;overflow:hidden}</style>¦<ul class={N}>{L}</ul>",
            "<style>div.{N}{text-indent:-9999px}</style>¦<div class='{N}'>{L}</div>",
        ],
    ),
    (
        "id-rule",
        false,
        &[
            "<style>#{N}{display:none}</style>¦<div id=\"{N}\">{L}</div>",
            "<style>\n#{N}{position:fixed;top:-3000px}\n</style>¦<div id='{N}'>{L}</div>",
        ],
    ),
    (
        "hidden-by-script",
        false,
        &[
            "<div id=\"{N}\">{L}</div><script>document.getElementById(\"{N}\").style.display=\"none\"</script>",
            "<div id={N}>{L}</div>\n<script language=\"javascript\">document.getElementById('{N}').style.display = 'none';</script>",
            "<div id=\"{N}\">{L}</div><script>var o=document.getElementById(\"{N}\");o.style.position=\"absolute\";o.style.left=\"-9999px\"</script>",
        ],
    ),
    (
        "box-opened-by-script",
        false,
        &[
            "<script>document.write('<div style=\"display:none\">');</script>{L}<script>document.write('</div>');</script>",
            "<script language=\"javascript\" type=\"text/javascript\">document.write(\"<div style='position:absolute;left:-3000px'>\")</script>{L}<script>document.write(\"</div>\")</script>",
            "<script>document.write(\"<marquee height=1 width=1 scrollamount=5000>\")</script>{L}<script>document.write(\"</marquee>\")</script>",
        ],
    ),
    (
        "entities-in-style",
        false,
        &[
            "<div style=\"&#100;&#105;splay:none\">{L}</div>",
            "<div style=\"position&#58;absolute;left&#58;-9999px\">{L}</div>",
        ],
    ),
    (
        "nested-marks",
        false,
        &[
            "<u style=\"display:none\">{L}</u>",
            "<noscript><div style=\"display:none\">{L}</div></noscript>",
            "<ins style=\"display:none\"><em>{L}</em></ins>",
            "<table style=\"display:none\"><tr><td>{L}</td></tr></table>",
        ],
    ),
    (
        "never-closed",
        true,
        &[
            "<div style=\"position:absolute;left:-9999px\"><p>{L}",
            "<div style=\"overflow:hidden;height:1px\">{L}",
        ],
    ),
];

pub(crate) fn cases(chance: &mut Chance) -> Vec<Case> {
    let mut cases = Vec::new();
    for (technique, bland, ways) in BOXES {
        for (number, way) in ways.iter().enumerate() {
            let plain = *bland && number % 3 == 1;
            cases.push(boxed(chance, technique, way, plain));
        }
    }
    cases.extend(outside(chance));
    cases.extend(encoded(chance));
    cases
}

const RULE: &[&str] = &["safety.hidden-link"];

fn spam(chance: &mut Chance, plain: bool) -> String {
    let words = match chance.below(6) {
        _ if plain => BLAND,
        0 => PORN,
        1 => LOTTERY,
        _ => GAMBLING,
    };
    let count = chance.between(2, 7);
    links(chance, words, count)
}

fn boxed(chance: &mut Chance, technique: &str, way: &str, plain: bool) -> Case {
    let name = format!("{}{}", chance.letters(4), chance.digits(2));
    let links = spam(chance, plain);
    let written = way.replace("{N}", &name).replace("{L}", &links);
    let (head, content) = written.split_once('¦').unwrap_or(("", &written));
    let mut parts = Parts { head: head.to_owned(), ..Parts::default() };
    let content = content.to_owned();
    // what is never closed swallows whatever follows
    match chance.below(3) {
        _ if technique == "never-closed" => parts.bottom = content,
        0 => parts.top = content,
        1 => parts.bottom = content,
        _ => parts.body = content,
    }
    Case::page(chance, "hidden", technique, RULE, parts)
}

/// Links that stand where nothing may stand.
fn outside(chance: &mut Chance) -> Vec<Case> {
    let mut cases = Vec::new();
    let either = &["safety.hidden-link", "safety.injected-content"];
    for number in 0..4 {
        let links = spam(chance, false);
        let links = if number % 2 == 0 {
            links
        } else {
            format!("<div style=\"display:none\">{links}</div>")
        };
        let after = Parts { last: links.clone(), ..Parts::default() };
        cases.push(Case::page(chance, "hidden", "after-html", either, after));
        let before = Parts { first: links, ..Parts::default() };
        cases.push(Case::page(chance, "hidden", "before-html", either, before));
    }
    cases
}

/// Links that only a script, or who decodes entities, sees.
fn encoded(chance: &mut Chance) -> Vec<Case> {
    let either = &["safety.hidden-link", "safety.malicious-script"];
    let mut cases = Vec::new();
    for number in 0..3 {
        let links = spam(chance, false);
        let block = format!("<div style=\"display:none\">{links}</div>");
        let script = match number {
            0 => format!("<script>document.write(unescape(\"{}\"));</script>", escaped(&block)),
            1 => format!(
                "<script>eval(unescape('{}'))</script>",
                escaped(&format!("document.write('{block}')").replace('\n', ""))
            ),
            _ => format!("<script>document.write(String.fromCharCode({}))</script>", codes(&block)),
        };
        let parts = Parts { bottom: script, ..Parts::default() };
        cases.push(Case::page(chance, "hidden", "written-encoded", either, parts));
    }
    for hexadecimal in [false, true] {
        let url = super::spam::url(chance);
        let word = chance.pick(GAMBLING);
        let link = format!(
            "<div style=\"display:none\"><a href=\"{}\">{}</a></div>",
            entities(&url, hexadecimal),
            entities(word, hexadecimal)
        );
        let parts = Parts { body: link, ..Parts::default() };
        cases.push(Case::page(chance, "hidden", "entities", RULE, parts));
    }
    cases
}
