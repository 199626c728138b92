//! The process that reads a file: fed, watched, and ended with everything it has started.

use std::{
    io,
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::unix::pipe::{Receiver, Sender},
    time::{sleep, timeout},
};
use xuncha_model::{Reason, facts::content::UnreadPart};
use xuncha_probe::unpack::Unpacked;

use crate::haul::{TEXT, Why};

/// What it may answer: every character of the text may need a second one in JSON.
const ANSWER: u64 = 2 * TEXT as u64 + (256 << 10);
/// Between two looks whether a process that has said everything is gone.
const STEP: Duration = Duration::from_millis(2);

/// Ended with its children when it is dropped.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // it is waited for nowhere else, so that until here its number is its own
        if let Some(pid) = pid(&self.0) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
        let _ = self.0.wait();
    }
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// How it has ended, once it has; it is left as it is.
fn ended(child: &Child) -> io::Result<Option<Ended>> {
    let Some(pid) = pid(child) else { return Err(io::Error::other("no number")) };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let status = waitid(WaitId::Pid(pid), options)?;
    Ok(status.map(|status| match (status.exit_status(), status.terminating_signal()) {
        (Some(0), _) => Ended::Well,
        (_, Some(libc::SIGXCPU)) => Ended::Badly(Why::Time),
        _ => Ended::Badly(Why::Damaged),
    }))
}

/// How a process has ended.
enum Ended {
    Well,
    Badly(Why),
}

/// Has a file read by `program`, which is this one: `ending` is what its name ends with.
pub(crate) async fn run(
    program: &Path,
    pdftotext: Option<&Path>,
    ending: &str,
    body: &[u8],
    whole: Duration,
) -> Unpacked {
    let mut command = Command::new(program);
    command.arg(crate::COMMAND).arg(format!("--ending={ending}"));
    if let Some(pdftotext) = pdftotext {
        command.arg("--pdftotext").arg(pdftotext);
    }
    command.env_clear().current_dir("/").process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let own = |error: io::Error| {
        tracing::error!(%error, "starting a process that unpacks a file");
        Unpacked { reason: Reason::SelfBug, kind: "other".to_owned(), ..Unpacked::default() }
    };
    let mut process = match command.spawn() {
        Ok(child) => Process(child),
        Err(error) => return own(error),
    };
    let pipes = pipes(&mut process.0);
    let (to, from) = match pipes {
        Ok(pipes) => pipes,
        Err(error) => return own(error),
    };
    match timeout(whole, talk(&process.0, to, from, body)).await {
        Ok(Ok((Ended::Well, answer))) => {
            serde_json::from_slice(&answer).unwrap_or_else(|_| failed(Why::Damaged))
        }
        Ok(Ok((Ended::Badly(why), _))) => failed(why),
        Ok(Err(error)) => own(error),
        Err(_) => failed(Why::Time),
    }
}

fn pipes(child: &mut Child) -> io::Result<(Sender, Receiver)> {
    let missing = || io::Error::other("no pipe");
    let to = child.stdin.take().ok_or_else(missing)?;
    let from = child.stdout.take().ok_or_else(missing)?;
    Ok((Sender::from_owned_fd(to.into())?, Receiver::from_owned_fd(from.into())?))
}

async fn talk(
    child: &Child,
    mut to: Sender,
    from: Receiver,
    body: &[u8],
) -> io::Result<(Ended, Vec<u8>)> {
    let write = async move {
        // a process that has ended is noticed by its status
        let _ = to.write_all(body).await;
    };
    let read = async {
        let mut answer = Vec::new();
        from.take(ANSWER).read_to_end(&mut answer).await.map(|_| answer)
    };
    let ((), answer) = tokio::join!(write, read);
    let answer = answer?;
    loop {
        if let Some(ended) = ended(child)? {
            return Ok((ended, answer));
        }
        sleep(STEP).await;
    }
}

/// Nothing was read.
pub(crate) fn failed(why: Why) -> Unpacked {
    let reason = if why == Why::Time { Reason::LimitTime } else { Reason::LimitDecode };
    let part = UnreadPart { part: String::new(), why: why.word().to_owned() };
    Unpacked { reason, kind: "other".to_owned(), unread: vec![part], ..Unpacked::default() }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    /// A process that never ends, and one that it has started.
    fn endless(folder: &Path) -> std::path::PathBuf {
        let program = folder.join("program");
        let numbers = folder.join("numbers");
        let script = format!(
            "#!/bin/sh\n/bin/sleep 600 & echo $$ $! >{0}.part; /bin/mv {0}.part {0}; wait\n",
            numbers.display()
        );
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        program
    }

    /// Nobody is left of them; those that nobody has waited for yet do nothing.
    fn gone(folder: &Path) -> bool {
        let numbers = fs::read_to_string(folder.join("numbers")).unwrap();
        assert_eq!(numbers.split_whitespace().count(), 2);
        numbers.split_whitespace().all(|number| {
            let status = fs::read_to_string(format!("/proc/{number}/status")).unwrap_or_default();
            status.is_empty() || status.contains("State:\tZ")
        })
    }

    async fn until(done: impl Fn() -> bool) {
        for _ in 0..1_000 {
            if done() {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("not in ten seconds");
    }

    #[tokio::test]
    async fn what_does_not_end_is_ended_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let program = endless(folder.path());
        let body = vec![b'x'; 1 << 20];
        let unpacked = run(&program, None, "", &body, Duration::from_secs(3)).await;
        assert_eq!((unpacked.reason, unpacked.unread[0].why.as_str()), (Reason::LimitTime, "time"));
        until(|| gone(folder.path())).await;
    }

    #[tokio::test]
    async fn who_gives_up_ends_it() {
        let folder = tempfile::tempdir().unwrap();
        let program = endless(folder.path());
        let task =
            tokio::spawn(
                async move { run(&program, None, "", b"x", Duration::from_secs(600)).await },
            );
        until(|| folder.path().join("numbers").exists()).await;
        assert!(!gone(folder.path()));
        task.abort();
        until(|| gone(folder.path())).await;
    }
}
