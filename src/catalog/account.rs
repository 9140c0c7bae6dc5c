//! Accounts as the platform team declares them; what AWS says of them is collected.

use super::field::{Field, List, Section};
use super::id::{AccountId, ServiceId, TeamId};
use super::record::record;
use crate::day::Day;

record! {
    /// One declared account.
    pub struct Account called "account" {
        /// Twelve digits, quoted.
        "accountId" => account_id: Field<AccountId>,
        /// What people call it.
        #[example("shop-prod")]
        "name" => name: Field<Box<str>>,
        /// The team that answers for it.
        "owner" => owner: Field<TeamId>,
        /// What it is for.
        #[example("Runs the web shop in production")]
        "purpose" => purpose: Field<Box<str>>,
        /// Its organisational unit.
        #[example("Workloads/Prod")]
        "organisationalUnit" => organisational_unit: Field<Box<str>>,
        /// Services that may run in it.
        "services" => services: List<ServiceId>,
        /// Set when people try things in it.
        "sandbox" => sandbox: Section<Sandbox>,
    }
}

record! {
    /// A place to try things, with an end.
    pub struct Sandbox called "sandbox" shorthand "expiresAt" {
        /// Its last day.
        "expiresAt" => expires_at: Field<Day>,
    }
}
