//! What a style sheet loads: `url(…)` and `@import`.

use url::Url;

use crate::page::{How, Link};

/// Addresses of one style sheet that are looked at.
const MOST: usize = 500;

/// The addresses, each once, in their order.
pub(super) fn loads(style: &str, base: &Url) -> Vec<Link> {
    let mut found: Vec<Link> = Vec::new();
    let mut rest = style;
    while let Some(at) = rest.find("url(") {
        rest = &rest[at + "url(".len()..];
        let Some(end) = rest.find(')') else { break };
        let inside = rest[..end].trim().trim_matches(['"', '\'']).trim();
        rest = &rest[end..];
        if inside.is_empty() || inside.starts_with(['#', 'd', 'D']) && is_data(inside) {
            continue;
        }
        let Ok(url) = base.join(inside) else { continue };
        let known = found.iter().any(|link| link.url == url);
        if !known && matches!(url.scheme(), "http" | "https") && found.len() < MOST {
            found.push(Link { url, text: String::new(), how: How::Media });
        }
    }
    found
}

fn is_data(address: &str) -> bool {
    address.starts_with('#')
        || address.get(..5).is_some_and(|begin| begin.eq_ignore_ascii_case("data:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_imports_are_found_and_data_is_not() {
        let base: Url = "https://www.a.gov.cn/css/site.css".parse().unwrap();
        let style = "@import url(base.css); a{background:url('../img/bg.png') no-repeat} b{src:url(\"/f/x.woff2?a#b\")}\
            c{background:url(data:image/png;base64,AA)} d{fill:url(#g)} e{background:url( ../img/bg.png )} f{background:url(";
        let found: Vec<_> = loads(style, &base).iter().map(|link| link.url.to_string()).collect();
        assert_eq!(
            found,
            [
                "https://www.a.gov.cn/css/base.css",
                "https://www.a.gov.cn/img/bg.png",
                "https://www.a.gov.cn/f/x.woff2?a#b",
            ]
        );
    }
}
