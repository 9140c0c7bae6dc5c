//! Whether a run was told to end before it is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

/// Whether a run was told to end, and by which signal. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Interruption(Arc<AtomicI32>);

impl Interruption {
    /// Tells the run to end, by the signal of this number. Whether that is the first time.
    pub fn request(&self, signal: i32) -> bool {
        self.0.compare_exchange(0, signal, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// The signal that ended it.
    pub fn signal(&self) -> Option<i32> {
        Some(self.0.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
    }

    /// Whether it was told to end.
    pub fn is_requested(&self) -> bool {
        self.signal().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_signal_counts_for_every_clone() {
        let one = Interruption::default();
        let other = one.clone();
        assert!(!other.is_requested());
        assert!(one.request(2) && !other.request(15));
        assert_eq!((one.signal(), other.signal()), (Some(2), Some(2)));
    }
}
