//! What questions to GitHub and AWS run on: a few threads that wait for answers.

use std::future::Future;

/// Does `work` on a runtime of its own; why not, when there is none.
pub(super) fn carry<T: Send>(work: impl Future<Output = T> + Send) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| format!("the machine has no room to ask it: {error}"))?;
    // On a thread of its own, because whoever calls may be on a runtime, which cannot hold another.
    std::thread::scope(|scope| {
        let done = scope.spawn(move || {
            let done = runtime.block_on(work);
            // A name that is still being looked up would hold up the end of the run.
            runtime.shutdown_background();
            done
        });
        done.join().map_err(|_| "asking it failed in a way that nobody foresaw".to_owned())
    })
}
