//! The recorded AWS source: answers of the tagging API, of AWS Organizations and of Resource Explorer in files.
//! A listing counts only whole: all its pages in one file, in order, the last without a token.

mod call;
mod explorer;
mod newest;
mod policies;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::facts::Listing;
use super::files::readable;
use super::indices::shortfalls;
use super::outcome::Outcome;
use super::pool::Pool;
use super::progress::Progress;
use super::snapshot::{Content, ObservedAccount, ObservedResource, TagListing};
use crate::day::Moment;
use crate::settings::{Interruption, Source};
use crate::words;
use call::{Answer, Call};
use explorer::Explorer;
use newest::{Answered, keep, newest};
use policies::Policies;

/// Most bytes of one file.
pub(super) const BYTES_PER_FILE: u64 = 512 << 20;

const GET_RESOURCES: &str = "tagging:GetResources";
const LIST_ACCOUNTS: &str = "organizations:ListAccounts";

/// Why a list without its last page is no list.
const CUT: &str = "the recording ends before the last page";

/// Who was asked: calling account and region.
type Pair = (Arc<str>, Arc<str>);

/// What all files together say.
#[derive(Default)]
struct Records {
    listings: BTreeMap<Pair, Answered<Vec<ObservedResource>>>,
    accounts: Option<Answered<Vec<ObservedAccount>>>,
    policies: Policies,
    explorer: Explorer,
}

/// What one file says, before it is known to be sound to its end.
#[derive(Default)]
struct Reading {
    listings: Vec<(Pair, Answered<Vec<ObservedResource>>)>,
    accounts: Vec<Answered<Vec<ObservedAccount>>>,
    /// Listings whose last page has not come yet.
    open_listings: BTreeMap<Pair, (Moment, Vec<ObservedResource>)>,
    open_accounts: Option<(Moment, Vec<ObservedAccount>)>,
    policies: Policies,
    explorer: Explorer,
    unread: Vec<String>,
    /// Tag keys and values: one file has the resources of one account and region, so they repeat in it.
    pool: Pool,
}

/// How many files are read at once: what is read and not yet pooled must stay small.
const BATCH: usize = 16;

/// Reads every `*.json` of the folder at `source.path`.
pub(super) fn collect(
    source: &Source,
    interruption: &Interruption,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let listing = Listing::of(&source.path, &["json"], &mut outcome.shortfalls)?;
    let title = format!("reading recorded answers of `{}`", source.name);
    progress.started(&title, Some(listing.names.len() as u64));
    let mut records = Records::default();
    for batch in listing.names.chunks(BATCH) {
        if interruption.is_requested() {
            break;
        }
        let read = |name: &Vec<u8>| {
            let reading = listing.read(name, BYTES_PER_FILE).map(|content| read(&content));
            progress.advanced(1);
            (readable(name), reading)
        };
        let readings: Vec<_> = batch.par_iter().map(read).collect();
        for (name, reading) in readings {
            match reading {
                Some(Ok(reading)) => {
                    outcome.notes.extend(reading.unread.iter().map(|what| format!("`{name}`: {what}")));
                    records.add(reading);
                }
                Some(Err(reason)) => outcome.shortfalls.push(format!("`{name}`: {reason}")),
                None => {}
            }
        }
    }
    records.finish(&Arc::from(&*source.name), &mut outcome);
    progress.finished(&format!(
        "read {} and {} from `{}`",
        words::count(outcome.tag_listings.len(), "tag listing", "tag listings"),
        words::count(outcome.accounts.len(), "account", "accounts"),
        source.name
    ));
    Ok(outcome)
}

/// Reads one file; a mistake anywhere in it makes all of it untrustworthy.
fn read(content: &Content) -> Result<Reading, String> {
    let text = match content {
        Content::Text(text) => text.read(),
        Content::TooLarge { limit } => return Err(format!("larger than {limit} bytes")),
        Content::NotText { looks_like } => return Err(format!("not text but {looks_like}")),
        Content::Unreadable { reason } => return Err(reason.to_string()),
        Content::Missing => return Err("gone while it was read".to_owned()),
    };
    let is_list = text.trim_start().starts_with('[');
    let calls: Vec<Call<'_>> = if is_list {
        serde_json::from_str(&text)
    } else {
        serde_json::from_str(&text).map(|call| vec![call])
    }
    .map_err(|error| error.to_string())?;
    let mut reading = Reading::default();
    for (position, call) in calls.into_iter().enumerate() {
        reading.take(call).map_err(|reason| format!("answer {}: {reason}", position + 1))?;
    }
    reading.close();
    Ok(reading)
}

impl Reading {
    fn take(&mut self, call: Call<'_>) -> Result<(), String> {
        let at = Moment::parse(&call.collected_at)
            .and_then(|at| Moment::from_unix_seconds(at.unix_seconds()))
            .ok_or_else(|| format!("`collectedAt` is `{}`, which is no time stamp", call.collected_at))?;
        let answer = match (call.answer, call.error) {
            (Some(answer), None) => Ok(answer),
            (None, Some(error)) => Err(error),
            _ => return Err("it needs either `answer` or `error`".to_owned()),
        };
        match call.operation.as_str() {
            GET_RESOURCES => self.resources(pair(call.account, call.region)?, at, answer),
            LIST_ACCOUNTS => self.accounts(at, answer),
            operation if Policies::knows(operation) => self.policies.take(operation, call.policy, at, answer),
            operation if Explorer::knows(operation) => {
                // What cannot be used of it takes no listing along: its region then was not counted.
                let taken = pair(call.account, call.region)
                    .and_then(|pair| self.explorer.take(operation, pair, call.query.as_deref(), at, answer));
                self.unread.extend(taken.err().map(|reason| format!("`{operation}` is not read: {reason}")));
                Ok(())
            }
            other => {
                self.unread.push(format!("the operation `{other}` is not read"));
                Ok(())
            }
        }
    }

    fn resources(
        &mut self,
        pair: Pair,
        at: Moment,
        answer: Result<Answer<'_>, Arc<str>>,
    ) -> Result<(), String> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.open_listings.remove(&pair);
                self.listings.push((pair, (at, Err(error))));
                return Ok(());
            }
        };
        let page = answer.resource_tag_mapping_list.ok_or("`ResourceTagMappingList` is missing")?;
        let (at, mut resources) = self.open_listings.remove(&pair).unwrap_or((at, Vec::new()));
        let pool = &mut self.pool;
        resources.extend(page.into_iter().map(|resource| {
            let tags: Vec<_> =
                resource.tags.iter().map(|tag| (pool.keep(&tag.key), pool.keep(&tag.value))).collect();
            ObservedResource { arn: resource.arn, tags: pool.keep_tags(&tags), reported: None }
        }));
        if has_more(answer.pagination_token.as_deref()) {
            self.open_listings.insert(pair, (at, resources));
        } else {
            resources.sort_by(|a, b| a.arn.cmp(&b.arn));
            resources.dedup();
            self.listings.push((pair, (at, Ok(resources))));
        }
        Ok(())
    }

    fn accounts(&mut self, at: Moment, answer: Result<Answer<'_>, Arc<str>>) -> Result<(), String> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.open_accounts = None;
                self.accounts.push((at, Err(error)));
                return Ok(());
            }
        };
        let page = answer.accounts.ok_or("`Accounts` is missing")?;
        let (at, mut accounts) = self.open_accounts.take().unwrap_or((at, Vec::new()));
        for account in page {
            if !is_account(&account.id) {
                return Err(format!("the account id `{}` is no twelve digits", account.id));
            }
            let path = account.paths.into_iter().next();
            accounts.push(ObservedAccount {
                id: account.id,
                name: account.name,
                state: account.state,
                path,
                collected_at: at,
                source: Arc::default(),
                unit: None,
                tags: None,
                carried: None,
            });
        }
        if has_more(answer.next_token.as_deref()) {
            self.open_accounts = Some((at, accounts));
        } else {
            self.accounts.push((at, Ok(accounts)));
        }
        Ok(())
    }

    /// Gives up listings whose last page is not in the file.
    fn close(&mut self) {
        let why: Arc<str> = CUT.into();
        for (pair, (at, _)) in std::mem::take(&mut self.open_listings) {
            self.listings.push((pair, (at, Err(Arc::clone(&why)))));
        }
        if let Some((at, _)) = self.open_accounts.take() {
            self.accounts.push((at, Err(why)));
        }
        self.policies.close();
    }
}

impl Records {
    /// Adds what a file says; of two answers for one pair the newer counts.
    fn add(&mut self, reading: Reading) {
        for (pair, answer) in reading.listings {
            keep(&mut self.listings, pair, answer);
        }
        reading.accounts.into_iter().for_each(|answer| newest(&mut self.accounts, answer));
        self.policies.add(reading.policies);
        self.explorer.add(reading.explorer);
    }

    fn finish(self, source: &Arc<str>, outcome: &mut Outcome) {
        let mut asked: Option<Moment> = None;
        let mut note = |at: Moment| asked = Some(asked.map_or(at, |earlier| earlier.min(at)));
        for ((account, region), (at, answer)) in self.listings {
            note(at);
            if let Err(error) = &answer {
                outcome.shortfalls.push(format!("{GET_RESOURCES} in `{account}` and `{region}`: {error}"));
            }
            outcome.tag_listings.push(TagListing {
                source: Arc::clone(source),
                account,
                region,
                principal: None,
                collected_at: at,
                carried: None,
                answer,
            });
        }
        match self.accounts {
            Some((at, Ok(accounts))) => {
                note(at);
                let by_id: BTreeMap<_, _> =
                    accounts.into_iter().map(|account| (Arc::clone(&account.id), account)).collect();
                let of_source = |account| ObservedAccount { source: Arc::clone(source), ..account };
                outcome.accounts = by_id.into_values().map(of_source).collect();
            }
            Some((_, Err(error))) => outcome.shortfalls.push(format!("{LIST_ACCOUNTS}: {error}")),
            None => {}
        }
        if let Some(listing) = self.policies.listing(source) {
            outcome.shortfalls.extend(listing.answer.as_ref().err().map(ToString::to_string));
            outcome.tag_policies.push(listing);
        }
        outcome.untagged = self.explorer.counts(source);
        for count in &outcome.untagged {
            outcome.shortfalls.extend(shortfalls(&count.account, &count.answer));
        }
        outcome.items = outcome.tag_listings.len() as u64;
        outcome.asked_at = asked;
    }
}

/// Who was asked, as a call names it.
fn pair(account: Option<Arc<str>>, region: Option<Arc<str>>) -> Result<Pair, String> {
    let account = account.filter(|id| is_account(id)).ok_or("`account` is no twelve digits")?;
    let region = region.filter(|region| !region.is_empty()).ok_or("`region` is missing")?;
    Ok((account, region))
}

fn is_account(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// AWS ends with an empty token, stand-ins with none.
fn has_more(token: Option<&str>) -> bool {
    token.is_some_and(|token| !token.is_empty())
}

#[cfg(test)]
mod tests;
