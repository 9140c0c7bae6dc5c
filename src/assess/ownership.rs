//! Whose a resource is (semantics §4): whom to show, whether reasons contradict each other, and what is said
//! of it that the record does not bear out. Judged on demand, nothing is kept of a resource.

use crate::catalog::id::AccountId;
use crate::catalog::ownership::{Claimants, Ground, Owner, Reason};
use crate::catalog::resource::Resource;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service, Team};

/// Who owns resources: made once, asked for each.
#[derive(Clone, Copy, Debug)]
pub struct Owners<'a> {
    catalog: &'a Catalog,
    claimants: Claimants<'a>,
}

/// Whose a resource is, with the chain of reasons.
#[derive(Clone, Debug)]
pub struct Ownership<'a> {
    /// Whom to show: the first that a reason names.
    pub shown: Option<Owner>,
    /// The service that it counts for: the one shown, else the first that the team shown owns.
    pub service: Option<Index<Service>>,
    /// The team that answers for the one shown, when there is one.
    pub team: Option<Index<Team>>,
    /// Every reason, in the order in which they count.
    pub reasons: Vec<Reason<'a>>,
    /// Whether somebody else has a reason too, or the id of the service is claimed twice: then it counts in
    /// no numerator of coverage.
    pub contested: bool,
    /// The two reasons that contradict each other: positions in `reasons`.
    pub contradiction: Option<(usize, usize)>,
    /// Whether it is claimed for a service that does not declare its account.
    pub undeclared_account: bool,
    /// Whether its tags are not known. The strongest reasons are tags, so then nobody is shown: the reasons are what is
    /// known, and no answer.
    pub is_untold: bool,
}

/// What comes of it for coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holding {
    /// Somebody is there to answer for it, and nobody else claims it.
    Owned,
    /// Reasons contradict each other.
    Contested,
    /// Nobody answers for it.
    Unowned,
    /// It names a service that may be described where we could not look, or its tags were not told.
    Unknown,
}

impl Holding {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Contested => "contested",
            Self::Unowned => "unowned",
            Self::Unknown => "unknown",
        }
    }
}

impl Ownership<'_> {
    /// What comes of it for coverage; `is_whole` says that nothing is [`unread`].
    pub fn holding(&self, is_whole: bool) -> Holding {
        let names_nobody = |reason: &Reason<'_>| {
            reason.owner.is_none()
                && matches!(
                    reason.ground,
                    Ground::ServiceTag { .. } | Ground::RepositoryTags { services: 0, .. }
                )
        };
        match self.team {
            // Whatever its tags are, they take no contradiction away.
            _ if self.contested => Holding::Contested,
            _ if self.is_untold => Holding::Unknown,
            Some(_) => Holding::Owned,
            None if !is_whole && self.reasons.iter().any(names_nobody) => Holding::Unknown,
            None => Holding::Unowned,
        }
    }
}

/// Why a service that nothing describes may be described all the same: where we could not look.
pub fn unread(catalog: &Catalog) -> Option<&str> {
    catalog.ledger.unread.as_deref()
}

impl<'a> Owners<'a> {
    /// Everybody in `catalog` who can own a resource.
    pub fn of(catalog: &'a Catalog) -> Self {
        Self { catalog, claimants: catalog.claimants() }
    }

    /// Whose `resource` is.
    pub fn who(&self, resource: &'a Resource) -> Ownership<'a> {
        self.judge(self.claimants.reasons(resource), resource.account.as_ref(), resource.is_untold())
    }

    /// Whose `stranger` is, which nobody was seen to have; `is_untold` says that its tags may be hidden.
    pub fn of_stranger(&self, stranger: &'a Resource, is_untold: bool) -> Ownership<'a> {
        self.judge(self.claimants.reasons(stranger), stranger.account.as_ref(), is_untold)
    }

    /// Whose anything in `account` is of which nothing else is known; `is_untold` says that its tags may be hidden.
    pub fn of_account(&self, account: &'a AccountId, is_untold: bool) -> Ownership<'a> {
        let mut reasons = Vec::new();
        self.claimants.of_account(account, &mut reasons);
        self.judge(reasons, Some(account), is_untold)
    }

    fn judge(&self, reasons: Vec<Reason<'a>>, account: Option<&AccountId>, is_untold: bool) -> Ownership<'a> {
        let shown = self.claimants.shown(&reasons).filter(|_| !is_untold);
        let services = &self.catalog.services;
        let contradiction = self.contradiction(&reasons, account);
        let in_conflict = |reason: &Reason<'_>| {
            reason.ground.is_claim()
                && reason.service().is_some_and(|service| !services[service].conflict.is_empty())
        };
        let undeclared = |reason: &Reason<'_>| {
            reason.ground.is_claim()
                && reason
                    .service()
                    .zip(account)
                    .is_some_and(|(service, account)| services[service].declares(account) == Some(false))
        };
        Ownership {
            shown,
            service: self.claimants.service(&reasons).filter(|_| !is_untold),
            team: shown.and_then(|owner| self.claimants.team(owner)),
            contested: contradiction.is_some() || reasons.iter().any(in_conflict),
            contradiction,
            undeclared_account: reasons.iter().any(undeclared),
            is_untold,
            reasons,
        }
    }

    /// The first two reasons that contradict each other: each is compared with the first that names a
    /// service and the first that names a team, which finds a contradiction wherever there is one.
    fn contradiction(&self, reasons: &[Reason<'_>], account: Option<&AccountId>) -> Option<(usize, usize)> {
        let first =
            |wanted: fn(Owner) -> bool| reasons.iter().position(|reason| reason.owner.is_some_and(wanted));
        let firsts = [
            first(|owner| matches!(owner, Owner::Service(_))),
            first(|owner| matches!(owner, Owner::Team(_))),
        ];
        let mut against =
            (0..reasons.len()).flat_map(|later| firsts.iter().flatten().map(move |first| (*first, later)));
        against
            .find(|(one, other)| self.contradict(&reasons[*one], &reasons[*other], account))
            .map(|(one, other)| (one.min(other), one.max(other)))
    }

    /// Whether two reasons cannot both be right: two services; two teams; a service and a team that does not
    /// own it. Who answers for an account lets the services in that are at home there, and answers for the
    /// accounts of the teams beneath.
    fn contradict(&self, one: &Reason<'_>, other: &Reason<'_>, account: Option<&AccountId>) -> bool {
        let (Some(first), Some(second)) = (one.owner, other.owner) else { return false };
        let of_account = |reason: &Reason<'_>| matches!(reason.ground, Ground::AccountOwner { .. });
        match (first, second) {
            (Owner::Service(first), Owner::Service(second)) => first != second,
            (Owner::Team(team), Owner::Team(host)) if of_account(other) => !self.hosts(host, team, account),
            (Owner::Team(host), Owner::Team(team)) if of_account(one) => !self.hosts(host, team, account),
            (Owner::Team(first), Owner::Team(second)) => first != second,
            (Owner::Service(service), Owner::Team(team)) => {
                self.disowns(service, team, of_account(other), account)
            }
            (Owner::Team(team), Owner::Service(service)) => {
                self.disowns(service, team, of_account(one), account)
            }
        }
    }

    /// Whether `team` is not the owner of `service`; as the one who answers for the account, whether it
    /// does not let the service in either. Of a service without an owner nothing contradicts a team.
    fn disowns(
        &self,
        service: Index<Service>,
        team: Index<Team>,
        of_account: bool,
        account: Option<&AccountId>,
    ) -> bool {
        let Some(owner) = self.catalog.services[service].owner.filter(|owner| *owner != team) else {
            return false;
        };
        let at_home = || account.is_some_and(|account| self.claimants.is_at_home(service, account.as_str()));
        !(of_account && (self.is_above(team, owner) || at_home()))
    }

    /// Whether `team` may have something where `host` answers for the account: it is the host, or beneath
    /// it, or owns a service that is at home there.
    fn hosts(&self, host: Index<Team>, team: Index<Team>, account: Option<&AccountId>) -> bool {
        let at_home = |account: &AccountId| {
            let account = account.as_str();
            self.claimants.in_account(account).iter().any(|known| {
                self.catalog.services[known.service].owner == Some(team)
                    && self.claimants.is_at_home(known.service, account)
            })
        };
        host == team || self.is_above(host, team) || account.is_some_and(at_home)
    }

    /// Whether `team` is part of `above`. Parents make no circle: resolving has cut them.
    fn is_above(&self, above: Index<Team>, team: Index<Team>) -> bool {
        let parent = |team: &Index<Team>| self.catalog.teams[*team].parent;
        std::iter::successors(parent(&team), parent).any(|parent| parent == above)
    }

    /// Why something in `account` is contested, in words; `None` when it is not.
    pub fn contest(&self, ownership: &Ownership<'_>, account: Option<&AccountId>) -> Option<String> {
        let words = |position: usize| self.words(&ownership.reasons[position], account);
        match ownership.contradiction {
            Some((one, other)) => Some(format!("{}, yet {}", words(one), words(other))),
            None if ownership.contested => {
                Some("the id of its service is claimed by several documents".to_owned())
            }
            None => None,
        }
    }

    /// `reason` in words, for something in `account`.
    pub fn words(&self, reason: &Reason<'_>, account: Option<&AccountId>) -> String {
        let account = account.map_or("of nobody", AccountId::as_str);
        let service = reason.service().map(|service| self.catalog.services[service].id.as_str());
        let service_read = if unread(self.catalog).is_none() { "service" } else { "service that was read" };
        let nobody = |what: &str| match reason.owner {
            None => format!(", and no {what} is called so"),
            Some(_) => String::new(),
        };
        match &reason.ground {
            Ground::ServiceTag { key, value } => {
                let meant = service
                    .filter(|id| id != value)
                    .map_or_else(|| nobody(service_read), |id| format!(", which is `{id}`"));
                format!("its tag `{key}` is `{value}`{meant}")
            }
            Ground::OwnerTag { key, value } => format!("its tag `{key}` is `{value}`{}", nobody("team")),
            Ground::RepositoryTags { repository, file, services } => {
                let file = file.map_or_else(String::new, |file| format!(", `{file}`"));
                let meant = match (service, services) {
                    (Some(id), _) => format!(", where `{id}` lies"),
                    (None, 0) => format!(", where no {service_read} lies"),
                    (None, several) => format!(", where {several} services lie"),
                };
                format!("its tags say that it was made from `{repository}`{file}{meant}")
            }
            Ground::DeclaredArn => {
                format!("`{}` declares it among its data stores", service.unwrap_or_default())
            }
            Ground::OnlyServiceOfAccount => {
                format!("`{}` is the only service in the account {account}", service.unwrap_or_default())
            }
            Ground::AccountOwner { named } => {
                format!("`{named}` answers for the account {account}{}", nobody("team"))
            }
        }
    }
}
