//! Mark-up that hides for good reasons, and scripts that only look evil.

use super::{
    super::{
        chance::Chance,
        skeleton::{Parts, body},
        spam::{codes, escaped},
        words::{headline, prose},
    },
    Kind,
};

pub(super) const KINDS: &[Kind] = &[
    ("tabs", tabs),
    ("menus", menus),
    ("carousel", carousel),
    ("skip-links", skip_links),
    ("screen-readers", screen_readers),
    ("print-styles", print_styles),
    ("share-widgets", share_widgets),
    ("statistics", statistics),
    ("packed-scripts", packed_scripts),
    ("mobile-redirect", mobile_redirect),
    ("home-page-scripts", home_page_scripts),
    ("frames", frames),
    ("pop-ups", pop_ups),
    ("icons", icons),
    ("floating-notices", floating_notices),
    ("footer-script", footer_script),
    ("search-forms", search_forms),
    ("media", media),
];

/// Links to well-known hosts that are not the government's.
const OUTSIDE: &[&str] = &[
    "<a href=\"https://weibo.com/u/2286908003\" target=\"_blank\">官方微博</a>",
    "<a href=\"http://www.people.com.cn/\">人民网</a>",
    "<a href=\"http://www.xinhuanet.com/\">新华网</a>",
    "<a href=\"https://www.cctv.com/\">央视网</a>",
    "<a href=\"http://www.dahe.cn/\">大河网</a>",
    "<a href=\"https://www.sohu.com/\">搜狐</a>",
    "<a href=\"https://www.ccb.com/\">中国建设银行</a>",
    "<a href=\"http://www.lcnews.example/\">澜川新闻网</a>",
    "<a href=\"https://www.lcwater.example/\">澜川市自来水公司</a>",
    "<a href=\"https://mp.weixin.qq.com/s/Abc123\">微信公众号</a>",
];

fn inside(chance: &mut Chance, count: usize) -> String {
    let item = |chance: &mut Chance| {
        format!(
            "<li><a href=\"/zwgk/202611/t{}.html\">{}</a><span>11-{:02}</span></li>",
            chance.digits(8),
            headline(chance),
            chance.between(1, 28)
        )
    };
    (0..count).map(|_| item(chance)).collect()
}

fn outside(chance: &mut Chance) -> String {
    let count = chance.between(2, 6);
    chance.some(OUTSIDE, count).concat()
}

fn tabs(chance: &mut Chance) -> Parts {
    let (first, second, third) = (inside(chance, 5), inside(chance, 4), outside(chance));
    let hide = chance.pick(&[
        "style=\"display:none\"",
        "style='display: none;'",
        "class=\"undis\"",
        "hidden",
    ]);
    let script = "<script>function setTab(m,n){var t=document.getElementById(\"tab\"+m).getElementsByTagName(\"li\");for(var i=0;i<t.length;i++){document.getElementById(\"con\"+i).style.display=i==n?\"block\":\"none\"}}</script>";
    let tabs = format!(
        "<ul id=\"tab1\"><li onmouseover=\"setTab(1,0)\">市政府网站</li><li onmouseover=\"setTab(1,1)\">县区网站</li><li onmouseover=\"setTab(1,2)\">新闻媒体</li></ul>\n<div id=\"con0\"><ul>{first}</ul></div>\n<div id=\"con1\" {hide}><ul>{second}</ul></div>\n<div id=\"con2\" {hide}>{third}</div>\n{script}"
    );
    Parts { head: "<style>.undis{display:none}</style>".to_owned(), ..body(tabs) }
}

fn menus(chance: &mut Chance) -> Parts {
    let rows: Vec<String> = (0..4).map(|_| inside(chance, 3)).collect();
    let style = chance.pick(&[
        "<style>.nav li ul{display:none;position:absolute}.nav li:hover ul{display:block}</style>",
        "<style>.nav li ul{visibility:hidden;opacity:0;transition:.3s}.nav li:hover ul{visibility:visible;opacity:1}</style>",
        "<style>.nav li ul{position:absolute;left:-9999px}.nav li:hover ul{left:0}</style>",
        "<style>.nav ul{max-height:0;overflow:hidden}.nav li:hover ul{max-height:400px}</style>",
    ]);
    let outside = outside(chance);
    let menu = format!(
        "<ul class=\"nav\"><li>要闻<ul>{}</ul></li><li>公开<ul>{}</ul></li><li>服务<ul>{}</ul></li><li>链接<ul class=\"sub\" style=\"display:none\">{outside}</ul></li></ul>{}",
        rows[0],
        rows[1],
        rows[2],
        prose(chance, 1)
    );
    Parts { head: style.to_owned(), ..body(menu) }
}

fn carousel(chance: &mut Chance) -> Parts {
    let width = chance.pick(&["560", "1200", "750", "1920"]);
    let slide = |chance: &mut Chance, number: usize| {
        let (title, hide) = (headline(chance), if number == 0 { "" } else { "display:none;" });
        format!(
            "<li style=\"{hide}position:absolute;left:{}px\"><a href=\"/xw/{}.html\"><img src=\"/images/{}.jpg\" alt=\"{title}\"></a></li>",
            if number == 2 { format!("-{width}") } else { "0".to_owned() },
            chance.digits(6),
            chance.digits(4)
        )
    };
    let slides: String = (0..4).map(|number| slide(chance, number)).collect();
    let foreign = "<li style=\"display:none\"><a href=\"https://www.ccb.com/\"><img src=\"/images/ad.jpg\" alt=\"便民服务\"></a></li>";
    body(format!(
        "<div class=\"focus\" style=\"width:{width}px;height:340px;overflow:hidden;position:relative\"><ul style=\"position:absolute;left:-{width}px;width:9999px\">{slides}{foreign}</ul></div>"
    ))
}

fn skip_links(chance: &mut Chance) -> Parts {
    let top = chance.pick(&[
        "<a href=\"#main\" style=\"position:absolute;left:-9999px\">跳到主要内容</a>",
        "<a class=\"skip\" href=\"#content\">跳过导航</a>",
        "<div style=\"position:absolute;top:-1000px\"><a href=\"#main\" accesskey=\"1\">主要内容区</a><a href=\"/map/\">网站地图</a></div>",
        "<a id=\"toolbar\" style=\"height:1px;width:1px;overflow:hidden;position:absolute\" href=\"javascript:void(0)\" onclick=\"aria.start()\">无障碍浏览</a>",
    ]);
    let head = "<style>.skip{position:absolute;left:-10000px;width:1px;height:1px;overflow:hidden}.skip:focus{left:0}</style>";
    Parts { head: head.to_owned(), top: top.to_owned(), ..body(prose(chance, 3)) }
}

fn screen_readers(chance: &mut Chance) -> Parts {
    let number = chance.digits(3);
    let top = match chance.below(3) {
        0 => format!("<div id=\"ariaTipText\" style=\"opacity:0;text-indent:-9999px;position:absolute;width:1px;height:1px\"><a href=\"javascript:void(0)\" id=\"a{number}\">进入无障碍阅读，请按Ctrl+1</a></div>"),
        1 => format!("<span class=\"sr-only\">当前位置第{number}页</span><a class=\"sr-only\" href=\"/wza/{number}.html\">关怀版</a>"),
        _ => "<div style=\"opacity:0; text-indent:-9999px\"><a href=\"https://gov.wzaservice.example/v2/\">网站无障碍辅助工具</a></div>".to_owned(),
    };
    let head = "<style>.sr-only{position:absolute;width:1px;height:1px;margin:-1px;padding:0;overflow:hidden;clip:rect(0,0,0,0);border:0}</style>";
    Parts { head: head.to_owned(), top, ..body(prose(chance, 2)) }
}

fn print_styles(chance: &mut Chance) -> Parts {
    let head = chance.pick(&[
        "<style media=\"print\">.links,.noprint{display:none}</style>",
        "<style>@media print{header,nav,footer,.links,.noprint{display:none!important}}</style>",
        "<style>@media screen and (max-width:768px){.links,.noprint{display:none}}</style>",
        "<style>@media (max-width: 600px) { .noprint { position:absolute; left:-9999px } }</style>",
    ]);
    let outside = outside(chance);
    Parts {
        head: head.to_owned(),
        ..body(format!("<div class=\"noprint\">{outside}</div>{}", prose(chance, 2)))
    }
}

fn share_widgets(chance: &mut Chance) -> Parts {
    let widget = match chance.below(4) {
        0 => "<div class=\"bdsharebuttonbox\" style=\"display:none\"><a href=\"#\" class=\"bds_more\" data-cmd=\"more\"></a><a href=\"#\" class=\"bds_tsina\" data-cmd=\"tsina\"></a></div><script>window._bd_share_config={\"common\":{\"bdSnsKey\":{}}};with(document)0[(getElementsByTagName('head')[0]||body).appendChild(createElement('script')).src='http://bdimg.share.baidu.com/static/api/js/share.js?v=89860593.js?cdnversion='+~(-new Date()/36e5)];</script>".to_owned(),
        1 => "<div class=\"share\"><div class=\"ewm\" style=\"display:none\"><img src=\"/qr.png\" alt=\"二维码\"><a href=\"http://service.weibo.com/share/share.php?url=http://www.lanchuan.gov.cn\">分享到微博</a></div></div>".to_owned(),
        2 => "<!-- JiaThis Button BEGIN --><div class=\"jiathis_style\"><a class=\"jiathis_button_qzone\"></a><a href=\"http://www.jiathis.com/share\" class=\"jiathis jiathis_txt\" target=\"_blank\" style=\"display:none\"></a></div><script src=\"http://v3.jiathis.com/code/jia.js\" charset=\"utf-8\"></script>".to_owned(),
        _ => format!("<div id=\"share-2\" data-sites=\"weibo,qq,wechat\" style=\"visibility:hidden\"></div><script>$('#share-2').share({{url:'/a/{}.html'}})</script>", chance.digits(6)),
    };
    body(prose(chance, 2) + &widget)
}

fn statistics(chance: &mut Chance) -> Parts {
    let number = chance.digits(8);
    let bottom = match chance.below(6) {
        0 => format!(
            "<div style=\"display:none\"><script src=\"https://s4.cnzz.com/z_stat.php?id={number}&web_id={number}\"></script></div>"
        ),
        1 => format!(
            "<script type=\"text/javascript\">var cnzz_protocol=((\"https:\"==document.location.protocol)?\"https://\":\"http://\");document.write(unescape(\"%3Cspan id='cnzz_stat_icon_{number}'%3E%3C/span%3E%3Cscript src='\"+cnzz_protocol+\"s4.cnzz.com/stat.php%3Fid%3D{number}' type='text/javascript'%3E%3C/script%3E\"));</script>"
        ),
        2 => format!(
            "<script>var _hmt=_hmt||[];(function(){{var hm=document.createElement(\"script\");hm.src=\"https://hm.baidu.com/hm.js?{number}\";var s=document.getElementsByTagName(\"script\")[0];s.parentNode.insertBefore(hm,s);}})();</script>"
        ),
        3 => format!(
            "<div style=\"display:none\"><a href=\"https://www.cnzz.com/stat/website.php?web_id={number}\" target=\"_blank\" title=\"站长统计\">站长统计</a></div>"
        ),
        4 => format!(
            "<div style=\"width:0;height:0;overflow:hidden\"><a href=\"http://www.51.la/?{number}\" target=\"_blank\"><img src=\"//img.users.51.la/{number}.asp\" style=\"border:none\" alt=\"网站统计\"></a></div>"
        ),
        _ => format!(
            "<script>document.write(unescape(\"%3Cscript src='https://zz.bdstatic.com/linksubmit/push.js' type='text/javascript'%3E%3C/script%3E\"));</script><noscript><img height=\"1\" width=\"1\" style=\"display:none\" src=\"https://hm.baidu.com/hm.gif?si={number}\"></noscript>"
        ),
    };
    Parts { bottom, ..body(prose(chance, 2)) }
}

fn packed_scripts(chance: &mut Chance) -> Parts {
    let name = chance.letters(5);
    let script = match chance.below(5) {
        0 => format!(
            "eval(function(p,a,c,k,e,d){{e=function(c){{return(c<a?\"\":e(parseInt(c/a)))+((c=c%a)>35?String.fromCharCode(c+29):c.toString(36))}};while(c--)if(k[c])p=p.replace(new RegExp('\\\\b'+e(c)+'\\\\b','g'),k[c]);return p}}('(7($){{$.{name}=7(a){{4 a.6()}}}})(5)',8,8,'||||return|jQuery|hide|function'.split('|'),0,{{}}))"
        ),
        1 => format!(
            "!function(e,t){{\"object\"==typeof exports&&\"undefined\"!=typeof module?module.exports=t():e.{name}=t()}}(this,function(){{var e=\"\\u8bf7\\u8f93\\u5165\\u5173\\u952e\\u5b57\";return{{tip:e,code:String.fromCharCode(65+{})}}}});",
            chance.below(26)
        ),
        2 => format!(
            "var {name}=\"{}\";document.getElementById(\"mail\").innerHTML=String.fromCharCode({});",
            chance.digits(4),
            codes("web@lanchuan.gov.cn")
        ),
        3 => format!(
            "function {name}(s){{return unescape(s)}};document.write({name}(\"{}\"));",
            escaped("<span>版权所有：澜川市人民政府</span>")
        ),
        _ => format!(
            "var Base64={{_keyStr:\"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\",decode:function(input){{return atob(input)}}}};var {name}=\"\\x68\\x65\\x6c\\x6c\\x6f\";"
        ),
    };
    Parts {
        head: format!("<script type=\"text/javascript\">{script}</script>"),
        ..body(prose(chance, 2))
    }
}

fn mobile_redirect(chance: &mut Chance) -> Parts {
    let head = chance.pick(&[
        "<script>if(/AppleWebKit.*Mobile/i.test(navigator.userAgent)||(/MIDP|SymbianOS|NOKIA|SAMSUNG/.test(navigator.userAgent))){if(window.location.href.indexOf(\"?mobile\")<0){window.location.href=\"/m/\";}}</script>",
        "<script>if(navigator.userAgent.match(/(iPhone|iPod|Android|ios|iPad)/i)){location.replace(\"https://m.lanchuan.gov.cn/\")}</script>",
        "<script>var ua=navigator.userAgent.toLowerCase();if(ua.match(/MicroMessenger/i)==\"micromessenger\"){document.documentElement.className+=\" weixin\"}</script>",
        "<script src=\"http://siteapp.baidu.com/static/webappservice/uaredirect.js\"></script><script>uaredirect(\"http://m.lanchuan.gov.cn\",\"http://www.lanchuan.gov.cn\");</script>",
        "<meta http-equiv=\"refresh\" content=\"300\">",
        "<script>var ref=document.referrer;if(ref.indexOf('/zwgk/')>0){document.cookie='from=zwgk'}</script>",
        "<script>if(document.referrer.indexOf('baidu.com')>0){var _from='baidu';_hmt.push(['_trackEvent','from',_from])}</script>",
    ]);
    Parts { head: head.to_owned(), ..body(prose(chance, 3)) }
}

fn home_page_scripts(chance: &mut Chance) -> Parts {
    let top = chance.pick(&[
        "<a href=\"javascript:void(0)\" onclick=\"setHomePage(this)\">设为首页</a><script>function setHomePage(o){try{o.style.behavior='url(#default#homepage)';o.setHomePage('http://www.lanchuan.gov.cn/')}catch(e){if(window.netscape){alert('请手动设置')}else if(navigator.userAgent.indexOf('Firefox')>0){alert('浏览器不支持')}}}</script>",
        "<a onclick=\"window.external.AddFavorite(location.href,document.title)\">加入收藏</a><script>if(top!=self){top.location=self.location}</script>",
        "<!--[if lt IE 9]><script src=\"https://cdn.bootcss.com/html5shiv/3.7.3/html5shiv.min.js\"></script><p>您的浏览器版本过低，请<a href=\"https://browsehappy.com/\">升级</a></p><![endif]-->",
        "<!-- <a href=\"http://www.lcold.example/\">旧版网站</a> <div style=\"display:none\"><a href=\"http://test.example/\">测试</a></div> -->",
    ]);
    Parts { top: top.to_owned(), ..body(prose(chance, 2)) }
}

fn frames(chance: &mut Chance) -> Parts {
    let frame = chance.pick(&[
        "<iframe src=\"https://i.tianqi.com/index.php?c=code&id=12\" width=\"225\" height=\"60\" frameborder=\"0\" scrolling=\"no\"></iframe>",
        "<iframe src=\"/include/counter.html\" width=\"0\" height=\"0\"></iframe>",
        "<iframe name=\"hiddenFrame\" style=\"display:none\"></iframe><form target=\"hiddenFrame\" action=\"/vote\" method=\"post\"><button>投票</button></form>",
        "<iframe src=\"about:blank\" width=0 height=0 id=\"download\"></iframe>",
        "<iframe src=\"https://zwfw.henan.gov.cn/sso/check\" style=\"display:none\"></iframe>",
        "<iframe src=\"https://player.youku.com/embed/XMTI0\" width=\"510\" height=\"498\"></iframe>",
        "<iframe src=\"javascript:false\" style=\"width:1px;height:1px\"></iframe>",
        "<iframe src=\"https://map.baidu.com/poi\" width=\"100%\" height=\"400\"></iframe>",
    ]);
    body(prose(chance, 1) + frame)
}

fn pop_ups(chance: &mut Chance) -> Parts {
    let (list, outside) = (inside(chance, 3), outside(chance));
    let title = headline(chance);
    let hide = chance.pick(&[
        "display:none",
        "visibility:hidden",
        "opacity:0;pointer-events:none",
        "transform:scale(0)",
    ]);
    body(format!(
        "{}<div class=\"mask\" style=\"{hide}\"><div class=\"dialog\"><h3>{title}</h3><ul>{list}</ul><p>相关链接：{outside}</p><button>关闭</button></div></div>",
        prose(chance, 1)
    ))
}

fn icons(chance: &mut Chance) -> Parts {
    let head = chance.pick(&[
        "<style>.logo{text-indent:-9999px;background:url(/images/logo.png) no-repeat;width:300px;height:80px}.wb{text-indent:-999em;overflow:hidden;background:url(/images/wb.png);width:32px;height:32px}</style>",
        "<style>.logo a,.wb{font-size:0;background:url(/i.png)}</style>",
    ]);
    let number = chance.digits(6);
    body_with(
        head,
        format!(
            "<h1 class=\"logo\"><a href=\"/\">澜川市人民政府</a></h1><a class=\"wb\" href=\"https://weibo.com/lc{number}\" title=\"官方微博\">官方微博</a>{}",
            prose(chance, 1)
        ),
    )
}

fn body_with(head: &str, content: String) -> Parts {
    Parts { head: head.to_owned(), ..body(content) }
}

fn floating_notices(chance: &mut Chance) -> Parts {
    let (title, list) = (headline(chance), inside(chance, 4));
    let way = chance.pick(&[
        "<div id=\"img1\" style=\"z-index:100;left:2px;width:300px;position:absolute;top:43px;visibility:visible\">{X}</div>",
        "<marquee direction=\"up\" scrollamount=\"2\" height=\"180\" onmouseover=\"this.stop()\">{X}</marquee>",
        "<marquee scrollamount=3 width=\"100%\">{X}</marquee>",
        "<div id=\"duilian\" style=\"position:absolute;top:120px;left:-150px\">{X}</div>",
        "<div style=\"position:relative;z-index:-1\">{X}</div>",
    ]);
    body(way.replace("{X}", &format!("<a href=\"/zt/\">{title}</a><ul>{list}</ul>")))
}

fn footer_script(chance: &mut Chance) -> Parts {
    let footer = format!(
        "<div class=\"foot\">主办单位：澜川市财政局　网站标识码：419900{}<a href=\"https://beian.miit.gov.cn/\">豫ICP备99{}号</a></div>",
        chance.digits(4),
        chance.digits(6)
    );
    let bottom = match chance.below(3) {
        0 => format!("<script>document.write(unescape(\"{}\"))</script>", escaped(&footer)),
        1 => format!("<script>document.write('{footer}')</script>"),
        _ => "<script>document.write(unescape(\"%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript src='https://dcs.conac.cn/js/17/259/0000/60426663/CA172590000604266630002.js' type='text/javascript'%3E%3C/script%3E\"));</script>".to_owned(),
    };
    Parts { bottom, ..body(prose(chance, 2)) }
}

fn search_forms(chance: &mut Chance) -> Parts {
    let form = chance.pick(&[
        "<form action=\"http://so.lanchuan.gov.cn/s\" target=\"_blank\"><input type=\"hidden\" name=\"siteCode\" value=\"4199000001\"><input name=\"q\"></form>",
        "<form action=\"https://www.baidu.com/baidu\" target=\"_blank\"><input type=\"hidden\" name=\"tn\" value=\"bds\"><input name=\"word\"></form>",
        "<textarea style=\"display:none\" id=\"tpl\"><li><a href=\"{{url}}\">{{title}}</a></li></textarea>",
        "<script type=\"text/html\" id=\"list\"><div style=\"display:none\"><a href=\"{{item.url}}\">{{item.name}}</a></div></script>",
        "<template><div class=\"row\"><a href=\"https://www.people.com.cn/\">人民网</a></div></template>",
        "<select onchange=\"window.open(this.value)\"><option>--新闻媒体--</option><option value=\"http://www.people.com.cn\">人民网</option><option value=\"http://www.xinhuanet.com\">新华网</option></select>",
    ]);
    body(prose(chance, 1) + form)
}

fn media(chance: &mut Chance) -> Parts {
    let number = chance.digits(6);
    let media = chance.pick(&[
        "<video controls style=\"display:none\" poster=\"/p.jpg\"><source src=\"/v/{N}.mp4\"></video>",
        "<object classid=\"clsid:D27CDB6E-AE6D-11cf-96B8-444553540000\" width=\"0\" height=\"0\"><param name=\"movie\" value=\"/f/{N}.swf\"></object>",
        "<img src=\"/c/{N}.gif\" width=1 height=1 alt=\"\" style=\"display:none\">",
        "<div class=\"lazy\" style=\"opacity:0\"><img data-src=\"/i/{N}.jpg\" alt=\"现场\"></div>",
        "<p style=\"display:none\">编辑：{N}</p><a href=\"http://ad.example/\" style=\"display:none!important\"></a>",
    ]);
    body(prose(chance, 2) + &media.replace("{N}", &number))
}
