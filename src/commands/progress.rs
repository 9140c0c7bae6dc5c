//! How far a run has come: bars when standard error is a terminal, one plain line for each phase
//! otherwise.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Console;
use crate::collect::Progress;
use crate::publish::apply;

/// Draws on standard error.
pub(super) struct Bars<'a> {
    console: &'a Console,
    current: Mutex<Option<ProgressBar>>,
}

impl<'a> Bars<'a> {
    pub(super) fn new(console: &'a Console) -> Self {
        Self { console, current: Mutex::new(None) }
    }

    fn replace(&self, next: Option<ProgressBar>) {
        let mut current = self.current.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bar) = current.take() {
            bar.finish_and_clear();
        }
        *current = next;
    }
}

impl Drop for Bars<'_> {
    fn drop(&mut self) {
        self.replace(None);
    }
}

impl Progress for Bars<'_> {
    fn started(&self, phase: &str, total: Option<u64>) {
        if self.console.tells_phases() {
            self.console.detail(&format!("{phase} …"));
        }
        if !self.console.draws_progress() {
            return;
        }
        let bar = match total {
            Some(total) => ProgressBar::new(total).with_style(
                ProgressStyle::with_template("{msg} {bar:32} {human_pos} of {human_len} ({per_sec})")
                    .expect("the template is ours"),
            ),
            None => ProgressBar::new_spinner().with_style(
                ProgressStyle::with_template("{spinner} {msg} {human_pos} ({per_sec})")
                    .expect("the template is ours"),
            ),
        };
        bar.set_message(phase.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        self.replace(Some(bar));
    }

    fn advanced(&self, count: u64) {
        let current = self.current.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bar) = current.as_ref() {
            bar.inc(count);
        }
    }

    fn finished(&self, summary: &str) {
        self.replace(None);
        self.console.say(summary);
    }
}

impl apply::Progress for Bars<'_> {
    fn started(&self, phase: &str, total: usize) {
        Progress::started(self, phase, u64::try_from(total).ok());
    }

    fn advanced(&self) {
        Progress::advanced(self, 1);
    }

    fn finished(&self, summary: &str) {
        Progress::finished(self, summary);
    }
}
