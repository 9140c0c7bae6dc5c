//! Names that refer to something: dangling ones, ambiguous ones, and ids that are given twice. References
//! are resolved in every run; each message names the nearest existing name when there is one.

use super::codes;

codes! {
    UNKNOWN_TEAM = "unknown-team", Warning, "a team does not exist",
        "Nobody in `teams/` has this id or alias, so nobody answers for what names it. Mend the name, or add it to the `aliases` of the team that is meant.";
    DISSOLVED_TEAM = "dissolved-team", Warning, "a team no longer exists",
        "The team is marked `status: dissolved` and still answers for something. Find out who took over, and name that team.";
    UNKNOWN_SERVICE = "unknown-service", Warning, "a service does not exist",
        "No descriptor has this id or alias. The service was renamed (then its new record should list the old id under `aliases`), removed, or misspelt.";
    UNKNOWN_GOLDEN_PATH = "unknown-golden-path", Warning, "a golden path does not exist",
        "No file in `golden-paths/` has this id. The service counts as one without a path until the id is right \
     or the path is described.";
    UNKNOWN_VERSION = "unknown-version", Warning, "a version of a golden path does not exist",
        "The golden path has no such version. A service names one as `http-service@3`; `3` also means the newest `3.x`.";
    UNPINNED_GOLDEN_PATH = "unpinned-golden-path", Note, "a service names a golden path without a version",
        "Without a version nobody can say whether the service is still supported. Write `http-service@3`.";
    UNKNOWN_ENVIRONMENT = "unknown-environment", Warning, "an environment does not exist",
        "Nobody in `environments/` has this id, and it is not among `vocabulary.environments`, the names that need no record.";
    UNKNOWN_ACCOUNT = "unknown-account", Warning, "an account does not exist",
        "The account is neither in `accounts.yaml` nor among those that AWS Organizations lists.";
    UNKNOWN_PRODUCT = "unknown-product", Warning, "a product does not exist",
        "No file in `products/` has this id. The service is listed under no product until the id is right or the \
     product is described.";
    UNKNOWN_CAPABILITY = "unknown-capability", Warning, "a business capability does not exist",
        "`capabilities.yaml` has no such id. The question which capability the service serves has no answer that \
     leads anywhere until the id is right or the capability is added.";
    UNKNOWN_CONTROL = "unknown-control", Warning, "a control does not exist",
        "No file in `controls/` has this id. A rule that proves an unknown control proves nothing; an exception to one waives nothing.";
    UNKNOWN_RULE = "unknown-rule", Warning, "a rule does not exist",
        "No scorecard has a rule with this id, so an exception to it waives nothing.";
    UNKNOWN_CHECK = "unknown-check", Warning, "an attestation speaks to nothing",
        "`check` (or the name of a readiness item) is the id of a rule, or a name that some rule asks for with `attested(\"name\")`. This one is neither, so nobody reads it.";
    DUPLICATE_ID = "duplicate-id", Error, "two records have one id",
        "An id names one record for ever. The first in the order of the files is used, the others are not.";
    MISSING_ID = "missing-id", Error, "a record has no id",
        "Everything in the catalog folder is referred to by its id. A record without one cannot be used.";
    SERVICE_CONFLICT = "service-conflict", Error, "two documents claim one service id",
        "One id means one service. Until all but one of these documents are renamed or removed, the service's page lists them all and no score, level or tier is published for it.";
    ALIAS_CLASH = "alias-clash", Warning, "one name means two things",
        "An alias is also the id of another record, or the alias of two. An id always means itself; an alias that two records claim means neither of them.";
    CONFUSABLE_ID = "confusable-id", Warning, "two service ids are easily taken for each other",
        "They differ only in separators or in characters that look alike (`0` and `o`, `1` and `l`). Readers, tags and alarms will mix them up, and somebody may count on that.";
    FILE_NAME = "file-name", Note, "a file is not called like the record it holds",
        "People look for a record by its id. A file with one record is best called `<id>.yaml`.";
}
