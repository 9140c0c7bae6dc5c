//! Records of the catalog folder, and service records, that contradict themselves or each other.

use super::codes;

codes! {
    TEAM_CYCLE = "team-cycle", Error, "a team is part of itself",
        "Following `parent` from this team leads back to it. The parents along the circle are not used.";
    EMPTY_TEAM = "empty-team", Warning, "a team has no members",
        "Nobody is listed under `members`, or in the GitHub teams of a team that owns services, so nobody can be asked. List them, or mark the team `status: dissolved`. The message says which list is empty.";
    TEAM_OF_ONE = "team-of-one", Note, "a team has one member",
        "Somebody is on call alone, and on holiday some day. The message says which list has only one name: `members` of the record, or the GitHub teams of a team that owns services.";
    VERSION_WITHOUT_MIGRATION = "version-without-migration", Error, "a major or breaking version says nothing about migration",
        "Services on the version before need to know how to come over (lesson §13.3). Write `migration:`; leave `change` out for a first version.";
    RULE_WITHOUT_ASSERTION = "rule-without-assertion", Error, "a rule asserts nothing",
        "A rule needs `id`, `level` and `assert`. Without them it cannot be judged.";
    UNKNOWN_LEVEL = "unknown-level", Error, "a rule belongs to a level that its scorecard does not have",
        "`level` names one of the `levels` of the same scorecard.";
    INVALID_WEIGHT = "invalid-weight", Error, "a weight is not a whole number from 1",
        "Scores are exact sums of whole weights. The rule counts 1 until it is mended.";
    UNKNOWN_TAG_FIELD = "unknown-tag-field", Error, "a required tag reads a field that does not exist",
        "`from` names a field of the service record, such as `costCenter` or `lifecycle.state`. Without it no value can be expected of the tag.";
    CONTRADICTING_EXPOSURE = "contradicting-exposure", Warning, "two fields contradict each other about exposure",
        "`internetFacing` is the older word: `true` means `exposure: public`, `false` only that it is not public. `exposure` is used.";
    SELF_DEPENDENCY = "self-dependency", Warning, "a service depends on itself",
        "The dependency is left out of the graph, for it would say that the service is up when it is up. Name what \
     it really needs, or remove the line.";
    EMPTY_DEPENDENCY = "empty-dependency", Warning, "a dependency names nothing",
        "A dependency names one of `service`, `resource` and `external`; without one nobody can say what the service \
     needs.";
    RETIRED_TECHNOLOGY = "retired-technology", Warning, "a record names a technology that has ended",
        "The technology was switched off by its vendor. What still names it either no longer runs or was never updated.";
}
