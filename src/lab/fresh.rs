//! HTTP caching: what a page is known by, and no body for who has it already (RFC 9110, 13).

use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http_body_util::Full;
use hyper::{
    HeaderMap, Response, StatusCode,
    header::{
        CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
        LAST_MODIFIED,
    },
};

/// IMF-fixdate (RFC 9110, 5.6.7).
const DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// What a body is known by.
pub(crate) fn etag(body: &[u8]) -> Option<HeaderValue> {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    HeaderValue::from_str(&format!("\"{:016x}\"", hasher.finish())).ok()
}

/// The response, dated; without its body where the asker has it already.
pub(crate) fn unless_known(
    asked: &HeaderMap,
    mut response: Response<Full<Bytes>>,
    modified: DateTime<Utc>,
) -> Response<Full<Bytes>> {
    let headers = response.headers_mut();
    if let Ok(date) = HeaderValue::from_str(&modified.format(DATE).to_string()) {
        headers.insert(LAST_MODIFIED, date);
    }
    let header = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let known = match header(IF_NONE_MATCH) {
        Some(tags) => {
            let own = headers.get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
            tags.split(',')
                .any(|tag| tag.trim().trim_start_matches("W/") == own || tag.trim() == "*")
        }
        None => header(IF_MODIFIED_SINCE)
            .and_then(|date| DateTime::parse_from_rfc2822(date).ok())
            .is_some_and(|date| modified.timestamp() <= date.timestamp()),
    };
    if known {
        headers.remove(CONTENT_TYPE);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Full::default();
    }
    response
}
