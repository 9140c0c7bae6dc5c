//! The time stamp: a command of the operator reaches the authority, OpenSSL says whether its word is good.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use super::sign::run;
use crate::commands::Failure;
use crate::evidence::time_stamp;
use crate::evidence::verify::Check;

/// The answer of the authority that `command` reaches, about `message`.
pub(super) fn stamp(command: &str, message: &str) -> Result<Vec<u8>, Failure> {
    let failed = |why: String| Failure::Usage(format!("no time stamp was given: {why}"));
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    let answer = run(shell, &time_stamp::question(message)).map_err(failed)?;
    time_stamp::check(&answer, message).map_err(failed)?;
    Ok(answer)
}

/// Whether `answer` is the word of an authority whose certificates are in `authorities`, about `message`.
pub(super) fn check(answer: &[u8], message: &str, authorities: Option<&Path>) -> Check {
    const WHAT: &str = "time stamp";
    if let Err(why) = time_stamp::check(answer, message) {
        return Check::refused(WHAT, why);
    }
    let Some(authorities) = authorities else {
        return Check::open(
            WHAT,
            "whose word it is must be known from outside: give --time-stamp-authority FILE",
        );
    };
    match ask(answer, message, authorities) {
        Ok(()) => Check::holds(WHAT, "an authority says that the pack was there at its time"),
        Err(why) if why.ends_with("is not installed") => Check::open(WHAT, why),
        Err(why) => Check::refused(WHAT, why),
    }
}

fn ask(answer: &[u8], message: &str, authorities: &Path) -> Result<(), String> {
    let machine = |error: std::io::Error| format!("the machine does not let us ask: {error}");
    let folder = tempfile::tempdir().map_err(machine)?;
    let (data, stamp) = (folder.path().join("data"), folder.path().join("stamp"));
    fs::File::create(&data).and_then(|mut file| file.write_all(message.as_bytes())).map_err(machine)?;
    fs::File::create(&stamp).and_then(|mut file| file.write_all(answer)).map_err(machine)?;
    let mut openssl = Command::new("openssl");
    openssl
        .args(["ts", "-verify", "-data"])
        .arg(&data)
        .arg("-in")
        .arg(&stamp)
        .arg("-CAfile")
        .arg(authorities);
    run(openssl, &[]).map(drop)
}
