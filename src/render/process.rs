//! The Chromium process: found, started with everything off that speaks by itself, and ended without a trace.

use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::fs::MetadataExt as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::timeout;
use xuncha_model::Reason;
use xuncha_probe::render::Unrendered;

use crate::wire::Wire;

/// What a browser may be called.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// How long it may take to start.
const START: Duration = Duration::from_secs(20);

/// Gives the browser the pipes it wants (3 to read, 4 to write) in the place of its standard ones.
const PIPES: &str = r#"exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>/dev/null 2>&1"#;

/// Nothing leaves but what is asked for, and nothing is remembered.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--remote-debugging-pipe",
    // what is not caught goes to a proxy that nobody runs, loopback too, and no name resolves
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--no-pings",
    "--no-first-run",
    "--no-default-browser-check",
    "--metrics-recording-only",
    "--deny-permission-prompts",
    "--disable-notifications",
    // frames of other sites stay in the page's process, and so in the reach of its session
    "--disable-site-isolation-trials",
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedMode,IsolateOrigins,site-per-process,MediaRouter,OptimizationHints,\
        Translate,InterestFeedContentSuggestions,AutofillServerCommunication,CertificateTransparencyComponentUpdater,\
        SpareRendererForSitePerProcess",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--password-store=basic",
    "--renderer-process-limit=2",
    "--js-flags=--max-old-space-size=512",
    "--lang=zh-CN",
    "--window-size=1366,768",
];

/// A running browser; ended when it is dropped.
pub(crate) struct Chromium {
    /// What it is told through.
    pub(crate) wire: Wire,
    /// What it calls itself.
    pub(crate) agent: String,
    /// Pages it was asked to open.
    pub(crate) pages: u32,
    child: Child,
    profile: Option<TempDir>,
}

impl Chromium {
    /// Starts a browser with a profile of its own.
    ///
    /// # Errors
    ///
    /// `self.browser`: there is none, or it does not start.
    pub(crate) async fn launch(search: &OsStr) -> Result<Self, Unrendered> {
        let program = find(search).ok_or_else(|| {
            own("no chromium found: install the Debian package chromium".to_owned())
        })?;
        let failed = |error: std::io::Error| own(format!("{}: {error}", program.display()));
        let profile =
            tempfile::Builder::new().prefix("xuncha-browser-").tempdir().map_err(failed)?;
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(PIPES).arg(&program).args(FLAGS);
        command.arg(joined("--user-data-dir=", profile.path().as_os_str()));
        if is_root() {
            // it refuses to run as root with its sandbox on
            command.arg("--no-sandbox");
        }
        command.env_clear().env("HOME", profile.path()).env("PATH", "/usr/bin:/bin");
        command.env("TMPDIR", profile.path()).env("TZ", "Asia/Shanghai");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(failed)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let wire = pipes.and_then(|(to, from)| Wire::new(to, from).ok());
        let Some(wire) = wire else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(own("no pipe to the browser".to_owned()));
        };
        // from here on it is ended by being dropped
        let mut browser =
            Self { wire, agent: String::new(), pages: 0, child, profile: Some(profile) };
        let version =
            timeout(START, browser.wire.call(None, "Browser.getVersion", json!({}))).await;
        let version = match version {
            Ok(Ok(version)) => version,
            Ok(Err(error)) => return Err(own(format!("{}: {error}", program.display()))),
            Err(_) => return Err(own(format!("{} does not start", program.display()))),
        };
        let agent = version.get("userAgent").and_then(Value::as_str).unwrap_or_default();
        browser.agent = agent.replace("HeadlessChrome", "Chrome");
        tracing::debug!(agent = browser.agent, "browser started");
        Ok(browser)
    }

    /// Its process, and where it writes.
    #[cfg(test)]
    pub(crate) fn traces(&self) -> (u32, PathBuf) {
        let profile = self.profile.as_ref().map(|profile| profile.path().to_owned());
        (self.child.id(), profile.unwrap_or_default())
    }

    /// It has not ended by itself.
    pub(crate) fn is_alive(&self) -> bool {
        self.wire.is_open()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let Some(profile) = self.profile.take() else { return };
        // its children end when they miss it, and may write until then
        let path = profile.keep();
        for _ in 0..20 {
            if fs::remove_dir_all(&path).is_ok() || !path.exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        tracing::warn!(path = %path.display(), "a browser's profile could not be removed");
    }
}

/// A fault of ours.
pub(crate) fn own(detail: String) -> Unrendered {
    Unrendered::new(Reason::SelfBrowser, detail)
}

/// The first browser in the folders.
fn find(search: &OsStr) -> Option<PathBuf> {
    let folders: Vec<PathBuf> =
        std::env::split_paths(search).filter(|folder| folder.is_absolute()).collect();
    let paths = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    paths.into_iter().find(|path| {
        fs::metadata(path).is_ok_and(|file| file.is_file() && file.mode() & 0o111 != 0)
    })
}

fn is_root() -> bool {
    // without /proc the sandbox stays on
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn joined(flag: &str, value: &OsStr) -> OsString {
    let mut whole = OsString::from(flag);
    whole.push(value);
    whole
}
