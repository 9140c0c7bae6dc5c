//! Counts what carries no tag in every account that is asked, side by side, and says what could not be counted.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::asking::Asking;
use super::explorer::Explorer;
use super::night::{AT_ONCE, Night};
use super::sessions::{Sessions, Who};
use crate::collect::indices::shortfalls;
use crate::collect::outcome::Outcome;
use crate::collect::snapshot::{Untagged, UntaggedCount};
use crate::day::Moment;

/// What came of an account.
pub(super) type Count = (Arc<str>, Result<Untagged, Arc<str>>);

/// Whoever has sessions in accounts: a night, or a doctor.
pub(super) trait Visitor: Send + Sync + 'static {
    /// The sessions, and what waits for answers.
    fn way(&self) -> (&Sessions, &Asking);
}

/// Asks Resource Explorer in each of `accounts`.
pub(super) async fn count<V: Visitor>(
    visitor: &Arc<V>,
    accounts: &[Arc<str>],
    regions: &[Box<str>],
) -> Vec<Count> {
    let mut waiting = accounts.iter();
    let regions: Arc<[Box<str>]> = regions.into();
    let (mut under_way, mut counts) = (JoinSet::new(), Vec::with_capacity(accounts.len()));
    loop {
        while under_way.len() < AT_ONCE
            && let Some(account) = waiting.next()
        {
            let (visitor, account, regions) =
                (Arc::clone(visitor), Arc::clone(account), Arc::clone(&regions));
            under_way.spawn(async move {
                let who = Who::Member(Arc::clone(&account));
                let (sessions, asking) = visitor.way();
                let count = Explorer { sessions, asking, who }.untagged(&regions).await;
                (account, count)
            });
        }
        match under_way.join_next().await {
            Some(Ok(count)) => counts.push(count),
            // A question that ends in no way anybody foresaw has no answer; what is missing is told below.
            Some(Err(_)) => {}
            None => break,
        }
    }
    let known: BTreeSet<Arc<str>> = counts.iter().map(|(account, _)| Arc::clone(account)).collect();
    let lost = accounts.iter().filter(|account| !known.contains(*account));
    let lost: Vec<Count> = lost.map(|account| (Arc::clone(account), Err(UNFORESEEN.into()))).collect();
    counts.extend(lost);
    counts.sort_by(|a, b| a.0.cmp(&b.0));
    counts
}

impl Visitor for Night {
    fn way(&self) -> (&Sessions, &Asking) {
        (&self.sessions, &self.asking)
    }
}

impl Night {
    /// Puts the counts into `outcome`, with what to say of those that are missing.
    pub(super) fn report_untagged(&self, counts: Vec<Count>, at: Moment, outcome: &mut Outcome) {
        let said: BTreeSet<String> = outcome.shortfalls.iter().cloned().collect();
        for (account, answer) in counts {
            // An account that lets nobody in is said once.
            let is_said = |reason| said.contains(&format!("the resources of `{account}`: {reason}"));
            if !answer.as_ref().is_err_and(is_said) {
                outcome.shortfalls.extend(shortfalls(&account, &answer));
            }
            outcome.untagged.push(UntaggedCount {
                source: Arc::clone(&self.name),
                account,
                collected_at: at,
                carried: None,
                answer,
            });
        }
    }
}

const UNFORESEEN: &str = "its count ended in a way nobody foresaw";
