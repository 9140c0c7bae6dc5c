//! Tells when something below the watched folders changes.

use std::path::{Path, PathBuf};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{Receiver, channel};

/// Changes below the watched folders, for as long as it lives.
pub(super) struct Changes {
    receiver: Receiver<()>,
    _watcher: RecommendedWatcher,
}

impl Changes {
    /// Waits for the next change; `None` when the watcher is gone.
    pub(super) async fn next(&mut self) -> Option<()> {
        self.receiver.recv().await
    }

    /// Forgets the changes that are waiting already.
    pub(super) fn settle(&mut self) {
        while self.receiver.try_recv().is_ok() {}
    }
}

/// Watches `folders`, leaving out `output` and git's own bookkeeping. One message stands for any number
/// of changes.
pub(super) fn changes(folders: &[PathBuf], output: &Path) -> notify::Result<Changes> {
    let (sender, receiver) = channel(1);
    let output = output.canonicalize().unwrap_or_else(|_| output.to_owned());
    let mut watcher: RecommendedWatcher =
        notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            let ours = |path: &PathBuf| {
                !path.starts_with(&output) && !path.components().any(|part| part.as_os_str() == ".git")
            };
            if !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(ours) {
                // A full queue already says that there is something to do.
                let _ = sender.try_send(());
            }
        })?;
    for folder in folders {
        if folder.exists() {
            watcher.watch(folder, RecursiveMode::Recursive)?;
        }
    }
    Ok(Changes { receiver, _watcher: watcher })
}
