//! How far a run has come, told to whoever wants to draw it.

/// Hears about phases of work that may take long. Called from many threads.
pub trait Progress: Sync {
    /// A phase begins, of so many steps where that is known.
    fn started(&self, phase: &str, total: Option<u64>);
    /// So many more steps are done.
    fn advanced(&self, count: u64);
    /// The phase is over, with what came of it in a line.
    fn finished(&self, summary: &str);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn started(&self, _phase: &str, _total: Option<u64>) {}
    fn advanced(&self, _count: u64) {}
    fn finished(&self, _summary: &str) {}
}
