//! Ctrl-C, and the signal by which machines end a run: the first one ends it soon and in order, a second one at
//! once.

use std::io::Write as _;

use tokio::signal::unix::{SignalKind, signal};

use super::{Console, Failure};
use crate::exit_code::ExitCode;
use crate::settings::Interruption;

/// What the first signal is answered with.
const ENDING: &str = "ending, and keeping what was read; once more ends at once";

/// Listens from now on. What is told of a signal is the interruption of `console`.
pub(super) fn listen(console: &Console) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::machine("listening for signals", error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    // Here, and not on the thread: what comes from now on is heard.
    let within = runtime.enter();
    let mut interrupts = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminations = signal(SignalKind::terminate()).map_err(failed)?;
    drop(within);
    let interruption = console.interruption().clone();
    let speaks = !console.is_quiet();
    std::thread::spawn(move || {
        runtime.block_on(async move {
            loop {
                let number = tokio::select! {
                    _ = interrupts.recv() => SignalKind::interrupt(),
                    _ = terminations.recv() => SignalKind::terminate(),
                };
                let number = number.as_raw_value();
                if !interruption.request(number) {
                    std::process::exit(i32::from(ended_by(number) as u8));
                }
                if speaks {
                    // Nobody may be there to read it any more.
                    let _ = writeln!(std::io::stderr().lock(), "{ENDING}");
                }
            }
        });
    });
    Ok(())
}

/// Goes on unless the run was told to end.
pub(super) fn heed(interruption: &Interruption) -> Result<(), Failure> {
    match interruption.signal() {
        None => Ok(()),
        Some(signal) => Err(Failure::Interrupted(ended_by(signal))),
    }
}

fn ended_by(signal: i32) -> ExitCode {
    match signal {
        number if number == SignalKind::terminate().as_raw_value() => ExitCode::Terminated,
        _ => ExitCode::Interrupted,
    }
}
