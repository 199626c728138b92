//! Spelling Chinese names in Latin letters: every reading of every character, in full and by initials.

use std::collections::HashMap;

use pinyin::ToPinyinMulti;

/// Most spellings kept of one name; beyond that the rarer readings are left out.
const MOST_SPELLINGS: usize = 64;
/// DNS allows no longer label (RFC 1035 §2.3.4).
const LONGEST_LABEL: usize = 63;

/// The two ways to spell a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// `caizhengju`
    Full,
    /// `czj`
    Initials,
}

/// Knows the readings of characters.
#[derive(Debug)]
pub(super) struct Speller {
    extra: HashMap<char, Vec<String>>,
}

impl Speller {
    /// A speller that knows these readings besides those of the pinyin tables.
    pub(super) fn new(extra: HashMap<char, Vec<String>>) -> Self {
        Self { extra }
    }

    /// Every spelling of a name, the commonest readings first; none when a character has no reading.
    pub(super) fn spellings(&self, name: &str, way: Way) -> Vec<String> {
        let mut columns = Vec::new();
        for character in name.chars() {
            let mut readings = self.readings(character);
            if way == Way::Initials {
                for reading in &mut readings {
                    reading.truncate(reading.chars().next().map_or(0, char::len_utf8));
                }
                keep_first(&mut readings);
            }
            if readings.is_empty() {
                return Vec::new();
            }
            columns.push(readings);
        }
        let mut spellings = combine(&columns);
        spellings.retain(|spelling| (2..=LONGEST_LABEL).contains(&spelling.len()));
        spellings
    }

    /// The readings of a character without tones; ASCII letters and digits stand for themselves.
    fn readings(&self, character: char) -> Vec<String> {
        if character.is_ascii_alphanumeric() {
            return vec![character.to_ascii_lowercase().to_string()];
        }
        let known = character.to_pinyin_multi().into_iter().flatten();
        let known = known.map(|reading| reading.plain().to_owned());
        let extra = self.extra.get(&character).into_iter().flatten().cloned();
        let mut readings: Vec<String> = known.chain(extra).flat_map(without_umlaut).collect();
        keep_first(&mut readings);
        readings
    }
}

/// Domains have no `ü`: it is written `v`, `u` or `yu`.
fn without_umlaut(reading: String) -> Vec<String> {
    if !reading.contains('ü') {
        return vec![reading];
    }
    ["v", "u", "yu"].iter().map(|letter| reading.replace('ü', letter)).collect()
}

/// Drops later repetitions; the lists are short.
fn keep_first(list: &mut Vec<String>) {
    let mut kept: Vec<String> = Vec::with_capacity(list.len());
    for item in list.drain(..) {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    *list = kept;
}

/// One reading of each column, in every combination as far as there are not too many.
fn combine(columns: &[Vec<String>]) -> Vec<String> {
    let product = |depth: usize| {
        columns.iter().fold(1_usize, |all, one| all.saturating_mul(one.len().min(depth)))
    };
    let deepest = columns.iter().map(Vec::len).max().unwrap_or(0);
    let depth = (1..=deepest).rev().find(|depth| product(*depth) <= MOST_SPELLINGS).unwrap_or(1);
    let mut spellings = vec![String::new()];
    for column in columns {
        let longer = spellings.iter().flat_map(|begun| {
            column.iter().take(depth).map(move |reading| format!("{begun}{reading}"))
        });
        spellings = longer.collect();
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_only_readings_that_the_tables_lack() {
        let bare = Speller::new(HashMap::new());
        for (character, readings) in super::super::lists::readings() {
            for reading in readings {
                assert!(!bare.readings(character).contains(&reading), "{character} {reading}");
            }
        }
    }

    fn full(name: &str) -> Vec<String> {
        Speller::new(HashMap::new()).spellings(name, Way::Full)
    }

    #[test]
    fn every_reading_of_a_polyphone_is_spelt() {
        let chongqing = full("重庆");
        assert!(chongqing.contains(&"chongqing".into()) && chongqing.contains(&"zhongqing".into()));
        let speller = Speller::new(HashMap::from([('乐', vec!["lao".to_owned()])]));
        assert!(speller.spellings("乐亭", Way::Full).contains(&"laoting".into()));
    }

    #[test]
    fn the_umlaut_is_written_in_three_ways() {
        let travel = full("旅游局");
        for spelling in ["lvyouju", "luyouju", "lyuyouju"] {
            assert!(travel.contains(&spelling.into()), "{travel:?}");
        }
    }

    #[test]
    fn long_names_keep_the_common_readings() {
        let names = full("人力资源和社会保障局");
        assert!(names.contains(&"renliziyuanheshehuibaozhangju".into()), "{names:?}");
        assert!(names.len() <= MOST_SPELLINGS);
        assert!(full("周口☆").is_empty());
    }
}
