//! The demo city's register, as an office would keep it in `sites.yaml`.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use minijinja::{Environment, Value, context, value::Serde};
use xuncha_model::period::local_date;

use crate::{
    Error,
    book::Book,
    city::{City, Status},
    content::Words,
    pages,
    plan::Place,
};

/// Writes the register; `published` holds the paths of the public notices, for each place and each of its events.
pub(crate) fn write(
    city: &City,
    places: &[Place],
    books: &[Book],
    published: &[Vec<Option<String>>],
    words: &Words,
    now: DateTime<Utc>,
) -> Result<String, Error> {
    let portal = places.first().map_or("", |place| place.url.as_str());
    let sites = places.iter().zip(books).zip(published).map(|((place, book), published)| {
        let paths =
            published.iter().map(|path| path.as_deref().map(|path| pages::address(portal, path)));
        site(place, book, &paths.collect::<Vec<_>>(), words, now)
    });
    let sites: Vec<_> = sites.collect();
    let mut templates = Environment::new();
    let template = include_str!("pages/register.yaml");
    let role = &words.administrator;
    templates
        .add_template("register.yaml", template)
        .and_then(|()| templates.get_template("register.yaml"))
        .and_then(|template| {
            template.render(context! { city => Value::from(Serde(city)), sites, role })
        })
        .map_err(|error| Error::Data(format!("register.yaml: {error:#}")))
}

fn site(
    place: &Place,
    book: &Book,
    published: &[Option<String>],
    words: &Words,
    now: DateTime<Utc>,
) -> Value {
    let columns = book.columns.iter().filter(|_| !place.spec.undeclared).map(|column| {
        let url = pages::address(&place.url, &format!("/{}/", column.slug));
        context! { name => &column.name, url }
    });
    let day = |days: i64| -> NaiveDate { local_date(now) - Duration::days(days) };
    let domains = place.spec.domains.iter().map(|domain| {
        let retired = domain.retired.map(|days| day(days).to_string());
        context! { name => &domain.name, main => &domain.main, retired }
    });
    let filings = place.spec.filings.iter().zip(published).map(|(filing, publicity)| {
        let date = filing.date(now).to_string();
        context! { event => &filing.event, date, number => filing.number(now), publicity }
    });
    let status = match place.spec.status {
        Status::Running => String::new(),
        Status::Offline(days) => format!("{{ state: offline-temporary, from: {} }}", day(days)),
        Status::Closed(days) => format!("{{ state: closed, on: {} }}", day(days)),
    };
    context! {
        id => &place.spec.id,
        name => &place.name,
        sponsor => &place.organ.id,
        kind => &place.spec.kind,
        url => &place.url,
        domains => domains.collect::<Vec<_>>(),
        columns => columns.collect::<Vec<_>>(),
        endpoints => Value::from(Serde(&place.spec.endpoints)),
        render => place.spec.render,
        code => &place.code,
        icp => &place.icp,
        police => &place.police,
        status,
        filings => filings.collect::<Vec<_>>(),
        administrator => &words.administrators.get(place.number % words.administrators.len().max(1)),
        email => &place.email,
        phone => &place.phone,
    }
}
