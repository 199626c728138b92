//! The query of a form that is sent by GET, in the charset that its page asks for.

use url::{Url, form_urlencoded::byte_serialize};
use xuncha_net::charset::encode;

/// The address with these fields as its query; what query it had is gone, as in a browser.
pub(super) fn with_query<'a>(
    action: &Url,
    fields: impl Iterator<Item = (&'a str, &'a str)>,
    charset: &str,
) -> Url {
    let mut query = String::new();
    for (name, value) in fields {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(byte_serialize(&encode(name, charset)));
        query.push('=');
        query.extend(byte_serialize(&encode(value, charset)));
    }
    let mut url = action.clone();
    url.set_query(Some(&query));
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sent_in_the_charset_of_the_page() {
        let action: Url = "http://www.a.gov.cn/s.jsp?old=1#x".parse().unwrap();
        let sent = |charset| with_query(&action, [("q", "中 &"), ("t", "")].into_iter(), charset);
        assert_eq!(sent("UTF-8").as_str(), "http://www.a.gov.cn/s.jsp?q=%E4%B8%AD+%26&t=");
        assert_eq!(sent("gb2312").as_str(), "http://www.a.gov.cn/s.jsp?q=%D6%D0+%26&t=");
        assert_eq!(sent("UTF-16LE"), sent(""), "forms are never sent in UTF-16");
    }
}
