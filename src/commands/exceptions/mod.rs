//! `exceptions`: the register from the command line. One file for each verb below it.

mod close;
mod closure;
mod draft;
mod due;
mod list;
mod new;
mod zombies;

use super::organisation::{Organisation, Request};
use super::{Console, Failure};
use crate::catalog::control::Risk;
use crate::cli::Shared;
use crate::cli::exceptions::{self, ExceptionsVerb, Register};
use crate::day::Day;
use crate::exit_code::ExitCode;

pub(super) fn run(
    arguments: &exceptions::Exceptions,
    shared: &Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    match &arguments.verb {
        ExceptionsVerb::List(arguments) => list::run(arguments, shared, console),
        ExceptionsVerb::Due(arguments) => due::run(arguments, shared, console),
        ExceptionsVerb::Zombies(arguments) => zombies::run(arguments, shared, console),
        ExceptionsVerb::New(arguments) => new::run(arguments, shared, console),
        ExceptionsVerb::Close(arguments) => close::run(arguments, shared, console),
    }
}

fn load(register: &Register, shared: &Shared, console: &Console) -> Result<Organisation, Failure> {
    Organisation::load(request(register), shared, console)
}

fn request(register: &Register) -> Request<'_> {
    Request::new(register.catalog.as_deref(), &register.replay)
}

/// The day that `text` says after `option`.
fn day(option: &str, text: &str) -> Result<Day, Failure> {
    Day::parse(text)
        .ok_or_else(|| Failure::Usage(format!("`{option} {text}` is no day; write it as 2026-11-21")))
}

/// `value` as JSON for people and scripts.
fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(|error| Failure::machine("printing JSON", error))
}

impl From<exceptions::Risk> for Risk {
    fn from(risk: exceptions::Risk) -> Self {
        match risk {
            exceptions::Risk::Low => Self::Low,
            exceptions::Risk::Medium => Self::Medium,
            exceptions::Risk::High => Self::High,
            exceptions::Risk::Critical => Self::Critical,
        }
    }
}
