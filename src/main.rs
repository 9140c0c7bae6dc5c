//! The binary: parses arguments, runs, ends with the right status.

use clap::Parser;
use milepost::cli::Cli;
use milepost::commands;
use mimalloc::MiMalloc;

/// Rendering makes and drops many small values on every core at once: with the allocator of the C library
/// a build takes a quarter more time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    commands::run(&Cli::parse()).into()
}
