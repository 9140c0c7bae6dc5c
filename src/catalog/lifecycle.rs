//! Where a service is in its life: its state, how it was created, and the ten steps of its retirement.

use super::field::{Field, Section};
use super::id::GoldenPathReference;
use super::record::record;
use super::scalar::choice;
use crate::day::Day;

choice! {
    /// Where a service is in its life (lesson §15).
    pub enum LifecycleState called "a lifecycle state" {
        /// An idea.
        Proposed = "proposed",
        /// Being built.
        Development = "development",
        /// In use.
        Production = "production",
        /// In use, and not to be used anew.
        Deprecated = "deprecated",
        /// Being taken down.
        Retiring = "retiring",
        /// Gone.
        Retired = "retired",
    }
}

record! {
    /// Where a service is in its life.
    pub struct Lifecycle called "lifecycle" {
        /// The state.
        "state" => state: Field<LifecycleState>,
        /// When it was created.
        "createdAt" => created_at: Field<Day>,
        /// When its record must be looked at again.
        "reviewBy" => review_by: Field<Day>,
        /// When it must be gone.
        "retireBy" => retire_by: Field<Day>,
        /// Attests that it was created on a golden path.
        "createdOnPath" => created_on_path: Section<CreatedOnPath>,
        /// What has been done of the retirement.
        "checklist" => checklist: Section<RetirementChecklist>,
    }
}

record! {
    /// Attests that a service was created on a golden path (semantics §6.3).
    pub struct CreatedOnPath called "createdOnPath" shorthand "path" {
        /// The path, with or without a version.
        "path" => path: Field<GoldenPathReference>,
        /// Who says so.
        #[example("@mira")]
        "by" => by: Field<Box<str>>,
        /// When they said so.
        "at" => at: Field<Day>,
    }
}

record! {
    /// The ten steps of a retirement (lesson §15.4).
    pub struct RetirementChecklist called "checklist" {
        /// DNS names and ingress are removed.
        "dnsRemoved" => dns_removed: Section<Done>,
        /// The pipeline is stopped.
        "pipelineStopped" => pipeline_stopped: Section<Done>,
        /// Logs and evidence are archived.
        "logsArchived" => logs_archived: Section<Done>,
        /// Data is exported or a snapshot kept.
        "dataExported" => data_exported: Section<Done>,
        /// Secrets are deleted.
        "secretsDeleted" => secrets_deleted: Section<Done>,
        /// IAM roles are removed.
        "rolesRemoved" => roles_removed: Section<Done>,
        /// Quotas are released.
        "quotasReleased" => quotas_released: Section<Done>,
        /// Cost allocation is closed.
        "costAllocationClosed" => cost_allocation_closed: Section<Done>,
        /// Catalog and CMDB are updated.
        "catalogUpdated" => catalog_updated: Section<Done>,
        /// The owner gave final approval.
        "ownerApproval" => owner_approval: Section<Done>,
    }
}

record! {
    /// One step that is done or not.
    pub struct Done called "step" shorthand "done" {
        /// Whether it is done.
        "done" => done: Field<bool>,
        /// When it was done.
        "at" => at: Field<Day>,
        /// By whom.
        #[example("@mira")]
        "by" => by: Field<Box<str>>,
    }
}
