//! What a person sees while a scan runs: a bar on stderr, only when that is a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};
use xuncha_report::clean::printable;
use xuncha_scan::Progress;

/// The bar, or nothing.
pub(crate) struct Bar(Option<ProgressBar>);

impl Bar {
    /// A bar over `sites` sites; hidden with `--quiet` and where stderr is no terminal.
    pub(crate) fn new(sites: usize, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let style =
            ProgressStyle::with_template("{bar:32.blue} {pos}/{len} sites  {elapsed}  {wide_msg}");
        let bar = ProgressBar::new(sites.try_into().unwrap_or(u64::MAX));
        Self(Some(style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))))
    }

    /// Shows what the scan tells.
    pub(crate) fn show(&self, progress: &Progress) {
        let Some(bar) = &self.0 else { return };
        match progress {
            Progress::Done { site, .. } => {
                bar.set_message(printable(site).into_owned());
                bar.inc(1);
            }
            Progress::LineDown { reason, detail } => {
                bar.println(format!("our own line is down ({reason}): {}", printable(detail)));
            }
            _ => {}
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        if let Some(bar) = self.0 {
            bar.finish_and_clear();
        }
    }
}
