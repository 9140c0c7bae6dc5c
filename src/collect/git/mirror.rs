//! What was fetched of a remote, kept between nights: commits and trees of one branch, and of the files only
//! those that were asked for. Fetching is the git command's work, for no library speaks every protocol and
//! every credential of it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gix::ObjectId;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use super::command;
use crate::collect::walk::plain;
use crate::day::Moment;
use crate::settings::{GitAccess, Interruption, Remote, Settings};

/// The branch that holds what the remote's `HEAD` was.
const BRANCH: &str = "refs/heads/milepost";

/// The file that says when the mirror was last as the remote was.
const FETCHED: &str = "milepost-fetched";

/// The file that is locked while somebody writes into the mirror.
const LOCK: &str = "milepost-lock";

/// What git locks the branch with.
const BRANCH_LOCK: &str = "refs/heads/milepost.lock";

/// How the names of files begin that git is still writing.
const TEMPORARY: [&str; 3] = ["tmp_", ".tmp-", "incoming-"];

/// How long it is waited for another run.
const PATIENCE_FOR_OTHERS: Duration = Duration::from_secs(60);

/// How long it is waited for a remote that is only asked.
const PATIENCE_FOR_AN_ANSWER: Duration = Duration::from_secs(60);

/// How long one fetch may take.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// How often it is looked whether another run has ended.
const PULSE: Duration = Duration::from_millis(5);

/// The mirror of one remote, and the only one that writes into its folder.
pub(in crate::collect) struct Mirror<'a> {
    remote: &'a Remote,
    access: &'a GitAccess,
    interruption: &'a Interruption,
    /// A bare repository.
    pub(in crate::collect) folder: PathBuf,
    /// Held by us and by every git that we start: one that outlives us keeps it.
    lock: Option<File>,
}

/// What a remote said.
pub(in crate::collect) enum Fetched {
    /// Its branch is here.
    Branch,
    /// It has no commit yet.
    Nothing,
}

/// What a remote says that is only asked.
pub(in crate::collect) enum Answer {
    /// It has a branch.
    Head,
    /// It has no commit yet.
    Nothing,
}

impl<'a> Mirror<'a> {
    /// The mirror of `remote` in the folder `mirrors`, which need not be there yet.
    pub(in crate::collect) fn new(mirrors: &Path, remote: &'a Remote, settings: &'a Settings) -> Self {
        let digest = Sha256::digest(remote.url().as_bytes());
        let mark: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let label: String = remote.label().chars().filter(is_plain).take(40).collect();
        let Settings { git: access, interruption, .. } = settings;
        Self { remote, access, interruption, folder: mirrors.join(format!("{label}-{mark}.git")), lock: None }
    }

    /// Waits until nobody else writes into the mirror, and clears away what a git that was killed left there.
    pub(in crate::collect) fn hold(&mut self) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("its mirror cannot be written: {}", plain(&error));
        if self.folder.is_file() {
            fs::remove_file(&self.folder).map_err(failed)?;
        }
        fs::create_dir_all(&self.folder).map_err(failed)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.folder.join(LOCK))
            .map_err(failed)?;
        let begin = Instant::now();
        while let Err(error) = flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            if error != Errno::WOULDBLOCK {
                return Err(failed(error.into()));
            }
            if self.interruption.is_requested() {
                return Err(command::ENDED.to_owned());
            }
            if begin.elapsed() > PATIENCE_FOR_OTHERS {
                return Err("another run uses its mirror".to_owned());
            }
            std::thread::sleep(PULSE);
        }
        self.lock = Some(lock);
        self.clear_away().map_err(failed)
    }

    /// Clears away what a git that was ended left in the mirror, which we hold.
    fn clear_away(&self) -> std::io::Result<()> {
        for left in ["shallow.lock", "packed-refs.lock", "config.lock", "HEAD.lock", BRANCH_LOCK] {
            remove(&self.folder.join(left))?;
        }
        for folder in ["objects", "objects/pack"] {
            let Ok(entries) = fs::read_dir(self.folder.join(folder)) else { continue };
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name();
                if TEMPORARY.iter().any(|prefix| name.as_encoded_bytes().starts_with(prefix.as_bytes())) {
                    remove(&entry.path())?;
                }
            }
        }
        Ok(())
    }

    /// Whether another run writes into the mirror now. It is not kept from doing so.
    pub(in crate::collect) fn is_in_use(&self) -> bool {
        let lock = File::open(self.folder.join(LOCK));
        lock.is_ok_and(|lock| {
            flock(&lock, FlockOperation::NonBlockingLockShared).is_err_and(|error| error == Errno::WOULDBLOCK)
        })
    }

    /// Asks the remote for its `HEAD`, and fetches nothing.
    pub(in crate::collect) fn ask(&self) -> Result<Answer, String> {
        let mut command = command::closed_to_all_but(self.remote, self.access);
        // No repository, so that none of the working directory has a say.
        command.args([
            "--git-dir=/dev/null",
            "ls-remote",
            "--quiet",
            "--exit-code",
            "--",
            self.remote.url(),
            "HEAD",
        ]);
        match command::run(command, &[], Stdio::null(), PATIENCE_FOR_AN_ANSWER, self.interruption) {
            Ok(()) => Ok(Answer::Head),
            // That nothing matches is the one failure without a complaint.
            Err(said) if said.trim().is_empty() => Ok(Answer::Nothing),
            Err(said) => Err(command::in_words(&said)),
        }
    }

    /// Whether its branch was ever fetched. That the folder is there says nothing: it is made before the
    /// first question is asked.
    pub(in crate::collect) fn has_branch(&self) -> bool {
        self.folder.join(BRANCH).is_file()
    }

    /// Throws away everything that was fetched.
    pub(in crate::collect) fn clear(&self) -> std::io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name() != LOCK {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }

    /// When it was last fetched, if that was noted.
    pub(in crate::collect) fn fetched_at(&self) -> Option<Moment> {
        Moment::parse(fs::read_to_string(self.folder.join(FETCHED)).ok()?.trim())
    }

    /// Notes that what is here is what the remote had at the moment `at`.
    pub(in crate::collect) fn note(&self, at: Moment) -> Result<(), String> {
        fs::write(self.folder.join(FETCHED), format!("{at}\n"))
            .map_err(|error| format!("its mirror cannot be written: {}", plain(&error)))
    }

    /// Fetches what moved since the last time.
    pub(in crate::collect) fn update(&self) -> Result<Fetched, String> {
        self.prepare().map_err(|error| format!("its mirror cannot be written: {}", plain(&error)))?;
        let mut command = self.fetch();
        command.arg("origin").arg(format!("+HEAD:{BRANCH}"));
        match self.run(command, &[]) {
            Ok(()) => Ok(Fetched::Branch),
            Err(reason) if reason.contains("couldn't find remote ref HEAD") => Ok(Fetched::Nothing),
            Err(reason) => Err(command::in_words(&reason)),
        }
    }

    /// Fetches these files.
    pub(in crate::collect) fn fetch_objects(&self, ids: &BTreeSet<ObjectId>) -> Result<(), String> {
        let mut command = self.fetch();
        command.args(["--stdin", "origin"]);
        let list: String = ids.iter().map(|id| format!("{id}\n")).collect();
        self.run(command, list.as_bytes()).map_err(|reason| command::in_words(&reason))
    }

    /// The least that makes a bare repository, with the remote as it is named today.
    fn prepare(&self) -> std::io::Result<()> {
        fs::create_dir_all(self.folder.join("objects/info"))?;
        fs::create_dir_all(self.folder.join("refs/heads"))?;
        let url = self.remote.url().replace('\\', "\\\\").replace('"', "\\\"");
        let configuration = format!(
            "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tpartialClone = origin\n\
             [remote \"origin\"]\n\turl = \"{url}\"\n\tpromisor = true\n\tpartialclonefilter = blob:none\n"
        );
        fs::write(self.folder.join("config"), configuration)?;
        // Last: what has it, is a repository.
        fs::write(self.folder.join("HEAD"), format!("ref: {BRANCH}\n"))
    }

    /// `git fetch`, closed to everything but the one remote.
    fn fetch(&self) -> Command {
        let mut command = command::closed_to_all_but(self.remote, self.access);
        command.arg("--git-dir").arg(&self.folder).args([
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-write-fetch-head",
            "--no-auto-maintenance",
            "--filter=blob:none",
        ]);
        command
    }

    /// Runs `command` with `input`; what it said when it fails.
    fn run(&self, command: Command, input: &[u8]) -> Result<(), String> {
        // Nothing is written there: it is how the lock is handed on to git and what git starts.
        let held = match &self.lock {
            Some(lock) => Stdio::from(lock.try_clone().map_err(|error| command::not_run(&error))?),
            None => Stdio::null(),
        };
        let done = command::run(command, input, held, PATIENCE, self.interruption);
        if self.interruption.is_requested() {
            // What stays is cleared away by the next run.
            let _ = self.clear_away();
        }
        done
    }
}

/// Removes a file or folder, if it is there.
fn remove(path: &Path) -> std::io::Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
