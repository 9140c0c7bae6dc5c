//! An account as expressions see it: what is declared of it, and the resources found in it.

use std::cell::OnceCell;

use super::{Setting, answer};
use crate::assess::TagVerdicts;
use crate::assess::expression::{
    Attested, Context, FactAnswer, Observed, ResourceFacts, Subject, Surroundings, TagFacts,
};
use crate::assess::facts::SubjectFacts;
use crate::assess::resources::{InAccount, ResourceTotals};
use crate::assess::tags;
use crate::catalog::Account;
use crate::catalog::origin::Origin;
use crate::catalog::resource::UNTOLD;

/// An account as expressions see it.
pub struct AccountView<'a> {
    setting: Setting<'a>,
    account: &'a Account,
    /// What lies in it, when anything does.
    found: Option<&'a InAccount>,
    unknown: Option<String>,
    facts: SubjectFacts<'a>,
    resources: OnceCell<Vec<ResourceFacts<'a>>>,
    none: TagVerdicts,
}

impl<'a> AccountView<'a> {
    /// The account, with what was found in it.
    pub fn new(setting: Setting<'a>, account: &'a Account, totals: &'a ResourceTotals) -> Self {
        Self {
            setting,
            account,
            found: totals.in_account(&account.id),
            unknown: why_unknown(setting, account, totals.in_account(&account.id)),
            facts: setting.facts(&format!("account:{}", account.id)),
            resources: OnceCell::new(),
            none: TagVerdicts::none(&setting.catalog.tag_policy),
        }
    }

    /// Facts about it.
    pub fn facts(&self) -> SubjectFacts<'a> {
        self.facts
    }

    /// What an expression is evaluated with.
    pub fn context(&self) -> Context<'_> {
        let catalog = self.setting.catalog;
        let team = self.account.owner.map(|owner| &catalog.teams[owner]);
        let declared = self.account.declared.as_ref();
        Context {
            service: None,
            team: team.map(|team| Subject::new(&team.record, team.origin)),
            golden_path: None,
            golden_path_version: None,
            account: declared.map(|declared| Subject::new(&declared.record, declared.origin)),
            surroundings: self,
            vocabulary: &catalog.vocabulary,
            today: self.setting.today,
        }
    }
}

impl AccountView<'_> {
    /// Where in the catalog the resources in it stand.
    fn positions(&self) -> &[u32] {
        self.found.map_or(&[], |found| &found.resources)
    }
}

/// Why the resources of `account` are not known, when some region of it refused or none was asked.
fn why_unknown(setting: Setting<'_>, account: &Account, found: Option<&InAccount>) -> Option<String> {
    let mut listings = setting
        .catalog
        .tag_listings
        .iter()
        .filter(|listing| *listing.account == *account.id.as_str())
        .peekable();
    if listings.peek().is_none() {
        return Some(format!("no AWS listing of account {} was collected", account.id));
    }
    // A resource may be listed elsewhere than its ARN says.
    if found.is_some_and(|found| found.all.untold > 0) {
        return Some(format!("of resources in account {} {UNTOLD}", account.id));
    }
    listings.find_map(|listing| {
        if listing.is_reported {
            return Some(format!("of resources of account {} in {} {UNTOLD}", account.id, listing.region));
        }
        let refused = listing.refused.as_ref()?;
        Some(format!("account {} refused the listing of {}: {refused}", account.id, listing.region))
    })
}

impl Surroundings for AccountView<'_> {
    fn resources(&self) -> Observed<'_, &[ResourceFacts<'_>]> {
        if let Some(why) = &self.unknown {
            return Observed::Unknown(why.into());
        }
        let catalog = self.setting.catalog;
        Observed::Known(self.resources.get_or_init(|| {
            let facts = self.positions().iter().map(|&index| {
                let resource = &catalog.resources[index as usize];
                ResourceFacts {
                    resource,
                    service: resource.service.map(|service| catalog.services[service].id.as_str()),
                    environment: tags::environment(&catalog.tag_policy, resource),
                    origin: Origin::Resource(index),
                }
            });
            facts.collect()
        }))
    }

    fn tags(&self) -> Observed<'_, TagFacts<'_>> {
        if let Some(why) = &self.unknown {
            return Observed::Unknown(why.into());
        }
        let catalog = self.setting.catalog;
        let verdicts = self.found.map_or(&self.none, |found| &found.all.tags);
        let listing = self.positions().first().map(|&index| catalog.resources[index as usize].listing);
        let origin = listing.map_or(Origin::Default, Origin::TagListing);
        Observed::Known(TagFacts { policy: &catalog.tag_policy, verdicts, origin })
    }

    fn fact(&self, name: &str) -> FactAnswer<'_> {
        answer(&self.facts, name)
    }

    /// Never: the record of an account has no `attestations`; what a person states of it is its `purpose`.
    fn attested(&self, _: &str) -> Attested<'_> {
        Attested::Never
    }
}
