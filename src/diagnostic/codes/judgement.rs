//! Rules and exceptions that are wrong in a way that only judging shows.

use super::codes;

codes! {
    BROKEN_EXPRESSION = "broken-expression", Error, "an expression cannot be used",
        "The expression names something that does not exist, compares what cannot be compared, or is no expression at all. Its rule is unknown for every subject and holds back the level it belongs to, until it is mended.";
    RULE_NOT_EVALUABLE = "rule-not-evaluable", Warning, "a rule cannot be judged for a subject",
        "Everything the rule reads is there, and still it has no answer: a fact is text where the rule needs a number, or there is more to look at than a rule may take. It is unknown for this subject, never failed.";
    FAILING_RULE_TEST = "failing-rule-test", Error, "a rule comes out otherwise than its test expects",
        "A scorecard carries made-up subjects under `tests`, with the outcomes that its rules must have. Either the rule does not mean what its author thinks, or the test is wrong. Announced rules are tried as if they counted already; exceptions are not laid over tests.";
    BROKEN_RULE_TEST = "broken-rule-test", Error, "a test cannot be tried",
        "A test names rules of its own scorecard under `expect`, each with `pass`, `fail`, `unknown` or `n/a`, and gives verdicts on tags that `policy/tags.yaml` requires. What it expects of anything else would silently not be tried.";
    ONE_SIDED_RULE = "one-sided-rule", Warning, "a rule is tested from one side only",
        "The tests of a scorecard show a rule only passing, or only failing. A rule that passes for everybody looks the same as one that is never asked. Rules without any test are shown as untested on the scorecard's page.";
    AMBIGUOUS_READINESS = "ambiguous-readiness", Error, "two readiness scorecards apply to one subject",
        "The readiness of a subject is its score on one scorecard marked `readiness: true`. One whose `appliesTo` speaks of the golden path goes before one that speaks of the type, and that before a general one; two of equal rank leave no readiness at all. Narrow the `appliesTo` of one of them.";
    INVALID_EXCEPTION = "invalid-exception", Error, "an exception permits nothing",
        "An exception without a reason, a compensating control or an end is not an exception; it is a new unmanaged standard. Neither is one that lives longer than its risk allows, or that asks to waive what nobody may waive. It waives nothing until it is mended.";
    UNPROVABLE_APPROVALS = "unprovable-approvals", Warning, "policy wants proof of approvals, and nothing collects it",
        "With `approvals: verified` an approval counts only when code review proves it: somebody of the team of that role approved the pull request that made the exception what it is. No source reads code reviews, so every exception that needs an approval stays pending.";
    UNCHECKABLE_CAP = "uncheckable-cap", Warning, "nobody can say whether an exception lives too long",
        "The longest life of an exception is counted from `requestedAt`, else from the first commit of its file. Neither is known here.";
    EXCEPTION_COVERS_NOTHING = "exception-covers-nothing", Warning, "an exception covers nothing",
        "No rule that applies to its service proves its control, so it waives nothing. Either it is not needed, or it names the wrong control or service.";
    OVERLAPPING_EXCEPTIONS = "overlapping-exceptions", Warning, "two exceptions in force cover the same",
        "While both are in force, the one that ends earlier is the one that counts. Close the other, or narrow its scope.";
}
