//! Opens the database of a data folder, and brings its schema up to date.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use sqlx::{
    Sqlite, SqlitePool, Transaction,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Error, error::while_doing, hold::Holds};

/// The database's name in the data folder.
pub const FILE: &str = "xuncha.db";

/// The wall clock, lent by the edge of the program.
pub type Clock<'a> = &'a (dyn Fn() -> DateTime<Utc> + Send + Sync);

/// How long a writer waits for another process by default.
const WAIT: Duration = Duration::from_secs(30);

const READERS: u32 = 4;

static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

/// The store of a data folder; clones share its connections.
#[derive(Clone)]
pub struct Store(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) path: PathBuf,
    pub(crate) write: SqlitePool,
    pub(crate) read: SqlitePool,
    pub(crate) holds: Holds,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.0.path).finish()
    }
}

impl Store {
    /// Opens `dir/xuncha.db`; makes the folder and the database where they are missing.
    ///
    /// Scans whose process is gone are marked interrupted.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written to, the file is no database of ours, its schema is newer than this program, or
    /// another process holds it for more than half a minute.
    pub async fn open(dir: &Path, clock: Clock<'_>) -> Result<Self, Error> {
        Self::open_waiting(dir, WAIT, clock).await
    }

    /// [`Store::open`] with another patience for a database that another process holds.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub async fn open_waiting(dir: &Path, wait: Duration, clock: Clock<'_>) -> Result<Self, Error> {
        let folder = |source| Error::Folder { path: dir.to_owned(), source };
        fs::create_dir_all(dir).map_err(folder)?;
        let path = dir.join(FILE);
        // two processes that make the same database at once would refuse each other the change to WAL mode
        let _turn = turn(dir, &path, wait).await?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(wait);
        // without limits of age and idleness: the last connection to close would fold the WAL in again and again
        let pool = SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None);
        let write = pool
            .clone()
            .max_connections(1)
            .acquire_timeout(wait + Duration::from_secs(30))
            .connect_with(options.clone())
            .await
            .map_err(while_doing(&path, "opening"))?;
        migrate(&path, &write).await?;
        let read = pool
            .max_connections(READERS)
            .connect_lazy_with(options.create_if_missing(false).pragma("query_only", "on"));
        let store = Self(Arc::new(Inner { path, write, read, holds: Holds::new(dir) }));
        store.mark_interrupted(clock()).await?;
        Ok(store)
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Closes every connection and folds the write-ahead log into the database.
    pub async fn close(&self) {
        self.0.read.close().await;
        self.0.write.close().await;
    }

    /// A transaction that holds the write lock from its first moment: it never has to be given up half-way.
    pub(crate) async fn begin(
        &self,
        doing: &'static str,
    ) -> Result<Transaction<'static, Sqlite>, Error> {
        self.0.write.begin_with("begin immediate").await.map_err(self.failed(doing))
    }

    /// What to make of an sqlx error while `doing` something.
    pub(crate) fn failed(&self, doing: &'static str) -> impl FnOnce(sqlx::Error) -> Error {
        while_doing(&self.0.path, doing)
    }
}

/// Applies what is missing of the schema.
async fn migrate(path: &Path, write: &SqlitePool) -> Result<(), Error> {
    let known = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default();
    let found = version(path, write).await?.unwrap_or_default();
    if found == known {
        return Ok(());
    }
    if found > known {
        return Err(Error::Newer { path: path.to_owned(), found, known });
    }
    MIGRATOR.run(write).await.map_err(|source| match source {
        MigrateError::Execute(source) => {
            while_doing(path, "bringing the schema up to date")(source)
        }
        MigrateError::ExecuteMigration(source, _) => {
            while_doing(path, "bringing the schema up to date")(source)
        }
        source => Error::Migrate { path: path.to_owned(), source: Box::new(source) },
    })
}

/// The newest migration the database holds; `None` where it is empty.
async fn version(path: &Path, write: &SqlitePool) -> Result<Option<i64>, Error> {
    let tables: Vec<String> =
        sqlx::query_scalar("select name from sqlite_master where type = 'table'")
            .fetch_all(write)
            .await
            .map_err(while_doing(path, "reading the schema"))?;
    if tables.is_empty() {
        return Ok(None);
    }
    // a process that was killed in its first moments leaves the empty list of migrations alone behind
    let ours = |name: &String| name == "meta" || name == "_sqlx_migrations";
    if !tables.iter().any(|name| name == "_sqlx_migrations")
        || (tables.len() > 2 && tables.iter().filter(|name| ours(name)).count() < 2)
    {
        return Err(Error::Foreign { path: path.to_owned() });
    }
    sqlx::query_scalar("select max(version) from _sqlx_migrations")
        .fetch_one(write)
        .await
        .map_err(while_doing(path, "reading the schema"))
}

/// The right to open the database, for as long as the file is held.
async fn turn(dir: &Path, path: &Path, wait: Duration) -> Result<File, Error> {
    let folder = |source: io::Error| Error::Folder { path: dir.to_owned(), source };
    let lock = dir.join("open.lock");
    let file =
        File::options().create(true).write(true).truncate(false).open(lock).map_err(folder)?;
    let deadline = tokio::time::Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(source)) => return Err(folder(source)),
            Err(TryLockError::WouldBlock) if tokio::time::Instant::now() >= deadline => {
                return Err(Error::Busy { path: path.to_owned(), doing: "opening" });
            }
            Err(TryLockError::WouldBlock) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
