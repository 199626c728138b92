//! What a site does for people: service guides, and letters with their answers.

use chrono::NaiveDate;
use xuncha_model::period::local_date;

use crate::{
    article::{Article, Draft, Letter, Pen},
    content::{Element, Guides, Letters},
    knobs::back,
};

/// Guides, whole but for those that lack elements as planted.
pub(crate) fn guides(
    pen: &Pen<'_>,
    slug: &str,
    guides: &Guides,
    day: impl Fn(usize) -> NaiveDate,
) -> Vec<Article> {
    let (poor, lacking) = pen.place.spec.contents.poor_guides;
    let articles = guides.titles.iter().enumerate().map(|(index, title)| {
        let mut article = pen.article(Draft {
            slug,
            index,
            title: pen.fill(title),
            day: day(index),
            said: None,
            body: Vec::new(),
        });
        // the name stays: it is the title, too
        let lacks = 1..1 + if index < poor { lacking } else { 0 };
        let elements = guides.elements.iter().enumerate().filter(|(at, _)| !lacks.contains(at));
        let elements = elements.map(|(_, Element { kind, text })| Element {
            kind: kind.clone(),
            text: pen.fill(text).replace("{title}", &article.title),
        });
        article.elements = elements.collect();
        article
    });
    articles.collect()
}

/// Letters, all answered in time but for the one that is planted.
pub(crate) fn letters(
    pen: &Pen<'_>,
    slug: &str,
    letters: &Letters,
    day: impl Fn(usize) -> NaiveDate,
) -> Vec<Article> {
    let waiting = pen.place.spec.contents.unanswered.map(|ago| ago.before(local_date(pen.now)));
    let last = letters.list.len().saturating_sub(1);
    let articles = letters.list.iter().enumerate().map(|(index, text)| {
        let waiting = waiting.filter(|_| index == last);
        let asked = waiting.unwrap_or_else(|| day(index));
        let answered = waiting.is_none().then(|| back(asked, -letters.days));
        let mut article = pen.article(Draft {
            slug,
            index,
            title: pen.fill(&text.title),
            day: answered.unwrap_or(asked),
            said: None,
            body: Vec::new(),
        });
        let words = pen.words;
        let (status, answer) = match answered {
            Some(_) => (&words.answered, pen.fill(&text.answer)),
            None => (&words.waiting, String::new()),
        };
        article.letter = Some(Letter {
            asked: asked.to_string(),
            answered: answered.map(|day| day.to_string()).unwrap_or_default(),
            status: status.clone(),
            office: pen.fill(&letters.office),
            question: pen.fill(&text.question),
            answer,
        });
        article
    });
    articles.collect()
}
