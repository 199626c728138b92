//! Addresses as they are reported: without the session that a server wrote into them, and without numbers of persons.
//!
//! A session number is a secret of a sort, and another one at each visit: what is told of a page would be told anew each day.

use url::Url;

use crate::privacy::masked_address;

/// Names of parameters that carry a session, in lower case.
const SESSIONS: &[&str] = &[
    "jsessionid",
    "phpsessid",
    "sessionid",
    "session_id",
    "sid",
    "aspsessionid",
    "cfid",
    "cftoken",
    "token",
    "ticket",
];

/// The address without `;jsessionid=…` and without parameters that carry a session, numbers of persons masked.
pub(crate) fn reported(url: &Url) -> String {
    masked_address(without_session(url))
}

fn without_session(url: &Url) -> String {
    let path = url.path();
    let written = path.to_ascii_lowercase().find(";jsessionid=");
    let carries = |query: &str| query.split('&').any(is_session);
    if written.is_none() && !url.query().is_some_and(carries) {
        return url.to_string();
    }
    let mut shown = url.clone();
    if let Some(at) = written {
        let rest = path[at + 1..].find(['/', ';']).map_or("", |end| &path[at + 1 + end..]);
        shown.set_path(&format!("{}{rest}", &path[..at]));
    }
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(|pair| !is_session(pair)).collect();
        shown.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
    shown.to_string()
}

fn is_session(pair: &str) -> bool {
    let name = pair.split_once('=').map_or(pair, |(name, _)| name).to_ascii_lowercase();
    SESSIONS.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_left_out_and_the_rest_stays() {
        let shown = |text: &str| reported(&text.parse().unwrap());
        assert_eq!(shown("http://a.cn/index.jsp;jsessionid=A1B2"), "http://a.cn/index.jsp");
        assert_eq!(shown("http://a.cn/i;JSESSIONID=A1/x?id=3&sid=9"), "http://a.cn/i/x?id=3");
        assert_eq!(shown("http://a.cn/?PHPSESSID=1"), "http://a.cn/");
        assert_eq!(shown("http://a.cn/s?q=session"), "http://a.cn/s?q=session");
    }
}
