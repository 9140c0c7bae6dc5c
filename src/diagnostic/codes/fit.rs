//! Promises that do not fit together, and what should be gone.

use super::codes;

codes! {
    TIER_INVERSION = "tier-inversion", Warning, "a service needs one that is less critical",
        "A service cannot be more critical than what it cannot work without: the less critical one is repaired later, staffed thinner and changed with less care.";
    AVAILABILITY_NOT_BACKED = "availability-not-backed", Warning, "a service promises more than its dependencies allow",
        "What a service cannot work without takes it down. So the most it can promise is the product of what its hard dependencies promise: with 99.9 % and 99.5 % that is 99.4005 %.";
    RECOVERY_NOT_BACKED = "recovery-not-backed", Warning, "a service promises to be back before what it needs",
        "The recovery time of a service is shorter than that of a hard dependency. After an outage of both, it cannot be back in time.";
    DATA_EXPOSED = "data-exposed", Warning, "the internet comes too close to closed data",
        "A public service holds data of the most closed class, or reaches a service whose data is more closed than the class that it states for itself. A firewall that fits a price list is too weak for a customer file.";
    RETIRED_AND_STILL_THERE = "retired-and-still-there", Warning, "a retired service still owns resources",
        "The record says that the service is gone, and resources still carry its tag. They cost money, and nobody looks after them.";
    RETIRED_AND_STILL_NEEDED = "retired-and-still-needed", Warning, "services depend on one that is retired",
        "A service is gone when nobody needs it any more. Either the dependency is out of date, or the end is.";
    ENVIRONMENT_OVERDUE = "environment-overdue", Warning, "an environment is past its last day",
        "An environment with an end was asked for until a day that has passed. What is left of it costs money and is patched by nobody.";
    RUNS_ELSEWHERE = "runs-elsewhere", Warning, "resources of a service lie where it does not say that it runs",
        "The account, the region or the environment of a resource is none that the record of its service declares. Either the record is out of date, or the resource claims a service that is not its own.";
    NOTHING_FOUND = "nothing-found", Warning, "a service says that it runs where nothing of it was found",
        "The listing of the account is complete, and no resource in it that carries or carried a tag is of the service. The tagging API never shows resources that never had a tag.";
    CONTESTED_RESOURCES = "contested-resources", Warning, "a resource is said to belong to several",
        "Tags, descriptors and accounts name different owners of one resource. The first in the order of trust is shown, and the resource counts for nobody until they agree.";
    UNREGISTERED_SERVICE = "unregistered-service", Warning, "tags name a service that no descriptor has",
        "Resources carry the name of a service that nobody registered. Nobody is asked when they fail, and their cost is nobody's.";
    TAG_POLICY_CONTRADICTS = "tag-policy-contradicts", Warning, "a tag policy of AWS and the policy on tags want different things",
        "AWS Organizations has a tag policy that spells a required key otherwise, or does not allow a value that the record asks for. Whatever is on a resource, one of the two finds it wrong; where the policy is enforced, AWS refuses the tag that the record wants.";
    ACCOUNT_NOT_DECLARED = "account-not-declared", Warning, "AWS has an account that no record declares",
        "An account without a record has no owner, no purpose, and no services that may run in it.";
    ACCOUNT_NOT_LISTED = "account-not-listed", Warning, "a declared account is not in the organisation",
        "AWS Organizations was asked, and its complete answer does not have the account.";
    ACCOUNT_CLOSED = "account-closed", Warning, "services are said to run in a closed account",
        "AWS has suspended or closed the account. Nothing runs in it any more.";
}
