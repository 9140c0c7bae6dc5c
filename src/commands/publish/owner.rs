//! Who publishes: for people, and for a later run that finds our lock and asks whether we are still there.

use std::fs;

use crate::publish::lock::Owner;
use crate::render::digest;

/// This run; `variable` looks into the environment.
pub(super) fn this_run(variable: impl Fn(&str) -> Option<String>) -> Owner {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let job = || Some(format!("{} run {}", set("GITHUB_REPOSITORY")?, set("GITHUB_RUN_ID")?));
    let build = || set("CODEBUILD_BUILD_ID");
    let person = || {
        let host = fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| set("HOSTNAME"));
        let who = set("USER").or_else(|| set("LOGNAME")).unwrap_or_else(|| "somebody".to_owned());
        format!("{who}@{}", host.as_deref().map_or("this machine", str::trim))
    };
    let by = job().or_else(build).unwrap_or_else(person);
    let process = std::process::id();
    let moment = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos());
    // Random enough to be no other run's: two runs of one process number at one nanosecond on two machines would
    // also need one address space layout.
    let chance = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), moment);
    let nonce =
        digest::hexadecimal(&digest::Digest::of(format!("{process} {moment} {chance}").as_bytes()).0[..16]);
    Owner { by, nonce, machine: machine(), process: identity(process) }
}

/// Whether the run of `owner` ended without letting go: only what ran on this machine can be looked for.
pub(super) fn is_dead(owner: &Owner) -> bool {
    let here = machine();
    let Some(process) = owner.process.as_deref().filter(|_| here.is_some() && owner.machine == here) else {
        return false;
    };
    let number = process.split_once(' ').and_then(|(number, _)| number.parse().ok());
    number.is_some_and(|number| identity(number).as_deref() != Some(process))
}

/// What tells this boot of this machine, and the numbering of processes that we see, from all others.
fn machine() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let processes = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), processes.display()))
}

/// A process and when it began, which tells it from one that gets its number later; `None` when there is none.
fn identity(process: u32) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program may hold anything, so what counts begins after its last bracket.
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    // Ended, but nobody asked how.
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    Some(format!("{process} {}", fields.nth(18)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_run_is_not_dead_and_one_that_ended_is() {
        let owner = this_run(|_| None);
        assert!(!is_dead(&owner));
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("starts");
        let other = Owner { process: identity(child.id()), ..owner.clone() };
        let was_alive = !is_dead(&other);
        child.kill().expect("dies");
        child.wait().expect("is gone");
        assert_eq!((was_alive, is_dead(&other)), (owner.machine.is_some(), owner.machine.is_some()));
        // Of another machine nobody knows.
        assert!(!is_dead(&Owner { machine: Some("another".into()), ..other }));
    }

    #[test]
    fn a_job_says_which_it_is() {
        let job = |name: &str| match name {
            "GITHUB_REPOSITORY" => Some("example/portal".to_owned()),
            "GITHUB_RUN_ID" => Some("42".to_owned()),
            _ => None,
        };
        assert_eq!(this_run(job).by, "example/portal run 42");
        assert_ne!(this_run(job).nonce, this_run(job).nonce);
    }
}
