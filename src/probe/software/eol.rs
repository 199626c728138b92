//! When the release cycles of products end: `rules/lists/eol.csv`.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de::Error as _};
use xuncha_model::Problem;

use super::{Text, table, version};

const COLUMNS: &[&str] = &["product", "cycle", "release_date", "eol_date", "latest", "source"];

/// The cycle of products that ended as a whole, whatever the version.
const ANY: &str = "any";

/// What begins the source of a row that is not sure enough for a verdict of its own.
const UNSURE: &str = "knowledge(low)";
/// How a row begins to say that its end was inferred from releases, and never announced.
const INFERRED: &str = "(inferred)";

/// When support ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// On a day, in the past or to come: on that day it has ended.
    On(NaiveDate),
    /// It has; the day is not known.
    Passed,
    /// It has not, and no day is announced.
    Open,
    /// Not known.
    Unknown,
}

/// A release cycle of a product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cycle {
    product: String,
    /// The beginning of its versions, or `any`.
    pub(super) cycle: String,
    #[expect(dead_code, reason = "for the people who read the list")]
    release_date: String,
    #[serde(rename = "eol_date", deserialize_with = "end")]
    pub(super) end: End,
    /// The latest release on the day of the snapshot; empty when unknown.
    pub(super) latest: String,
    pub(super) source: String,
}

impl Cycle {
    /// The row alone does not carry a verdict.
    pub(super) fn unsure(&self) -> bool {
        self.source.starts_with(UNSURE) || self.source.contains(INFERRED)
    }
}

/// The cycles of all products.
#[derive(Debug)]
pub(super) struct Cycles {
    /// The day the data was taken.
    pub(super) snapshot: NaiveDate,
    products: HashMap<String, Vec<Cycle>>,
}

impl Cycles {
    /// Reads the file.
    pub(super) fn read(text: Text<'_>) -> Result<Self, Vec<Problem>> {
        let table = table::read::<Cycle>(text, COLUMNS)?;
        let mut products: HashMap<String, Vec<Cycle>> = HashMap::new();
        let mut problems = Vec::new();
        for (line, row) in table.rows {
            let cycles = products.entry(row.product.clone()).or_default();
            if row.product.is_empty() || row.cycle.is_empty() {
                problems.push(text.problem(line, "a row needs a product and a cycle".to_owned()));
            }
            if cycles.iter().any(|known| known.cycle == row.cycle) {
                let what = format!("{} {} stands here twice", row.product, row.cycle);
                problems.push(text.problem(line, what));
            }
            cycles.push(row);
        }
        if problems.is_empty() {
            Ok(Self { snapshot: table.snapshot, products })
        } else {
            Err(problems)
        }
    }

    /// Whether the product is in the file.
    pub(super) fn knows(&self, product: &str) -> bool {
        self.products.contains_key(product)
    }

    /// The products of the file.
    #[cfg(test)]
    pub(super) fn products(&self) -> impl Iterator<Item = &str> {
        self.products.keys().map(String::as_str)
    }

    /// The cycle of a version: the longest that covers it. Without a version, the one that covers every version.
    pub(super) fn of(&self, product: &str, version: &str) -> Option<&Cycle> {
        let cycles = self.products.get(product)?;
        let longest = cycles
            .iter()
            .filter_map(|cycle| Some((version::covered(version, &cycle.cycle)?, cycle)))
            .max_by_key(|(covered, _)| *covered);
        let any = || cycles.iter().find(|cycle| cycle.cycle == ANY);
        longest.map(|(_, cycle)| cycle).or_else(any)
    }
}

fn end<'de, D: Deserializer<'de>>(from: D) -> Result<End, D::Error> {
    let text = String::deserialize(from)?;
    Ok(match text.as_str() {
        "" => End::Unknown,
        "true" => End::Passed,
        "false" => End::Open,
        day => End::On(day.parse().map_err(|_| {
            D::Error::custom(format!("`{day}` is no day, nor true, false or empty"))
        })?),
    })
}
