//! A sample of inner pages: the same pages every time, as long as they are there, so that findings last.

use sha2::{Digest, Sha256};
use xuncha_model::facts::{
    PageFacts,
    page::{Origin, PageKind},
};

use super::Leaf;

/// Columns, articles and other pages of a sample; 检查指标 asks for five of each of the first two.
const COLUMNS: usize = 5;
const ARTICLES: usize = 5;
const OTHERS: usize = 2;

/// The sample so far: of each kind the pages whose addresses have the smallest hash, which a new page rarely displaces.
#[derive(Debug, Default)]
pub(super) struct Sample {
    columns: Vec<Picked>,
    articles: Vec<Picked>,
    others: Vec<Picked>,
}

#[derive(Debug)]
struct Picked {
    hash: [u8; 32],
    facts: PageFacts,
}

impl Sample {
    pub(super) fn page(&mut self, leaf: &Leaf<'_>) {
        let facts = &leaf.page.facts;
        let (picked, most) = match facts.kind {
            _ if leaf.depth == 0 || facts.origin == Origin::Home => return,
            PageKind::Column => (&mut self.columns, COLUMNS),
            PageKind::Article => (&mut self.articles, ARTICLES),
            PageKind::Login | PageKind::Other => (&mut self.others, OTHERS),
            PageKind::Home | PageKind::Attachment | PageKind::Error | PageKind::Shell => return,
        };
        let hash: [u8; 32] = Sha256::digest(leaf.url.as_str()).into();
        let at = picked.partition_point(|known| known.hash < hash);
        let known = picked.get(at).is_some_and(|known| known.hash == hash);
        if at < most && !known {
            let facts = PageFacts { origin: Origin::Inner, ..facts.clone() };
            picked.insert(at, Picked { hash, facts });
            picked.truncate(most);
        }
    }

    /// Columns first, then articles, then other pages.
    pub(super) fn finish(self) -> Vec<PageFacts> {
        let Self { columns, articles, others } = self;
        [columns, articles, others].into_iter().flatten().map(|picked| picked.facts).collect()
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::page::PageRead;

    fn sample(pages: &[(String, PageKind)]) -> Vec<String> {
        let mut sample = Sample::default();
        for (at, (url, kind)) in pages.iter().enumerate() {
            let url: Url = url.parse().unwrap();
            let facts = PageFacts { url: url.to_string(), kind: *kind, ..PageFacts::default() };
            let page = PageRead {
                facts,
                links: Vec::new(),
                rows: Vec::new(),
                text: String::new(),
                boxed: Vec::new(),
            };
            let depth = u32::try_from(at).unwrap().min(3);
            sample.page(&Leaf::of(&url, depth, None, &page));
        }
        let facts = sample.finish();
        assert!(facts.iter().all(|page| page.origin == Origin::Inner));
        facts.into_iter().map(|page| page.url).collect()
    }

    fn pages(of: &[(&str, PageKind)], count: usize) -> Vec<(String, PageKind)> {
        let address = |name: &str, n: usize| format!("https://www.a.gov.cn/{name}/{n}.html");
        let home = [("https://www.a.gov.cn/".to_owned(), PageKind::Home)].into_iter();
        let pages =
            (0..count).flat_map(|n| of.iter().map(move |(name, kind)| (address(name, n), *kind)));
        home.chain(pages).collect()
    }

    #[test]
    fn the_same_pages_are_picked_in_any_order() {
        let kinds = [
            ("c", PageKind::Column),
            ("a", PageKind::Article),
            ("o", PageKind::Other),
            ("e", PageKind::Error),
        ];
        let pages = pages(&kinds, 200);
        let first = sample(&pages);
        let of = |name: &str| first.iter().filter(|url| url.contains(name)).count();
        assert_eq!((of("/c/"), of("/a/"), of("/o/"), first.len()), (5, 5, 2, 12));
        let mut turned = pages.clone();
        turned[1..].reverse();
        assert_eq!(sample(&turned), first);
        let twice: Vec<_> = pages.iter().chain(&pages[1..]).cloned().collect();
        assert_eq!(sample(&twice), first);
    }

    #[test]
    fn a_page_more_displaces_one_at_most() {
        let kinds = [("a", PageKind::Article)];
        let (before, after) = (sample(&pages(&kinds, 300)), sample(&pages(&kinds, 301)));
        assert!(before.iter().filter(|url| !after.contains(url)).count() <= 1);
        assert_eq!(sample(&pages(&kinds, 3)).len(), 3);
    }
}
