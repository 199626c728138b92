//! Messages whose parts bear labels: one on a page of its own, or several one below the other.

use chrono::{DateTime, Utc};

use super::{
    SHORTEST, Told, day,
    list::{List, Of, labels},
};

/// Characters of a value that holds a date.
const DATE: usize = 40;

/// The messages so far.
#[derive(Debug, Default)]
pub(super) struct Labelled {
    done: Vec<Told>,
    open: Told,
    /// A part of the open message was read.
    begun: bool,
    /// The last line without a label: a title may stand so.
    line: String,
    /// What stands below its label, on the next line.
    below: Option<Of>,
}

impl Labelled {
    /// Takes a line in; whether it had something to say.
    pub(super) fn line(&mut self, line: &str, list: &List, at: DateTime<Utc>) -> bool {
        let found: Vec<_> = labels(line).collect();
        let mut parts = Vec::new();
        for (place, label) in found.iter().enumerate() {
            let begins = line[..label.begin].ends_with(|char: char| !char.is_alphanumeric());
            if !(label.begin == 0 || begins) {
                continue;
            }
            let rest = line[label.end..].trim_start_matches([' ', ']', '\u{3011}']);
            let value = rest.strip_prefix([':', '\u{ff1a}', '\t']);
            let next = found.get(place + 1).map_or(line.len(), |next| next.begin);
            match value {
                Some(value) => {
                    let begin = line.len() - value.len();
                    parts.push((label.of, line.get(begin..next).unwrap_or_default()));
                }
                None if rest.is_empty() && label.begin == 0 => parts.push((label.of, "")),
                None => {}
            }
        }
        if parts.is_empty() {
            match self.below.take() {
                Some(of) => self.part(of, line, list, at),
                None => line.clone_into(&mut self.line),
            }
            return false;
        }
        if let Some(of) = self.below.take() {
            self.part(of, "", list, at);
        }
        let last = parts.pop();
        for (of, value) in parts {
            self.part(of, value, list, at);
        }
        if let Some((of, value)) = last {
            if value.trim().is_empty() && of != Of::State {
                self.below = Some(of);
            } else {
                self.part(of, value, list, at);
            }
        }
        true
    }

    fn part(&mut self, of: Of, value: &str, list: &List, at: DateTime<Utc>) {
        let value = value.trim_matches([' ', '\t', '|', ':', '\u{ff1a}', '[', '\u{3010}']);
        let day = || day(value, at).filter(|_| value.chars().count() <= DATE);
        match of {
            Of::Title => {
                if value.chars().count() >= SHORTEST {
                    self.next_if(|open| !open.title.is_empty() || open.asked.is_some());
                    value.clone_into(&mut self.open.title);
                    self.begun = true;
                }
            }
            Of::Content => {}
            Of::Asked => {
                let Some(day) = day() else { return };
                self.next_if(|open| open.asked.is_some());
                if self.open.title.is_empty() {
                    self.open.title = std::mem::take(&mut self.line);
                }
                self.open.asked = Some(day);
                self.begun = true;
            }
            Of::Answered => {
                self.open.answered = self.open.answered.or_else(day);
                self.replied(self.open.answered.is_some());
            }
            Of::State => {
                let first = value.split_whitespace().next().unwrap_or_default();
                if let Some(replied) = list.state(value).or_else(|| list.state(first)) {
                    self.replied(replied);
                }
            }
            Of::Answer => self.replied(!list.no_answer.is_match(value)),
        }
    }

    /// An answer that was seen stays seen.
    fn replied(&mut self, replied: bool) {
        if self.begun {
            self.open.replied = Some(self.open.replied.unwrap_or_default() || replied);
        }
    }

    fn next_if(&mut self, full: impl Fn(&Told) -> bool) {
        if full(&self.open) {
            self.done.push(std::mem::take(&mut self.open));
            self.begun = false;
        }
    }

    /// The messages, the only one of a page named by its heading where nothing else names it.
    pub(super) fn finish(mut self, heading: &str, said: bool) -> Vec<Told> {
        self.done.push(self.open);
        let mut done = self.done;
        done.retain(|told| told.asked.is_some() && told.replied.is_some());
        // a page that is no list of messages may show one: with both of its days
        if !said {
            done.retain(|told| told.answered.is_some());
        }
        if let [only] = done.as_mut_slice()
            && only.title.chars().count() < SHORTEST
        {
            heading.clone_into(&mut only.title);
        }
        done.retain(|told| told.title.chars().count() >= SHORTEST);
        done
    }
}
