//! The git command, closed to everything but one remote: one protocol, no configuration but ours, no hooks, no
//! questions to whoever sits at the terminal, and a time after which it is not waited for.

use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::collect::walk::plain;
use crate::settings::{GitAccess, Interruption, Remote};

/// How often it is looked whether git has ended.
const PULSE: Duration = Duration::from_millis(5);

/// How long a git may take to clear up that was told to end.
const PATIENCE_WITH_THE_ENDED: Duration = Duration::from_secs(2);

/// Why nothing came of a question that the end of the run cut short.
pub(super) const ENDED: &str = "the run was told to end";

/// Most bytes of what git said that are kept.
const LONGEST_ANSWER: u64 = 8 << 10;

/// Answers a server's question for a password with the token in the environment of the command.
const HELPER: &str = "!f() { test \"$1\" = get && printf 'username=x-access-token\\npassword=%s\\n' \"$MILEPOST_GIT_TOKEN\"; }; f";

/// The git command that can reach `remote` and nothing else.
pub(super) fn closed_to_all_but(remote: &Remote, access: &GitAccess) -> Command {
    let mut command = Command::new("git");
    command.env_clear();
    command.envs(access.variables.iter().map(|(name, value)| (name, value)));
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_ALLOW_PROTOCOL", remote.protocol())
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "")
        .env("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=20")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("LC_ALL", "C");
    for setting in [
        "core.hooksPath=/dev/null",
        "core.symlinks=false",
        "credential.helper=",
        "fetch.negotiationAlgorithm=default",
        "gc.auto=0",
        "http.followRedirects=false",
        "http.lowSpeedLimit=1",
        "http.lowSpeedTime=60",
        "maintenance.auto=false",
        "safe.bareRepository=all",
    ] {
        command.args(["-c", setting]);
    }
    if let (Some(token), "https", Some(host)) = (&access.token, remote.protocol(), remote.host()) {
        command.env(GitAccess::TOKEN, token.reveal());
        command.arg("-c").arg(format!("credential.https://{host}.helper={HELPER}"));
    }
    command
}

/// Why git cannot be run.
pub(super) fn not_run(error: &std::io::Error) -> String {
    format!("git cannot be run: {}", plain(error))
}

/// Runs `command` with `input`, for as long as there is `patience` and nobody ends the run; what it said when it
/// fails. What it writes goes to `output`.
pub(super) fn run(
    mut command: Command,
    input: &[u8],
    output: Stdio,
    patience: Duration,
    interruption: &Interruption,
) -> Result<(), String> {
    let failed = |error: std::io::Error| not_run(&error);
    let mut answer = tempfile::tempfile().map_err(failed)?;
    let mut asked = tempfile::tempfile().map_err(failed)?;
    asked.write_all(input).and_then(|()| asked.rewind()).map_err(failed)?;
    let mut child = command
        .stdin(asked)
        .stdout(output)
        .stderr(answer.try_clone().map_err(failed)?)
        // A group of its own, so that what git starts can be ended with it.
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    let begin = Instant::now();
    let status = loop {
        match child.try_wait().map_err(failed)? {
            Some(status) => break status,
            None if interruption.is_requested() => {
                end(&mut child);
                return Err(ENDED.to_owned());
            }
            None if begin.elapsed() > patience => {
                end(&mut child);
                return Err(format!("no end after {} seconds", patience.as_secs()));
            }
            None => std::thread::sleep(PULSE),
        }
    };
    if status.success() {
        return Ok(());
    }
    let mut said = Vec::new();
    answer.rewind().map_err(failed)?;
    answer.take(LONGEST_ANSWER).read_to_end(&mut said).map_err(failed)?;
    let said = String::from_utf8_lossy(&said).into_owned();
    match status.signal() {
        // It had no time to complain, and to say nothing means something.
        Some(signal) if said.trim().is_empty() => Err(format!("git was ended by signal {signal}")),
        _ => Err(said),
    }
}

/// Ends git and what it started: it may clear up after itself, but not for long.
fn end(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let say = |signal| group.is_some_and(|group| kill_process_group(group, signal).is_ok());
    if say(Signal::TERM) {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE_WITH_THE_ENDED && matches!(child.try_wait(), Ok(None)) {
            std::thread::sleep(PULSE);
        }
    }
    // Whatever is left of the group; it is not waited for any longer, whatever becomes of it.
    say(Signal::KILL);
    let _ = child.kill();
    let _ = child.wait();
}

/// What git said, as a reason: its last complaint, without where our mirror lies.
pub(super) fn in_words(said: &str) -> String {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let complaint = lines().find_map(|line| line.strip_prefix("fatal: "));
    // Git only knows that ssh ended; why is what ssh or the server said before.
    let before = || lines().take_while(|line| !line.starts_with("fatal: ")).last();
    let complaint = match complaint {
        Some(line) if line.starts_with("Could not read from remote repository") => before().or(Some(line)),
        complaint => complaint,
    };
    let line = complaint.or_else(|| lines().next_back()).unwrap_or("git gave no reason");
    if said.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") {
        return "the server shows another key than the one in known_hosts; find out why before it is replaced there"
            .to_owned();
    }
    if said.contains("Host key verification failed") {
        return "the server's key is not in known_hosts; compare it with what its operator publishes, and add it"
            .to_owned();
    }
    if said.contains("Permission denied (publickey") {
        return "the server does not know our key; give ssh one that may read there, by an agent or in ~/.ssh"
            .to_owned();
    }
    if said.contains("terminal prompts disabled") || said.contains("could not read Username") {
        return "the server asks who we are; set MILEPOST_GIT_TOKEN".to_owned();
    }
    if ["301", "302", "307", "308"].iter().any(|code| said.contains(&format!("returned error: {code}"))) {
        return "the server sends us to another address, which is not followed; write the new one".to_owned();
    }
    line.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn what_ssh_said_counts_before_what_git_makes_of_it() {
        let fatal = "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access \
                     rights\nand the repository exists.\n";
        for (said, reason) in [
            (
                "ssh: connect to host a port 22: Connection refused\n",
                "ssh: connect to host a port 22: Connection refused",
            ),
            ("ERROR: Repository not found.\n", "ERROR: Repository not found"),
            ("Host key verification failed.\n", "the server's key is not in known_hosts"),
            ("@ REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n", "another key"),
            ("git@a: Permission denied (publickey).\n", "the server does not know our key"),
            ("", "Could not read from remote repository"),
        ] {
            let words = in_words(&format!("{said}{fatal}"));
            assert!(words.contains(reason), "{said}: {words}");
        }
        assert_eq!(in_words("fatal: not a git repository.\n"), "not a git repository");
        assert_eq!(in_words(""), "git gave no reason");
    }
}
