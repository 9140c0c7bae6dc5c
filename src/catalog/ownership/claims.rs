//! What is said of resources, indexed so that one resource costs a few lookups: tag keys, declared ARNs,
//! repositories and folders, accounts.

use std::collections::BTreeMap;

use crate::catalog::files::FileTable;
use crate::catalog::lookup::Lookup;
use crate::catalog::names::Names;
use crate::catalog::origin::Origin;
use crate::catalog::policy::TagPolicy;
use crate::catalog::resource::Resource;
use crate::catalog::table::{Index, Table};
use crate::catalog::{Account, Service};
use crate::collect::snapshot::Tags;

/// What the keys of Yor's tags end with; a prefix of the organisation's own may stand before all three.
const YOR: [&str; 3] = ["git_repo", "git_org", "git_file"];

/// What is said of resources.
#[derive(Debug, Default)]
pub struct Claims {
    /// Tag keys that name the service, the best first.
    pub(super) service_keys: Vec<Box<str>>,
    /// Tag keys that name the team, the best first.
    pub(super) owner_keys: Vec<Box<str>>,
    stores: Lookup<Vec<Declaring>>,
    repositories: Lookup<Repository>,
    accounts: BTreeMap<Box<str>, Vec<AccountService>>,
}

/// A service that declares an ARN.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declaring {
    pub(super) service: Index<Service>,
    pub(super) origin: Origin,
    /// Position of the first of its data stores that has it.
    pub(super) store: usize,
}

/// The services of a repository.
#[derive(Debug, Default)]
struct Repository {
    /// By folder; that of the root is empty.
    folders: Lookup<Vec<Index<Service>>>,
    all: Vec<Index<Service>>,
    /// Whether their descriptors lie in it; else they only name it.
    lies_there: bool,
}

/// A service of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountService {
    /// The service.
    pub service: Index<Service>,
    /// Where the record of the account lists it, else where the service says so.
    pub origin: Origin,
    /// Whether the record of the account lists it.
    pub is_listed: bool,
    /// Whether the service says that it runs there.
    pub is_declared: bool,
}

impl Claims {
    /// What policy, descriptors and accounts say. Services have their environments already.
    pub(in crate::catalog) fn of(
        policy: &TagPolicy,
        (services, names): (&Table<Service>, &Names<Service>),
        accounts: &Table<Account>,
        files: &FileTable,
    ) -> Self {
        let mut claims = Self {
            service_keys: keys(policy, "serviceId"),
            owner_keys: keys(policy, "ownerTeam"),
            ..Self::default()
        };
        for (index, service) in services.indexed() {
            claims.stores(index, service);
            claims.repository(index, service, files);
        }
        claims.accounts = in_accounts((services, names), accounts);
        claims
    }

    fn stores(&mut self, index: Index<Service>, service: &Service) {
        for (store, declared) in service.record.data_stores.values().enumerate() {
            let Some(arn) = declared.arn.sourced() else { continue };
            let declaring = self.stores.entry(arn.value.trim().into());
            if declaring.last().is_none_or(|last| last.service != index) {
                declaring.push(Declaring { service: index, origin: arn.origin, store });
            }
        }
    }

    /// Who lies in a repository has more right to it than who writes its name.
    fn repository(&mut self, index: Index<Service>, service: &Service, files: &FileTable) {
        let Some((name, path)) = place(service) else { return };
        let lies_there = name_of(&files[service.file].repository) == name;
        let known = self.repositories.entry(name);
        if lies_there && !known.lies_there {
            *known = Repository { lies_there, ..Repository::default() };
        }
        if lies_there == known.lies_there {
            known.folders.entry(path.into()).push(index);
            known.all.push(index);
        }
    }

    /// The service that `tags` name.
    pub(in crate::catalog) fn service_of(&self, of: &Tags, names: &Names<Service>) -> Option<Index<Service>> {
        tags(of, &self.service_keys).find_map(|(_, value)| names.find(value))
    }

    /// Services that declare `arn`, by id.
    pub(super) fn declaring(&self, arn: &str) -> &[Declaring] {
        self.stores.get(arn).map_or(&[], Vec::as_slice)
    }

    /// The services of `account`, by id.
    pub(super) fn in_account(&self, account: &str) -> &[AccountService] {
        self.accounts.get(account).map_or(&[], Vec::as_slice)
    }

    /// The services of the innermost folder of `repository` that holds `file` and any service; of all its
    /// folders when no file is named.
    pub(super) fn in_repository(&self, repository: &str, file: Option<&str>) -> &[Index<Service>] {
        let Some(known) = self.repositories.get(repository) else { return &[] };
        let Some(file) = file else { return &known.all };
        let mut folder = relative(file);
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            if let Some(services) = known.folders.get(folder) {
                return services;
            }
        }
        &[]
    }
}

/// The repository that `service` names, and the folder in it.
pub(super) fn place(service: &Service) -> Option<(Box<str>, &str)> {
    let name = service.record.repository.value().map(|name| name_of(name))?;
    Some((name, service.record.path.value().map_or("", |path| relative(path))))
}

/// The services of every account: those its record lists and those that say they run in it.
fn in_accounts(
    (services, names): (&Table<Service>, &Names<Service>),
    accounts: &Table<Account>,
) -> BTreeMap<Box<str>, Vec<AccountService>> {
    let mut known: BTreeMap<Box<str>, BTreeMap<Index<Service>, AccountService>> = BTreeMap::new();
    for account in accounts.iter() {
        let listed = account.declared.iter().flat_map(|declared| &declared.record.services.items);
        for item in listed {
            let Some(service) = names.find(item.value.as_str()) else { continue };
            let listed = AccountService { service, origin: item.origin, is_listed: true, is_declared: false };
            known.entry(account.id.as_str().into()).or_default().entry(service).or_insert(listed);
        }
    }
    for (service, row) in services.indexed() {
        for (account, origin) in row.declared_accounts() {
            let declared = AccountService { service, origin, is_listed: false, is_declared: true };
            let of_account = known.entry(account.as_str().into()).or_default();
            of_account.entry(service).and_modify(|known| known.is_declared = true).or_insert(declared);
        }
    }
    known.into_iter().map(|(account, services)| (account, services.into_values().collect())).collect()
}

/// Keys, and their aliases, of the tags whose value is the field `from` of the record.
pub(in crate::catalog) fn keys(policy: &TagPolicy, from: &str) -> Vec<Box<str>> {
    let tags = policy.required.values().filter(|tag| tag.from.value().is_some_and(|known| **known == *from));
    tags.flat_map(|tag| tag.key.value().into_iter().chain(tag.aliases.values()).cloned()).collect()
}

/// Those of `tags` under `keys` that say anything: first keys as they should be, in their order,
/// then keys in another case, which are not compliant and yet say whose the resource is.
pub(in crate::catalog) fn tags<'a>(
    tags: &'a Tags,
    keys: &'a [Box<str>],
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let exact = |found: &str| keys.iter().any(|key| **key == *found);
    let right = keys.iter().filter_map(|key| tags.iter().find(|(found, _)| **found == **key));
    let other = tags
        .iter()
        .filter(move |(found, _)| !exact(found) && keys.iter().any(|key| key.eq_ignore_ascii_case(found)));
    right.chain(other).map(|(key, value)| (&**key, value.trim())).filter(|(_, value)| !value.is_empty())
}

/// The repository that the tags of `resource` name, and the file in it.
pub(super) fn made_by(resource: &Resource) -> Option<(Box<str>, Option<&str>)> {
    let tag = |prefix: &str, key: &str| {
        let named = |(found, _): &&(_, _)| is_called(found, prefix, key);
        resource.tags.iter().find(named).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    };
    let [repo, org, file] = YOR;
    resource.tags.iter().find_map(|(key, name)| {
        let prefix = key.strip_suffix(repo)?;
        let repository = name_of(&format!("{}/{}", tag(prefix, org)?, name.trim()));
        Some((repository, tag(prefix, file)))
    })
}

fn is_called(found: &std::sync::Arc<str>, prefix: &str, key: &str) -> bool {
    found.strip_prefix(prefix).is_some_and(|rest| rest == key)
}

/// `Example/Quote`, `https://github.com/example/quote.git` → `example/quote`: hosts tell no case apart.
pub(super) fn name_of(repository: &str) -> Box<str> {
    let name = repository.trim().trim_end_matches('/');
    let name =
        name.split_once("://").map_or(name, |(_, rest)| rest.split_once('/').map_or(rest, |(_, path)| path));
    name.strip_suffix(".git").unwrap_or(name).to_ascii_lowercase().into()
}

/// A path without what says only "here".
fn relative(path: &str) -> &str {
    let path = path.trim().trim_start_matches("./").trim_matches('/');
    if path == "." { "" } else { path }
}

#[cfg(test)]
mod tests {
    use super::{name_of, relative};

    #[test]
    fn a_repository_has_one_name() {
        for written in
            ["example/quote", "Example/Quote", "https://github.com/example/quote.git", "example/quote/"]
        {
            assert_eq!(&*name_of(written), "example/quote", "{written}");
        }
    }

    #[test]
    fn a_path_is_written_in_several_ways() {
        for (written, meant) in
            [(".", ""), ("", ""), ("./services/quote/", "services/quote"), ("/main.tf", "main.tf")]
        {
            assert_eq!(relative(written), meant);
        }
    }
}
