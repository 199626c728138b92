//! What a process has cost so far, as the kernel counts it; and the bench as a process of its own, to be measured alone.

use std::{
    env, fs, io,
    process::{Command, Stdio},
};

use serde::{Serialize, de::DeserializeOwned};

use super::Outcome;

/// Where the second process finds what it is to do.
const TASK: &str = "XUNCHA_BENCH_TASK";
/// Clock ticks of /proc a second: the same on every Linux of today.
const TICKS: f64 = 100.0;

/// The cost of a process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// User and system time of all its threads, in seconds.
    pub(crate) cpu: f64,
    /// The most memory it ever held, in MB.
    pub(crate) peak_mb: f64,
}

impl Cost {
    /// Of a process by its number, or of `self`.
    pub(crate) fn of(process: &str) -> io::Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
        // proc(5): the name stands in brackets, utime and stime are fields 14 and 15
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
        let ticks: f64 =
            fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.split_whitespace().next()?.parse::<f64>().ok());
        Ok(Self { cpu: ticks / TICKS, peak_mb: peak.unwrap_or_default() / 1024.0 })
    }
}

/// The task this process was started for; `None` in the bench itself.
pub(crate) fn task<T: DeserializeOwned>() -> Outcome<Option<T>> {
    match env::var(TASK) {
        Ok(task) => Ok(Some(serde_json::from_str(&task)?)),
        Err(_) => Ok(None),
    }
}

/// Runs the bench once more with a task; what it writes to its standard output are the figures.
pub(crate) fn again<T: Serialize, R: DeserializeOwned>(task: &T) -> Outcome<R> {
    let mut command = Command::new(env::current_exe()?);
    command.env(TASK, serde_json::to_string(task)?).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("the measured process ended with {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
