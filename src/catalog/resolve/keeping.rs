//! What the records of the catalog folder refer to: owners, services, controls, capabilities, accounts.

use super::references::Registers;
use super::remarks::Remarks;
use super::teams::answerable;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::id::TeamId;
use crate::catalog::origin::Origin;
use crate::catalog::table::Index;
use crate::catalog::vocabulary::Vocabulary;
use crate::catalog::{Declared, Team, metric};

/// A name with the place where it stands.
type Reference = (Box<str>, Origin);

/// References of the catalog folder by what they point at, in the order of the tables.
#[derive(Default)]
struct References {
    teams: Vec<Reference>,
    services: Vec<Reference>,
    controls: Vec<Reference>,
    capabilities: Vec<Reference>,
    accounts: Vec<Reference>,
    environments: Vec<Reference>,
}

fn one<T: AsRef<str>>(references: &mut Vec<Reference>, field: &Field<T>) {
    references.extend(field.sourced().map(reference));
}

fn many<T: AsRef<str>>(references: &mut Vec<Reference>, items: &[Sourced<T>]) {
    references.extend(items.iter().map(reference));
}

fn reference<T: AsRef<str>>(sourced: &Sourced<T>) -> Reference {
    (sourced.value.as_ref().into(), sourced.origin)
}

impl Registers {
    /// Checks every reference between records of the catalog folder.
    pub(super) fn catalog_folder(
        &mut self,
        metrics: &[Declared<metric::Metric>],
        vocabulary: &Vocabulary,
        remarks: &mut Remarks,
    ) {
        let references = self.collect(metrics);
        for (name, origin) in references.teams {
            answerable(&name, origin, &mut self.teams, remarks);
        }
        for (name, origin) in references.services {
            self.services.refer(&name, origin, remarks);
        }
        for (name, origin) in references.controls {
            self.controls.refer(&name, origin, remarks);
        }
        for (name, origin) in references.capabilities {
            self.capabilities.refer(&name, origin, remarks);
        }
        for (name, origin) in references.accounts {
            self.accounts.refer(&name, origin, remarks);
        }
        for (name, origin) in references.environments {
            if vocabulary.environments.contains(&name) {
                continue;
            }
            self.environments.refer(&name, origin, remarks);
        }
        self.account_owners();
    }

    fn collect(&self, metrics: &[Declared<metric::Metric>]) -> References {
        let mut found = References::default();
        for Declared { record, .. } in self.controls.table.iter() {
            one(&mut found.teams, &record.owner);
        }
        for Declared { record, .. } in self.products.table.iter() {
            one(&mut found.teams, &record.owner);
            one(&mut found.capabilities, &record.capability);
        }
        for Declared { record, .. } in self.golden_paths.table.iter() {
            one(&mut found.teams, &record.owner);
            one(&mut found.services, &record.example_service);
            many(&mut found.environments, &record.environments.items);
            for (_, layer) in &record.layers.entries {
                many(&mut found.controls, &layer.value.controls.items);
            }
        }
        for Declared { record, .. } in self.environments.table.iter() {
            one(&mut found.teams, &record.owner);
            one(&mut found.accounts, &record.account_id);
            many(&mut found.services, &record.services.items);
        }
        for Declared { record, .. } in
            self.accounts.table.iter().filter_map(|account| account.declared.as_ref())
        {
            one(&mut found.teams, &record.owner);
            many(&mut found.services, &record.services.items);
        }
        for Declared { record, .. } in metrics {
            one(&mut found.teams, &record.owner);
        }
        found
    }

    fn account_owners(&mut self) {
        let owners: Vec<Option<Index<Team>>> = self
            .accounts
            .table
            .iter()
            .map(|account| {
                let owner: &TeamId = account.declared.as_ref()?.record.owner.value()?;
                self.teams.names.find(owner.as_str())
            })
            .collect();
        for (account, owner) in self.accounts.table.rows_mut().iter_mut().zip(owners) {
            account.owner = owner;
        }
    }
}
