//! Accounts and listings of AWS that did not answer this time, or of which too much is gone at once: they stay as
//! they were, with the moment at which they were seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Removal, Stays, is_much};
use crate::collect::snapshot::{
    ObservedAccount, ObservedResource, Snapshot, SourceReport, SourceState, TagListing,
};
use crate::words;

/// An account and a region.
pub(super) type Pair = (Arc<str>, Arc<str>);

/// The state of an account that answers.
const ACTIVE: &str = "ACTIVE";

/// What one listing lost.
struct Loss<'p> {
    pair: Pair,
    gone: Vec<&'p str>,
    before: usize,
    now: usize,
}

impl Snapshot {
    /// Puts what `previous` knew of accounts and resources where the source at `position` knows nothing; tells what
    /// its answers would take too much of.
    pub(super) fn carry_cloud(&mut self, position: usize, previous: &Self) -> Vec<Removal> {
        let name = Arc::clone(&self.sources[position].name);
        if !previous.tag_listings.iter().any(|one| one.source == name)
            && !previous.accounts.iter().any(|one| one.source == name)
        {
            return Vec::new();
        }
        let gone = self.carry_accounts(position, &name, previous);
        let mut losses = Vec::new();
        let places: BTreeMap<Pair, usize> = self
            .tag_listings
            .iter()
            .enumerate()
            .filter(|(_, listing)| listing.source == name)
            .map(|(place, listing)| (pair(listing), place))
            .collect();
        for before in previous.tag_listings.iter().filter(|one| one.source == name) {
            let Ok(known) = &before.answer else { continue };
            let place = places.get(&pair(before)).copied();
            match place.map(|place| &self.tag_listings[place].answer) {
                Some(Err(reason)) => {
                    let carried = carried(before, Arc::clone(reason));
                    self.tag_listings[place.expect("it was found")] = carried;
                }
                Some(Ok(now)) => {
                    let loss = loss(before, known, now);
                    match incomplete(before, &self.sources[position]) {
                        Some(_) if loss.gone.is_empty() => {}
                        Some(reason) => {
                            let together = carried_beside(before, known, now, reason);
                            self.tag_listings[place.expect("it was found")] = together;
                        }
                        None => losses.push(loss),
                    }
                }
                // A report has no listing of a place in which nothing is left.
                None if before.is_reported() && self.sources[position].is_answered() => {
                    match incomplete(before, &self.sources[position]) {
                        Some(reason) => {
                            self.tag_listings.push(carried(before, reason));
                            self.sources[position].items += 1;
                        }
                        None => losses.push(loss(before, known, &[])),
                    }
                }
                None => {
                    let report = &mut self.sources[position];
                    if !report.is_answered() {
                        let reason =
                            report.reason.clone().unwrap_or_else(|| "its source did not answer".into());
                        self.tag_listings.push(carried(before, reason));
                        report.state = SourceState::Stale;
                        report.items += 1;
                    }
                }
            }
        }
        let removals =
            [self.doubtful_accounts(position, &gone, previous), doubtful_resources(position, &losses)];
        removals.into_iter().flatten().collect()
    }

    /// Accounts that could not be listed are as they were; gives those that a listing no longer names.
    fn carry_accounts<'p>(
        &mut self,
        position: usize,
        name: &Arc<str>,
        previous: &'p Self,
    ) -> Vec<&'p ObservedAccount> {
        let before = previous.accounts.iter().filter(|account| account.source == *name);
        let now: BTreeSet<Arc<str>> = self
            .accounts
            .iter()
            .filter(|account| account.source == *name)
            .map(|account| Arc::clone(&account.id))
            .collect();
        if !now.is_empty() {
            return before.filter(|account| !now.contains(&account.id)).collect();
        }
        // An organisation has at least the account that it is asked from.
        let reason = self.sources[position].reason.clone().unwrap_or_else(|| "no account was listed".into());
        let carried =
            before.map(|account| ObservedAccount { carried: Some(Arc::clone(&reason)), ..account.clone() });
        self.accounts.extend(carried);
        Vec::new()
    }

    /// Whole accounts that answered the last time and are no longer listed.
    fn doubtful_accounts(
        &mut self,
        source: usize,
        gone: &[&ObservedAccount],
        previous: &Self,
    ) -> Option<Removal> {
        let (doubtful, expected): (Vec<&ObservedAccount>, Vec<_>) =
            gone.iter().copied().partition(|account| *account.state == *ACTIVE);
        let report = &mut self.sources[source];
        for account in expected {
            let note = format!("account `{}`, which was {}, is no longer listed", account.id, account.state);
            report.notes.push(note.into());
        }
        let ids: Vec<Arc<str>> = doubtful.iter().map(|account| Arc::clone(&account.id)).collect();
        let of_them = |listing: &&TagListing| listing.source == report.name && ids.contains(&listing.account);
        let pairs = previous.tag_listings.iter().filter(of_them).map(pair).collect();
        let all = previous.accounts.iter().filter(|account| account.source == report.name).count();
        (!ids.is_empty()).then(|| Removal {
            source,
            lines: ids.iter().map(|id| format!("{}\0account\0{id}", report.name)).collect(),
            what: format!("{} of {} are gone", ids.len(), words::count(all, "account", "accounts")),
            stays: Stays::Cloud(ids, pairs),
        })
    }

    /// Keeps the accounts and listings that the source at `position` would take away.
    pub(super) fn keep_cloud(
        &mut self,
        position: usize,
        (accounts, pairs): (&[Arc<str>], &[Pair]),
        previous: &Self,
        why: &Arc<str>,
    ) {
        let name = &self.sources[position].name;
        let before = previous.accounts.iter();
        let kept = before.filter(|account| account.source == *name && accounts.contains(&account.id));
        self.accounts.extend(
            kept.map(|account| ObservedAccount { carried: Some(Arc::clone(why)), ..account.clone() }),
        );
        let pairs: BTreeSet<&Pair> = pairs.iter().collect();
        let is_kept = |listing: &TagListing| listing.source == *name && pairs.contains(&pair(listing));
        self.tag_listings.retain(|listing| !is_kept(listing));
        let kept = previous.tag_listings.iter().filter(|listing| is_kept(listing) && listing.answer.is_ok());
        self.tag_listings.extend(kept.map(|listing| carried(listing, Arc::clone(why))));
    }
}

fn pair(listing: &TagListing) -> Pair {
    (Arc::clone(&listing.account), Arc::clone(&listing.region))
}

/// `listing` as it was, because of `reason`.
fn carried(listing: &TagListing, reason: Arc<str>) -> TagListing {
    TagListing { carried: Some(reason), ..listing.clone() }
}

/// Why what the source of `before` no longer names may still be there: it is a tag report that was not read whole, and
/// what was lost of it may have been anywhere.
fn incomplete(before: &TagListing, report: &SourceReport) -> Option<Arc<str>> {
    let is_partial = report.state == SourceState::Partial && before.is_reported();
    is_partial.then(|| report.reason.clone().unwrap_or_else(|| "the tag report is incomplete".into()))
}

/// What is in `known` and in `now`, as of the earlier moment, because a listing has but one. Both are in order of ARN.
fn carried_beside(
    before: &TagListing,
    known: &[ObservedResource],
    now: &[ObservedResource],
    reason: Arc<str>,
) -> TagListing {
    let mut all: Vec<ObservedResource> = now.iter().chain(known).cloned().collect();
    // Sorting keeps the order of equals: what is said now counts.
    all.sort_by(|a, b| a.arn.cmp(&b.arn));
    all.dedup_by(|later, first| later.arn == first.arn);
    TagListing {
        source: Arc::clone(&before.source),
        account: Arc::clone(&before.account),
        region: Arc::clone(&before.region),
        principal: before.principal.clone(),
        collected_at: before.collected_at,
        carried: Some(reason),
        answer: Ok(all),
    }
}

/// What is in `known` and no longer in `now`. Both are in order of ARN.
fn loss<'p>(before: &TagListing, known: &'p [ObservedResource], now: &[ObservedResource]) -> Loss<'p> {
    let is_gone =
        |resource: &&ObservedResource| now.binary_search_by(|one| one.arn.cmp(&resource.arn)).is_err();
    let gone = known.iter().filter(is_gone).map(|resource| &*resource.arn).collect();
    Loss { pair: pair(before), gone, before: known.len(), now: now.len() }
}

/// Resources that are gone, when they are too many, or all of an account or of a region.
fn doubtful_resources(source: usize, losses: &[Loss<'_>]) -> Option<Removal> {
    let all: usize = losses.iter().map(|loss| loss.before).sum();
    let gone: usize = losses.iter().map(|loss| loss.gone.len()).sum();
    let mut accounts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut regions: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for loss in losses {
        for (counts, place) in [(&mut accounts, &loss.pair.0), (&mut regions, &loss.pair.1)] {
            let (before, now) = counts.entry(place).or_default();
            *before += loss.before;
            *now += loss.now;
        }
    }
    let emptied = |counts: BTreeMap<&str, (usize, usize)>| -> BTreeSet<String> {
        let empty = counts.into_iter().filter(|(_, (before, now))| *before > 1 && *now == 0);
        empty.map(|(place, _)| place.to_owned()).collect()
    };
    let (accounts, regions) = (emptied(accounts), emptied(regions));
    let is_all = is_much(gone, all);
    let stays: Vec<&Loss<'_>> = losses
        .iter()
        .filter(|loss| !loss.gone.is_empty())
        .filter(|loss| is_all || accounts.contains(&*loss.pair.0) || regions.contains(&*loss.pair.1))
        .collect();
    if stays.is_empty() {
        return None;
    }
    let count: usize = stays.iter().map(|loss| loss.gone.len()).sum();
    let mut what = format!("{count} of {} are gone", words::count(all, "resource", "resources"));
    let whole: Vec<&str> = accounts.iter().chain(&regions).map(|place| &**place).collect();
    if !whole.is_empty() {
        what.push_str(&format!(", all of {} among them", words::list(&whole)));
    }
    let line = |loss: &Loss<'_>, arn: &str| format!("{}\0{}\0{arn}", loss.pair.0, loss.pair.1);
    Some(Removal {
        source,
        lines: stays.iter().flat_map(|loss| loss.gone.iter().map(|arn| line(loss, arn))).collect(),
        stays: Stays::Cloud(Vec::new(), stays.iter().map(|loss| loss.pair.clone()).collect()),
        what,
    })
}

#[cfg(test)]
mod tests;
