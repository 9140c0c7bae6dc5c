//! Finds what is to be removed: in fields that are known to hold it, and in every text by its form.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::forms::{PATTERNS, arns};
use super::records;
use crate::catalog::Catalog;
use crate::catalog::configuration::Removable;
use crate::catalog::resource::FactValue;
use crate::collect::snapshot::{CatalogFolder, Snapshot};
use crate::secrets::spelling::Spelling;

/// Values by kind, each in small letters where case does not count.
#[derive(Clone, Debug, Default)]
pub(super) struct Found(BTreeMap<Removable, BTreeSet<String>>);

static NONE: BTreeSet<String> = BTreeSet::new();

impl Found {
    /// Those of `kind`.
    pub(super) fn of(&self, kind: Removable) -> &BTreeSet<String> {
        self.0.get(&kind).unwrap_or(&NONE)
    }

    /// Forgets every other kind.
    pub(super) fn keep_only(&mut self, kinds: &BTreeSet<Removable>) {
        self.0.retain(|kind, _| kinds.contains(kind));
    }

    pub(super) fn add(&mut self, kind: Removable, value: &str) {
        let value = match kind {
            Removable::Email => value.replace("%40", "@").to_ascii_lowercase(),
            _ => value.to_owned(),
        };
        if !value.is_empty() {
            self.0.entry(kind).or_default().insert(value);
        }
    }

    /// What stands in fields that are there for it.
    pub(super) fn fields(&mut self, catalog: &Catalog, snapshot: &Snapshot) {
        let numbers = catalog.accounts.iter().map(|account| account.id.as_str());
        let numbers = numbers.chain(snapshot.tag_listings.iter().map(|listing| &*listing.account));
        let numbers = numbers.chain(snapshot.untagged.iter().map(|count| &*count.account));
        let bills = snapshot.costs.iter().flat_map(|month| &month.lines);
        let numbers = numbers.chain(bills.filter_map(|line| line.account.as_deref()));
        numbers.for_each(|number| self.account(number));
        for service in catalog.services.iter() {
            let environments = service.environments.iter().filter_map(|runs| runs.account.as_ref());
            environments.for_each(|account| self.account(account.value.as_str()));
            for (name, link) in &service.record.links.entries {
                if is_chat(name) {
                    let addresses = link.value.targets.iter().filter(|target| target.contains("://"));
                    addresses.for_each(|address| self.add(Removable::Chat, address));
                }
            }
            if let Some(budget) = service.record.cost.monthly_budget.value() {
                self.add(Removable::Cost, &budget.text);
            }
        }
        for team in catalog.teams.iter() {
            if let Some(chat) = team.record.contacts.chat.value() {
                self.add(Removable::Chat, chat);
            }
            if let Some(email) = team.record.contacts.email.value() {
                self.text(email);
            }
        }
        self.amounts(catalog);
        for listing in &snapshot.tag_listings {
            listing.answer.iter().flatten().for_each(|resource| self.arn(&resource.arn));
        }
    }

    fn amounts(&mut self, catalog: &Catalog) {
        for month in &catalog.costs {
            let sums = [month.usage, month.other, month.attributed, month.without_cost_center, month.nobody];
            let services = month.services.iter().map(|(_, cost)| *cost);
            let accounts = month.accounts.iter().flat_map(|account| [account.usage, account.attributed]);
            let all = sums.into_iter().chain(services).chain(accounts);
            all.filter(|amount| !amount.is_zero())
                .for_each(|amount| self.add(Removable::Cost, &amount.to_string()));
        }
        for fact in catalog.facts.iter().filter(|fact| fact.is_cost()) {
            match &fact.value {
                FactValue::Number(amount) => self.add(Removable::Cost, &amount.to_string()),
                FactValue::Text(amount) => self.add(Removable::Cost, amount),
                FactValue::Bool(_) => {}
            }
        }
    }

    fn account(&mut self, number: &str) {
        if number.len() == 12 && number.bytes().all(|byte| byte.is_ascii_digit()) {
            self.add(Removable::AccountNumbers, number);
        }
    }

    /// A name of a resource, and the account in it.
    fn arn(&mut self, arn: &str) {
        self.add(Removable::Arns, arn);
        self.account(arn.split(':').nth(4).unwrap_or_default());
    }

    /// What stands in any text of the night.
    pub(super) fn records(&mut self, snapshot: &Snapshot, folder: &CatalogFolder) {
        let found = Mutex::new(std::mem::take(self));
        let look = |text: &str| {
            // Hardly any text holds one.
            if ["@", "%40", "&", "\\", "arn", "ccount", "ACCOUNT", "hat", "lack"]
                .iter()
                .any(|hint| text.contains(hint))
            {
                found.lock().expect("nobody panics while looking").text(text);
            }
            None
        };
        records::edit(&mut snapshot.clone(), &look);
        records::edit_folder(&mut folder.clone(), &look);
        *self = found.into_inner().expect("nobody panics while looking");
    }

    /// What stands in `text`, as it is written and as it is seen.
    pub(super) fn text(&mut self, text: &str) {
        self.plain(text);
        if let Some(spelling) = Spelling::of(text) {
            self.plain(&spelling.text);
        }
    }

    fn plain(&mut self, text: &str) {
        for found in PATTERNS.email.find_iter(text) {
            // Whom a server is asked as: `git@host:path`, `https://user@host`.
            let is_login = text[..found.start()].ends_with("//") || found.as_str().starts_with("git@");
            if !is_login {
                self.add(Removable::Email, found.as_str());
            }
        }
        for found in arns(text) {
            self.arn(&found.name);
        }
        for captures in PATTERNS.account.captures_iter(text) {
            self.account(&captures[1]);
        }
        for captures in PATTERNS.chat.captures_iter(text) {
            self.add(Removable::Chat, &captures[1]);
        }
    }
}

/// Whether a link of this name leads to a chat.
fn is_chat(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["chat", "slack", "channel"].iter().any(|word| name.contains(word))
}
