//! A condition in CEL: compiled, checked against the schema of facts, and evaluated.

use std::sync::Arc;

use cel::{Context, Env, ExecutionError, Program};
use xuncha_model::verdict::Unknown;

use crate::{
    check::{self, Names, Read},
    shape::Shape,
    values::{Scope, stopped_by},
};

/// The longest condition that is accepted (bytes).
const LONGEST: usize = 4_000;

/// A compiled condition.
#[derive(Debug)]
pub(crate) struct Expression {
    program: Program,
    /// The facts it names, in the order it names them.
    pub(crate) reads: Vec<Read>,
}

/// What is wrong with a condition, and at which byte of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) at: At,
    pub(crate) what: String,
    pub(crate) hint: String,
}

/// A place within a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Byte(usize),
    /// Line and column in characters, from 1.
    Place(usize, usize),
}

/// Why a condition has no answer.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// An unseen fact was touched.
    Unseen(Unknown),
    /// A bug in the rule.
    Bug(String),
}

impl Expression {
    /// Compiles a condition, which must be true or false.
    pub(crate) fn new(text: &str, env: &Env, names: &Names<'_>) -> Result<Self, Vec<Mistake>> {
        let whole = |what: String| vec![Mistake { at: At::Byte(0), what, hint: String::new() }];
        if text.len() > LONGEST {
            return Err(whole(format!("the expression is longer than {LONGEST} bytes")));
        }
        let program = env.compile(text).map_err(|errors| vec![syntax(errors)])?;
        let (shape, reads, mut mistakes) = check::walk(&program, names);
        if mistakes.is_empty() && !matches!(shape, Shape::Bool | Shape::Any) {
            mistakes = whole(format!("the expression must be true or false, and is a {shape}"));
        }
        if mistakes.is_empty() { Ok(Self { program, reads }) } else { Err(mistakes) }
    }

    /// The answer.
    ///
    /// # Errors
    ///
    /// [`Stopped`] when an unseen fact was needed, or the rule has a bug.
    pub(crate) fn holds(&self, scope: &Scope<'_>, env: &Arc<Env>) -> Result<bool, Stopped> {
        let mut context = Context::with_env(Arc::clone(env));
        context.set_variable_resolver(scope);
        match self.program.execute(&context) {
            Ok(cel::Value::Bool(answer)) => Ok(answer),
            Ok(other) => Err(Stopped::Bug(format!("neither true nor false: {other:?}"))),
            Err(error) => Err(self.stopped(&error, scope)),
        }
    }

    fn stopped(&self, error: &ExecutionError, scope: &Scope<'_>) -> Stopped {
        match stopped_by(error, scope) {
            Some(unknown) => Stopped::Unseen(unknown),
            None => Stopped::Bug(error.to_string()),
        }
    }
}

/// The first syntax error; those after it follow from it.
fn syntax(errors: cel::ParseErrors) -> Mistake {
    let first = errors
        .errors
        .into_iter()
        .min_by_key(|error| (!error.msg.starts_with("Syntax error"), error.pos));
    let Some(error) = first else {
        return Mistake { at: At::Byte(0), what: "not an expression".into(), hint: String::new() };
    };
    let message = error.msg.trim_start_matches("Syntax error: ");
    let message = message.split(" expecting ").next().unwrap_or(message);
    let message =
        message.replace("mismatched input", "unexpected").replace("extraneous input", "unexpected");
    let message = message.replace("'<EOF>'", "end of the expression");
    let place = |n: isize| usize::try_from(n).unwrap_or(1);
    Mistake {
        at: At::Place(place(error.pos.0), place(error.pos.1)),
        hint: if message.contains('\\') {
            "write a pattern as r'…'".into()
        } else {
            String::new()
        },
        what: format!("not an expression: {message}"),
    }
}
