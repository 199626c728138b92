//! Pages that hide links, and pages that look like it.

mod whole_pages;

use super::*;
use crate::page::{PageRead, read};
use xuncha_model::facts::page::Origin;

const HEAD: &str = "<!DOCTYPE html><html><head><title>澜川市人民政府</title></head><body>\
    <div class=\"nav\"><a href=\"/\">首页</a><a href=\"/zwgk/\">政务公开</a></div>";
const FOOT: &str = "<p>主办：澜川市人民政府办公室 <a href=\"https://beian.miit.gov.cn/\">豫ICP备05000000号</a></p></body></html>";
const SPAM: &str = "<a href=\"http://www.bet-88.example/\">时时彩平台</a><a href=\"http://ag.lucky-7.example/\">真人娱乐注册</a>";
const STRANGERS: &str = "<a href=\"http://a.one.example/x\">红色跑鞋</a> <a href=\"http://b.two.example/y\">蓝色跑鞋</a> <a href=\"http://c.three.example/z\">白色跑鞋</a>";
const FRIENDS: &str = "<a href=\"http://www.lanchuandaily.example/\">澜川日报</a><a href=\"http://www.lcr.example/\">澜川广播网</a><a href=\"http://www.lcbank.example/\">澜川银行</a>";
const GOVERNMENT: &str = "<a href=\"http://www.henan.gov.cn/\">省政府</a><a href=\"http://www.luyi.gov.cn/\">鹿邑县</a><a href=\"http://www.xihua.gov.cn/\">西华县</a>";
const OWN: &str = "<a href=\"/a.html\">通知</a><a href=\"https://czj.lanchuan.gov.cn/\">财政局</a><a href=\"b.html\">公告</a>";

fn whole(text: &str) -> PageRead {
    read(&Given {
        url: &"https://www.lanchuan.gov.cn/".parse().unwrap(),
        origin: Origin::Home,
        at: "2026-11-24T02:00:00Z".parse().unwrap(),
        status: 200,
        headers: &[],
        text,
        encoding: "UTF-8",
        declared_encoding: "",
    })
}

/// The techniques of what stands in the middle of a page.
fn told(middle: &str) -> Vec<String> {
    let links = whole(&format!("{HEAD}{middle}{FOOT}")).facts.content.hidden_links;
    links.into_iter().map(|link| link.technique).collect()
}

fn hit(technique: &str, middle: &str) {
    assert_eq!(told(middle), [technique], "{middle}");
}

fn miss(middle: &str) {
    assert_eq!(told(middle), [""; 0], "{middle}");
}

/// A box of this style around links.
fn boxed(style: &str, links: &str) -> String {
    format!("<div style=\"{style}\">{links}</div>")
}

#[test]
fn boxes_hidden_as_only_attackers_do_are_told() {
    for (technique, style) in [
        ("off-screen", "position:absolute;left:-9999px"),
        ("off-screen", "position: absolute; top: -52850px;"),
        ("off-screen", "position:absolute;left:300000px"),
        ("off-screen", "margin-left:-9999px"),
        ("text-indent", "text-indent:-9999px"),
        ("tiny", "height:1px;width:1px;overflow:hidden"),
        ("tiny", "width:0px;height:0px;overflow:hidden"),
        ("font-size", "font-size:0"),
        ("font-size", "font-size:1px;line-height:1px"),
        ("colour", "color:#ffffff;background:#fff"),
        ("transparent", "color:transparent"),
        ("clip", "position:absolute;clip:rect(0,0,0,0)"),
        ("off-screen", "position&#58;absolute;left&#x3a;-9999px"),
        ("off-screen", "pos/**/ition:x;position:abs\\6f lute;left:-9999px"),
    ] {
        for links in [SPAM, STRANGERS, FRIENDS] {
            hit(technique, &boxed(style, links));
        }
        // menus of the site's own, and boxes for screen readers
        miss(&boxed(style, OWN));
        miss(&boxed(style, &format!("{OWN}<a href=\"http://www.b.example/\">b</a>")));
        miss(&boxed(style, "<a href=\"http://s4.cnzz.com/\">站长统计</a>"));
        miss(&boxed(style, "<a href=\"http://www.b.example/\"><img src=\"a.png\"></a>"));
    }
    hit(
        "off-screen",
        &boxed("position:absolute;left:-9999px", GOVERNMENT.replace("县", "玩").as_str()),
    );
}

#[test]
fn boxes_hidden_as_menus_are_are_told_by_their_links() {
    for (technique, style) in [
        ("display", "display:none"),
        ("display", "DISPLAY : NONE !important"),
        ("visibility", "visibility:hidden"),
        ("opacity", "opacity:0"),
        ("opacity", "filter:alpha(opacity=0);"),
        ("collapsed", "height:0;overflow:hidden"),
        ("buried", "position:absolute;z-index:-1"),
        ("scaled", "transform:scale(0)"),
        ("off-screen", "position:absolute;left:-120px"),
    ] {
        hit(technique, &boxed(style, SPAM));
        hit(technique, &boxed(style, STRANGERS));
        miss(&boxed(style, GOVERNMENT));
        miss(&boxed(style, FRIENDS));
        miss(&boxed(style, OWN));
        miss(&boxed(style, &format!("{OWN}{STRANGERS}")));
        miss(&boxed(style, "<a href=\"http://www.vendor.example/\">技术支持</a>"));
        miss(&boxed(style, "<a href=\"http://www.daily.example/1\">澜川警方打击网络赌博</a>"));
        miss(&format!("<div class=\"tab-pane\" style=\"{style}\">{STRANGERS}</div>"));
        miss(&format!("<ul style=\"{style}\">{STRANGERS}</ul>"));
        miss(&format!("<li class=\"menu\">x<div style=\"{style}\">{STRANGERS}</div></li>"));
        miss(&format!(
            "<div class=\"t1\">x</div><div class=\"t1\" style=\"{style}\">{STRANGERS}</div>"
        ));
        hit(technique, &format!("<ul class=\"menu\" style=\"{style}\">{SPAM}</ul>"));
    }
    hit("display", &format!("<div hidden>{SPAM}</div>"));
    miss(&boxed("visibility:hidden;animation-name:none", STRANGERS));
}

#[test]
fn marquees_and_frames_that_nobody_sees_are_told() {
    for marquee in ["height=1 width=5", "scrollamount=\"30000\" height='20'", "style='height:1px'"]
    {
        hit("marquee", &format!("<marquee {marquee}>{STRANGERS}</marquee>"));
        miss(&format!("<marquee {marquee}>{OWN}</marquee>"));
    }
    miss(&format!("<marquee scrollamount=3 height=30>{STRANGERS}</marquee>"));
    for frame in [
        "width=0 height=0",
        "width='1' height=\"1\"",
        "style='display:none'",
        "style='width:0;height:0;border:0'",
    ] {
        hit("frame", &format!("<iframe src=\"http://x.evil.example/a\" {frame}></iframe>"));
        miss(&format!("<iframe src=\"/login\" {frame}></iframe>"));
        miss(&format!("<iframe src=\"https://hm.baidu.com/a\" {frame}></iframe>"));
        miss(&format!("<iframe src=\"https://sso.henan.gov.cn/a\" {frame}></iframe>"));
    }
    miss("<iframe src=\"http://x.video.example/a\" width=640 height=360></iframe>");
    miss("<iframe id=upload src=\"http://x.vendor.example/a\" style='display:none'></iframe>");
}

#[test]
fn links_that_hide_themselves_are_told() {
    let each = |style: &str| STRANGERS.replace("<a ", &format!("<a style=\"{style}\" "));
    hit("colour", &each("color:#fff;background-color:white"));
    hit("off-screen", &each("position:absolute;left:-5000px"));
    hit("display", &SPAM.replace("<a ", "<a style='display:none' "));
    hit(
        "colour",
        "<td bgcolor=#FFFFFF><a href=http://x.b.example><font color=ffffff>红色跑鞋</font></a></td>",
    );
    hit("font-size", "<a href=http://x.b.example><span style='font-size:1px'>红色跑鞋</span></a>");
    hit(
        "zero-width",
        "<a href=http://x.b.example>\u{200b}</a><a href=http://y.c.example>&#8203;</a>",
    );
    // advertising anchors, pictures in the place of words, what the editor left
    miss(&each("display:none!important"));
    miss(
        "<a href=http://x.b.example style='text-indent:-9999px;background:url(wb.png)'>官方微博</a>",
    );
    miss("<ul style='text-indent:-9999px'><li class=wb><a href=http://x.b.example>甲</a></ul>");
    miss("<a href=http://x.b.example><span style='display:none'>甲</span><img src=a.png></a>");
    miss("<a href=http://x.b.example>\u{200b}</a>");
    miss("<a href=http://x.b.example></a><a href=http://y.c.example> </a>");
    miss("<td bgcolor=#FFFFFF><a href=http://x.b.example><font color=red>红色跑鞋</font></a></td>");
    miss("<div style='font-size:0'><a style='font-size:14px' href=http://x.b.example>甲</a></div>");
    miss(
        "<td bgcolor=#fff><div class=dark><a href=http://x.b.example><font color=#fff>甲</font></a></div></td>",
    );
}

#[test]
fn scripts_that_hide_are_told() {
    let write = |html: &str| format!("<script>document.write('{html}');</script>");
    hit(
        "written",
        &format!("{}{STRANGERS}{}", write("<div style=\"display:none\">"), write("</div>")),
    );
    hit(
        "written",
        &format!(
            "{}{FRIENDS}{}",
            write("<div style=\"position:absolute;left:-999px\">"),
            write("</div>")
        ),
    );
    hit("comment", &format!("{}{STRANGERS}{}", write("<!--"), write("-->")));
    hit("display", &write(&boxed("display:none", SPAM)));
    hit(
        "script",
        &format!(
            "<div id=\"x1\">{STRANGERS}</div><script>document.getElementById('x1').style.display='none'</script>"
        ),
    );
    hit("script", &format!("<div id='x1'>{SPAM}</div><script>$('#x1').hide();</script>"));
    let coded: String =
        boxed("display:none", SPAM).bytes().map(|byte| format!("%{byte:02x}")).collect();
    hit(
        "display",
        &format!(
            "<script>eval(unescape('document.write%28%22{}%22%29'))</script>",
            coded.replace("%22", "%27")
        ),
    );
    let numbers: Vec<_> = STRANGERS.chars().map(|char| (char as u32).to_string()).collect();
    hit(
        "encoded",
        &format!("<script>document.write(String.fromCharCode({}))</script>", numbers.join(",")),
    );
    let written = "document.write(\"<style>#x1{display:none}</style>\")";
    hit("display", &format!("<div id=x1>{STRANGERS}</div><script>{written}</script>"));
    // counters, floating windows, tabs
    miss(&format!(
        "{}<script src=\"http://s4.cnzz.com/z.js\"></script>{}",
        write("<span style=\"display:none\">"),
        write("</span>")
    ));
    miss(&format!("{}{OWN}{}", write("<div style=\"display:none\">"), write("</div>")));
    miss(&format!(
        "<div id=ad>{STRANGERS}</div><script>function close_ad(){{document.getElementById('ad').style.display='none'}}</script>"
    ));
    miss(&format!(
        "<a onclick=\"show('t2')\">媒体</a><div id=\"t2\">{STRANGERS}</div><script>document.getElementById('t2').style.display='none'</script>"
    ));
    miss(
        "<script>document.write(unescape(\"%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript src='https://dcs.conac.cn/js/1.js'%3E%3C/script%3E\"))</script>",
    );
    let choice = "<script>if(a){document.write('<div style=\"display:none\">')}else{document.write('<div>')}</script>";
    miss(&format!("{choice}{FRIENDS}</div>"));
    miss(&format!("{}{STRANGERS}", write("<!--[if lt IE 9]><p>请升级浏览器</p><![endif]-->")));
}
