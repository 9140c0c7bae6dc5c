//! Environments: where services run, standing ones and requests with an end.

use super::field::{Field, List, Section, Sourced};
use super::id::{AccountId, EnvironmentId, ServiceId, TeamId};
use super::record::record;
use super::scalar::{Duration, choice};
use super::service::DataClassification;
use crate::day::Day;

choice! {
    /// Whether an environment is meant to go away.
    pub enum EnvironmentKind called "a kind of environment" {
        /// It stays.
        Standing = "standing",
        /// It goes.
        Ephemeral = "ephemeral",
    }
}

record! {
    /// One environment (lesson §21; requests as in the platform-engineering module).
    pub struct Environment called "environment" {
        /// Names the environment.
        "environmentId" => environment_id: Field<EnvironmentId>,
        /// What people call it.
        #[example("Production")]
        "displayName" => display_name: Field<Box<str>>,
        /// Whether it is meant to go away.
        "kind" => kind: Field<EnvironmentKind>,
        /// Its account.
        "accountId" => account_id: Field<AccountId>,
        /// Its region.
        #[example("eu-central-1")]
        "region" => region: Field<Box<str>>,
        /// The team that answers for it.
        "owner" => owner: Field<TeamId>,
        /// What it is for.
        #[example("Serves customers")]
        "purpose" => purpose: Field<Box<str>>,
        /// Services it was asked for.
        "services" => services: List<ServiceId>,
        /// Since when.
        "createdAt" => created_at: Field<Day>,
        /// Its last day.
        "expiresAt" => expires_at: Field<Day>,
        /// How long it was asked for.
        "lifetime" => lifetime: Field<Duration>,
        /// The most sensitive data it may hold.
        "dataClassification" => data_classification: Field<DataClassification>,
        /// What its factory made.
        "outputs" => outputs: Section<EnvironmentOutputs>,
    }
}

record! {
    /// What the environment factory made (lesson §21).
    pub struct EnvironmentOutputs called "outputs" {
        /// The network.
        #[example("vpc-0a1b2c3d4e5f60718")]
        "vpcId" => vpc_id: Field<Box<str>>,
        /// Private subnets.
        #[example("subnet-0a1b2c3d4e5f60718")]
        "privateSubnets" => private_subnets: List<Box<str>>,
        /// Public subnets, where allowed.
        #[example("subnet-0f1e2d3c4b5a69788")]
        "publicSubnets" => public_subnets: List<Box<str>>,
        /// The encryption key.
        #[example("arn:aws:kms:eu-central-1:111122223333:key/0f1e2d3c")]
        "kmsKeyArn" => kms_key_arn: Field<Box<str>>,
        /// Where logs are archived.
        #[example("s3://example-log-archive/prod")]
        "logArchive" => log_archive: Field<Box<str>>,
        /// The role that deploys.
        #[example("arn:aws:iam::111122223333:role/deploy")]
        "deploymentRoleArn" => deployment_role_arn: Field<Box<str>>,
        /// Where secrets are kept.
        #[example("prod/")]
        "secretsNamespace" => secrets_namespace: Field<Box<str>>,
        /// Default security groups.
        #[example("sg-0a1b2c3d4e5f60718")]
        "securityGroups" => security_groups: List<Box<str>>,
        /// Where telemetry goes.
        #[example("prod-metrics")]
        "observabilityWorkspace" => observability_workspace: Field<Box<str>>,
        /// Where services find each other.
        #[example("prod.internal")]
        "serviceDiscoveryNamespace" => service_discovery_namespace: Field<Box<str>>,
    }
}

impl Environment {
    /// Its last day: as written, else its first day and its lifetime.
    pub fn last_day(&self) -> Option<Sourced<Day>> {
        if let Some(written) = self.expires_at.sourced() {
            return Some(written.clone());
        }
        let created = self.created_at.value()?;
        let lifetime = self.lifetime.sourced()?;
        let days = i64::try_from(lifetime.value.length.days()).ok()?;
        Some(Sourced { value: created.plus_days(days), origin: lifetime.origin })
    }
}
