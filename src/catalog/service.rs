//! The service record: what a team declares about one service, in its canonical, flat form. Both
//! shapes of descriptors and every foreign format are normalised to it.

use super::data_store::DataStore;
use super::field::{Field, List, Named, Section};
use super::id::{AccountId, CapabilityId, EnvironmentId, GoldenPathReference, ProductId, ServiceId};
use super::lifecycle::Lifecycle;
use super::record::record;
use super::scalar::{Declaration, Duration, Number, choice};
use crate::day::Day;

choice! {
    /// What kind of workload a service is (lesson §5.2, §6.3).
    pub enum ServiceType called "a service type" {
        /// Answers requests over HTTP.
        HttpService = "http-service",
        /// Reacts to events.
        EventConsumer = "event-consumer",
        /// Runs by the clock.
        ScheduledJob = "scheduled-job",
        /// Works through sets of data.
        Batch = "batch",
        /// Moves and shapes data.
        DataPipeline = "data-pipeline",
        /// Answers from a model.
        MlInference = "ml-inference",
        /// Serves files.
        StaticSite = "static-site",
        /// Is built into other services.
        Library = "library",
        /// Serves colleagues.
        InternalTool = "internal-tool",
    }
}

choice! {
    /// Who can reach a service (lesson §8, §18.3).
    pub enum ExposureType called "an exposure" {
        /// Nobody but itself.
        Private = "private",
        /// The organisation.
        Internal = "internal",
        /// The internet.
        Public = "public",
    }
}

choice! {
    /// Whether a service works without what it depends on.
    pub enum DependencyKind called "a kind of dependency" {
        /// It does not.
        Hard = "hard",
        /// It does, with less.
        Soft = "soft",
    }
}

choice! {
    /// What creates the resources (lesson §20.1).
    pub enum ManagedBy called "a way of managing resources" {
        /// Terraform.
        Terraform = "terraform",
        /// AWS CDK.
        Cdk = "cdk",
        /// CloudFormation.
        Cloudformation = "cloudformation",
        /// The platform.
        Platform = "platform",
        /// People by hand.
        Manual = "manual",
    }
}

record! {
    /// One service, as its team describes it.
    pub struct ServiceRecord called "service" {
        /// Version of this format: `milepost/v1`.
        #[example("milepost/v1")]
        "apiVersion" => api_version: Field<Box<str>>,
        /// Names the service for ever; the tag `Service` carries it.
        "serviceId" => service_id: Field<ServiceId>,
        /// Former ids: redirects in the portal, and tag matching.
        "aliases" => aliases: List<ServiceId>,
        /// The name people say.
        #[example("Parcel quote")]
        "displayName" => display_name: Field<Box<str>>,
        /// Why the service exists, in a sentence or two.
        #[example("Prices a parcel for the web shop and partner API.")]
        "description" => description: Field<Box<str>>,
        /// The business capability it serves.
        "businessCapability" => business_capability: Field<CapabilityId>,
        /// The kind of workload.
        "type" => service_type: Field<ServiceType>,
        /// The team that owns it.
        #[example("checkout")]
        "ownerTeam" => owner_team: Field<TeamName>,
        /// Who decides on technical questions: e-mail or handle.
        #[example("@mira")]
        "technicalOwner" => technical_owner: Field<Box<str>>,
        /// Who decides on business questions: e-mail or handle.
        #[example("pricing@example.com")]
        "businessOwner" => business_owner: Field<Box<str>>,
        /// The route that alarms take: an id or an address.
        #[example("checkout-primary")]
        "onCall" => on_call: Field<Box<str>>,
        /// How much depends on it: `tier-1` to `tier-4`, or the organisation's words for them.
        "criticality" => criticality: Field<Criticality>,
        /// Answers "what happens if it fails".
        #[example("Customers see no delivery price; orders stall after ten minutes.")]
        "failureImpact" => failure_impact: Field<Box<str>>,
        /// How sensitive its data is, in the organisation's words.
        "dataClassification" => data_classification: Field<DataClassification>,
        /// Who can reach it.
        "exposure" => exposure: Section<Exposure>,
        /// Older word for exposure: `true` means public, `false` only "not public".
        "internetFacing" => internet_facing: Field<bool>,
        /// What it runs on, such as `ecs-fargate`.
        #[example("ecs-fargate")]
        "runtime" => runtime: Field<Box<str>>,
        /// The golden path and version it follows: `http-service@3`.
        "goldenPath" => golden_path: Field<GoldenPathReference>,
        /// The repository, as `org/name`; else the one the file lies in.
        #[example("example/parcel-quote")]
        "repository" => repository: Field<Box<str>>,
        /// The folder in the repository; else the one the file lies in.
        #[example("services/quote")]
        "path" => path: Field<Box<str>>,
        /// Account of the default environment.
        "accountId" => account_id: Field<AccountId>,
        /// Region of the default environment.
        #[example("eu-central-1")]
        "region" => region: Field<Box<str>>,
        /// Where it runs.
        "environments" => environments: List<ServiceEnvironment>,
        /// Who pays.
        #[example("CC-4100")]
        "costCenter" => cost_center: Field<Box<str>>,
        /// The product it is part of.
        "product" => product: Field<ProductId>,
        /// Whether tenants share it.
        "tenantAware" => tenant_aware: Field<bool>,
        /// What creates its resources.
        "managedBy" => managed_by: Field<ManagedBy>,
        /// The objectives it promises.
        "slo" => slo: Section<Slo>,
        /// Tier of objectives, when the platform offers tiers.
        #[example("gold")]
        "sloTier" => slo_tier: Field<Box<str>>,
        /// How it comes back after a failure.
        "resilience" => resilience: Section<Resilience>,
        /// What it lets people see.
        "observability" => observability: Section<Observability>,
        /// How it is protected.
        "security" => security: Section<Security>,
        /// What it stores.
        "dataStores" => data_stores: List<DataStore>,
        /// Whether it needs a database (lesson §13.2).
        "requiresDatabase" => requires_database: Field<bool>,
        /// What it cannot, or can hardly, work without.
        "dependsOn" => depends_on: List<Dependency>,
        /// Who may call it.
        #[example("web-shop")]
        "allowedCallers" => allowed_callers: List<Box<str>>,
        /// Interfaces it offers.
        #[example("apis/quote.yaml")]
        "providesApis" => provides_apis: List<Box<str>>,
        /// Interfaces it uses.
        #[example("depot-calendar")]
        "consumesApis" => consumes_apis: List<Box<str>>,
        /// How it is rolled out and back.
        "deployment" => deployment: Section<Deployment>,
        /// What auditors ask of it.
        "compliance" => compliance: Section<Compliance>,
        /// What it may cost.
        "cost" => cost: Section<Cost>,
        /// Load that it must expect.
        #[example("40 requests a second at noon")]
        "expectedTraffic" => expected_traffic: Field<Box<str>>,
        /// Where it is in its life.
        "lifecycle" => lifecycle: Section<Lifecycle>,
        /// Documents and addresses: paths relative to this file, or addresses.
        "links" => links: Named<Link>,
        /// What only a person can state.
        "attestations" => attestations: List<Attestation>,
        /// Free labels.
        #[example(serde_json::json!({ "language": "go" }))]
        "labels" => labels: Named<Box<str>>,
    }
}

record! {
    /// Who can reach a service, and what guards it.
    pub struct Exposure called "exposure" shorthand "type" {
        /// Private, internal or public.
        "type" => exposure_type: Field<ExposureType>,
        /// How callers prove who they are.
        #[example("oauth2")]
        "auth" => auth: Field<Box<str>>,
        /// Whether a web application firewall stands in front.
        "waf" => waf: Field<bool>,
        /// Whether callers are limited.
        "rateLimit" => rate_limit: Field<Declaration>,
        /// How long access logs are kept, in days.
        "logRetentionDays" => log_retention_days: Field<Number>,
        /// Who approved that it is public.
        #[example("security")]
        "approvedBy" => approved_by: Field<Box<str>>,
        /// The security review that allowed it.
        #[example("SEC-2026-118")]
        "securityReview" => security_review: Field<Box<str>>,
    }
}

record! {
    /// One place where a service runs.
    pub struct ServiceEnvironment called "environment" shorthand "name" {
        /// Its name; details come from the catalog's environments.
        "name" => name: Field<EnvironmentId>,
        /// The account.
        "accountId" => account_id: Field<AccountId>,
        /// The region.
        #[example("eu-central-1")]
        "region" => region: Field<Box<str>>,
        /// Since when.
        "createdAt" => created_at: Field<Day>,
        /// Until when.
        "expiresAt" => expires_at: Field<Day>,
        /// Whether it is meant to go away.
        "ephemeral" => ephemeral: Field<bool>,
    }
}

record! {
    /// The objectives a service promises.
    pub struct Slo called "slo" {
        /// Share of time, or of requests, in percent.
        "availability" => availability: Field<Number>,
        /// 95th percentile of latency, in milliseconds.
        "p95LatencyMs" => p95_latency_ms: Field<Number>,
        /// Share of failing requests, in percent.
        "errorRate" => error_rate: Field<Number>,
        /// How old its data may be.
        "freshness" => freshness: Field<Duration>,
    }
}

record! {
    /// How a service comes back after a failure.
    pub struct Resilience called "resilience" {
        /// Recovery time objective.
        "rto" => rto: Field<Duration>,
        /// Recovery point objective.
        "rpo" => rpo: Field<Duration>,
        /// When a restore was last tried.
        "restoreTestedAt" => restore_tested_at: Field<Day>,
    }
}

record! {
    /// What a service lets people see (lesson §19).
    pub struct Observability called "observability" {
        /// Logs: a format, an address, or `true`.
        "logs" => logs: Field<Declaration>,
        /// Metrics.
        "metrics" => metrics: Field<Declaration>,
        /// Traces.
        "traces" => traces: Field<Declaration>,
        /// Events: deployments, rollbacks, changes of configuration, incidents, scaling.
        "events" => events: Field<Declaration>,
        /// The dashboard.
        "dashboard" => dashboard: Field<Declaration>,
        /// Alarms.
        "alarms" => alarms: Field<Declaration>,
    }
}

record! {
    /// How a service is protected (lesson §18.1).
    pub struct Security called "security" {
        /// Where its secrets are kept.
        "secrets" => secrets: Field<Declaration>,
        /// Who owns its encryption keys, such as `customer-managed`.
        #[example("customer-managed")]
        "kmsKeyType" => kms_key_type: Field<Box<str>>,
        /// Whether it runs in private subnets alone.
        "privateSubnetsOnly" => private_subnets_only: Field<bool>,
        /// Whether its images are scanned.
        "imageScan" => image_scan: Field<Declaration>,
        /// Whether its dependencies are scanned.
        "dependencyScan" => dependency_scan: Field<Declaration>,
        /// How people get in when all else fails.
        "breakGlass" => break_glass: Field<Declaration>,
    }
}

record! {
    /// One thing a service depends on.
    pub struct Dependency called "dependency" shorthand "service" {
        /// Another service.
        "service" => service: Field<ServiceId>,
        /// A resource.
        #[example("arn:aws:sqs:eu-central-1:111122223333:quotes")]
        "resource" => resource: Field<Box<str>>,
        /// Something outside the organisation.
        #[example("card-network")]
        "external" => external: Field<Box<str>>,
        /// Whether it works without.
        "kind" => kind: Field<DependencyKind>,
    }
}

record! {
    /// How a service is rolled out and back.
    pub struct Deployment called "deployment" {
        /// Such as `blue-green`, `canary`, `rolling`.
        #[example("canary")]
        "strategy" => strategy: Field<Box<str>>,
        /// How to go back.
        #[example("automatic")]
        "rollback" => rollback: Field<Box<str>>,
    }
}

record! {
    /// What auditors ask of a service.
    pub struct Compliance called "compliance" {
        /// Whether it is in scope.
        "auditScope" => audit_scope: Field<bool>,
        /// How long records are kept, in years.
        "retentionYears" => retention_years: Field<Number>,
        /// Frameworks it falls under.
        #[example("PCI DSS")]
        "frameworks" => frameworks: List<Box<str>>,
    }
}

record! {
    /// What a service may cost.
    pub struct Cost called "cost" {
        /// Budget a month.
        "monthlyBudget" => monthly_budget: Field<Number>,
    }
}

record! {
    /// What only a person can state.
    pub struct Attestation called "attestation" {
        /// The rule it speaks to, or any name that a rule asks for.
        #[example("restore-tested")]
        "check" => check: Field<Box<str>>,
        /// Who says so.
        #[example("@mira")]
        "by" => by: Field<Box<str>>,
        /// When they said so.
        "at" => at: Field<Day>,
        /// How long it holds.
        "validFor" => valid_for: Field<Duration>,
        /// Where the proof is.
        #[example("docs/restore-2026-10.md")]
        "evidence" => evidence: Field<Box<str>>,
    }
}

/// A document or address under `links`: one, or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Paths relative to the descriptor, or addresses, as written.
    pub targets: Vec<Box<str>>,
}

/// A team as a descriptor names it: an id, an alias, or what a foreign format uses.
pub type TeamName = Box<str>;

/// `tier-1` (most critical) to `tier-4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Criticality(pub u8);

/// A word of the organisation's data classifications, with its rank from open to closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataClassification {
    /// Position in the vocabulary: 0 is the most open.
    pub rank: u8,
    /// The word.
    pub word: Box<str>,
}
