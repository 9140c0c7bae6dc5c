//! The git source: whether every remote answers, as whom it is asked, and whether the mirrors can be written. Asks
//! each remote for its `HEAD` and fetches nothing.

use rayon::prelude::*;

use super::{Prospect, look_at_folder_of_ours};
use crate::collect::exclusion;
use crate::collect::git::mirror::{Answer, Mirror};
use crate::collect::git::{Identity, WorkTree};
use crate::collect::progress::Progress;
use crate::collect::remotes::{AT_ONCE, Place, clones};
use crate::settings::{GitAccess, Remote, Settings, Source};
use crate::words;

/// What to do about a remote that does not answer.
const ASK: &str =
    "check the address and who may read it; `git ls-remote` with the address asks the same question";

/// Looks at remotes, or at the clones of a folder.
pub(super) fn look_at(
    source: &Source,
    settings: &Settings,
    progress: &dyn Progress,
    prospect: &mut Prospect,
) {
    if source.remotes.is_empty() {
        return look_at_clones(source, settings, prospect);
    }
    say_who_asks(&source.remotes, &settings.git, prospect);
    look_at_folder_of_ours("mirrors", &source.path, prospect);
    let is_read = |remote: &&Remote| {
        let name = Identity::of(remote.url()).map_or_else(|| remote.label().to_owned(), |own| own.name);
        exclusion::that_holds(&source.exclude, &name, settings.today).is_none()
    };
    let remotes: Vec<&Remote> = source.remotes.iter().filter(is_read).collect();
    let asking = format!("asking the remotes of `{}`", source.name);
    progress.started(&asking, Some(remotes.len() as u64));
    let ask = |remote: &&Remote| {
        let mirror = Mirror::new(&source.path, remote, settings);
        let asked = (mirror.is_in_use(), mirror.ask());
        progress.advanced(1);
        asked
    };
    let answers: Vec<(bool, Result<Answer, String>)> = match crate::collect::remotes::pool() {
        Ok(pool) => pool.install(|| remotes.par_iter().map(ask).collect()),
        Err(reason) => return prospect.wanting("remotes", reason, "leave the machine more room"),
    };
    let asked = words::count(remotes.len(), "remote", "remotes");
    progress.finished(&format!("asked {asked} of `{}`, {AT_ONCE} at once", source.name));
    let mut answered = 0;
    for (remote, (is_in_use, answer)) in remotes.iter().zip(answers) {
        let subject = format!("remote `{}`", remote.url());
        if is_in_use {
            let advice =
                "wait for it, or the collect will: for a minute, then it goes on without this remote";
            prospect.notable(&*subject, "another run uses its mirror", advice);
        }
        match answer {
            Ok(Answer::Head) => answered += 1,
            Ok(Answer::Nothing) => {
                answered += 1;
                prospect.notable(subject, "it has no commit yet", "push one, or exclude it with a reason");
            }
            Err(reason) => prospect.wanting(subject, reason, ASK),
        }
    }
    prospect.good("remotes", format!("{answered} of {asked} answered"));
    let excluded = source.remotes.len() - remotes.len();
    if excluded > 0 {
        prospect.good("excluded", format!("{} not asked", words::count(excluded, "remote", "remotes")));
    }
}

/// As whom remotes are asked, never with what.
fn say_who_asks(remotes: &[Remote], access: &GitAccess, prospect: &mut Prospect) {
    let speaks = |protocol: &str| remotes.iter().any(|remote| remote.protocol() == protocol);
    let has = |name: &str| access.variables.iter().any(|(known, value)| *known == name && !value.is_empty());
    if speaks("https") {
        let says = match access.token.is_some() {
            true => format!("{} is shown to servers that ask who we are", GitAccess::TOKEN),
            false => format!("none: {} is not set", GitAccess::TOKEN),
        };
        prospect.good("credentials for https", says);
    }
    if speaks("ssh") {
        let says = match (has("SSH_AUTH_SOCK"), has("HOME")) {
            (true, _) => "the keys of the agent at SSH_AUTH_SOCK, then those in `~/.ssh`",
            (false, true) => "the keys in `~/.ssh` that need no passphrase; there is no agent",
            (false, false) => "none: neither SSH_AUTH_SOCK nor HOME is set",
        };
        prospect.good("credentials for ssh", says);
    }
}

/// Looks at the clones of a folder: whether each can be opened, and the commit it is at.
fn look_at_clones(source: &Source, settings: &Settings, prospect: &mut Prospect) {
    let places = match clones(source) {
        Ok(places) => places,
        Err(reason) => return prospect.wanting("clones", reason, "check `path` in `milepost.yaml`"),
    };
    let mut opened = 0;
    for place in &places {
        let Place::Clone(folder, label) = place else { continue };
        let tree = WorkTree::open(folder);
        let identity = tree.as_ref().ok().and_then(WorkTree::identity);
        let name = identity.map_or_else(|| label.clone(), |own| own.name);
        if exclusion::that_holds(&source.exclude, &name, settings.today).is_some() {
            continue;
        }
        match tree.and_then(|tree| tree.contents().map(drop)) {
            Ok(()) => opened += 1,
            Err(reason) => {
                prospect.wanting(
                    format!("clone `{label}`"),
                    reason,
                    "clone it anew, or exclude it with a reason",
                );
            }
        }
    }
    if places.is_empty() {
        let none = format!("`{}` holds no repository", source.path.display());
        return prospect.notable("clones", none, "clone some there, or name `remotes`");
    }
    prospect.good("clones", format!("{} can be read", words::count(opened, "clone", "clones")));
}
