//! Policies: which tags are required, what an exception may be, who answers for what, what is stated of
//! the platform.

use super::field::{Field, List, Section, Sourced};
use super::golden_path::ReadinessAttestation;
use super::origin::Origin;
use super::record::record;
use super::scalar::{Duration, Number, choice};
use crate::day::{Day, Length};

record! {
    /// Required tags and how they are judged (`policy/tags.yaml`).
    pub struct TagPolicy called "tag policy" {
        /// The required keys.
        "required" => required: List<RequiredTag>,
        /// Whether `service` is a different key from `Service`; it is when absent.
        "caseSensitive" => case_sensitive: Field<bool>,
        /// Resource types that are judged, such as `s3:bucket`; all when empty.
        #[example("s3:bucket")]
        "resourceTypes" => resource_types: List<Box<str>>,
        /// Resources that are not judged.
        "exempt" => exempt: List<TagExemption>,
    }
}

record! {
    /// One required tag.
    pub struct RequiredTag called "required tag" shorthand "key" {
        /// The key.
        #[example("CostCenter")]
        "key" => key: Field<Box<str>>,
        /// The field of the service record that its value comes from.
        #[example("costCenter")]
        "from" => from: Field<Box<str>>,
        /// Other keys that are accepted in its place.
        #[example("cost-center")]
        "aliases" => aliases: List<Box<str>>,
        /// Values that are allowed, when no field says.
        #[example("CC-4100")]
        "values" => values: List<Box<str>>,
    }
}

record! {
    /// A resource that is not judged.
    pub struct TagExemption called "exemption" {
        /// Its ARN; `*` at the end stands for anything.
        #[example("arn:aws:s3:::aws-*")]
        "arn" => arn: Field<Box<str>>,
        /// Why.
        #[example("made by AWS, and cannot be tagged")]
        "reason" => reason: Field<Box<str>>,
        /// Its last day.
        "until" => until: Field<Day>,
    }
}

choice! {
    /// How an approval must be proven.
    pub enum ApprovalProof called "a way to prove approvals" {
        /// Written in the file.
        Declared = "declared",
        /// Found in code-review records.
        Verified = "verified",
    }
}

record! {
    /// What an exception may be (`policy/exceptions.yaml`).
    pub struct ExceptionPolicy called "exception policy" {
        /// Limits by risk: `low`, `medium`, `high`, `critical`.
        "risks" => risks: Section<RiskLimits>,
        /// Review cadence of exceptions that name none.
        "reviewCadence" => review_cadence: Field<Duration>,
        /// Days before the end on which owners are reminded.
        "reminderDays" => reminder_days: List<Number>,
        /// How approvals must be proven.
        "approvals" => approvals: Field<ApprovalProof>,
        /// Whether an approval counts only when it comes from outside the team that owns the service, and the one that
        /// asked.
        "approversOutsideTeam" => approvers_outside_team: Field<bool>,
        /// How soon after an expiry the same exception counts as a repeat.
        "repeatWithin" => repeat_within: Field<Duration>,
        /// Most extensions before a finding.
        "mostExtensions" => most_extensions: Field<Number>,
    }
}

record! {
    /// Limits by risk.
    pub struct RiskLimits called "risks" {
        /// For low risk.
        "low" => low: Section<RiskLimit>,
        /// For medium risk.
        "medium" => medium: Section<RiskLimit>,
        /// For high risk.
        "high" => high: Section<RiskLimit>,
        /// For critical risk.
        "critical" => critical: Section<RiskLimit>,
    }
}

record! {
    /// The limit for one risk.
    pub struct RiskLimit called "risk" {
        /// The longest life from request to expiry.
        "longestLife" => longest_life: Field<Duration>,
        /// Roles that must approve.
        #[example("security")]
        "approvers" => approvers: List<Box<str>>,
    }
}

record! {
    /// Who answers for what (`policy/responsibilities.yaml`, lesson §17.1).
    pub struct Responsibilities called "responsibilities" {
        /// One row for each responsibility.
        "responsibilities" => rows: List<Responsibility>,
    }
}

record! {
    /// One row: what application, platform and security teams do for it.
    pub struct Responsibility called "responsibility" {
        /// What it is about.
        #[example("Deployment pipeline")]
        "name" => name: Field<Box<str>>,
        /// What the application team does: `owns`, `supports`, `reviews`, `consumes`.
        #[example("owns its tests and its decision to release")]
        "application" => application: Field<Box<str>>,
        /// What the platform team does.
        #[example("owns and supports it")]
        "platform" => platform: Field<Box<str>>,
        /// What security and compliance do.
        #[example("owns the policy checks inside it")]
        "security" => security: Field<Box<str>>,
    }
}

record! {
    /// What only a person can state of the platform, for as long as it holds (`policy/platform.yaml`).
    pub struct Platform called "platform" {
        /// A new service starts from something that runs.
        "scaffold" => scaffold: Section<ReadinessAttestation>,
        /// Golden paths carry what every service of a kind needs.
        "templates" => templates: Section<ReadinessAttestation>,
        /// All services are built and delivered in the same way.
        "sharedCi" => shared_ci: Section<ReadinessAttestation>,
        /// An environment is asked for, and comes by itself.
        "environmentProvisioning" => environment_provisioning: Section<ReadinessAttestation>,
        /// Telemetry comes with the path.
        "observabilityDefaults" => observability_defaults: Section<ReadinessAttestation>,
        /// Guardrails are checked by rules that run.
        "policyAsCode" => policy_as_code: Section<ReadinessAttestation>,
        /// Objectives are measured, and their budgets watched.
        "enrichedSlos" => enriched_slos: Section<ReadinessAttestation>,
        /// What is found is mended without people.
        "automatedRemediation" => automated_remediation: Section<ReadinessAttestation>,
        /// Changes go through accounts and regions as one.
        "crossAccountOrchestration" => cross_account_orchestration: Section<ReadinessAttestation>,
        /// Teams extend the platform themselves.
        "plugins" => plugins: Section<ReadinessAttestation>,
    }
}

/// The nine tags of lesson §20.1, each with the field that its value comes from.
const REQUIRED_TAGS: [(&str, &str); 9] = [
    ("Service", "serviceId"),
    ("OwnerTeam", "ownerTeam"),
    ("Environment", "environments"),
    ("CostCenter", "costCenter"),
    ("Product", "product"),
    ("DataClassification", "dataClassification"),
    ("Criticality", "criticality"),
    ("ManagedBy", "managedBy"),
    ("LifecycleState", "lifecycle.state"),
];

impl TagPolicy {
    /// Fills what the policy does not say with the house's defaults.
    pub(super) fn fill(&mut self) {
        if self.required.origin.is_none() {
            self.required.items = REQUIRED_TAGS
                .into_iter()
                .map(|(key, from)| Sourced {
                    value: RequiredTag {
                        key: Field::known(key.into(), Origin::Default),
                        from: Field::known(from.into(), Origin::Default),
                        ..RequiredTag::default()
                    },
                    origin: Origin::Default,
                })
                .collect();
        }
    }
}

impl ExceptionPolicy {
    /// Fills what the policy does not say with the house's defaults (semantics §3).
    pub(super) fn fill(&mut self) {
        let days = |days: u64| {
            let length = Length::from_days(days);
            Field::known(Duration { length, text: format!("{days}d").into() }, Origin::Default)
        };
        let risks = &mut self.risks.fields;
        risks.low.longest_life.or_else(|| days(365));
        risks.medium.longest_life.or_else(|| days(180));
        risks.high.longest_life.or_else(|| days(90));
        risks.critical.longest_life.or_else(|| days(30));
        self.approvals.or_else(|| Field::known(ApprovalProof::Declared, Origin::Default));
        self.repeat_within.or_else(|| days(90));
        if self.reminder_days.origin.is_none() {
            self.reminder_days.items = [30, 14, 7, 1]
                .into_iter()
                .map(|days: u8| Sourced {
                    value: Number { value: f64::from(days), text: days.to_string().into() },
                    origin: Origin::Default,
                })
                .collect();
        }
    }
}
