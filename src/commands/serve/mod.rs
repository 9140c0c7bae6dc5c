//! `serve`: builds, serves on loopback, rebuilds on every change and reloads the page.

mod files;
mod watch;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch::{Receiver, Sender, channel};

use super::build::{self, open_in_browser};
use super::organisation::LastRun;
use super::{Console, Failure, organisation};
use crate::cli;
use crate::exit_code::ExitCode;

pub(super) fn run(
    arguments: &cli::Serve,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let (settings, _) = organisation::settings(arguments.options.catalog.as_deref(), shared, console)?;
    let mut watched: Vec<PathBuf> = vec![settings.catalog.clone()];
    watched.extend(settings.sources.iter().map(|source| source.path.clone()));
    watched.extend(arguments.options.templates.clone());

    build::build(&arguments.options, LastRun::Ignored, shared, console)?.summary.tell(console);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::machine("starting the server", error))?;
    runtime.block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
        let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| {
            Failure::Usage(format!("cannot listen on {address}: {error}; choose another --port"))
        })?;
        let bound = listener.local_addr().map_err(|error| Failure::machine("starting the server", error))?;
        console.data(&format!("http://{bound}/"))?;
        if arguments.open {
            open_in_browser(Path::new(&format!("http://{bound}/")), console);
        }
        let (generation, generations): (Sender<u64>, Receiver<u64>) = channel(0);
        let changes = watch::changes(&watched, &arguments.options.out)
            .map_err(|error| Failure::machine("watching for changes", error))?;
        let served =
            axum::serve(listener, files::router(Arc::from(arguments.options.out.as_path()), generations));
        let mut terminations = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .map_err(|error| Failure::machine("listening for signals", error))?;
        tokio::select! {
            _ = terminations.recv() => console.say("stopped"),
            result = served.into_future() => result.map_err(|error| Failure::machine("serving", error))?,
            () = rebuild_on_change(changes, &generation, &arguments.options, shared, console) => {}
            _ = tokio::signal::ctrl_c() => console.say("stopped"),
        }
        Ok(ExitCode::Done)
    })
}

/// Rebuilds after every change and tells the pages. A build that fails is reported, and the last good
/// portal stays.
async fn rebuild_on_change(
    mut changes: watch::Changes,
    generation: &Sender<u64>,
    options: &cli::BuildOptions,
    shared: &cli::Shared,
    console: &Console,
) {
    while changes.next().await.is_some() {
        // Editors write in several steps; what follows within a moment belongs together.
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        changes.settle();
        match tokio::task::block_in_place(|| build::build(options, LastRun::Ignored, shared, console)) {
            Ok(built) => {
                built.summary.tell(console);
                generation.send_modify(|number| *number += 1);
            }
            Err(failure) => console.error(&failure.to_string()),
        }
    }
}
