//! Tests that a scorecard carries: a small made-up subject with what surrounds it, and the outcomes that
//! rules must have for it. `assess` tries them in every run.

use super::account::Account;
use super::field::{Field, List, Named, Section};
use super::free::Free;
use super::golden_path::{GoldenPath, Version};
use super::record::record;
use super::scalar::{Number, choice};
use super::service::{DependencyKind, ServiceRecord};
use super::team::Team;
use crate::day::Day;

choice! {
    /// The outcome that a rule must have. No exception is laid over tests, so nothing is waived in them.
    pub enum ExpectedOutcome called "an outcome that a test can expect" {
        /// The assertion is true.
        Pass = "pass",
        /// It is false, or rests on something that nobody declared.
        Fail = "fail",
        /// It rests on something that was not observed.
        Unknown = "unknown",
        /// The rule does not apply.
        NotApplicable = "n/a",
    }
}

record! {
    /// A made-up subject, and the outcomes that rules must have for it. What it does not give is not there;
    /// what is observed and not given was not collected.
    pub struct RuleTest called "test" {
        /// What it shows, in a line.
        #[example("a promise of four hours passes")]
        "name" => name: Field<Box<str>>,
        /// The day on which it takes place; the day of the run when absent.
        "today" => today: Field<Day>,
        /// The record of the service.
        "service" => service: Section<ServiceRecord>,
        /// The record of the owning team.
        "team" => team: Section<Team>,
        /// The record of the golden path.
        "goldenPath" => golden_path: Section<GoldenPath>,
        /// The version of the golden path that the service names.
        "goldenPathVersion" => golden_path_version: Section<Version>,
        /// The record of the account.
        "account" => account: Section<Account>,
        /// The repository of the service.
        "repository" => repository: Section<TestRepository>,
        /// Documents by link name.
        "documents" => documents: Named<TestDocument>,
        /// Observed facts by name.
        "facts" => facts: Named<TestFact>,
        /// AWS resources; an empty list says that there are none.
        "resources" => resources: List<TestResource>,
        /// Verdicts on tags by required key. A key that is left out is right on every resource.
        "tags" => tags: Named<TestTag>,
        /// Services that the service depends on.
        "dependencies" => dependencies: List<TestDependency>,
        /// How many services are on the golden path.
        "services" => services: Section<TestServices>,
        /// The outcome that each of these rules must have.
        "expect" => expect: Named<ExpectedOutcome>,
    }
}

record! {
    /// A made-up repository.
    pub struct TestRepository called "repository" shorthand "name" {
        /// Its name, such as `org/name`.
        #[example("example/parcel-quote")]
        "name" => name: Field<Box<str>>,
        /// Its address for people.
        #[example("https://git.example.com/example/parcel-quote")]
        "url" => url: Field<Box<str>>,
        /// The day of its last commit.
        "lastChange" => last_change: Field<Day>,
        /// The commit that was read.
        #[example("4c1f0a2")]
        "commit" => commit: Field<Box<str>>,
    }
}

choice! {
    /// What a link leads to.
    pub enum TestDocumentState called "what a link leads to" {
        /// A document that says something.
        Written = "written",
        /// A document that is still the empty template.
        Template = "template",
        /// Nothing.
        Missing = "missing",
        /// An address outside the repository, where nobody looked.
        Address = "address",
    }
}

record! {
    /// A made-up document.
    pub struct TestDocument called "document" shorthand "is" {
        /// What is there; `written` when absent.
        "is" => state: Field<TestDocumentState>,
        /// How many words its prose has.
        "words" => words: Field<Number>,
        /// The day of the last commit that touched it.
        "lastChanged" => last_changed: Field<Day>,
        /// Its headings in their order.
        #[example("Rollback")]
        "headings" => headings: List<Box<str>>,
    }
}

record! {
    /// A made-up fact.
    pub struct TestFact called "fact" shorthand "value" {
        /// True or false, a number, or text.
        "value" => value: Field<Free>,
        /// The day on which it was observed; the day of the test when absent.
        "observedAt" => observed_at: Field<Day>,
    }
}

record! {
    /// A made-up resource.
    pub struct TestResource called "resource" shorthand "type" {
        /// Service and kind, such as `s3:bucket`.
        #[example("s3:bucket")]
        "type" => resource_type: Field<Box<str>>,
        /// Its Amazon Resource Name.
        #[example("arn:aws:s3:::example-exports")]
        "arn" => arn: Field<Box<str>>,
        /// The account it lies in.
        "account" => account: Field<super::id::AccountId>,
        /// The region it lies in.
        #[example("eu-central-1")]
        "region" => region: Field<Box<str>>,
        /// The environment its tags name.
        #[example("prod")]
        "environment" => environment: Field<Box<str>>,
        /// Its tags, by key.
        #[example(serde_json::json!({ "CostCenter": "CC-4100" }))]
        "tags" => tags: Named<Box<str>>,
    }
}

record! {
    /// Verdicts on one required tag: how many resources.
    pub struct TestTag called "tag" shorthand "ok" {
        /// Resources whose tag is right.
        "ok" => ok: Field<Number>,
        /// Resources without it.
        "missing" => missing: Field<Number>,
        /// Resources that have it in another case.
        "wrongCase" => wrong_case: Field<Number>,
        /// Resources that have it with another value.
        "wrongValue" => wrong_value: Field<Number>,
        /// Resources whose tag names a service that may be described where nobody could look.
        "unknown" => unknown: Field<Number>,
        /// Resources that policy leaves out.
        "exempt" => exempt: Field<Number>,
        /// Resources whose tag would be right if nobody else claimed them.
        "contested" => contested: Field<Number>,
    }
}

record! {
    /// A made-up dependency.
    pub struct TestDependency called "dependency" shorthand "id" {
        /// Its id.
        #[example("depot-calendar")]
        "id" => id: Field<Box<str>>,
        /// Whether the subject works without it; `hard` when absent.
        "kind" => kind: Field<DependencyKind>,
        /// Its record; without one the catalog does not have it.
        "service" => service: Section<ServiceRecord>,
    }
}

record! {
    /// How many services are on a made-up golden path.
    pub struct TestServices called "services" shorthand "total" {
        /// All of them.
        "total" => total: Field<Number>,
        /// Those on a version that is supported.
        "onSupportedVersion" => on_supported_version: Field<Number>,
    }
}

impl TestTag {
    /// How many resources the verdicts are about.
    pub fn total(&self) -> u32 {
        let wrong = [&self.missing, &self.wrong_case, &self.wrong_value, &self.unknown];
        let verdicts = [&self.ok, &self.exempt, &self.contested].into_iter().chain(wrong);
        verdicts.map(count).fold(0, u32::saturating_add)
    }
}

/// A number of things: what is written, cut off at the point; 0 when nothing readable is.
pub fn count(written: &Field<Number>) -> u32 {
    // Numbers are finite, and the cast ends at the bounds.
    written.value().map_or(0, |number| number.value as u32)
}
