//! What people and scripts see: data on standard output, everything else on standard error.

use std::io::{BufWriter, ErrorKind, IsTerminal, Write};
use std::time::Instant;

use super::Failure;
use crate::cli::{Color, Shared};
use crate::settings::Interruption;

/// The two streams, and how much may be said on them.
pub(super) struct Console {
    quiet: bool,
    verbose: bool,
    colour: bool,
    terminal: bool,
    interruption: Interruption,
}

impl Console {
    pub(super) fn new(shared: &Shared) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let colour = match shared.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        let interruption = Interruption::default();
        Self { quiet: shared.quiet, verbose: shared.verbose, colour, terminal, interruption }
    }

    /// Whether whoever watches wants the run to end.
    pub(super) fn interruption(&self) -> &Interruption {
        &self.interruption
    }

    /// Whether nothing is said but errors.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether messages are coloured.
    pub(super) fn colour(&self) -> bool {
        self.colour
    }

    /// Whether progress may be drawn.
    pub(super) fn draws_progress(&self) -> bool {
        self.terminal && !self.quiet
    }

    /// Whether phases are worth a line.
    pub(super) fn tells_phases(&self) -> bool {
        !self.terminal && !self.quiet
    }

    /// Data for scripts and people.
    pub(super) fn data(&self, text: &str) -> Result<(), Failure> {
        let newline = if text.ends_with('\n') { "" } else { "\n" };
        self.stream(|stream| {
            stream.write_all(text.as_bytes())?;
            stream.write_all(newline.as_bytes())
        })
    }

    /// Data that is written as it is made, so that it need not fit into memory. A reader that went away is no
    /// error; a full disk is.
    pub(super) fn stream(
        &self,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<(), Failure> {
        let mut stream = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        match write(&mut stream).and_then(|()| stream.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::machine("writing to standard output", error))
            }
            _ => Ok(()),
        }
    }

    /// A line about the run.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            self.line(text);
        }
    }

    /// A line for those who want to know more.
    pub(super) fn detail(&self, text: &str) {
        if self.verbose {
            self.line(text);
        }
    }

    /// Does `work`, and tells those who want to know more how long it took.
    pub(super) fn phase<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let done = work();
        self.detail(&format!("{name} took {:.2} s", begin.elapsed().as_secs_f64()));
        done
    }

    /// A line that is said even when quiet.
    pub(super) fn error(&self, text: &str) {
        let (begin, end) = if self.colour { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
        self.line(&format!("{begin}error{end}: {text}"));
    }

    /// Rendered diagnostics, said even when quiet.
    pub(super) fn diagnostics(&self, text: &str) {
        if !text.is_empty() {
            self.line(text.trim_end_matches('\n'));
        }
    }

    fn line(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}
