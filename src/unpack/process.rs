//! The process that reads a file: fed, watched, and ended with everything it has started.

use std::{
    io,
    os::unix::process::{CommandExt as _, ExitStatusExt as _},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
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
        // one that is waited for has no number any more that could be another's
        if let Ok(None) = self.0.try_wait() {
            if let Some(group) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
                let _ = kill_process_group(group, Signal::KILL);
            }
            let _ = self.0.wait();
        }
    }
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
    match timeout(whole, talk(&mut process.0, to, from, body)).await {
        Ok(Ok((status, answer))) if status.success() => {
            serde_json::from_slice(&answer).unwrap_or_else(|_| failed(Why::Damaged))
        }
        Ok(Ok((status, _))) => failed(ending_of(status)),
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
    child: &mut Child,
    mut to: Sender,
    from: Receiver,
    body: &[u8],
) -> io::Result<(ExitStatus, Vec<u8>)> {
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
        if let Some(status) = child.try_wait()? {
            return Ok((status, answer));
        }
        sleep(STEP).await;
    }
}

/// Why a process ended that did not end well.
fn ending_of(status: ExitStatus) -> Why {
    if status.signal() == Some(libc::SIGXCPU) { Why::Time } else { Why::Damaged }
}

/// Nothing was read.
pub(crate) fn failed(why: Why) -> Unpacked {
    let reason = if why == Why::Time { Reason::LimitTime } else { Reason::LimitDecode };
    let part = UnreadPart { part: String::new(), why: why.word().to_owned() };
    Unpacked { reason, kind: "other".to_owned(), unread: vec![part], ..Unpacked::default() }
}
