//! How a command ends: the exit status, and whose trouble an error is.

use std::{fmt, process::ExitCode};

use xuncha_model::Problem;

/// A command that ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// Status 0.
    Well,
    /// Status 1: findings at or above `--fail-on`.
    Findings,
    /// Status 3: the round was void, our own line was down.
    Void,
    /// Status 3: stopped by the operator's signal before the end.
    Stopped,
}

/// Why a command did not run to its end.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Status 2: mistakes in files the operator wrote, all of them.
    Problems(Vec<Problem>),
    /// Status 2: a mistake in what was typed.
    Usage(String),
    /// Status 3: our own trouble.
    Own(anyhow::Error),
}

impl Failure {
    /// Our own trouble, with what we were doing.
    pub(crate) fn own(doing: &str, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Own(anyhow::Error::new(error).context(doing.to_owned()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problems(problems) => {
                for problem in problems {
                    writeln!(f, "{problem}")?;
                }
                let mistakes = if problems.len() == 1 { "mistake" } else { "mistakes" };
                write!(f, "{} {mistakes} found", problems.len())
            }
            Self::Usage(what) => write!(f, "error: {what}"),
            // `{:#}` prints the chain of causes on one line, without a backtrace.
            Self::Own(error) => write!(f, "error: {error:#}"),
        }
    }
}

/// The exit status of DESIGN §4.1.
pub(crate) fn code(result: &Result<Done, Failure>) -> ExitCode {
    ExitCode::from(match result {
        Ok(Done::Well) => 0,
        Ok(Done::Findings) => 1,
        Err(Failure::Problems(_) | Failure::Usage(_)) => 2,
        Ok(Done::Void | Done::Stopped) | Err(Failure::Own(_)) => 3,
    })
}
