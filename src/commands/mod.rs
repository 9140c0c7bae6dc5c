//! One file per verb. The only place that reads clock, environment and working directory, and the only
//! one that prints.

mod audience;
mod build;
mod check;
mod collect;
mod console;
mod diff;
mod doctor;
mod evidence;
mod exceptions;
mod explain;
mod gate;
mod import;
mod init;
mod interruption;
mod last_run;
mod movement;
mod named;
mod new_files;
mod night;
mod organisation;
mod preview;
mod progress;
mod publish;
mod schema;
mod serve;
mod summary;
mod table;
mod tags;
mod whereabouts;
mod who;

use console::Console;

use crate::cli::{Cli, Verb};
use crate::exit_code::ExitCode;

/// Why a verb could not do its work at all.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// The user asked for something that cannot be.
    #[error("{0}")]
    Usage(String),
    /// Diagnostics that stop the verb; they are printed already.
    #[error("the configuration cannot be used")]
    Configuration,
    /// A guard refused, or a lock is held.
    #[error("{0}")]
    Refused(String),
    /// Somebody ended the run.
    #[error("{}; what was read is kept, and the next run goes on from there", .0.meaning())]
    Interrupted(ExitCode),
    /// The machine failed.
    #[error("{doing}: {reason}")]
    Machine {
        /// What was being done.
        doing: String,
        /// What the machine said.
        reason: String,
    },
}

impl Failure {
    /// A failure of the machine while `doing` something.
    fn machine(doing: impl Into<String>, reason: impl std::fmt::Display) -> Self {
        Self::Machine { doing: doing.into(), reason: reason.to_string() }
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) | Self::Configuration => ExitCode::Usage,
            Self::Refused(_) => ExitCode::Refused,
            Self::Interrupted(exit) => *exit,
            Self::Machine { .. } => ExitCode::Internal,
        }
    }
}

/// Runs what the command line asks for.
pub fn run(cli: &Cli) -> ExitCode {
    let console = Console::new(&cli.shared);
    let listening = match &cli.verb {
        Verb::Build(_)
        | Verb::Collect(_)
        | Verb::Doctor(_)
        | Verb::Evidence(_)
        | Verb::Explain(_)
        | Verb::Preview(_)
        | Verb::Publish(_)
        | Verb::Serve(_)
        | Verb::Who(_) => interruption::listen(&console),
        // What reads only files of this machine ends as every program does.
        Verb::Check(_)
        | Verb::Diff(_)
        | Verb::Exceptions(_)
        | Verb::Import(_)
        | Verb::Init(_)
        | Verb::Schema(_)
        | Verb::Tags(_) => Ok(()),
    };
    let result = listening.and_then(|()| match &cli.verb {
        Verb::Import(arguments) => import::run(arguments, &cli.shared, &console),
        Verb::Init(arguments) => init::run(arguments, &cli.shared, &console),
        Verb::Check(arguments) => check::run(arguments, &cli.shared, &console),
        Verb::Collect(arguments) => collect::run(arguments, &cli.shared, &console),
        Verb::Build(arguments) => build::run(arguments, &cli.shared, &console),
        Verb::Serve(arguments) => serve::run(arguments, &cli.shared, &console),
        Verb::Doctor(arguments) => doctor::run(arguments, &cli.shared, &console),
        Verb::Evidence(arguments) => evidence::run(arguments, &cli.shared, &console),
        Verb::Exceptions(arguments) => exceptions::run(arguments, &cli.shared, &console),
        Verb::Explain(arguments) => explain::run(arguments, &cli.shared, &console),
        Verb::Who(arguments) => who::run(arguments, &cli.shared, &console),
        Verb::Diff(arguments) => diff::run(arguments, &cli.shared, &console),
        Verb::Publish(arguments) => publish::run(arguments, &cli.shared, &console),
        Verb::Preview(arguments) => preview::run(arguments, &cli.shared, &console),
        Verb::Schema(arguments) => schema::run(arguments, &console),
        Verb::Tags(arguments) => tags::run(arguments, &cli.shared, &console),
    });
    result.unwrap_or_else(|failure| {
        console.error(&failure.to_string());
        failure.exit_code()
    })
}
