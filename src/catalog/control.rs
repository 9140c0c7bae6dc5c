//! Controls: what auditors ask for by name, and what rules and exceptions point at.

use super::field::{Field, Named};
use super::id::{ControlId, TeamId};
use super::record::record;
use super::scalar::choice;

choice! {
    /// What a control does (lesson §14, §20.2).
    pub enum ControlKind called "a kind of control" {
        /// Keeps it from happening.
        Preventive = "preventive",
        /// Notices it.
        Detective = "detective",
        /// Mends it.
        Corrective = "corrective",
        /// Keeps spending in bounds.
        Cost = "cost",
    }
}

choice! {
    /// How much can go wrong.
    pub enum Risk called "a risk" {
        /// Little.
        Low = "low",
        /// Some.
        Medium = "medium",
        /// Much.
        High = "high",
        /// All.
        Critical = "critical",
    }
}

record! {
    /// One control.
    pub struct Control called "control" {
        /// Names the control for ever.
        "controlId" => control_id: Field<ControlId>,
        /// What people call it.
        #[example("Data at rest is encrypted")]
        "title" => title: Field<Box<str>>,
        /// What it demands.
        #[example("Every store of personal data uses a key of ours.")]
        "description" => description: Field<Box<str>>,
        /// What it does.
        "kind" => kind: Field<ControlKind>,
        /// Its ids in frameworks: `soc2`, `iso27001`, `pciDss`, `nist80053`.
        #[example(serde_json::json!({ "SOC 2": "CC6.1" }))]
        "frameworks" => frameworks: Named<FrameworkIds>,
        /// The team that answers for it.
        "owner" => owner: Field<TeamId>,
        /// Whether an exception may waive it; it may when absent.
        "waivable" => waivable: Field<bool>,
        /// What is at stake.
        "risk" => risk: Field<Risk>,
    }
}

/// The ids of a control in one framework.
pub type FrameworkIds = super::text_list::TextList;
