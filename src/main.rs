//! The binary: parses arguments, runs, ends with the right status.

use clap::Parser;
use milepost::cli::Cli;
use milepost::commands;

fn main() -> std::process::ExitCode {
    commands::run(&Cli::parse()).into()
}
