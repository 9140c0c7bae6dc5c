//! Names that look like one thing in two spellings: notes, because only people know.

use super::codes;

codes! {
    SIMILAR_OWNER = "similar-owner", Note, "two names look like one team",
        "An owner that no team answers to looks like a known team, or like another unknown owner, in another spelling. If they are one, add the other name to the `aliases` of the team; if not, give the second team a file of its own.";
    SIMILAR_ON_CALL = "similar-on-call", Note, "two names look like one on-call route",
        "Alarms that go to a route nobody watches are lost. If both names mean one route, use one, or list the other under `contacts.onCallAliases` of the team.";
    SIMILAR_COST_CENTER = "similar-cost-center", Note, "two names look like one cost centre",
        "Services of one owner pay into cost centres whose names are alike. If they are one, use one spelling: cost reports add up by exact text.";
}
