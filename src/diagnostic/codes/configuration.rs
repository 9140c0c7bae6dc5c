//! `milepost.yaml`: what cannot be used, or leaves something open.

use super::codes;

codes! {
    UNKNOWN_SETTING = "unknown-setting", Error, "a setting is not known",
        "The key is not part of `milepost.yaml`. In this file that is an error, because a slip of the finger would silently change what the portal covers. The message names the nearest known key.";
    UNKNOWN_ZONE = "unknown-zone", Error, "a time zone is not known",
        "`clock.zone` decides on which day an exception ends. It takes the name of an IANA zone, such as `Europe/Berlin`. Until it is mended, days are those of `UTC`.";
    INVALID_LIMIT = "invalid-limit", Error, "a limit is not a whole number in range",
        "Limits bound what one input may cost. They are whole numbers from 1; the default is used until it is mended.";
    INCOMPLETE_SOURCE = "incomplete-source", Error, "a source lacks its name, kind or path",
        "A source needs `name` (what the coverage page calls it), `kind` and `path`, one of GitHub `organisations` instead of a path. Without them it is not asked, and everything it holds would be missing.";
    UNSAFE_REMOTE = "unsafe-remote", Error, "an address that git must not be given",
        "Git obeys more than addresses: options, commands, and protocols without protection. Only `https`, `ssh` and paths are fetched from, never with credentials in the file; `http` and `git` only from this machine, where `loopback: true` says so. The repository is not read until its address is mended.";
    UNSAFE_API = "unsafe-api", Error, "an address that a token for GitHub must not be sent to",
        "What asks GitHub shows a token or signs with a key. It speaks `https` to the one host of `api` and to no other, never with credentials in the file; `http` only to this machine, where `loopback: true` says so. The source is not asked until its address is mended.";
    DUPLICATE_SOURCE = "duplicate-source", Error, "two sources have one name",
        "The name of a source tells readers where a value came from, so each source needs one of its own. The second one is not asked.";
    INCOMPLETE_EXCLUSION = "incomplete-exclusion", Error, "an exclusion lacks its repository or reason",
        "Nothing is left out in silence: an exclusion names a `repository` and a `reason`, which the coverage page shows. Without them the repository is read like any other.";
    ENDLESS_EXCLUSION = "endless-exclusion", Warning, "an exclusion has no end",
        "What is left out for ever is forgotten. `until` names the day on which somebody looks at it again.";
    EMPTY_AUDIENCE = "empty-audience", Error, "an audience removes nothing",
        "A profile under `audiences` says what a portal for other readers leaves out. One that leaves out nothing would publish everything under a name that promises otherwise.";
    UNKNOWN_GATE = "unknown-gate", Error, "a gate names no level of a scorecard",
        "A gate is `scorecard/level`, both as the scorecard file writes them. A gate that names nothing would never stop anything.";
}
