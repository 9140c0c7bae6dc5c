//! Whose a resource is said to be: by its tags, by descriptors, by the account it lies in, in the order of
//! semantics §4. `assess/ownership.rs` judges what of it counts.

mod claims;

use super::data_store::DataStore;
use super::id::AccountId;
use super::names::Names;
use super::origin::Origin;
use super::resource::Resource;
use super::table::{Index, Table};
use super::team::TeamStatus;
use super::{Account, Catalog, Service, Team};

pub use claims::{AccountService, Claims};
pub(super) use claims::{keys, tags};

/// Who a resource belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A service, and through it the team that owns the service.
    Service(Index<Service>),
    /// A team, of which no service is known.
    Team(Index<Team>),
}

/// What a reason rests on; in the order in which they count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground<'a> {
    /// A tag that names a service.
    ServiceTag {
        /// Its key, as it is on the resource.
        key: &'a str,
        /// Its value.
        value: &'a str,
    },
    /// A tag that names a team.
    OwnerTag {
        /// Its key, as it is on the resource.
        key: &'a str,
        /// Its value.
        value: &'a str,
    },
    /// Tags that name the repository and the file that made it, as Yor writes them.
    RepositoryTags {
        /// The repository, as `org/name`.
        repository: Box<str>,
        /// The file in it, when there is a tag.
        file: Option<&'a str>,
        /// How many services the catalog has for that place.
        services: usize,
    },
    /// A service declares its ARN among its data stores.
    DeclaredArn,
    /// The account it lies in has one service alone.
    OnlyServiceOfAccount,
    /// The record of the account it lies in names who answers for it.
    AccountOwner {
        /// The name that is written.
        named: &'a str,
    },
}

impl Ground<'_> {
    /// Whether the resource itself, or a service, says so; else it is said of all that the account holds.
    pub const fn is_claim(&self) -> bool {
        !matches!(self, Self::OnlyServiceOfAccount | Self::AccountOwner { .. })
    }

    /// The word for it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::ServiceTag { .. } => "service-tag",
            Self::OwnerTag { .. } => "owner-tag",
            Self::RepositoryTags { .. } => "repository-tags",
            Self::DeclaredArn => "declared-arn",
            Self::OnlyServiceOfAccount => "only-service-of-account",
            Self::AccountOwner { .. } => "account-owner",
        }
    }
}

/// One reason to give a resource to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// What it rests on.
    pub ground: Ground<'a>,
    /// Whom it names; `None` when nobody has that name, a team was dissolved, or it fits several.
    pub owner: Option<Owner>,
    /// Where that is said: the listing that showed the tags, or a line of a file.
    pub origin: Origin,
}

impl Reason<'_> {
    /// The service it names.
    pub fn service(&self) -> Option<Index<Service>> {
        match self.owner {
            Some(Owner::Service(service)) => Some(service),
            Some(Owner::Team(_)) | None => None,
        }
    }
}

/// Everybody who can own a resource, with what is said about it.
#[derive(Clone, Copy, Debug)]
pub struct Claimants<'a> {
    pub(super) services: &'a Table<Service>,
    pub(super) service_names: &'a Names<Service>,
    pub(super) teams: &'a Table<Team>,
    pub(super) team_names: &'a Names<Team>,
    pub(super) accounts: &'a Table<Account>,
    pub(super) claims: &'a Claims,
}

impl Catalog {
    /// Everybody who can own a resource.
    pub fn claimants(&self) -> Claimants<'_> {
        Claimants {
            services: &self.services,
            service_names: &self.service_names,
            teams: &self.teams,
            team_names: &self.team_names,
            accounts: &self.accounts,
            claims: &self.claims,
        }
    }
}

impl<'a> Claimants<'a> {
    /// Every reason to give `resource` to somebody, the one that counts most first.
    pub fn reasons(&self, resource: &'a Resource) -> Vec<Reason<'a>> {
        let mut reasons = Vec::new();
        let origin = Origin::TagListing(resource.listing);
        for (key, value) in claims::tags(&resource.tags, &self.claims.service_keys) {
            let owner = self.service_names.find(value).map(Owner::Service);
            reasons.push(Reason { ground: Ground::ServiceTag { key, value }, owner, origin });
        }
        for (key, value) in claims::tags(&resource.tags, &self.claims.owner_keys) {
            let team = self.team_names.find(value.trim_start_matches('@')).filter(|team| self.exists(*team));
            let owner = team.map(Owner::Team);
            reasons.push(Reason { ground: Ground::OwnerTag { key, value }, owner, origin });
        }
        if let Some((repository, file)) = claims::made_by(resource) {
            let services = self.claims.in_repository(&repository, file);
            let owner = match services {
                [one] => Some(Owner::Service(*one)),
                _ => None,
            };
            let ground = Ground::RepositoryTags { repository, file, services: services.len() };
            reasons.push(Reason { ground, owner, origin });
        }
        for declaring in self.claims.declaring(&resource.arn) {
            let owner = Some(Owner::Service(declaring.service));
            reasons.push(Reason { ground: Ground::DeclaredArn, owner, origin: declaring.origin });
        }
        if let Some(account) = &resource.account {
            self.of_account(account, &mut reasons);
        }
        reasons
    }

    /// What is said of everything in `account`.
    pub fn of_account(&self, account: &AccountId, reasons: &mut Vec<Reason<'a>>) {
        if let [only] = self.claims.in_account(account.as_str()) {
            let owner = Some(Owner::Service(only.service));
            reasons.push(Reason { ground: Ground::OnlyServiceOfAccount, owner, origin: only.origin });
        }
        let Some(account) = self.accounts.by_id(account.as_str()) else { return };
        let declared = account.declared.as_ref();
        if let Some(named) = declared.and_then(|declared| declared.record.owner.sourced()) {
            let ground = Ground::AccountOwner { named: named.value.as_str() };
            let owner = account.owner.filter(|team| self.exists(*team)).map(Owner::Team);
            reasons.push(Reason { ground, owner, origin: named.origin });
        }
    }

    /// Whether a team is there to answer.
    pub fn exists(&self, team: Index<Team>) -> bool {
        self.teams[team].record.status.value() != Some(&TeamStatus::Dissolved)
    }

    /// The team that answers for `owner`, when there is one.
    pub fn team(&self, owner: Owner) -> Option<Index<Team>> {
        let team = match owner {
            Owner::Service(service) => self.services[service].owner?,
            Owner::Team(team) => team,
        };
        self.exists(team).then_some(team)
    }

    /// Whom to show: the first that is named. Nobody where several services declare one ARN, because
    /// nothing says which of them comes first.
    pub fn shown(&self, reasons: &[Reason<'_>]) -> Option<Owner> {
        first(reasons, |_| true)
    }

    /// The service that `resource` counts for: the one shown, else the first that the team shown owns.
    pub fn service(&self, reasons: &[Reason<'_>]) -> Option<Index<Service>> {
        let owner = match self.shown(reasons)? {
            Owner::Team(team) => {
                let owned = |owner| matches!(owner, Owner::Service(service) if self.services[service].owner == Some(team));
                first(reasons, owned)?
            }
            shown @ Owner::Service(_) => shown,
        };
        match owner {
            Owner::Service(service) => Some(service),
            Owner::Team(_) => None,
        }
    }

    /// The services of `account`, by id: those its record lists and those that say they run in it.
    pub fn in_account(&self, account: &str) -> &'a [AccountService] {
        self.claims.in_account(account)
    }

    /// The services of the innermost folder of `repository`, as `org/name`, that holds `file` and any
    /// service; of all its folders when no file is named.
    pub fn in_repository(&self, repository: &str, file: Option<&str>) -> &'a [Index<Service>] {
        self.claims.in_repository(&claims::name_of(repository), file)
    }

    /// The repository that `service` names, as `org/name`, and the folder in it.
    pub fn place(&self, service: Index<Service>) -> Option<(Box<str>, &'a str)> {
        claims::place(&self.services[service])
    }

    /// Whether a service declares `arn` among its data stores.
    pub fn is_declared(&self, arn: &str) -> bool {
        !self.claims.declaring(arn).is_empty()
    }

    /// The data store of `service` that has the ARN `arn`.
    pub fn data_store(&self, service: Index<Service>, arn: &str) -> Option<&'a DataStore> {
        let declaring = self.claims.declaring(arn);
        let own = declaring.binary_search_by_key(&service, |declaring| declaring.service).ok()?;
        let stores = &self.services[service].record.data_stores.items;
        stores.get(declaring[own].store).map(|store| &store.value)
    }

    /// Whether `service` may have resources in `account`: its record says so by listing it, or, when it
    /// lists no services, the service says that it runs there.
    pub fn is_at_home(&self, service: Index<Service>, account: &str) -> bool {
        let known = self.claims.in_account(account);
        let own = known.binary_search_by_key(&service, |known| known.service);
        own.is_ok_and(|own| known[own].is_listed || !self.lists_services(account))
    }

    fn lists_services(&self, account: &str) -> bool {
        let declared = self.accounts.by_id(account).and_then(|account| account.declared.as_ref());
        declared.is_some_and(|declared| declared.record.services.origin.is_some())
    }
}

/// The first owner among those that `counts` accepts, unless it is one of several that declare the ARN.
fn first(reasons: &[Reason<'_>], counts: impl Fn(Owner) -> bool) -> Option<Owner> {
    let mut named = reasons.iter().filter_map(|reason| {
        let owner = reason.owner.filter(|owner| counts(*owner))?;
        Some((&reason.ground, owner))
    });
    let (ground, owner) = named.next()?;
    let is_tie = *ground == Ground::DeclaredArn
        && named.any(|(other, named)| *other == Ground::DeclaredArn && named != owner);
    (!is_tie).then_some(owner)
}

impl Service {
    /// Whether it says that it runs in `account`; `None` when it names no account at all, which is a gap and
    /// no contradiction.
    pub fn declares(&self, account: &AccountId) -> Option<bool> {
        let mut declared = self.declared_accounts().peekable();
        declared.peek()?;
        Some(declared.any(|(own, _)| own == account))
    }

    /// The accounts that it names: its own, then those of its environments.
    pub fn declared_accounts(&self) -> impl Iterator<Item = (&AccountId, Origin)> {
        let own = self.record.account_id.sourced();
        let runs = self.environments.iter().filter_map(|runs| runs.account.as_ref());
        own.into_iter().chain(runs).map(|account| (&account.value, account.origin))
    }
}
