//! Whose a tag is: whoever owns the resources that carry it, and where nobody could look.

use std::sync::Arc;

use super::carriers::{Behind, Carriers};
use super::{Because, Finder, Held, MOST, Thing};
use crate::assess::ownership::Ownership;
use crate::catalog::origin::Origin;
use crate::catalog::resource::{Resource, UNTOLD};
use crate::words;

impl<'a> Finder<'a> {
    /// Whoever owns the resources that carry `value` under a key that `is_wanted`.
    pub(super) fn tag(&self, asked: &str, is_wanted: impl Fn(&str) -> bool, value: &str) -> Thing {
        let mut carriers = Carriers::default();
        for (position, resource) in self.catalog.resources.iter().enumerate() {
            let carries = |(found, given): &(Arc<str>, Arc<str>)| is_wanted(found) && given.trim() == value;
            if resource.tags.iter().any(carries) {
                carriers.add(self.behind(resource), 1, position);
            }
        }
        self.carried(asked, &carriers)
    }

    /// That accounts and regions could not be listed, and what follows.
    pub(super) fn unlisted(&self, so: &str) -> Option<String> {
        let refused = self.catalog.tag_listings.iter().filter(|listing| listing.refused.is_some()).count();
        let reported = self.catalog.tag_listings.iter().filter(|listing| listing.is_reported).count();
        let places = |count| words::count(count, "account and region", "accounts and regions");
        let gaps = [
            (refused > 0).then(|| format!("{} could not be listed", places(refused))),
            (reported > 0).then(|| format!("of {} {UNTOLD}", places(reported))),
        ];
        let gaps: Vec<String> = gaps.into_iter().flatten().collect();
        (!gaps.is_empty()).then(|| format!("{}: {so}", gaps.join(", and ")))
    }

    /// The service that `resource` counts for, the team that answers for it, and whether that is contested.
    pub fn behind(&self, resource: &'a Resource) -> Behind {
        let Ownership { service, team, contested, .. } = self.owners.who(resource);
        Behind { service, team, contested }
    }

    /// Why `count` resources are contested, of which `first` is the first: each may have a reason of its own.
    fn contested(&self, first: &Resource, count: usize) -> String {
        let why = self.owners.contest(&self.owners.who(first), first.account.as_ref()).unwrap_or_default();
        match count {
            1 => why,
            _ => format!("the first of them is `{}`: {why}", first.arn),
        }
    }

    /// A tag, by what carries it.
    pub fn carried(&self, asked: &str, carriers: &Carriers) -> Thing {
        let mut thing = Thing::new(asked, "a tag");
        let (behind, left_out) = carriers.most(MOST);
        for (Behind { service, team, contested }, count, first) in behind {
            let resources = words::count(count, "resource carries it", "resources carry it");
            let first = &self.catalog.resources[first];
            if service.is_none() && team.is_none() && !contested {
                thing.notes.push(format!("{resources} and nobody is known to own them"));
                thing.is_partly_unowned = true;
                continue;
            }
            let because =
                vec![Because { ground: "tag", says: resources, origin: Origin::TagListing(first.listing) }];
            let contested = contested.then(|| self.contested(first, count));
            thing.held.push(Held { service, team, contested, because, ..Held::nobody() });
        }
        if left_out > 0 {
            thing.notes.push(format!("and {left_out} more owners"));
        }
        if !thing.is_unheard_of() {
            thing.notes.extend(self.unlisted("more may carry it"));
        }
        thing
    }
}
