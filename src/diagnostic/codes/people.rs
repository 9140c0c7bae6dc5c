//! People and teams whom their host does not know, and lists of members that differ.

use super::codes;

codes! {
    UNKNOWN_GITHUB_TEAM = "unknown-github-team", Warning, "a GitHub team does not exist",
        "`github` of a team names a team that a complete listing of the organisation does not have: it was renamed, deleted, or never made. What is known of its people through GitHub is lost with it. A token that does not belong to an owner of the organisation sees no secret teams.";
    DEPARTED_MEMBER = "departed-member", Warning, "somebody in a team does not belong to the organisation",
        "The lead or a member of a team, named by their GitHub handle, is in no organisation whose people were listed. Alarms and reviews that go to them reach nobody. People named by their address of mail are not looked up.";
    MEMBERS_DIFFER = "members-differ", Note, "a team has other members on GitHub",
        "The record lists other members than the GitHub teams that it names; members of teams below those count too. Who only reviews there or only answers here is easily forgotten when people move.";
    UNKNOWN_CODE_OWNER = "unknown-code-owner", Warning, "CODEOWNERS names a team that does not exist",
        "GitHub passes over an owner that it does not know, so nobody is asked to review what the line is about. Teams vanish without a commit, so the file was right once. Secret teams cannot review.";
    CODE_OWNER_OUTSIDE = "code-owner-outside", Note, "CODEOWNERS names somebody who is not in the organisation",
        "Somebody who left, or an outside collaborator, who may review with write access to the repository. If they left, nobody is asked any more for what the line is about.";
    BROKEN_CODEOWNERS = "broken-codeowners", Warning, "GitHub finds a mistake in CODEOWNERS",
        "GitHub reads the file when a change is opened and passes over lines with a mistake: an owner it does not know or that may not write, a pattern it does not take. What is shown is GitHub's own answer, for the commit that was read.";
}
