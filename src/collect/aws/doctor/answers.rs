//! Which accounts let us in, and which answer in which regions: the first page of every listing, or of one listing of
//! each account where there are very many.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_resourcegroupstagging::Client;
use aws_sdk_resourcegroupstagging::config::Builder;
use aws_sdk_sts::config::SharedCredentialsProvider;
use tokio::task::JoinSet;

use super::{NAMED, advice};
use crate::aws::Fault;
use crate::collect::aws::asking::{Asking, Page};
use crate::collect::aws::night::{AT_ONCE, PAGE, RATE};
use crate::collect::aws::organization::without_list;
use crate::collect::aws::pairs::{self, Pair};
use crate::collect::aws::sessions::{Sessions, Who};
use crate::collect::aws::untagged::{Count, Visitor};
use crate::collect::doctor::Prospect;
use crate::collect::progress::Progress;
use crate::settings::Aws;
use crate::words;

/// Most accounts and regions of which all are asked; of more, the first region of each account is.
const PAIRS: usize = 5_000;

/// What a first page shows of its listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct First {
    /// Resources on it.
    pub(super) resources: usize,
    /// Whether there is no other page.
    pub(super) is_whole: bool,
}

/// Who refuses, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    /// The member role cannot be assumed, wherever the region.
    Role(Arc<str>),
    /// The listing is refused.
    Listing(Arc<str>),
}

/// What came of the accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Of every account and region that a night asks; nothing of those that were not asked now.
    pub(super) pairs: BTreeMap<Pair, Option<Result<First, Refusal>>>,
}

/// Who asks.
pub(super) struct Asker {
    pub(super) sessions: Sessions,
    pub(super) asking: Asking,
}

impl Visitor for Asker {
    fn way(&self) -> (&Sessions, &Asking) {
        (&self.sessions, &self.asking)
    }
}

impl Answers {
    /// Asks `accounts` in `regions`.
    pub(super) async fn of(
        asker: &Arc<Asker>,
        accounts: &[Arc<str>],
        regions: &[Box<str>],
        progress: &dyn Progress,
    ) -> Self {
        let pairs = pairs::of(accounts, regions);
        let asked = if pairs.len() > PAIRS { &regions[..1] } else { regions };
        let mut answers = Self { pairs: pairs.into_iter().map(|pair| (pair, None)).collect() };
        let waiting = pairs::of(accounts, asked);
        progress.started("asking every account", Some(waiting.len() as u64));
        let mut waiting = waiting.into_iter();
        let mut under_way = JoinSet::new();
        loop {
            while under_way.len() < AT_ONCE
                && let Some(pair) = waiting.next()
            {
                let asker = Arc::clone(asker);
                under_way.spawn(async move {
                    let answer = asker.first_page(&pair).await;
                    (pair, answer)
                });
            }
            match under_way.join_next().await {
                Some(Ok((pair, answer))) => drop(answers.pairs.insert(pair, Some(answer))),
                // A question that ends in no way anybody foresaw has no answer.
                Some(Err(_)) => {}
                None => break,
            }
            progress.advanced(1);
        }
        progress.finished(&format!("asked {}", words::count(accounts.len(), "account", "accounts")));
        answers
    }

    /// Says who answers, and what is in the way of the others.
    pub(super) fn say(&self, asked: &Aws, prospect: &mut Prospect) {
        // Accounts by what they answer where.
        let mut accounts: BTreeMap<&str, BTreeMap<&Refusal, Vec<&str>>> = BTreeMap::new();
        let (mut silent, mut answered) = (0, 0);
        for ((account, region), answer) in &self.pairs {
            let refusals = accounts.entry(account).or_default();
            match answer {
                None => silent += 1,
                Some(Ok(_)) => answered += 1,
                Some(Err(refusal)) => refusals.entry(refusal).or_default().push(region),
            }
        }
        if accounts.is_empty() {
            return;
        }
        let whole = accounts.values().filter(|refusals| refusals.is_empty()).count();
        let all = words::count(accounts.len(), "account", "accounts");
        let pairs = words::count(self.pairs.len() - silent, "account and region", "accounts and regions");
        let mut says = format!("{whole} of {all} let us read; {answered} of {pairs} answered");
        if silent > 0 {
            let rest = words::count(silent, "other was not asked", "others were not asked");
            says = format!("{says}, and {rest}, because they are so many");
        }
        prospect.good("resources", says);
        let mut alike: BTreeMap<(&Refusal, Vec<&str>), Vec<&str>> = BTreeMap::new();
        for (account, refusals) in accounts {
            for (refusal, regions) in refusals {
                alike.entry((refusal, regions)).or_default().push(account);
            }
        }
        for ((refusal, regions), accounts) in alike {
            let noun = if accounts.len() == 1 { "account" } else { "accounts" };
            let names = format!("{noun} {}", words::first(&accounts, NAMED));
            match refusal {
                Refusal::Role(reason) => {
                    let advice = advice::member_role(asked.external_id.is_some(), reason);
                    prospect.wanting("member role", format!("{names}: {reason}"), &advice);
                }
                Refusal::Listing(reason) => {
                    let places = words::first(&regions, NAMED);
                    let says = format!("{names} in {places}: tag:GetResources: {reason}");
                    prospect.wanting("resources", says, &advice::listing(reason));
                }
            }
        }
    }
}

/// Says what of `counts` nobody can count, alike reasons together.
pub(super) fn say_untagged(counts: &[Count], prospect: &mut Prospect) {
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (account, count) in counts {
        match count {
            Err(reason) => missing.entry(reason).or_default().push(account),
            Ok(counted) => {
                for (region, reason) in &counted.uncounted {
                    missing.entry(reason).or_default().push(region);
                }
            }
        }
    }
    let whole = counts.iter().filter(|(_, count)| count.as_ref().is_ok_and(|one| one.uncounted.is_empty()));
    let all = words::count(counts.len(), "account", "accounts");
    prospect.good("untagged", format!("{} of {all} count what carries no tag", whole.count()));
    for (reason, mut places) in missing {
        places.sort_unstable();
        places.dedup();
        let says = format!("{}: {reason}", words::first(&places, NAMED));
        prospect.wanting("untagged", says, advice::UNTAGGED);
    }
}

impl Asker {
    async fn first_page(&self, (account, region): &Pair) -> Result<First, Refusal> {
        let who = Who::Member(Arc::clone(account));
        self.sessions.of(&who, &self.asking).await.map_err(Refusal::Role)?;
        let door = &self.sessions.door;
        let ask = |who: SharedCredentialsProvider, _: Option<String>| async move {
            let config = Builder::from(&door.config(&who, region)).interceptor(door.watch()).build();
            let question = Client::from_conf(config).get_resources().resources_per_page(PAGE);
            let answer = question.send().await.map_err(|error| Fault::of(&error))?;
            let resources = answer.resource_tag_mapping_list.ok_or_else(without_list)?.len();
            let is_whole = answer.pagination_token.is_none_or(|token| token.is_empty());
            Ok(Page { items: vec![First { resources, is_whole }], next: None })
        };
        let first = self.asking.whole(&self.sessions, &who, RATE, ask).await.map_err(Refusal::Listing)?;
        first.into_iter().next().ok_or_else(|| Refusal::Listing("an empty answer".into()))
    }
}
