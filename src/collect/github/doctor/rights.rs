//! What a collect needs to be allowed, against what the scopes of a token or the permissions of an App allow, as far
//! as GitHub says so without being tried.

use super::shown;
use crate::collect::doctor::Prospect;
use crate::collect::github::client::{Installation, Standing};
use crate::settings::{Also, Github, Secret};
use crate::words;

/// A right, by the names that GitHub has for it.
struct Right {
    /// Scopes of a classic token of which one is enough.
    scopes: &'static [&'static str],
    /// Permissions of an App to read.
    permissions: &'static [&'static str],
}

/// What every collect reads.
const CONTENTS: Right = Right { scopes: &["repo"], permissions: &["metadata", "contents"] };

/// What is needed for a word of `also`.
const fn needed(also: Also) -> Right {
    match also {
        Also::People => Right { scopes: &["read:org", "write:org", "admin:org"], permissions: &["members"] },
        Also::Builds => Right { scopes: &["repo"], permissions: &["checks", "statuses"] },
        Also::Deployments => Right { scopes: &["repo"], permissions: &["deployments"] },
        Also::Reviews => Right { scopes: &["repo"], permissions: &["pull_requests"] },
    }
}

/// Says what the installation of our App for `owner` lacks; gives whether it is let in at all.
pub(super) fn of_the_app(owner: &str, app: &Installation, asked: &Github, prospect: &mut Prospect) -> bool {
    let subject = format!("App in `{owner}`");
    if app.suspended_at.is_some() {
        let advice = "have an owner of the organisation let it in again";
        prospect.wanting(subject, "its installation is suspended", advice);
        return false;
    }
    let reach = match &*app.repository_selection {
        "selected" => "for selected repositories only",
        _ => "for all repositories",
    };
    prospect.good(&*subject, format!("`{}` is installed {reach}", shown(&app.app_slug)));
    let mut lack = |right: &Right, what: &str| {
        for permission in right.permissions {
            if !app.permissions.contains_key(*permission) {
                let advice = format!("give the App `{permission}: read` and have the organisation accept it");
                prospect.wanting(
                    &*subject,
                    format!("it may not read `{permission}`, which {what} needs"),
                    &advice,
                );
            }
        }
    };
    lack(&CONTENTS, "every collect");
    for also in &asked.also {
        lack(&needed(*also), &format!("`also: {}`", also.word()));
    }
    true
}

/// Says what our token lacks.
pub(super) fn of_the_token(
    token: Option<&Secret>,
    standing: &Standing,
    asked: &Github,
    prospect: &mut Prospect,
) {
    // Tokens of other kinds have no scopes, whatever a header may say.
    let is_fine_grained = token
        .is_some_and(|token| ["github_pat_", "ghs_"].iter().any(|kind| token.reveal().starts_with(kind)));
    let Some(scopes) = standing.scopes.as_ref().filter(|_| !is_fine_grained) else {
        let unsaid =
            "GitHub does not say what this token may do; what it may not is seen only when it is tried";
        return prospect.good("scopes", unsaid);
    };
    let has = |right: &Right| right.scopes.iter().any(|scope| scopes.iter().any(|own| own == scope));
    let given: Vec<String> = scopes.iter().map(|scope| shown(scope)).collect();
    let given = if given.is_empty() { "none".to_owned() } else { words::list(&given) };
    prospect.good("scopes", given);
    if !has(&CONTENTS) {
        let advice = "give the token the scope `repo` when private repositories are to be read";
        prospect.notable("scopes", "without `repo`, only public repositories are seen", advice);
    }
    for also in &asked.also {
        let right = needed(*also);
        // What is public may be read without.
        let is_for_private = right.scopes == CONTENTS.scopes;
        if !has(&right) && !is_for_private {
            let scope = right.scopes[0];
            let advice =
                format!("give the token the scope `{scope}`, or take `{}` out of `also`", also.word());
            prospect.wanting(
                "scopes",
                format!("without `{scope}`, `also: {}` is refused", also.word()),
                &advice,
            );
        }
    }
}
