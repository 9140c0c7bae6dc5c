//! The time of one night: how long it lasted, what the clock on the wall says, and waiting, which tests skip.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::day::Moment;
use crate::settings::Waiting;

/// How long one answer may take; GitHub itself gives up after ten seconds, AWS after thirty.
const PATIENCE: Duration = Duration::from_secs(60);

/// Counts the time of a night from its beginning.
#[derive(Debug)]
pub(super) struct Clock {
    began: Moment,
    start: Instant,
    /// Time that was waited for without waiting.
    skipped: Mutex<Duration>,
    waiting: Waiting,
}

impl Clock {
    /// A clock of a night that begins now, which is `began` by the clock on the wall.
    pub(super) fn new(began: Moment, waiting: Waiting) -> Self {
        Self { began, start: Instant::now(), skipped: Mutex::default(), waiting }
    }

    /// How long the night has lasted.
    pub(super) fn elapsed(&self) -> Duration {
        self.start.elapsed() + *self.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time on the wall, in seconds since 1970.
    pub(super) fn unix_seconds(&self) -> i64 {
        let elapsed = i64::try_from(self.elapsed().as_secs()).unwrap_or(i64::MAX);
        self.began.unix_seconds().saturating_add(elapsed)
    }

    /// How long one answer is waited for; a server that skips time is on this machine.
    pub(super) fn patience(&self) -> Duration {
        match self.waiting {
            Waiting::Real => PATIENCE,
            Waiting::Skipped => PATIENCE / 4,
        }
    }

    /// Waits until the night has lasted so long.
    pub(super) async fn wait_until(&self, end: Duration) {
        let rest = end.saturating_sub(self.elapsed());
        if rest.is_zero() {
            return;
        }
        match self.waiting {
            Waiting::Real => tokio::time::sleep(rest).await,
            Waiting::Skipped => {
                *self.skipped.lock().unwrap_or_else(PoisonError::into_inner) += rest;
                tokio::task::yield_now().await;
            }
        }
    }
}
