//! The cookies of one visit or one crawl: enough for sites that set one and send us back to the same address.

use hyper::{HeaderMap, header::SET_COOKIE};
use url::Url;
use xuncha_model::facts::http::Cookie as CookieFacts;

/// Cookies and bytes kept in one jar (threats.md T8).
const MAX_COOKIES: usize = 50;
const MAX_BYTES: usize = 16 << 10;
/// Characters of a cookie's name that are reported.
const MAX_NAME: usize = 200;

/// A jar that lives as long as a visit or a crawl. Paths and dates are not looked at; `Max-Age=0` removes.
#[derive(Debug, Default)]
pub(crate) struct Jar(Vec<Cookie>);

#[derive(Debug)]
struct Cookie {
    /// The host, and whether the hosts below it get the cookie too.
    host: String,
    below: bool,
    secure: bool,
    name: String,
    value: String,
}

/// A `Set-Cookie` value of an answer from `url` as it is reported: everything but its value.
pub(crate) fn facts(url: &Url, line: &str) -> Option<CookieFacts> {
    let mut parts = line.split(';').map(str::trim);
    let (name, _) = parts.next()?.split_once('=')?;
    let mut cookie = CookieFacts {
        name: name.trim().chars().take(MAX_NAME).collect(),
        url: url.to_string(),
        over_https: url.scheme() == "https",
        secure: false,
        http_only: false,
        same_site: String::new(),
    };
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        match key.trim().to_ascii_lowercase().as_str() {
            "secure" => cookie.secure = true,
            "httponly" => cookie.http_only = true,
            "samesite" => cookie.same_site = value.trim().to_ascii_lowercase(),
            _ => {}
        }
    }
    Some(cookie)
}

/// A `Set-Cookie` value with its secret taken out: values are never kept.
pub(crate) fn without_value(line: &str) -> String {
    let (pair, rest) = line.split_at(line.find(';').unwrap_or(line.len()));
    pair.split_once('=').map_or_else(String::new, |(name, _)| format!("{name}=…{rest}"))
}

impl Jar {
    /// Takes in what an answer from `url` sets.
    pub(crate) fn take(&mut self, url: &Url, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE) {
            self.set(url, &String::from_utf8_lossy(line.as_bytes()));
        }
    }

    /// Takes in one `Set-Cookie` value of an answer from `url`.
    fn set(&mut self, url: &Url, line: &str) {
        let mut parts = line.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || !line.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return;
        }
        let Some(host) = url.host_str() else { return };
        let mut cookie = Cookie {
            host: host.to_owned(),
            below: false,
            secure: false,
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let mut gone = false;
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "secure" => cookie.secure = true,
                "max-age" => gone |= value.trim().parse::<i64>().is_ok_and(|age| age <= 0),
                "domain" => {
                    let domain = value.trim().trim_start_matches('.').to_ascii_lowercase();
                    if domain.is_empty() {
                        continue;
                    }
                    if !domain.contains('.') || !within(host, &domain) {
                        return;
                    }
                    cookie.host = domain;
                    cookie.below = true;
                }
                _ => {}
            }
        }
        self.0.retain(|old| !(old.host == cookie.host && old.name == cookie.name));
        let bytes: usize = self.0.iter().map(|old| old.name.len() + old.value.len()).sum();
        let fits = bytes + cookie.name.len() + cookie.value.len() <= MAX_BYTES;
        if !gone && fits && self.0.len() < MAX_COOKIES {
            self.0.push(cookie);
        }
    }

    /// The `Cookie` value for a request; empty when there is none to send.
    pub(crate) fn header(&self, url: &Url) -> String {
        let host = url.host_str().unwrap_or_default();
        let sent = self.0.iter().filter(|cookie| {
            let ours = if cookie.below { within(host, &cookie.host) } else { host == cookie.host };
            ours && (!cookie.secure || url.scheme() == "https")
        });
        let pairs: Vec<_> =
            sent.map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        pairs.join("; ")
    }
}

fn within(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_go_back_where_they_came_from_and_nowhere_else() {
        let home: Url = "http://www.a.gov.cn/".parse().unwrap();
        let other: Url = "http://b.gov.cn/".parse().unwrap();
        let mut jar = Jar::default();
        jar.set(&home, "sid=1; Path=/; HttpOnly");
        jar.set(&home, "wide=2; Domain=.a.gov.cn");
        jar.set(&home, "safe=3; Secure");
        jar.set(&home, "alien=4; Domain=b.gov.cn");
        assert_eq!(jar.header(&home), "sid=1; wide=2");
        assert_eq!(jar.header(&"https://m.a.gov.cn/".parse().unwrap()), "wide=2");
        assert_eq!(jar.header(&other), "");
        jar.set(&home, "sid=; Max-Age=0");
        assert_eq!(jar.header(&home), "wide=2");
    }

    #[test]
    fn a_cookie_is_reported_without_its_value() {
        let home: Url = "https://www.a.gov.cn/".parse().unwrap();
        let cookie = facts(&home, "JSESSIONID=5EC2E7; Path=/; httponly; SameSite=Lax").unwrap();
        assert_eq!(cookie.name, "JSESSIONID");
        assert!(cookie.over_https && cookie.http_only && !cookie.secure);
        assert_eq!(cookie.same_site, "lax");
        assert_eq!(without_value("JSESSIONID=5EC2E7; Path=/"), "JSESSIONID=…; Path=/");
        assert_eq!(without_value("5EC2E7"), "", "what is no pair may be all secret");
    }

    #[test]
    fn the_jar_has_a_bottom() {
        let home: Url = "http://www.a.gov.cn/".parse().unwrap();
        let mut jar = Jar::default();
        for n in 0..1000 {
            jar.set(&home, &format!("c{n}=1"));
        }
        assert_eq!(jar.0.len(), MAX_COOKIES);
    }
}
