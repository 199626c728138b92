//! What a version is worth, by who mends it.

use super::*;

#[test]
fn server_banners_are_judged_by_who_mends_them() {
    use Eol::{No, Uncertain, Unknown, Yes};
    for (banner, product, eol, date, distribution, outdated) in [
        // the tag dates the system
        ("Apache/2.4.6 (CentOS)", "apache", Yes, "2024-06-30", "CentOS 7", false),
        ("Apache/2.2.15 (CentOS)", "apache", Yes, "2020-11-30", "CentOS 6", false),
        ("Apache/2.4.37 (centos)", "apache", Yes, "2024-05-31", "CentOS Stream 8", false),
        ("Apache/2.4.41 (Ubuntu)", "apache", Yes, "2025-05-31", "Ubuntu 20.04", false),
        // and what is still mended is not accused, old as its number may be
        (
            "Apache/2.4.37 (Red Hat Enterprise Linux)",
            "apache",
            No,
            "",
            "Red Hat Enterprise Linux 8",
            false,
        ),
        ("Apache/2.4.52 (Ubuntu)", "apache", No, "", "Ubuntu 22.04", false),
        ("Apache/2.4.62 (Debian)", "apache", No, "", "Debian 12", false),
        ("Apache/2.4.62 (CentOS Stream)", "apache", No, "", "CentOS Stream 9", false),
        // one banner, two releases, one of them alive
        ("nginx/1.18.0 (Ubuntu)", "nginx", Uncertain, "2021-04-20", "Ubuntu 22.04", false),
        // builds of distributions that the list does not know
        ("nginx/1.16.1 (openEuler)", "nginx", Uncertain, "2020-04-20", "openEuler", false),
        ("Apache/2.4.43 (Kylin)", "apache", No, "", "Kylin", false),
        // untagged, and still the number of a distribution
        ("nginx/1.20.1", "nginx", Uncertain, "2022-05-24", "", false),
        ("nginx/1.22.1", "nginx", Uncertain, "2023-04-11", "", false),
        ("nginx/1.14.2", "nginx", Yes, "2024-06-30", "Debian 10", false),
        ("nginx/1.18.0", "nginx", Yes, "2026-08-31", "Debian 11", false),
        ("Apache/2.4.6", "apache", No, "", "", false),
        // upstream's own
        ("nginx/1.16.0", "nginx", Yes, "2020-04-20", "", false),
        ("nginx/1.30.0", "nginx", No, "", "", true),
        ("nginx/1.30.4", "nginx", No, "", "", false),
        ("nginx/1.30", "nginx", No, "", "", false),
        ("Apache/2.4.39 (Win64) OpenSSL/1.1.1b", "apache", No, "", "", true),
        ("Apache/2.4.41 (Unix)", "apache", No, "", "", true),
        ("Apache/2.2.15 (Unix)", "apache", Yes, "2017-07-11", "", false),
        ("Apache/2.4.99 (Win64)", "apache", No, "", "", false),
        ("Tengine/2.3.3", "tengine", Uncertain, "2023-02-08", "", false),
        // the longest cycle on whole parts: 1.1 is not 1.18
        ("nginx/1.1.19", "nginx", Unknown, "", "", false),
        // Windows
        ("Microsoft-IIS/6.0", "iis", Yes, "2015-07-14", "Windows Server 2003", false),
        ("Microsoft-IIS/7.5", "iis", Yes, "2020-01-14", "Windows Server 2008 R2", false),
        ("Microsoft-IIS/8.5", "iis", Yes, "2023-10-10", "Windows Server 2012 R2", false),
        ("Microsoft-IIS/10.0", "iis", Unknown, "", "", false),
        ("Microsoft-HTTPAPI/2.0", "httpapi", Unknown, "", "", false),
        // known to be old, not which version
        ("Apache-Coyote/1.1", "coyote", Unknown, "", "", false),
        // suffixes
        ("Jetty(9.4.31.v20200723)", "jetty", Yes, "2025-08-14", "", false),
        ("Jetty(12.0.38)", "jetty", No, "", "", false),
        ("Jetty(6.1.26)", "jetty-mortbay", Yes, "2010-12-31", "", false),
        (
            "WebLogic Server 10.3.6.0 Tue Nov 15 08:52:36 PST 2011",
            "weblogic",
            Yes,
            "2021-12-31",
            "",
            false,
        ),
        // what rests on hearsay is to be confirmed
        ("Resin/3.1.15", "resin", Uncertain, "", "", false),
        ("TongWeb Server/7.0.4.2", "tongweb", Unknown, "", "", false),
        ("nginx", "nginx", Unknown, "", "", false),
    ] {
        let seen = see(&[&format!("Server: {banner}")], "");
        let found = of(&seen, product);
        assert_eq!(verdict(found), (eol, date.to_owned(), distribution, outdated), "{banner}");
        assert_eq!(found.evidence, format!("Server: {banner}"));
        assert_eq!((found.place.as_str(), found.url.as_str()), ("header", HOME));
        assert!(!found.front_end, "{banner}");
        let basis = match eol {
            Unknown => "",
            Yes if !distribution.is_empty() => "distribution",
            _ => "upstream",
        };
        assert_eq!(found.basis, basis, "{banner}");
        assert_eq!(found.source.is_empty(), basis.is_empty(), "{banner}");
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn the_parts_of_a_banner_are_judged_by_its_tag() {
    use Eol::{No, Uncertain, Yes};
    for (lines, product, version, eol, date, distribution) in [
        (
            &["Server: Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips PHP/5.4.16"][..],
            "openssl",
            "1.0.2k",
            Yes,
            "2024-06-30",
            "CentOS 7",
        ),
        (
            &["Server: Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips PHP/5.4.16"],
            "php",
            "5.4.16",
            Yes,
            "2024-06-30",
            "CentOS 7",
        ),
        // Apache says CentOS 7: this PHP is somebody else's
        (&["Server: Apache/2.4.6 (CentOS) PHP/7.4.33"], "php", "7.4.33", Yes, "2022-11-28", ""),
        (&["Server: Apache/2.4.6 (CentOS) PHP/8.4.24"], "php", "8.4.24", No, "2028-12-31", ""),
        // OpenSSL 3.0 is over upstream, and mended by distributions
        (
            &["Server: Apache/2.4.57 (Red Hat Enterprise Linux) OpenSSL/3.0.7"],
            "openssl",
            "3.0.7",
            Uncertain,
            "2026-09-07",
            "Red Hat Enterprise Linux 9",
        ),
        (
            &["Server: Apache/2.4.58 (Win64) OpenSSL/3.0.7"],
            "openssl",
            "3.0.7",
            Yes,
            "2026-09-07",
            "",
        ),
        (
            &["Server: Apache/2.4.52 (Ubuntu) OpenSSL/1.1.1n"],
            "openssl",
            "1.1.1n",
            Uncertain,
            "2023-09-11",
            "Ubuntu",
        ),
        (&["X-Powered-By: PHP/5.4.16"], "php", "5.4.16", Yes, "2024-06-30", "CentOS 7"),
        (&["X-Powered-By: PHP/7.4.33"], "php", "7.4.33", Uncertain, "2022-11-28", ""),
        (&["X-Powered-By: PHP/7.4.30"], "php", "7.4.30", Yes, "2022-11-28", ""),
        (&["X-Powered-By: PHP/8.0.30"], "php", "8.0.30", Uncertain, "2023-11-26", ""),
        (
            &["X-Powered-By: PHP/7.2.24-0ubuntu0.18.04.1"],
            "php",
            "7.2.24",
            Yes,
            "2023-05-31",
            "Ubuntu 18.04",
        ),
        (&["X-Powered-By: PHP/7.3.31-1~deb10u1"], "php", "7.3.31", Yes, "2024-06-30", "Debian 10"),
        // nobody back-ports on Windows
        (
            &["Server: Microsoft-IIS/8.5", "X-Powered-By: PHP/5.4.16"],
            "php",
            "5.4.16",
            Yes,
            "2015-09-14",
            "",
        ),
        (
            &["Server: Apache/2.4.39 (Win64)", "X-Powered-By: PHP/7.4.33"],
            "php",
            "7.4.33",
            Yes,
            "2022-11-28",
            "",
        ),
    ] {
        let seen = see(lines, "");
        let found = of(&seen, product);
        assert_eq!(found.version, version);
        let (found_eol, found_date, found_distribution, _) = verdict(found);
        assert_eq!((found_eol, found_date.as_str()), (eol, date), "{lines:?} {product}");
        assert_eq!(found_distribution, distribution, "{lines:?} {product}");
    }
    let seen = see(&["X-Powered-By: PHP/7.2.24-0ubuntu0.18.04.1"], "");
    assert_eq!(of(&seen, "php").paid_until, Some(day("2028-04-01")), "told beside the verdict");
    let seen = see(&["Server: Microsoft-IIS/8.5"], "");
    assert_eq!(of(&seen, "iis").paid_until, None, "the ESU of Windows Server 2012 is over");
}

#[test]
fn a_panel_that_installs_upstream_is_no_distribution() {
    // 没有找到站点
    let page = "<title>\u{6ca1}\u{6709}\u{627e}\u{5230}\u{7ad9}\u{70b9}</title>";
    assert_eq!(of(&see(&["Server: nginx/1.20.1"], ""), "nginx").eol, Eol::Uncertain);
    assert_eq!(of(&see(&["Server: nginx/1.20.1"], page), "nginx").eol, Eol::Yes);
    let seen = see(&["Server: nginx/1.20.1"], "<title>phpStudy 2014</title>");
    assert_eq!(of(&seen, "nginx").eol, Eol::Yes);
}

#[test]
fn versions_that_say_less_than_they_seem() {
    let seen = see(&["X-AspNet-Version: 4.0.30319", "X-AspNetMvc-Version: 5.2"], "");
    let clr = of(&seen, "aspnet");
    assert_eq!((clr.eol, clr.exact, clr.version.as_str()), (Eol::Unknown, false, "4.0.30319"));
    let mvc = of(&seen, "aspnet-mvc");
    assert_eq!((mvc.eol, mvc.outdated), (Eol::No, false), "5.2 stands for every 5.2.x");
    assert_eq!(of(&see(&["X-AspNetMvc-Version: 3.0"], ""), "aspnet-mvc").eol, Eol::Yes);
    // mod_ssl prints the number of Apache 2
    let seen = see(&["Server: Apache/2.2.15 (Unix) mod_ssl/2.2.15"], "");
    assert_eq!(of(&seen, "mod-ssl").eol, Eol::Unknown);
    let seen = see(&["X-Powered-By: Servlet 2.4; JBoss-4.2.3.GA (build: x)/JBossWeb-2.0"], "");
    let jboss = of(&seen, "jboss");
    assert_eq!(verdict(jboss), (Eol::Yes, String::new(), "", false));
    assert_eq!(
        (jboss.eol_days, jboss.version.as_str()),
        (0, "4.2.3"),
        "ended, the day is not known"
    );
}

#[test]
fn support_ends_on_the_day_it_ends() {
    for (today, eol, days) in
        [("2026-04-13", Eol::No, 0), ("2026-04-14", Eol::Yes, 0), ("2026-04-24", Eol::Yes, 10)]
    {
        let seen = see_on(&["Server: nginx/1.28.0"], "", day(today));
        let nginx = of(&seen, "nginx");
        assert_eq!((nginx.eol, nginx.eol_days), (eol, days), "{today}");
        assert_eq!(nginx.eol_date.seen(), Some(&day("2026-04-14")));
    }
    assert!(of(&see_on(&["Server: nginx/1.28.0"], "", day("2026-04-13")), "nginx").outdated);
}

#[test]
fn what_ended_as_a_whole_needs_no_version() {
    let page = "<object classid='clsid:D27CDB6E-AE6D-11cf-96B8-444553540000'></object><applet code='A.class'></applet>";
    let seen = see(&[], page);
    assert_eq!(verdict(of(&seen, "flash")), (Eol::Yes, "2020-12-31".into(), "", false));
    assert_eq!(of(&seen, "java-applet").eol, Eol::Yes);
    assert_eq!(see(&[], "<script src=/js/swfobject.js></script>")[0].product, "swfobject");
    let talk =
        "<!-- <embed src='a.swf'> --><script src=/js/swfobject.js></script><a href='a.swf'>x</a>";
    assert!(see(&[], talk).iter().all(|one| one.product != "flash"), "spoken of, and not in use");
    // inventory only: the makers publish no dates
    assert_eq!(of(&see(&[], "<div class='TRS_Editor'>"), "trs-wcm").eol, Eol::Unknown);
}

#[test]
fn branches_that_still_get_courtesy_patches_are_to_be_confirmed() {
    for (version, eol) in
        [("4.9.31", Eol::Uncertain), ("4.9.8", Eol::Yes), ("4.9", Eol::Yes), ("7.1.0", Eol::No)]
    {
        let page = format!("<meta content='WordPress {version}' name=generator>");
        assert_eq!(of(&see(&[], &page), "wordpress").eol, eol, "{version}");
    }
    // maintenance mode is not the end
    let page =
        "<script src='https://cdn.bootcdn.net/ajax/libs/moment.js/2.22.1/moment.min.js'></script>";
    let seen = see(&[], page);
    assert_eq!(verdict(of(&seen, "moment")), (Eol::Unknown, String::new(), "", false));
}
