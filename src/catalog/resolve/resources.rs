//! Resources: every tag listing taken together, each resource once, and given to the service that it
//! counts for.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::references::Registers;
use crate::catalog::arn::Arn;
use crate::catalog::id::AccountId;
use crate::catalog::listings::Listings;
use crate::catalog::ownership::{Claimants, Claims};
use crate::catalog::resource::{Resource, TagListing, UntaggedCount};
use crate::collect::snapshot::{self, Snapshot, Tags};
use crate::day::Length;
use crate::words;

/// Listings by account and region, and the resources of all of them by ARN. One that is carried over for longer than
/// `longest` counts as refused.
pub(super) fn resolve(
    snapshot: &Snapshot,
    claims: &Claims,
    longest: Length,
    registers: &mut Registers,
) -> (Vec<TagListing>, Vec<Resource>) {
    let mut ordered: Vec<&snapshot::TagListing> = snapshot.tag_listings.iter().collect();
    let superseded = superseded(snapshot, longest);
    ordered.retain(|listing| !superseded.contains_key(&place(listing)) || !listing.is_reported());
    ordered.sort_by(|a, b| {
        let key = |listing: &snapshot::TagListing| {
            (Arc::clone(&listing.account), Arc::clone(&listing.region), listing.collected_at)
        };
        // Of two answers for one pair the refusal comes last, so that the answer is taken.
        key(a)
            .cmp(&key(b))
            .then(a.answer.is_err().cmp(&b.answer.is_err()))
            .then_with(|| size(a).cmp(&size(b)))
    });
    let mut resources = collect(&ordered);
    leave_out_told(&mut ordered, &mut resources);
    let claimants = Claimants {
        services: &registers.services.table,
        service_names: &registers.services.names,
        teams: &registers.teams.table,
        team_names: &registers.teams.names,
        accounts: &registers.accounts.table,
        claims,
    };
    resources
        .par_iter_mut()
        .filter(|resource| !resource.is_untold())
        .for_each(|resource| resource.service = claimants.service(&claimants.reasons(resource)));
    let services = &mut registers.services;
    for (position, resource) in resources.iter().enumerate() {
        if let Some(service) = resource.service {
            let position = u32::try_from(position).expect("resources stay below four billion");
            services.table.rows_mut()[service.position()].resources.push(position);
        }
    }
    let listings: Vec<TagListing> = ordered
        .into_iter()
        .map(|listing| TagListing {
            account: Arc::clone(&listing.account),
            region: Arc::clone(&listing.region),
            collected_at: listing.collected_at,
            refused: listing.refusal(snapshot.collected_at, longest),
            is_reported: listing.is_reported(),
        })
        .collect();
    let coverage = Listings::of(&listings);
    for service in services.table.rows_mut() {
        service.resources_unknown = coverage.unknown(&service.environments);
    }
    (listings, resources)
}

/// The account and the region of a listing.
type Pair<'s> = (&'s str, &'s str);

fn place(listing: &snapshot::TagListing) -> Pair<'_> {
    (&listing.account, &listing.region)
}

/// Places of which a tag report speaks and that answered with their tags, too: by the source of the report. The answer
/// counts, for it says more and is newer; what the report says of them is left out.
fn superseded(snapshot: &Snapshot, longest: Length) -> BTreeMap<Pair<'_>, &Arc<str>> {
    let listings = snapshot.tag_listings.iter();
    let mut reported: BTreeMap<Pair<'_>, &Arc<str>> =
        listings.filter(|listing| listing.is_reported()).map(|one| (place(one), &one.source)).collect();
    let answers = |listing: &&snapshot::TagListing| {
        !listing.is_reported() && listing.refusal(snapshot.collected_at, longest).is_none()
    };
    let answered: BTreeSet<Pair<'_>> = snapshot.tag_listings.iter().filter(answers).map(place).collect();
    reported.retain(|pair, _| answered.contains(pair));
    reported
}

/// What to say of sources that read a tag report of places that answered themselves.
pub(super) fn notes(snapshot: &Snapshot, longest: Length) -> BTreeMap<&Arc<str>, String> {
    let mut counts: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
    for source in superseded(snapshot, longest).into_values() {
        *counts.entry(source).or_default() += 1;
    }
    let said = |count| {
        let places = words::count(count, "account and region", "accounts and regions");
        format!("{places} answered with their tags, too: that counts, and the report adds nothing there")
    };
    counts.into_iter().map(|(source, count)| (source, said(count))).collect()
}

/// Counts of what carries no tag, one for each account: an answer counts before a refusal, and the newer before the older.
pub(super) fn untagged(snapshot: &Snapshot, longest: Length) -> Vec<UntaggedCount> {
    let mut by_account: BTreeMap<&str, (bool, UntaggedCount)> = BTreeMap::new();
    for count in &snapshot.untagged {
        let answer = match count.refusal(snapshot.collected_at, longest) {
            Some(reason) => Err(reason),
            None => count.answer.clone(),
        };
        let rank = (answer.is_ok(), count.collected_at);
        let known = by_account.get(&*count.account).map(|(is_known, known)| (*is_known, known.collected_at));
        if known.is_none_or(|known| known < rank) {
            let account = Arc::clone(&count.account);
            let resolved = UntaggedCount { account, collected_at: count.collected_at, answer };
            by_account.insert(&count.account, (rank.0, resolved));
        }
    }
    by_account.into_values().map(|(_, count)| count).collect()
}

/// Leaves out what a tag report says of places where the account itself told the tags of every resource. Which region a
/// report names of a resource without one is not the region that the account told it in.
fn leave_out_told(listings: &mut Vec<&snapshot::TagListing>, resources: &mut [Resource]) {
    let mut is_kept: Vec<bool> = listings.iter().map(|listing| !listing.is_reported()).collect();
    for resource in &*resources {
        is_kept[resource.listing as usize] = true;
    }
    let mut kept = 0;
    let places: Vec<u32> = is_kept
        .iter()
        .map(|is_kept| {
            let place = kept;
            kept += u32::from(*is_kept);
            place
        })
        .collect();
    for resource in resources {
        resource.listing = places[resource.listing as usize];
    }
    let mut is_kept = is_kept.into_iter();
    listings.retain(|_| is_kept.next().unwrap_or_default());
}

fn size(listing: &snapshot::TagListing) -> usize {
    listing.answer.as_ref().map_or(0, Vec::len)
}

/// Every resource once, by ARN. Global resources stand in the listings of several regions.
fn collect(listings: &[&snapshot::TagListing]) -> Vec<Resource> {
    let mut words = Words::default();
    let mut resources: Vec<Resource> = Vec::new();
    for (listing_index, listing) in listings.iter().enumerate() {
        let listing_index = u32::try_from(listing_index).expect("listings stay below four billion");
        for observed in listing.answer.as_deref().unwrap_or_default() {
            resources.push(resource(observed, listing, listing_index, &mut words));
        }
    }
    // Who tells tags tells more than who does not. Where a region is named in the ARN, its listing tells most.
    let at_home = |resource: &Resource| resource.region == listings[resource.listing as usize].region;
    resources.sort_by(|a, b| {
        (&a.arn, a.is_untold(), !at_home(a), a.listing)
            .cmp(&(&b.arn, b.is_untold(), !at_home(b), b.listing))
            .then_with(|| a.tags.cmp(&b.tags))
    });
    resources.dedup_by(|later, first| later.arn == first.arn);
    resources
}

fn resource(
    observed: &snapshot::ObservedResource,
    listing: &snapshot::TagListing,
    listing_index: u32,
    words: &mut Words,
) -> Resource {
    let arn = Arn::parse(&observed.arn);
    let resource_type = match arn {
        Some(arn) => words.keep(&format!("{}:{}", arn.service, arn.kind())),
        None => words.keep("unknown"),
    };
    let account =
        arn.map(|arn| arn.account).filter(|account| !account.is_empty()).unwrap_or(&listing.account);
    let region = arn.map(|arn| arn.region).filter(|region| !region.is_empty());
    Resource {
        arn: Arc::clone(&observed.arn),
        resource_type,
        account: words.account(account),
        region: region.map_or_else(|| Arc::clone(&listing.region), |region| words.keep(region)),
        tags: words.in_order(&observed.tags),
        reported: observed.reported.clone(),
        listing: listing_index,
        service: None,
    }
}

/// Words that millions of resources share, kept once.
#[derive(Default)]
struct Words {
    words: HashSet<Arc<str>>,
    accounts: HashMap<Box<str>, Option<AccountId>>,
    /// Tags by key, under the address of those that AWS gave, which live longer than we do.
    tags: HashMap<*const (Arc<str>, Arc<str>), Tags>,
}

impl Words {
    fn keep(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.words.get(word) {
            return Arc::clone(known);
        }
        let word: Arc<str> = word.into();
        self.words.insert(Arc::clone(&word));
        word
    }

    /// The same tags by key, kept once for all resources that share them.
    fn in_order(&mut self, tags: &Tags) -> Tags {
        if tags.is_sorted() {
            return Arc::clone(tags);
        }
        let ordered = self.tags.entry(tags.as_ptr()).or_insert_with(|| {
            let mut ordered = tags.to_vec();
            ordered.sort();
            ordered.into()
        });
        Arc::clone(ordered)
    }

    fn account(&mut self, digits: &str) -> Option<AccountId> {
        if let Some(known) = self.accounts.get(digits) {
            return known.clone();
        }
        let id = AccountId::new(digits);
        self.accounts.insert(digits.into(), id.clone());
        id
    }
}
