//! The files of a site whose administrator left things lying about, and what a scan says of them.

use std::{fs, path::Path};

use xuncha_model::scan::Report;

const PAGE: &str = "<!DOCTYPE html><html lang=zh><head><meta charset=utf-8><title>云溪市财政局</title>\
<link rel=stylesheet href=style/site.css></head><body><img src=images/emblem.png alt=徽>正文</body></html>";

/// Puts pages, folders, and what must not be there into `www` below `root`.
pub(crate) fn put(root: &Path) {
    let www = root.join("www");
    for folder in ["style", "images", ".git"] {
        fs::create_dir_all(www.join(folder)).unwrap();
    }
    fs::write(www.join("index.html"), PAGE).unwrap();
    fs::write(www.join("missing.html"), "<title>出错了</title>请从首页进入").unwrap();
    fs::write(www.join("style/site.css"), "body {}").unwrap();
    fs::write(www.join("images/emblem.png"), [0x89, b'P', b'N', b'G']).unwrap();
    fs::write(www.join(".git/HEAD"), "ref: refs/heads/master\n").unwrap();
    fs::write(www.join("www.zip"), [b"PK\x03\x04".as_slice(), &[0; 4000]].concat()).unwrap();
}

/// The findings of a server's settings, `rule target`, sorted; what rests on names and on the versions of the day is
/// left out.
pub(crate) fn found(report: &Report) -> Vec<String> {
    // what the page itself says is not the server's
    let families =
        ["domain.", "dns.", "identity.", "tags.", "software.end-of-life", "software.outdated"];
    let findings = report.sites[0].findings.iter();
    let settings =
        findings.filter(|one| !families.iter().any(|family| one.rule.starts_with(family)));
    let mut told: Vec<_> = settings.map(|one| format!("{} {}", one.rule, one.target)).collect();
    told.sort_unstable();
    told
}
