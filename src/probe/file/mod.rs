//! A file to download: its text is taken out by somebody else, and looked through here.

mod name;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use xuncha_model::facts::{FileFacts, content::Content};

use crate::{
    address::reported,
    lexicon, page, privacy, secrecy,
    unpack::{TextPart, Unpacker},
};

pub use name::{disposition, shown};

/// Characters of the first part in which a mark stands: it is on the first page (GB/T 9704, 7.2.2).
const FIRST: usize = 2_000;
/// Elements that one file may fill a list with.
const MOST: usize = 20;

/// A file as it was fetched.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its address.
    pub url: &'a url::Url,
    /// The name that the answer gives it, as [`disposition`] reads it; empty where it gives none.
    pub name: &'a str,
    /// The whole of it.
    pub body: &'a [u8],
}

/// What a file holds that it should not. Its text is gone when this returns.
pub async fn facts(file: &File<'_>, unpacker: &dyn Unpacker) -> FileFacts {
    let name = name::of(file.name, file.url);
    let unpacked = unpacker.unpack(&name, file.body).await;
    let mut content = Content::default();
    let mut chars = 0_usize;
    for (index, part) in unpacked.parts.iter().enumerate() {
        chars += part.text.chars().count();
        let found = privacy::private_in(&part.text, &part.part).into_iter();
        let room = MOST.saturating_sub(content.privacy.len());
        content.privacy.extend(found.take(room));
        let wrong = page::wrong_in(&part.text, &lexicon::hits(&part.text)).into_iter();
        let room = MOST.saturating_sub(content.wording.len());
        content.wording.extend(wrong.take(room));
        if index == 0 || is_head(part) {
            let found = secrecy::marks_in(beginning(&part.text), &part.part).into_iter();
            let room = MOST.saturating_sub(content.marks.len());
            content.marks.extend(found.take(room));
        }
    }
    let mut facts = FileFacts {
        url: reported(file.url),
        name,
        kind: unpacked.kind,
        bytes: u64::try_from(file.body.len()).unwrap_or(u64::MAX),
        sha256: HEXLOWER.encode(&Sha256::digest(file.body)),
        reason: unpacked.reason,
        text_chars: u32::try_from(chars).unwrap_or(u32::MAX),
        unread: unpacked.unread,
        content,
    };
    if !facts.content.marks.is_empty() {
        secrecy::withhold(&mut facts.content);
    }
    if !facts.content.privacy.is_empty() {
        privacy::conceal_file(&mut facts, unpacked.parts.iter().map(|part| part.text.as_str()));
    }
    facts
}

/// It stands above the pages of a document.
fn is_head(part: &TextPart) -> bool {
    part.part.rsplit('/').next().is_some_and(|name| name.starts_with("header"))
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(FIRST).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, future::BoxFuture};
    use xuncha_model::Reason;

    use super::*;
    use crate::unpack::Unpacked;

    /// An unpacker that has done it already.
    #[derive(Debug)]
    struct Done(Unpacked);

    impl Unpacker for Done {
        fn unpack<'a>(&'a self, _: &'a str, _: &'a [u8]) -> BoxFuture<'a, Unpacked> {
            std::future::ready(self.0.clone()).boxed()
        }
    }

    #[tokio::test]
    async fn a_file_is_described_and_its_text_is_not() {
        let part = |part: &str, text: &str| TextPart { part: part.into(), text: text.into() };
        let unpacked = Unpacked {
            reason: Reason::Ok,
            kind: "xlsx".into(),
            parts: vec![part("Sheet1", "序号\t姓名"), part("a.docx/header1", "页眉")],
            unread: Vec::new(),
        };
        let url = "http://www.a.gov.cn/files/%E5%90%8D%E5%8D%95.xlsx".parse().unwrap();
        let file = File { url: &url, name: "", body: b"body" };
        let facts = facts(&file, &Done(unpacked)).await;
        assert_eq!((facts.name.as_str(), facts.kind.as_str()), ("名单.xlsx", "xlsx"));
        assert_eq!((facts.bytes, facts.text_chars), (4, 7));
        assert!(facts.sha256.starts_with("230d8358dc8e8890"), "{}", facts.sha256);
        assert!(!serde_json::to_string(&facts).unwrap().contains("序号"));
    }

    #[tokio::test]
    async fn of_a_marked_file_no_word_of_its_text_is_kept() {
        let text = "秘密★1年\n关于布署工作的通知\n联系人身份证号：412727198002031015";
        let part = |text: &str| TextPart { part: String::new(), text: text.into() };
        let of = async |text: &str| {
            let unpacked = Unpacked { parts: vec![part(text)], ..Unpacked::default() };
            let url = "http://www.a.gov.cn/1.docx".parse().unwrap();
            facts(&File { url: &url, name: "", body: b"body" }, &Done(unpacked)).await.content
        };
        let marked = of(text).await;
        assert_eq!((marked.marks.len(), marked.wording.len()), (1, 1));
        assert!(marked.wording[0].snippet.is_empty());
        assert!(marked.privacy.iter().all(|private| private.context.is_empty()));
        let open = of(text.split_once('\n').unwrap().1).await;
        assert!(open.wording[0].snippet.contains("关于布署"));
    }

    #[test]
    fn marks_stand_at_the_beginning_and_in_headers() {
        let long = "字".repeat(FIRST + 5);
        assert_eq!(beginning(&long).chars().count(), FIRST);
        let header = TextPart { part: "a.docx/header2".into(), text: String::new() };
        assert!(is_head(&header) && !is_head(&TextPart::default()));
    }
}
