//! Whose a resource is that nobody was seen to have: what records say of its ARN and of its account. Where its tags
//! may be hidden that is what is known, and no answer: the strongest reasons are tags.

use std::sync::Arc;

use super::{Finder, Held, Thing};
use crate::catalog::arn::Arn;
use crate::catalog::id::AccountId;
use crate::catalog::resource::Resource;

impl Finder<'_> {
    /// A resource that nobody was seen to have, by its ARN.
    pub fn stranger(&self, asked: &str, arn: Arn<'_>) -> Thing {
        let mut thing = Thing::new(asked, "a resource");
        let account = AccountId::new(arn.account);
        let stranger = Resource {
            arn: asked.into(),
            resource_type: format!("{}:{}", arn.service, arn.kind()).into(),
            account: account.clone(),
            region: arn.region.into(),
            tags: Arc::from([]),
            reported: None,
            listing: 0,
            service: None,
        };
        let is_untold = self.hidden(account.as_ref().map(AccountId::as_str), arn.region).is_some();
        let held = self.held(&self.owners.of_stranger(&stranger, is_untold), account.as_ref());
        thing.held.extend((!held.because.is_empty()).then_some(held));
        thing.notes.push(self.absence(account.as_ref().map(AccountId::as_str), arn.region));
        thing
    }

    /// What is known of whoever has something in `account` that was not found, where its tags may be hidden.
    pub fn reasons_in(&self, account: &AccountId) -> Option<Held> {
        let held = self.held(&self.owners.of_account(account, true), Some(account));
        (!held.because.is_empty()).then_some(held)
    }

    /// What may be said of a resource in `account` and `region` that was not found.
    pub fn absence(&self, account: Option<&str>, region: &str) -> String {
        self.hidden(account, region).map_or_else(
            || {
                "it is not among the resources that carry or carried a tag: it is gone, or never had one"
                    .into()
            },
            |why| format!("whether it exists, and which tags it carries, is unknown: {why}"),
        )
    }

    /// Why a resource in `account` and `region` that was not found may be there, with tags that nobody saw.
    pub fn hidden(&self, account: Option<&str>, region: &str) -> Option<String> {
        let region = (!region.is_empty()).then_some(region);
        match account {
            Some(account) => self.listings.unknown_in(account, region),
            None => Some("its ARN names no account".to_owned()),
        }
    }
}
