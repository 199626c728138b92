//! The list of fingerprints as it is written, and as it is used: `rules/lists/fingerprints.yaml`.

use std::collections::{HashMap, HashSet};

use regex::Regex;
use serde::Deserialize;
use serde_saphyr::{Location, Spanned};
use xuncha_model::Problem;

use super::{
    Text,
    eol::Cycles,
    pattern::{self, Group, Near, Pattern},
};

/// The kinds of software.
const KINDS: &[&str] =
    &["server", "runtime", "framework", "script", "editor", "cms", "office", "plugin", "gateway"];

/// Shortest needle, in bytes: shorter ones are everywhere.
const SHORTEST_NEEDLE: usize = 4;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    front_ends: Vec<String>,
    proxies: Vec<Spanned<String>>,
    products: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    name: String,
    kind: Spanned<String>,
    eol: Option<Spanned<String>>,
    #[serde(default = "three")]
    exact: usize,
    cut: Option<Spanned<String>>,
    #[serde(default)]
    front_end: bool,
    #[serde(default)]
    courtesy: bool,
    seen: Vec<Spanned<Seen>>,
    hit: Vec<Spanned<String>>,
    miss: Vec<Spanned<String>>,
}

fn three() -> usize {
    3
}

/// One place where a product is seen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    header: Option<String>,
    is: Option<String>,
    cookie: Option<String>,
    meta: Option<String>,
    name: Option<String>,
    script: Option<String>,
    style: Option<String>,
    library: Option<String>,
    sheet: Option<String>,
    folder: Option<String>,
    comment: Option<String>,
    page: Option<String>,
    near: Option<String>,
    #[serde(default)]
    upstream: bool,
}

/// A product.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    /// Its name in the lists of cycles and distributions.
    pub(super) eol: Option<String>,
    /// Parts of a version that make it an exact release; 0: none does.
    pub(super) exact: usize,
    /// What does not belong to a version, from its beginning on.
    pub(super) cut: Option<Regex>,
    pub(super) front_end: bool,
    pub(super) courtesy: bool,
    /// Front ends run it too.
    pub(super) proxy: bool,
}

/// An example: a place, what stands there, and the version that must be read of it; none where the product must be missed.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) product: usize,
    pub(super) line: u64,
    pub(super) text: String,
    pub(super) must: Option<String>,
}

/// Where products are looked for.
#[derive(Debug)]
pub(super) struct Places {
    /// By the header's name in lower case.
    pub(super) headers: HashMap<String, Group>,
    pub(super) cookies: Group,
    /// By the tag's name in lower case.
    pub(super) metas: HashMap<String, Group>,
    pub(super) scripts: Group,
    pub(super) styles: Group,
    pub(super) comments: Near,
    pub(super) pages: Near,
}

/// The list.
#[derive(Debug)]
pub(super) struct Fingerprints {
    pub(super) products: Vec<Product>,
    pub(super) places: Places,
    /// Headers that a front end adds, in lower case.
    pub(super) front_ends: HashSet<String>,
    pub(super) examples: Vec<Example>,
}

/// Patterns with where they stand in the file.
#[derive(Default)]
struct Collected {
    headers: HashMap<String, Vec<(Location, Pattern)>>,
    cookies: Vec<(Location, Pattern)>,
    metas: HashMap<String, Vec<(Location, Pattern)>>,
    scripts: Vec<(Location, Pattern)>,
    styles: Vec<(Location, Pattern)>,
    comments: Vec<(Location, (String, Pattern))>,
    pages: Vec<(Location, (String, Pattern))>,
}

impl Fingerprints {
    /// Reads the list; `cycles` are what its products may refer to. Without `check` patterns are compiled only when they
    /// are needed, and one that cannot be is silent.
    pub(super) fn read(text: Text<'_>, cycles: &Cycles, check: bool) -> Result<Self, Vec<Problem>> {
        let file: File =
            serde_saphyr::from_str(text.text).map_err(|error| vec![unread(text, &error)])?;
        let mut reading = Reading { text, check, problems: Vec::new() };
        let mut collected = Collected::default();
        let mut products = Vec::new();
        let mut examples = Vec::new();
        let mut ids = HashSet::new();
        for entry in &file.products {
            if !ids.insert(entry.id.value.clone()) {
                reading
                    .add(&entry.id.referenced, format!("`{}` stands here twice", entry.id.value));
            }
            let at = products.len();
            products.push(reading.product(entry, cycles));
            for seen in &entry.seen {
                reading.seen(at, seen, &mut collected);
            }
            for (list, hits) in [(&entry.hit, true), (&entry.miss, false)] {
                examples.extend(list.iter().map(|example| Example::new(at, example, hits)));
            }
        }
        for proxy in &file.proxies {
            match products.iter_mut().find(|product| product.id == proxy.value) {
                Some(product) => product.proxy = true,
                None => {
                    let what = format!("there is no product `{}`", proxy.value);
                    reading.add(&proxy.referenced, what);
                }
            }
        }
        let places = reading.places(collected);
        match places {
            Some(places) if reading.problems.is_empty() => {
                let front_ends =
                    file.front_ends.iter().map(|name| name.to_ascii_lowercase()).collect();
                Ok(Self { products, places, front_ends, examples })
            }
            _ => Err(reading.problems),
        }
    }
}

impl Example {
    fn new(product: usize, written: &Spanned<String>, hits: bool) -> Self {
        let (text, version) = written.value.split_once(" ▸ ").unwrap_or((&written.value, ""));
        Self {
            product,
            line: written.referenced.line(),
            text: text.to_owned(),
            must: hits.then(|| version.to_owned()),
        }
    }
}

fn unread(text: Text<'_>, error: &serde_saphyr::Error) -> Problem {
    let line = error.location().map_or(0, |place| place.line());
    let told = error.without_snippet().to_string();
    text.problem(line, told.lines().next().unwrap_or_default().to_owned())
}

struct Reading<'t> {
    text: Text<'t>,
    check: bool,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn add(&mut self, place: &Location, what: String) {
        let problem = self.text.problem(place.line(), what);
        self.problems.push(Problem { column: place.column(), ..problem });
    }

    fn product(&mut self, entry: &Entry, cycles: &Cycles) -> Product {
        if !KINDS.contains(&entry.kind.value.as_str()) {
            let what = format!("`{}` is no kind (one of: {})", entry.kind.value, KINDS.join(", "));
            self.add(&entry.kind.referenced, what);
        }
        if let Some(eol) = entry.eol.as_ref().filter(|eol| !cycles.knows(&eol.value)) {
            self.add(
                &eol.referenced,
                format!("`{}` is in no row of the end-of-life list", eol.value),
            );
        }
        for (list, name) in [(entry.hit.is_empty(), "hit"), (entry.miss.is_empty(), "miss")] {
            if list {
                let what = format!("`{}` has no example under `{name}`", entry.id.value);
                self.add(&entry.id.referenced, what);
            }
        }
        let cut = entry.cut.as_ref().and_then(|cut| {
            pattern::compile(&cut.value)
                .inspect_err(|error| self.add(&cut.referenced, pattern::told(error)))
                .ok()
        });
        Product {
            id: entry.id.value.clone(),
            name: entry.name.clone(),
            kind: entry.kind.value.clone(),
            eol: entry.eol.as_ref().map(|eol| eol.value.clone()),
            exact: entry.exact,
            cut,
            front_end: entry.front_end,
            courtesy: entry.courtesy,
            proxy: false,
        }
    }

    fn seen(&mut self, product: usize, written: &Spanned<Seen>, into: &mut Collected) {
        let (seen, place) = (&written.value, written.referenced);
        let make = |label: &str, text: &str| Pattern::new(product, label, seen.upstream, text);
        let mut places = 0;
        if let Some(header) = &seen.header {
            places += 1;
            let pattern = make(header, seen.is.as_deref().unwrap_or_default());
            into.headers.entry(header.to_ascii_lowercase()).or_default().push((place, pattern));
        }
        if let Some(meta) = &seen.meta {
            places += 1;
            let name = seen.name.as_deref().unwrap_or("generator").to_ascii_lowercase();
            let pattern = make(&name, meta);
            into.metas.entry(name).or_default().push((place, pattern));
        }
        let short = [
            (&seen.cookie, &mut into.cookies),
            (&seen.script, &mut into.scripts),
            (&seen.style, &mut into.styles),
        ];
        for (text, list) in short {
            if let Some(text) = text {
                places += 1;
                list.push((place, make("", text)));
            }
        }
        let files =
            [(&seen.library, "js", &mut into.scripts), (&seen.sheet, "css", &mut into.styles)];
        for (file, ending, list) in files {
            if let Some(file) = file {
                places += 1;
                let folder = seen.folder.as_ref().unwrap_or(file);
                let addresses = pattern::addresses(file, folder, ending);
                list.extend(addresses.iter().map(|text| (place, make("", text))));
            }
        }
        let long = [(&seen.comment, &mut into.comments), (&seen.page, &mut into.pages)];
        for (text, list) in long {
            let Some(text) = text else { continue };
            places += 1;
            match &seen.near {
                Some(near) if near.len() >= SHORTEST_NEEDLE => {
                    list.push((place, (near.clone(), make("", text))));
                }
                _ => self.add(
                    &place,
                    format!(
                        "`near` must be at least {SHORTEST_NEEDLE} bytes of what is always there"
                    ),
                ),
            }
        }
        if places != 1 {
            let what = "name one place: header, cookie, meta, script, style, library, sheet, comment or page";
            self.add(&place, what.to_owned());
        }
    }

    fn places(&mut self, from: Collected) -> Option<Places> {
        let headers: Vec<_> =
            from.headers.into_iter().map(|(name, list)| (name, self.group(list))).collect();
        let metas: Vec<_> =
            from.metas.into_iter().map(|(name, list)| (name, self.group(list))).collect();
        let whole = |list: Vec<(String, Option<Group>)>| {
            list.into_iter()
                .map(|(name, group)| Some((name, group?)))
                .collect::<Option<HashMap<_, _>>>()
        };
        let (cookies, scripts) = (self.group(from.cookies), self.group(from.scripts));
        let (styles, comments) = (self.group(from.styles), self.near(from.comments));
        Some(Places {
            headers: whole(headers)?,
            cookies: cookies?,
            metas: whole(metas)?,
            scripts: scripts?,
            styles: styles?,
            comments: comments?,
            pages: self.near(from.pages)?,
        })
    }

    fn group(&mut self, list: Vec<(Location, Pattern)>) -> Option<Group> {
        let (places, patterns): (Vec<Location>, Vec<Pattern>) = list.into_iter().unzip();
        let group = Group::new(patterns).map_err(|wrong| self.wrong(&places, wrong)).ok()?;
        let wrong = if self.check { group.culprit() } else { None };
        wrong.into_iter().for_each(|wrong| self.wrong(&places, wrong));
        Some(group)
    }

    fn near(&mut self, list: Vec<(Location, (String, Pattern))>) -> Option<Near> {
        let (places, pairs): (Vec<Location>, Vec<(String, Pattern)>) = list.into_iter().unzip();
        let near = Near::new(pairs).map_err(|wrong| self.wrong(&places, wrong)).ok()?;
        let wrong = if self.check { near.culprit() } else { None };
        wrong.into_iter().for_each(|wrong| self.wrong(&places, wrong));
        Some(near)
    }

    fn wrong(&mut self, places: &[Location], (at, what): (usize, String)) {
        match places.get(at) {
            Some(place) => self.add(place, what),
            None => self.problems.push(self.text.problem(0, what)),
        }
    }
}
