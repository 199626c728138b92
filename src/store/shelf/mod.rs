//! The shelf of crawls: what each has read, so that it goes on after a crash and asks conditionally next time.
//!
//! # Decisions
//!
//! 2026-11-24: a file of its own beside the database. What lies here can be had again from the sites, so it is written without
//! waiting for the disk (`synchronous=NORMAL`: a killed process loses nothing, a power cut loses the last moments), it
//! need not be backed up, and it may be deleted at any time. Official records stay in `xuncha.db`.
//!
//! 2026-11-24: a crawl under way appends to a plain file ([`spool`]), and is packed into the database when it ends: a hundred
//! small transactions a site cost more than the reading of its pages.

mod spool;

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use self::spool::Spools;
use crate::{Error, error::while_doing, row::moment};

/// Its name in the data folder.
const FILE: &str = "crawl.db";
/// A crawl is remembered for so long.
const REMEMBERED: TimeDelta = TimeDelta::days(60);
/// How long one process waits for another.
const WAIT: Duration = Duration::from_secs(30);
/// Fast enough to cost less than the reading of a page.
const LEVEL: i32 = 1;
/// A chunk that claims to be larger is damaged.
const LARGEST: usize = 64 << 20;

/// `key` tells apart what must not be mixed: the site, how deep it was crawled, the program that read the pages.
const SCHEMA: &str = "
    create table if not exists crawl (
        id integer primary key autoincrement,
        key text not null,
        begun_at datetime not null,
        finished_at datetime
    );
    create index if not exists crawl_key on crawl (key);
    create table if not exists chunk (
        crawl integer not null references crawl (id) on delete cascade,
        seq integer not null,
        body blob not null,
        primary key (crawl, seq)
    ) without rowid;";

/// The shelf of a data folder; clones share its connection.
#[derive(Clone, Debug)]
pub struct Shelf {
    path: PathBuf,
    pool: SqlitePool,
    spools: Spools,
}

/// A crawl that may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its number.
    pub crawl: i64,
    /// When it began: before now, when it was interrupted and goes on.
    pub begun_at: DateTime<Utc>,
    /// Chunks it has already.
    pub chunks: u32,
    /// The last finished crawl of the same key.
    pub before: Option<i64>,
}

impl Shelf {
    /// Opens `dir/crawl.db`, making it where it is missing; one that cannot be read is begun anew.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written to.
    pub async fn open(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(FILE);
        std::fs::create_dir_all(dir)
            .map_err(|source| Error::Folder { path: dir.to_owned(), source })?;
        match Self::connect(&path).await {
            Ok(shelf) => Ok(shelf),
            Err(Error::Busy { path, doing }) => Err(Error::Busy { path, doing }),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "the shelf is begun anew");
                for ending in ["", "-wal", "-shm"] {
                    let mut name = path.clone().into_os_string();
                    name.push(ending);
                    match std::fs::remove_file(name) {
                        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                            return Err(Error::Folder { path: dir.to_owned(), source });
                        }
                        _ => {}
                    }
                }
                Self::connect(&path).await
            }
        }
    }

    async fn connect(path: &Path) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(WAIT);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(WAIT * 2)
            .connect_with(options)
            .await
            .map_err(while_doing(path, "opening"))?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await.map_err(while_doing(path, "opening"))?;
        let dir = path.parent().unwrap_or(Path::new("."));
        Ok(Self { path: path.to_owned(), pool, spools: Spools::new(dir) })
    }

    /// What a file could not do.
    fn unkept(&self) -> impl FnOnce(io::Error) -> Error + use<> {
        let path = self.path.with_extension("");
        move |source| Error::Folder { path, source }
    }

    /// Goes on with the interrupted crawl of a key, when there is one begun after `not_before`, or begins one.
    ///
    /// # Errors
    ///
    /// Our own trouble with the file.
    pub async fn begin(
        &self,
        key: &str,
        at: DateTime<Utc>,
        not_before: DateTime<Utc>,
    ) -> Result<Begun, Error> {
        let failed = || while_doing(&self.path, "beginning a crawl");
        let mut tx = self.pool.begin_with("begin immediate").await.map_err(failed())?;
        sqlx::query("delete from crawl where key = $1 and finished_at is null and begun_at < $2")
            .bind(key)
            .bind(moment(not_before))
            .execute(&mut *tx)
            .await
            .map_err(failed())?;
        // of sites that are no more, and read by older programs
        sqlx::query("delete from crawl where begun_at < $1")
            .bind(moment(at - REMEMBERED))
            .execute(&mut *tx)
            .await
            .map_err(failed())?;
        let open: Option<(i64, DateTime<Utc>)> = sqlx::query_as(
            "select id, begun_at from crawl where key = $1 and finished_at is null order by id desc limit 1",
        )
        .bind(key)
        .fetch_optional(&mut *tx)
        .await
        .map_err(failed())?;
        let (crawl, begun_at) = match open {
            Some(open) => open,
            None => {
                let id = sqlx::query_scalar(
                    "insert into crawl (key, begun_at) values ($1, $2) returning id",
                )
                .bind(key)
                .bind(moment(at))
                .fetch_one(&mut *tx)
                .await
                .map_err(failed())?;
                (id, at)
            }
        };
        let before = sqlx::query_scalar(
            "select max(id) from crawl where key = $1 and finished_at is not null",
        )
        .bind(key)
        .fetch_one(&mut *tx)
        .await
        .map_err(failed())?;
        let under_way: Vec<i64> =
            sqlx::query_scalar("select id from crawl where finished_at is null")
                .fetch_all(&mut *tx)
                .await
                .map_err(failed())?;
        tx.commit().await.map_err(failed())?;
        self.spools.keep_only(&under_way).map_err(self.unkept())?;
        let chunks = self.settle(crawl).await?;
        Ok(Begun { crawl, begun_at, chunks, before })
    }

    /// Appends whole lines; they survive the death of this process.
    ///
    /// # Errors
    ///
    /// Our own trouble with the file.
    pub fn append(&self, crawl: i64, lines: &[u8]) -> Result<(), Error> {
        self.spools.append(crawl, lines).map_err(self.unkept())
    }

    /// Packs what lies in the spool; the number of chunks that there are now.
    async fn settle(&self, crawl: i64) -> Result<u32, Error> {
        let failed = || while_doing(&self.path, "keeping what was crawled");
        let spools = self.spools.clone();
        let packing = move || -> io::Result<Vec<Vec<u8>>> {
            spools.chunks(crawl)?.iter().map(|chunk| packed(chunk)).collect()
        };
        let packed = tokio::task::spawn_blocking(packing).await;
        let packed = packed.map_err(io::Error::other).and_then(|packed| packed);
        let packed = packed.map_err(self.unkept())?;
        let mut tx = self.pool.begin_with("begin immediate").await.map_err(failed())?;
        let had: i64 = sqlx::query_scalar("select count(*) from chunk where crawl = $1")
            .bind(crawl)
            .fetch_one(&mut *tx)
            .await
            .map_err(failed())?;
        let mut chunks = u32::try_from(had).unwrap_or(u32::MAX);
        for body in packed {
            sqlx::query("insert into chunk (crawl, seq, body) values ($1, $2, $3)")
                .bind(crawl)
                .bind(chunks)
                .bind(body)
                .execute(&mut *tx)
                .await
                .map_err(failed())?;
            chunks = chunks.saturating_add(1);
        }
        tx.commit().await.map_err(failed())?;
        // killed right here, the lines would be there twice: the crawl sees that the second ones do not fit, and forgets them
        self.spools.remove(crawl).map_err(self.unkept())?;
        Ok(chunks)
    }

    /// A chunk; `None` where there is none, or it is damaged.
    ///
    /// # Errors
    ///
    /// Our own trouble with the file.
    pub async fn chunk(&self, crawl: i64, seq: u32) -> Result<Option<Vec<u8>>, Error> {
        let body: Option<Vec<u8>> =
            sqlx::query_scalar("select body from chunk where crawl = $1 and seq = $2")
                .bind(crawl)
                .bind(seq)
                .fetch_optional(&self.pool)
                .await
                .map_err(while_doing(&self.path, "reading what was crawled"))?;
        Ok(body.and_then(|body| unpacked(&body)))
    }

    /// Forgets a chunk and those after it.
    ///
    /// # Errors
    ///
    /// Our own trouble with the file.
    pub async fn cut(&self, crawl: i64, seq: u32) -> Result<(), Error> {
        sqlx::query("delete from chunk where crawl = $1 and seq >= $2")
            .bind(crawl)
            .bind(seq)
            .execute(&self.pool)
            .await
            .map_err(while_doing(&self.path, "forgetting what was crawled"))?;
        Ok(())
    }

    /// Ends a crawl; those of the same key before it are forgotten.
    ///
    /// # Errors
    ///
    /// Our own trouble with the file.
    pub async fn finish(&self, crawl: i64, at: DateTime<Utc>) -> Result<(), Error> {
        let failed = || while_doing(&self.path, "ending a crawl");
        self.settle(crawl).await?;
        let mut tx = self.pool.begin_with("begin immediate").await.map_err(failed())?;
        sqlx::query("update crawl set finished_at = $2 where id = $1")
            .bind(crawl)
            .bind(moment(at))
            .execute(&mut *tx)
            .await
            .map_err(failed())?;
        sqlx::query(
            "delete from crawl where id < $1 and key = (select key from crawl where id = $1)",
        )
        .bind(crawl)
        .execute(&mut *tx)
        .await
        .map_err(failed())?;
        tx.commit().await.map_err(failed())
    }

    /// Closes the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// The length of the bytes, and the bytes under zstd.
fn packed(body: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    let mut packed = length.to_le_bytes().to_vec();
    packed.extend(zstd::bulk::compress(body, LEVEL)?);
    Ok(packed)
}

fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let (length, body) = packed.split_first_chunk()?;
    let length =
        usize::try_from(u32::from_le_bytes(*length)).ok().filter(|length| *length <= LARGEST)?;
    zstd::bulk::decompress(body, length).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + 60 * minute, 0).unwrap()
    }

    #[tokio::test]
    async fn an_interrupted_crawl_goes_on_and_a_finished_one_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path()).await.unwrap();
        let first = shelf.begin("a", at(0), at(-60)).await.unwrap();
        shelf.append(first.crawl, b"page\n").unwrap();
        drop(shelf);
        let shelf = Shelf::open(folder.path()).await.unwrap();
        let again = shelf.begin("a", at(5), at(-60)).await.unwrap();
        assert_eq!(again, Begun { chunks: 1, ..first });
        assert_eq!(shelf.chunk(first.crawl, 0).await.unwrap().as_deref(), Some(&b"page\n"[..]));
        assert_eq!(shelf.chunk(first.crawl, 1).await.unwrap(), None);
        shelf.finish(first.crawl, at(6)).await.unwrap();
        let next = shelf.begin("a", at(7), at(-60)).await.unwrap();
        assert_eq!((next.before, next.chunks), (Some(first.crawl), 0));
        shelf.finish(next.crawl, at(8)).await.unwrap();
        assert_eq!(shelf.chunk(first.crawl, 0).await.unwrap(), None, "forgotten");
        assert_eq!(shelf.begin("b", at(9), at(-60)).await.unwrap().before, None);
    }

    #[tokio::test]
    async fn what_was_interrupted_too_long_ago_is_begun_anew_and_a_broken_file_too() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path()).await.unwrap();
        let old = shelf.begin("a", at(0), at(-60)).await.unwrap();
        shelf.append(old.crawl, b"page\n").unwrap();
        let new = shelf.begin("a", at(100), at(40)).await.unwrap();
        assert!(new.crawl > old.crawl && new.chunks == 0);
        shelf.close().await;
        std::fs::write(
            folder.path().join(FILE),
            b"no database at all, and long enough to be looked at",
        )
        .unwrap();
        let shelf = Shelf::open(folder.path()).await.unwrap();
        assert_eq!(shelf.begin("a", at(0), at(-60)).await.unwrap().before, None);
    }
}
