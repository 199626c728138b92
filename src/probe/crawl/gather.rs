//! What the pages of a crawl add up to.

use url::Url;
use xuncha_model::{
    Reason, Seen,
    facts::{
        ArticleFacts, CatalogFacts, ColumnFacts, ContentFacts, FileFacts, FreshnessFacts,
        InteractionFacts, PageFacts, ServiceFacts, page::Origin,
    },
};

use crate::page::hidden::Sheet;

use super::{
    Ground, Holder, Leaf, articles::Articles, catalog::Catalog, columns::Columns,
    content::Contents, interaction::Interaction, sample::Sample, services::Services,
};

/// The pages so far.
#[derive(Debug)]
pub struct Gather<'a> {
    ground: Ground<'a>,
    home: Option<PageFacts>,
    sample: Sample,
    columns: Columns,
    articles: Articles,
    catalog: Catalog,
    interaction: Interaction,
    services: Services,
    contents: Contents,
}

/// What came of them.
#[derive(Debug)]
pub struct Harvest {
    /// The home page after its scripts have run, where they were run.
    pub home: Option<PageFacts>,
    /// A sample of inner pages that stays the same as long as the pages do.
    pub pages: Vec<PageFacts>,
    /// The columns.
    pub columns: Seen<Vec<ColumnFacts>>,
    /// How fresh the home page is.
    pub freshness: Seen<FreshnessFacts>,
    /// The articles.
    pub articles: Seen<Vec<ArticleFacts>>,
    /// The catalogue.
    pub catalog: Seen<CatalogFacts>,
    /// Channels and messages.
    pub interaction: Seen<InteractionFacts>,
    /// Services.
    pub services: Seen<ServiceFacts>,
    /// What is dangerous on the pages and in the files.
    pub content: ContentFacts,
}

impl<'a> Gather<'a> {
    /// Nothing was read yet.
    pub fn new(ground: Ground<'a>) -> Self {
        Self {
            ground,
            home: None,
            sample: Sample::default(),
            columns: Columns::default(),
            articles: Articles::default(),
            catalog: Catalog::default(),
            interaction: Interaction::default(),
            services: Services::default(),
            contents: Contents::default(),
        }
    }

    /// Takes a page in; the home page comes first.
    ///
    /// A duplicate shows what another page shows already: it is no second document.
    pub fn page(&mut self, leaf: &Leaf<'_>, duplicate: bool) {
        if leaf.rendered && leaf.page.facts.origin == Origin::Home {
            self.home = Some(leaf.page.facts.clone());
        }
        self.sample.page(leaf);
        self.columns.page(&self.ground, leaf);
        self.articles.page(&self.ground, leaf, &self.columns);
        if !duplicate {
            self.catalog.page(&self.ground, leaf);
        }
        self.interaction.page(&self.ground, leaf);
        self.services.page(&self.ground, leaf);
        let register = self.ground.register;
        let registered = |host: &str| register.site(host).is_some();
        self.contents.page(&leaf.page.facts, leaf.sha256, registered);
        self.contents.boxed(leaf.page, leaf.sha256, registered);
    }

    /// Takes in what a style sheet of the site hides.
    pub(super) fn style(&mut self, url: &Url, hides: Sheet) {
        self.contents.style(url, hides);
    }

    /// Takes a file in.
    pub fn file(&mut self, file: &FileFacts, holder: Option<&Holder>) {
        self.contents.file(file, holder.map_or("", |holder| &holder.url));
    }

    /// A page that was asked for and did not open.
    pub fn unread(&mut self, url: &Url, reason: &Reason) {
        self.columns.unread(url, reason);
    }

    /// Everything is read.
    pub fn finish(self) -> Harvest {
        let Self {
            ground,
            home,
            sample,
            columns,
            articles,
            catalog,
            interaction,
            services,
            contents,
        } = self;
        let articles = articles.finish(&columns);
        let (columns, freshness) = columns.finish(&ground, &articles);
        Harvest {
            home,
            pages: sample.finish(),
            columns,
            freshness,
            articles: Seen::Seen(articles),
            catalog: catalog.finish(),
            interaction: interaction.finish(&ground),
            services: services.finish(),
            content: contents.finish(),
        }
    }
}
