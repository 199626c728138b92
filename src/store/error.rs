//! What can go wrong with the store, told apart so that the operator knows what to mend.

use std::{
    io,
    path::{Path, PathBuf},
};

use sqlx::migrate::MigrateError;

/// Our own trouble (exit status 3), never a site's.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder cannot be made or written to.
    #[error("{}: the data folder cannot be used", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database file cannot be opened for writing.
    #[error("{}: the database cannot be opened; is the folder writable?", .path.display())]
    NotWritable {
        /// The database file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{}: this is not a database", .path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// It is a database of another program.
    #[error("{}: this database was not made by xuncha", .path.display())]
    Foreign {
        /// The database file.
        path: PathBuf,
    },
    /// A newer program wrote it.
    #[error("{}: the schema ({found}) is newer than this program knows ({known})", .path.display())]
    Newer {
        /// The database file.
        path: PathBuf,
        /// The version in the file.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The schema could not be brought up to date.
    #[error("{}: the schema could not be brought up to date", .path.display())]
    Migrate {
        /// The database file.
        path: PathBuf,
        /// Why.
        source: Box<MigrateError>,
    },
    /// Another process holds the database for longer than we wait.
    #[error("{}: another process holds the database, {doing} was given up", .path.display())]
    Busy {
        /// The database file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
    },
    /// No space left on the disk.
    #[error("{}: the disk is full, {doing} failed", .path.display())]
    Full {
        /// The database file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
    },
    /// The file or the disk cannot be written to.
    #[error("{}: the database is read-only, {doing} failed", .path.display())]
    ReadOnly {
        /// The database file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
    },
    /// The database is damaged.
    #[error("{}: the database is damaged, {doing} failed; restore a backup", .path.display())]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
    },
    /// Any other answer of the database.
    #[error("{}: {doing} failed", .path.display())]
    Sql {
        /// The database file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why.
        source: sqlx::Error,
    },
    /// A stored value is not one this program writes.
    #[error("the stored {what} cannot be read: {why}")]
    Stored {
        /// Which value.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Facts could not be compressed.
    #[error("facts could not be compressed")]
    Pack(#[source] io::Error),
}

/// Turns what sqlx says while `doing` something into an [`Error`].
pub(crate) fn while_doing(path: &Path, doing: &'static str) -> impl FnOnce(sqlx::Error) -> Error {
    let path = path.to_owned();
    move |source| match &source {
        sqlx::Error::PoolTimedOut => Error::Busy { path, doing },
        sqlx::Error::Database(told) => match primary_code(told.code().as_deref()) {
            // https://sqlite.org/rescode.html; the extended codes keep the primary one in the low byte
            5 | 6 => Error::Busy { path, doing },
            8 => Error::ReadOnly { path, doing },
            11 => Error::Damaged { path, doing },
            13 => Error::Full { path, doing },
            3 | 14 => Error::NotWritable { path },
            26 => Error::NotADatabase { path },
            _ => Error::Sql { path, doing, source },
        },
        _ => Error::Sql { path, doing, source },
    }
}

fn primary_code(code: Option<&str>) -> u32 {
    code.and_then(|code| code.parse::<u32>().ok()).map_or(0, |code| code & 0xff)
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, SqliteConnection};

    use super::*;

    async fn told(statements: &[&'static str]) -> Error {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        for statement in statements {
            if let Err(error) = sqlx::query(*statement).execute(&mut connection).await {
                return while_doing(Path::new("xuncha.db"), "recording")(error);
            }
        }
        panic!("every statement succeeded");
    }

    #[tokio::test]
    async fn a_full_disk_is_told_from_a_read_only_one() {
        let table = "create table blobs (body blob)";
        let full =
            [table, "pragma max_page_count = 2", "insert into blobs values (zeroblob(99999))"];
        assert!(matches!(told(&full).await, Error::Full { .. }));
        let read_only = [table, "pragma query_only = on", "insert into blobs values (x'00')"];
        assert!(matches!(told(&read_only).await, Error::ReadOnly { .. }));
    }
}
