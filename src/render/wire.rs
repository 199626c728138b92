//! The DevTools protocol over a pair of pipes: commands, their answers and events, JSON between NUL bytes.

use std::{
    collections::HashMap,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    process::{ChildStdin, ChildStdout},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

/// Bytes of one message of the browser; a longer one ends the conversation.
const LONGEST: u64 = 64 << 20;
/// Events that wait to be read; what comes beyond them is lost, and the request it tells of is never answered.
const WAITING: usize = 4096;

/// Something the browser tells unasked.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) session: String,
    pub(crate) method: String,
    pub(crate) params: Value,
}

/// Both directions; two threads wait at the pipes. Closed when it is dropped or the browser ends.
pub(crate) struct Wire {
    out: std::sync::mpsc::Sender<Vec<u8>>,
    state: Arc<State>,
    next: AtomicU64,
}

#[derive(Default)]
struct State {
    waiting: Mutex<HashMap<u64, oneshot::Sender<Result<Value, String>>>>,
    events: Mutex<Option<mpsc::Sender<Event>>>,
    closed: AtomicBool,
}

impl Wire {
    pub(crate) fn new(to: ChildStdin, from: ChildStdout) -> io::Result<Self> {
        let state = Arc::new(State::default());
        let (out, lines) = std::sync::mpsc::channel::<Vec<u8>>();
        thread::Builder::new().name("browser-in".into()).spawn(move || write(to, &lines))?;
        let known = Arc::clone(&state);
        thread::Builder::new().name("browser-out".into()).spawn(move || {
            read(from, &known);
            known.close();
        })?;
        Ok(Self { out, state, next: AtomicU64::new(1) })
    }

    /// The other end is still there.
    pub(crate) fn is_open(&self) -> bool {
        !self.state.closed.load(Ordering::Acquire)
    }

    /// Tells the browser something, and does not wait for what it says to it.
    pub(crate) fn tell(&self, session: Option<&str>, method: &str, params: Value) {
        self.post(self.next.fetch_add(1, Ordering::Relaxed), session, method, params);
    }

    /// Tells the browser something and waits for the answer.
    pub(crate) async fn call(
        &self,
        session: Option<&str>,
        method: &str,
        params: Value,
    ) -> Result<Value, String> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        lock(&self.state.waiting).insert(id, answer);
        if !self.is_open() {
            return Err("the browser has ended".to_owned());
        }
        self.post(id, session, method, params);
        match answered.await {
            Ok(Ok(result)) => Ok(result),
            Ok(Err(error)) => Err(format!("{method}: {error}")),
            Err(_) => Err("the browser has ended".to_owned()),
        }
    }

    fn post(&self, id: u64, session: Option<&str>, method: &str, params: Value) {
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let mut line = message.to_string().into_bytes();
        line.push(0);
        // a browser that has ended is noticed by those who wait for it
        let _ = self.out.send(line);
    }

    /// The events from now on; whoever listened before hears no more.
    pub(crate) fn listen(&self) -> mpsc::Receiver<Event> {
        let (sender, receiver) = mpsc::channel(WAITING);
        *lock(&self.state.events) = Some(sender);
        if !self.is_open() {
            self.state.close();
        }
        receiver
    }
}

impl State {
    fn close(&self) {
        self.closed.store(true, Ordering::Release);
        lock(&self.waiting).clear();
        *lock(&self.events) = None;
    }

    fn take(&self, mut message: Value) {
        if let Some(id) = message.get("id").and_then(Value::as_u64) {
            let Some(answer) = lock(&self.waiting).remove(&id) else { return };
            let error =
                message.pointer("/error/message").and_then(Value::as_str).map(str::to_owned);
            let result = error.map_or_else(|| Ok(message["result"].take()), Err);
            // who asked may have given up
            let _ = answer.send(result);
            return;
        }
        let text = |field: &str| message.get(field).and_then(Value::as_str).unwrap_or_default();
        let (session, method) = (text("sessionId").to_owned(), text("method").to_owned());
        if let Some(events) = lock(&self.events).as_ref() {
            let _ = events.try_send(Event { session, method, params: message["params"].take() });
        }
    }
}

fn write(mut to: ChildStdin, lines: &std::sync::mpsc::Receiver<Vec<u8>>) {
    for line in lines {
        if to.write_all(&line).and_then(|()| to.flush()).is_err() {
            return;
        }
    }
}

fn read(from: ChildStdout, state: &State) {
    let mut from = BufReader::with_capacity(64 << 10, from);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = from.by_ref().take(LONGEST).read_until(0, &mut line);
        if read.is_err() || line.pop() != Some(0) {
            return;
        }
        match serde_json::from_slice(&line) {
            Ok(message @ Value::Object(_)) => state.take(message),
            Ok(_) | Err(_) => tracing::debug!(bytes = line.len(), "no message of the protocol"),
        }
        line.shrink_to(1 << 20);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
