//! What a service refers to: its owner, golden path, environments, accounts, product, capability and the
//! services it depends on. Each is resolved, or reported as dangling.

use super::names::Register;
use super::remarks::Remarks;
use super::teams::answerable;
use crate::catalog::environment::Environment;
use crate::catalog::field::Sourced;
use crate::catalog::golden_path::GoldenPath;
use crate::catalog::id::{AccountId, GoldenPathReference};
use crate::catalog::origin::Origin;
use crate::catalog::service::{self, DependencyKind, ServiceEnvironment, ServiceRecord};
use crate::catalog::table::Index;
use crate::catalog::vocabulary::Vocabulary;
use crate::catalog::{
    Account, Declared, Dependency, DependencyTarget, Runs, Service, Team, capability, control, product,
};
use crate::diagnostic::codes;

/// Everything that a reference can point at.
pub(super) struct Registers {
    pub(super) teams: Register<Team>,
    pub(super) services: Register<Service>,
    pub(super) golden_paths: Register<Declared<GoldenPath>>,
    pub(super) controls: Register<Declared<control::Control>>,
    pub(super) products: Register<Declared<product::Product>>,
    pub(super) capabilities: Register<Declared<capability::Capability>>,
    pub(super) environments: Register<Declared<Environment>>,
    pub(super) accounts: Register<Account>,
}

impl Registers {
    /// Resolves what every service refers to.
    pub(super) fn services(&mut self, vocabulary: &Vocabulary, remarks: &mut Remarks) {
        for position in 0..self.services.table.len() {
            // Taken out while it is resolved, because it refers to its own table.
            let record = std::mem::take(&mut self.services.table.rows_mut()[position].record);
            let owner = record
                .owner_team
                .sourced()
                .and_then(|owner| answerable(&owner.value, owner.origin, &mut self.teams, remarks));
            let (golden_path, golden_path_version) = self.golden_path(&record, remarks);
            let environments = self.environments(&record, vocabulary, remarks);
            let depends_on = self.dependencies(&record, Index::new(position), remarks);
            if let Some(product) = record.product.sourced() {
                self.products.refer(product.value.as_str(), product.origin, remarks);
            }
            if let Some(capability) = record.business_capability.sourced() {
                self.capabilities.refer(capability.value.as_str(), capability.origin, remarks);
            }
            if let Some(account) = record.account_id.sourced() {
                self.accounts.refer(account.value.as_str(), account.origin, remarks);
            }
            let service = &mut self.services.table.rows_mut()[position];
            service.record = record;
            service.owner = owner;
            service.golden_path = golden_path;
            service.golden_path_version = golden_path_version;
            service.environments = environments;
            service.depends_on = depends_on;
        }
        self.turn_around();
    }

    /// Fills in what is the other side of a reference.
    fn turn_around(&mut self) {
        for position in 0..self.services.table.len() {
            let index = Index::new(position);
            let service = &self.services.table[index];
            if let Some(owner) = service.owner {
                self.teams.table.rows_mut()[owner.position()].services.push(index);
            }
            let targets: Vec<Index<Service>> = service
                .depends_on
                .iter()
                .filter_map(|dependency| match dependency.target {
                    DependencyTarget::Service(target) => Some(target),
                    _ => None,
                })
                .collect();
            for target in targets {
                let dependents = &mut self.services.table.rows_mut()[target.position()].dependents;
                if dependents.last() != Some(&index) {
                    dependents.push(index);
                }
            }
        }
    }

    fn golden_path(
        &mut self,
        record: &ServiceRecord,
        remarks: &mut Remarks,
    ) -> (Option<Index<Declared<GoldenPath>>>, Option<usize>) {
        let Some(Sourced { value: reference, origin }) = record.golden_path.sourced() else {
            return (None, None);
        };
        let path = self.golden_paths.refer(reference.path.as_str(), *origin, remarks);
        let version =
            path.and_then(|path| version(reference, *origin, &self.golden_paths.table[path].record, remarks));
        (path, version)
    }

    fn environments(
        &mut self,
        record: &ServiceRecord,
        vocabulary: &Vocabulary,
        remarks: &mut Remarks,
    ) -> Vec<Runs> {
        let default = || (record.account_id.sourced().cloned(), record.region.sourced().cloned());
        if record.environments.origin.is_none() {
            let (account, region) = default();
            // Account and region at the top of the record are those of an environment without a name.
            let unnamed = Runs { name: None, environment: None, account, region, expires_at: None };
            return if unnamed.account.is_some() || unnamed.region.is_some() {
                vec![unnamed]
            } else {
                Vec::new()
            };
        }
        let mut runs = Vec::with_capacity(record.environments.items.len());
        for Sourced { value, .. } in &record.environments.items {
            if let Some(account) = value.account_id.sourced() {
                self.accounts.refer(account.value.as_str(), account.origin, remarks);
            }
            let environment = self.environment(value, vocabulary, remarks);
            let known = environment.map(|index| &self.environments.table[index].record);
            let (default_account, default_region) = default();
            let account: Option<Sourced<AccountId>> = (value.account_id.sourced().cloned())
                .or_else(|| known?.account_id.sourced().cloned())
                .or(default_account);
            let region = (value.region.sourced().cloned())
                .or_else(|| known?.region.sourced().cloned())
                .or(default_region);
            let expires_at = value.expires_at.sourced().cloned().or_else(|| known?.last_day());
            runs.push(Runs { name: value.name.value().cloned(), environment, account, region, expires_at });
        }
        runs
    }

    fn environment(
        &mut self,
        value: &ServiceEnvironment,
        vocabulary: &Vocabulary,
        remarks: &mut Remarks,
    ) -> Option<Index<Declared<Environment>>> {
        let name = value.name.sourced()?;
        // A service may say all there is to say of an environment itself.
        let complete = value.account_id.value().is_some() && value.region.value().is_some();
        let standard = vocabulary.environments.iter().any(|known| **known == *name.value.as_str());
        if complete || standard {
            return self.environments.names.find(name.value.as_str());
        }
        self.environments.refer(name.value.as_str(), name.origin, remarks)
    }

    fn dependencies(
        &mut self,
        record: &ServiceRecord,
        itself: Index<Service>,
        remarks: &mut Remarks,
    ) -> Vec<Dependency> {
        let mut dependencies = Vec::with_capacity(record.depends_on.items.len());
        for Sourced { value, origin } in &record.depends_on.items {
            let Some((name, target)) = self.dependency(value, *origin, itself, remarks) else { continue };
            let kind = value.kind.value().copied().unwrap_or(DependencyKind::Hard);
            dependencies.push(Dependency { name, target, kind, origin: *origin });
        }
        dependencies
    }

    fn dependency(
        &mut self,
        dependency: &service::Dependency,
        origin: Origin,
        itself: Index<Service>,
        remarks: &mut Remarks,
    ) -> Option<(Box<str>, DependencyTarget)> {
        if let Some(service) = dependency.service.sourced() {
            let name = service.value.as_str();
            let target = match self.services.refer(name, service.origin, remarks) {
                Some(target) if target == itself => {
                    let message = format!("`{name}` depends on itself");
                    let help = "remove it, or name the service that is meant";
                    remarks.add(&codes::SELF_DEPENDENCY, service.origin, name, message, help);
                    return None;
                }
                Some(target) => DependencyTarget::Service(target),
                None => DependencyTarget::Missing,
            };
            return Some((name.into(), target));
        }
        if let Some(resource) = dependency.resource.value() {
            return Some((resource.clone(), DependencyTarget::Resource));
        }
        if let Some(external) = dependency.external.value() {
            return Some((external.clone(), DependencyTarget::External));
        }
        if dependency.service.is_absent() {
            let message = "a dependency names neither a service, nor a resource, nor something external";
            remarks.add(
                &codes::EMPTY_DEPENDENCY,
                origin,
                "",
                message,
                "add `service:`, `resource:` or `external:`",
            );
        }
        None
    }
}

/// The position of the version that `reference` means in the list of `path`.
fn version(
    reference: &GoldenPathReference,
    origin: Origin,
    path: &GoldenPath,
    remarks: &mut Remarks,
) -> Option<usize> {
    let subject = reference.to_string();
    let versions: Vec<&str> =
        path.versions.values().map(|version| version.version.value().map_or("", |number| number)).collect();
    let Some(wanted) = &reference.version else {
        let message = format!("`{}` is named without a version", reference.path);
        let help = match versions.first() {
            Some(newest) => format!("write the version, such as `{}@{newest}`", reference.path),
            None => format!("write the version, such as `{}@1`", reference.path),
        };
        remarks.add(&codes::UNPINNED_GOLDEN_PATH, origin, &subject, message, help);
        return None;
    };
    let found = position(wanted, &versions);
    if found.is_none() {
        let message = format!("the golden path `{}` has no version `{wanted}`", reference.path);
        let help = match versions.as_slice() {
            [] => "its file lists no versions".to_owned(),
            known => format!("it has {}", crate::words::list(known)),
        };
        remarks.add(&codes::UNKNOWN_VERSION, origin, &subject, message, help);
    }
    found
}

/// Where `wanted` is among `versions`: as written, else the newest that begins like it (`3` means the
/// newest `3.x`), else the one that it is a release of (`3.1.2` is a release of `3`).
fn position(wanted: &str, versions: &[&str]) -> Option<usize> {
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'));
    let numbers =
        |version: &str| -> Vec<u64> { version.split('.').map(|part| part.parse().unwrap_or(0)).collect() };
    let every = || versions.iter().copied().enumerate();
    every()
        .find(|(_, version)| *version == wanted)
        .or_else(|| {
            every().filter(|(_, version)| begins(version, wanted)).max_by_key(|(_, version)| numbers(version))
        })
        .or_else(|| {
            every().filter(|(_, version)| begins(wanted, version)).max_by_key(|(_, version)| version.len())
        })
        .map(|(position, _)| position)
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn a_version_means_itself_or_the_newest_of_its_kind() {
        let versions = ["3.10.0", "3.9.0", "2", "1"];
        assert_eq!(position("2", &versions), Some(2));
        assert_eq!(position("3", &versions), Some(0));
        assert_eq!(position("3.9", &versions), Some(1));
        assert_eq!(position("2.4.1", &versions), Some(2));
        assert_eq!(position("4", &versions), None);
        assert_eq!(position("30", &["3"]), None);
    }
}
