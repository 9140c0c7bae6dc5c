//! Runs that are told to end, by the signal of Ctrl-C and by that of machines: they end soon and in order, and the
//! next one goes on from there.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::killed::{below, organisation};

/// At how many moments a run is told to end.
const MOMENTS: u32 = 8;

/// How long the end of a run may take.
const SOON: Duration = Duration::from_secs(5);

/// Says `signal` to a run.
pub(in crate::suite) fn tell(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a small number")).expect("a process");
    kill_process(pid, signal).expect("it is told");
}

/// How a run ended that was told to by `signal`: what it said, when it was told while it ran.
pub(in crate::suite) fn ended(child: Child, signal: Signal) -> Option<String> {
    let begin = Instant::now();
    let output = child.wait_with_output().expect("it ends");
    assert!(begin.elapsed() < SOON, "it ended after {:?}", begin.elapsed());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let number = signal.as_raw();
    let is_early = |status: ExitStatus| status.signal() == Some(number) || status.success();
    if is_early(output.status) {
        // Before it listened, or after it was done.
        return None;
    }
    assert_eq!(output.status.code(), Some(128 + number), "{said}");
    assert!(said.contains("what was read is kept, and the next run goes on from there"), "{said}");
    Some(said)
}

/// Nothing half written stays below `folder`, and nobody works there.
#[track_caller]
pub(in crate::suite) fn assert_in_order(folder: &Path) {
    let is_half = |name: &str| {
        ["tmp_", ".tmp", ".snapshot-", "incoming-"].iter().any(|begin| name.starts_with(begin))
            || name.ends_with(".lock")
    };
    let half = below(folder, &is_half);
    assert!(half.is_empty(), "{half:?}");
    let at_work = Command::new("pgrep").arg("--full").arg(folder).output().expect("pgrep");
    assert!(!at_work.status.success(), "{}", String::from_utf8_lossy(&at_work.stdout));
}

#[test]
fn fetching_ends_soon_at_any_moment() {
    let (place, _server) = organisation();
    let begin = Instant::now();
    let whole = place.run();
    let length = begin.elapsed();
    for moment in 0..MOMENTS {
        place.forget();
        let signal = [Signal::INT, Signal::TERM][moment as usize % 2];
        let child = place.milepost().spawn().expect("it starts");
        std::thread::sleep(length * moment / MOMENTS);
        tell(&child, signal);
        ended(child, signal);
        assert_in_order(place.at("").as_path());
        let next = place.run();
        assert_eq!(next.files, whole.files, "told to end after {moment} of {MOMENTS} parts");
    }
}

#[test]
fn a_remote_that_never_answers_is_not_waited_for() {
    let (place, _server) = organisation();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("bound");
    let configuration = std::fs::read_to_string(place.at("catalog/milepost.yaml")).expect("a file");
    let more = configuration.replace("remotes: [", &format!("remotes: [http://{address}/silent.git, "));
    place.write("catalog/milepost.yaml", more);
    for signal in [Signal::INT, Signal::TERM] {
        let child = place.milepost().spawn().expect("it starts");
        // It is asked, and waits.
        let _asked = silent.accept().expect("a question");
        std::thread::sleep(Duration::from_millis(300));
        tell(&child, signal);
        let said = ended(child, signal).expect("it was waiting");
        assert!(said.contains("once more ends at once"), "{said}");
        assert_in_order(place.at("").as_path());
        assert!(!place.at(".milepost/snapshot").exists(), "half a run is no snapshot");
    }
    place.write("catalog/milepost.yaml", configuration);
    assert_eq!(place.run().files.len(), 8);
}

#[test]
fn the_second_signal_ends_at_once() {
    let (place, _server) = organisation();
    // A git that does not listen, and tells that it began.
    place.write("bin/git", "#!/bin/sh\ntrap '' TERM\n: > \"$TMPDIR/began\"\nsleep 4\n");
    std::fs::set_permissions(place.at("bin/git"), std::fs::Permissions::from_mode(0o755))
        .expect("permissions");
    let path = format!("{}:{}", place.at("bin").display(), std::env::var("PATH").expect("a path"));
    let child = place.milepost().env("PATH", path).env("TMPDIR", place.at("")).spawn().expect("it starts");
    while !place.at("began").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    tell(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(200));
    let begin = Instant::now();
    tell(&child, Signal::INT);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
}
