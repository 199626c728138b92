//! What is looked at, and how much of it.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;
use xuncha_model::{Site, period::local_date, register::Status};

/// How much is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Domain, DNS, HTTP, TLS and the home page.
    #[default]
    Quick,
    /// The same, and every page that the home page names: columns and their freshness, links of the home page.
    Daily,
    /// The same, and the whole site within its budget.
    Full,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Quick => "quick",
            Self::Daily => "daily",
            Self::Full => "full",
        })
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Quick, Self::Daily, Self::Full]
            .into_iter()
            .find(|profile| profile.to_string() == text)
            .ok_or_else(|| format!("`{text}` is not a profile; take quick, daily or full"))
    }
}

/// What is looked at.
#[expect(clippy::large_enum_variant, reason = "one a task, and never kept in numbers")]
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A site of the register.
    Registered(Site),
    /// An address that is in no register.
    Bare(Url),
}

impl Target {
    /// The address of the home page.
    pub fn url(&self) -> &Url {
        match self {
            Self::Registered(site) => &site.url,
            Self::Bare(url) => url,
        }
    }

    /// Whether somebody is to answer on the day of the look.
    pub(crate) fn expected(&self, at: DateTime<Utc>) -> bool {
        let Self::Registered(site) = self else { return true };
        match site.status {
            Status::Running => true,
            Status::OfflineTemporary { from, until } => {
                let today = local_date(at);
                today < from || until.is_some_and(|until| today > until)
            }
            Status::Closed { on } => local_date(at) < on,
        }
    }
}
