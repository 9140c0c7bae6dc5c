//! One night: who we are, which accounts there are, then the listing of every account and region side by side, the
//! largest of the last night first.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_resourcegroupstagging::Client;
use aws_sdk_resourcegroupstagging::config::Builder;
use aws_sdk_resourcegroupstagging::types::ResourceTagMapping;
use aws_sdk_sts::config::SharedCredentialsProvider;
use tokio::task::JoinSet;

use super::asking::{Asking, PATIENCE, Page};
use super::organization::{Organization, without_list};
use super::pairs::{self, Pair};
use super::selection::Selection;
use super::sessions::{Sessions, Who, partition};
use super::sizes::{Size, Sizes};
use super::untagged;
use crate::aws::Door;
use crate::aws::Fault;
use crate::collect::clock::Clock;
use crate::collect::outcome::Outcome;
use crate::collect::pool::Pool;
use crate::collect::progress::Progress;
use crate::collect::runtime;
use crate::collect::snapshot::{ObservedResource, TagListing};
use crate::day::Moment;
use crate::settings::{Aws, AwsAlso, AwsResources, Settings, Source};
use crate::words;

/// Pages a second of one account and region; AWS allows fifteen.
pub(super) const RATE: u32 = 12;

/// Resources on a page, the most that AWS gives.
pub(super) const PAGE: i32 = 100;

/// How many listings are on their way at once: each has a connection of its own.
pub(super) const AT_ONCE: usize = 256;

/// Why a night that was ended has no answers.
const ENDED: &str = "the run was told to end";

/// How often it is looked whether the run was told to end.
pub(super) const LOOK: Duration = Duration::from_millis(100);

/// A listing that lost more than this many, and more than one in [`SHARE`], is asked for twice.
const FEW: usize = 10;
const SHARE: usize = 10;

/// The region that holds what belongs to none, by partition.
const HOMES: [(&str, &str); 3] =
    [("aws", "us-east-1"), ("aws-cn", "cn-northwest-1"), ("aws-us-gov", "us-gov-west-1")];

/// Asks AWS what `asked` names.
pub(super) fn collect(
    source: &Source,
    asked: &Aws,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    let interruption = &settings.interruption;
    let night = async {
        let told_to_end = async {
            while !interruption.is_requested() {
                tokio::time::sleep(LOOK).await;
            }
        };
        let outcome = tokio::select! {
            outcome = all(source, asked, settings, progress) => outcome,
            () = told_to_end => Err(ENDED.to_owned()),
        };
        // Listings that were told to end are no answers that AWS gave.
        if interruption.is_requested() { Err(ENDED.to_owned()) } else { outcome }
    };
    runtime::carry(night)?
}

async fn all(
    source: &Source,
    asked: &Aws,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    let access = &settings.aws;
    let clock = Clock::new(access.began, access.waiting);
    let door = Door::new(asked.endpoint.as_ref(), access, clock.patience())?;
    let asking = Asking { clock, interruption: settings.interruption.clone(), patience: PATIENCE };
    let region = asked.regions.first().ok_or("it names no region")?;
    let caller = door.caller(access, region).await?;
    let sessions = Sessions::new(door.clone(), caller, region, asked.role.as_deref());
    if let Err(reason) = sessions.of(&Who::Crawler, &asking).await {
        return Err(door.skew().unwrap_or_else(|| reason.to_string()));
    }
    let at = Moment::from_unix_seconds(settings.now.unix_seconds()).unwrap_or(settings.now);
    let name: Arc<str> = Arc::from(&*source.name);
    let organization = Organization { sessions: &sessions, asking: &asking, source: &name, at };
    progress.started(&format!("listing the accounts of `{name}`"), None);
    let mut outcome = Outcome::default();
    let selection = match organization.accounts().await {
        Ok(mut accounts) => {
            outcome.shortfalls.extend(organization.name_units(&mut accounts).await);
            let selection = Selection::of(&accounts, asked, settings.today);
            outcome.accounts = accounts;
            selection
        }
        Err(reason) => {
            let selection = Selection::without_list(asked);
            if let Some(skew) = door.skew() {
                return Err(skew);
            }
            if selection.asked.is_empty() || asked.resources == AwsResources::Report {
                return Err(reason.to_string());
            }
            outcome.shortfalls.push(reason.to_string());
            selection
        }
    };
    if let Some(skew) = door.skew() {
        return Err(skew);
    }
    let is_asked = asked.resources == AwsResources::Accounts;
    progress.finished(&format!(
        "`{name}` lists {}, {} of them asked",
        words::count(outcome.accounts.len(), "account", "accounts"),
        if is_asked { selection.asked.len() } else { 0 }
    ));
    let ids: Vec<Arc<str>> = outcome.accounts.iter().map(|account| Arc::clone(&account.id)).collect();
    let sessions =
        sessions.with_members(selection.asked.iter(), &asked.member_role, asked.external_id.as_deref());
    let night = Arc::new(Night {
        sessions,
        asking,
        pool: Mutex::default(),
        sizes: Sizes::load(&source.path),
        pages: Mutex::default(),
        name: Arc::clone(&name),
    });
    let tags = async {
        let (sessions, asking) = (&night.sessions, &night.asking);
        let organization = Organization { sessions, asking, source: &name, at };
        let tags = organization.tags(&ids).await;
        let policies = match asked.also.contains(&AwsAlso::Policies) {
            true => Some(organization.tag_policies().await),
            false => None,
        };
        (tags, policies)
    };
    let pairs = match is_asked {
        true => night.pairs(&selection.asked, &asked.regions),
        false => VecDeque::new(),
    };
    let (((tagged, missing), policies), answers) = tokio::join!(tags, night.list(pairs, progress));
    let untagged = match asked.also.contains(&AwsAlso::Untagged) {
        true => untagged::count(&night, &selection.asked, &asked.regions).await,
        false => Vec::new(),
    };
    progress.finished(&night.summary(&answers));
    for (position, tags) in tagged {
        outcome.accounts[position].tags = Some(tags);
    }
    outcome.shortfalls.extend(missing);
    if let Some((listing, missing)) = policies {
        outcome.tag_policies.push(listing);
        outcome.shortfalls.extend(missing);
    }
    match is_asked {
        true => night.report(answers, &selection, asked, at, &mut outcome),
        false => {
            outcome.items = outcome.accounts.len() as u64;
            outcome.notes.push(LEFT.to_owned());
        }
    }
    night.report_untagged(untagged, at, &mut outcome);
    let sizes = night.sizes_after(&outcome.tag_listings);
    if let Err(reason) = sizes.save(&source.path) {
        outcome.notes.push(reason);
    }
    // A clock that is wrong makes every refusal and every session doubtful.
    door.skew().map_or(Ok(outcome), Err)
}

/// What all listings share.
pub(super) struct Night {
    pub(super) sessions: Sessions,
    pub(super) asking: Asking,
    pool: Mutex<Pool>,
    sizes: Sizes,
    /// How many pages the listings of tonight had.
    pages: Mutex<BTreeMap<Pair, usize>>,
    pub(super) name: Arc<str>,
}

/// What came of a listing.
type Answer = Result<Vec<ObservedResource>, Arc<str>>;

impl Night {
    /// Every account with every region, the largest of the last night first.
    fn pairs(&self, accounts: &[Arc<str>], regions: &[Box<str>]) -> VecDeque<Pair> {
        let mut pairs = pairs::of(accounts, regions);
        pairs::largest_first(&mut pairs, |pair| self.before(pair));
        pairs.into()
    }

    /// How many resources it held the last time.
    fn before(&self, (account, region): &Pair) -> usize {
        self.sizes.of(&self.name, account, region).map_or(0, |size| size.resources)
    }

    /// Lists all pairs.
    async fn list(
        self: &Arc<Self>,
        mut pairs: VecDeque<Pair>,
        progress: &dyn Progress,
    ) -> Vec<(Pair, Answer)> {
        let title = format!("listing the resources of `{}`", self.name);
        progress.started(&title, Some(pairs.len() as u64));
        let (mut under_way, mut answers) = (JoinSet::new(), Vec::with_capacity(pairs.len()));
        loop {
            while under_way.len() < AT_ONCE
                && let Some(pair) = pairs.pop_front()
            {
                let night = Arc::clone(self);
                under_way.spawn(async move {
                    let answer = night.listing(&pair).await;
                    (pair, answer)
                });
            }
            match under_way.join_next().await {
                Some(Ok(answer)) => answers.push(answer),
                // A listing that ends in no way anybody foresaw has no answer; `report` says so.
                Some(Err(_)) => {}
                None => break,
            }
            progress.advanced(1);
        }
        answers
    }

    /// What came of the night, and how much was asked for it.
    fn summary(&self, answers: &[(Pair, Answer)]) -> String {
        let resources: usize =
            answers.iter().filter_map(|(_, answer)| answer.as_ref().ok()).map(Vec::len).sum();
        format!(
            "{} of {} answered, with {}, in {} calls",
            answers.iter().filter(|(_, answer)| answer.is_ok()).count(),
            words::count(answers.len(), "account and region", "accounts and regions"),
            words::count(resources, "resource", "resources"),
            self.sessions.door.calls()
        )
    }

    /// One listing, asked for twice when it is much smaller than the last time.
    async fn listing(&self, pair: &Pair) -> Answer {
        let first = self.once(pair).await?;
        let before = self.before(pair);
        let lost = before.saturating_sub(first.len());
        if lost <= FEW || lost * SHARE <= before {
            return Ok(first);
        }
        let second = self.once(pair).await?;
        Ok(if second.len() > first.len() { second } else { first })
    }

    async fn once(&self, pair: &Pair) -> Answer {
        let (account, region) = pair;
        let (door, pages) = (&self.sessions.door, &AtomicUsize::new(0));
        let ask = |who: SharedCredentialsProvider, token: Option<String>| async move {
            if token.is_none() {
                pages.store(0, Ordering::SeqCst);
            }
            let config = Builder::from(&door.config(&who, region)).interceptor(door.watch()).build();
            let question = Client::from_conf(config).get_resources().resources_per_page(PAGE);
            let answer =
                question.set_pagination_token(token).send().await.map_err(|error| Fault::of(&error))?;
            let page = answer.resource_tag_mapping_list.ok_or_else(without_list)?;
            pages.fetch_add(1, Ordering::SeqCst);
            Ok(Page { items: self.observed(page)?, next: answer.pagination_token })
        };
        let who = Who::Member(Arc::clone(account));
        let mut whole = self.asking.whole(&self.sessions, &who, RATE, ask).await?;
        whole.sort_by(|a, b| a.arn.cmp(&b.arn));
        whole.dedup();
        let pages = pages.load(Ordering::SeqCst);
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(pair.clone(), pages);
        Ok(whole)
    }

    /// The resources of a page, their tags shared with all others.
    fn observed(&self, page: Vec<ResourceTagMapping>) -> Result<Vec<ObservedResource>, Fault> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let observed = page.into_iter().map(|resource| {
            let tags = resource.tags.unwrap_or_default();
            let tags: Vec<_> = tags.iter().map(|tag| (pool.keep(&tag.key), pool.keep(&tag.value))).collect();
            let (arn, tags) = (resource.resource_arn?.into(), pool.keep_tags(&tags));
            Some(ObservedResource { arn, tags, reported: None })
        });
        observed.collect::<Option<_>>().ok_or_else(|| Fault::Refused("a resource without its ARN".into()))
    }

    /// Puts the answers into `outcome`, with what to say of those that are missing.
    fn report(
        &self,
        answers: Vec<(Pair, Answer)>,
        selection: &Selection,
        asked: &Aws,
        at: Moment,
        outcome: &mut Outcome,
    ) {
        let mut known: BTreeMap<Pair, Answer> = answers.into_iter().collect();
        let regions: Vec<Arc<str>> = asked.regions.iter().map(|region| Arc::from(&**region)).collect();
        for account in &selection.asked {
            let mut reasons: Vec<(Arc<str>, Arc<str>)> = Vec::new();
            for region in &regions {
                let pair = (Arc::clone(account), Arc::clone(region));
                let answer = known
                    .remove(&pair)
                    .unwrap_or_else(|| Err("its listing ended in a way nobody foresaw".into()));
                if let Err(reason) = &answer {
                    reasons.push((Arc::clone(region), Arc::clone(reason)));
                }
                outcome.tag_listings.push(self.tag_listing(pair, at, answer));
            }
            outcome.shortfalls.extend(shortfalls(account, &reasons, regions.len()));
        }
        for (account, reason) in &selection.silent {
            let silent = regions.iter().map(|region| {
                let pair = (Arc::clone(account), Arc::clone(region));
                self.tag_listing(pair, at, Err(Arc::clone(reason)))
            });
            outcome.tag_listings.extend(silent);
        }
        outcome.items = outcome.tag_listings.iter().filter(|listing| listing.answer.is_ok()).count() as u64;
        outcome.notes.extend(selection.notes.iter().cloned());
        outcome.notes.push(BLIND.to_owned());
        let home = HOMES.iter().find(|(own, _)| *own == partition(&regions[0])).map_or("", |(_, home)| home);
        if !asked.regions.iter().any(|region| **region == *home) {
            outcome.notes.push(format!(
                "`{home}` is not among the regions, and what belongs to no region, such as IAM and CloudFront, is listed only there"
            ));
        }
    }

    fn tag_listing(&self, (account, region): Pair, at: Moment, answer: Answer) -> TagListing {
        TagListing {
            source: Arc::clone(&self.name),
            principal: self.sessions.principal(&account),
            account,
            region,
            collected_at: at,
            carried: None,
            answer,
        }
    }

    /// What the next night should know.
    fn sizes_after(&self, listings: &[TagListing]) -> Sizes {
        let mut sizes = self.sizes.clone();
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        for listing in listings {
            if let Ok(resources) = &listing.answer {
                let pair = (Arc::clone(&listing.account), Arc::clone(&listing.region));
                let pages = pages.get(&pair).copied().unwrap_or(1);
                let size = Size { resources: resources.len(), pages };
                sizes.set(&self.name, &listing.account, &listing.region, size);
            }
        }
        sizes
    }
}

/// What the tagging API cannot see, whatever is asked.
const BLIND: &str = "tagging:GetResources lists what carries or carried a tag, of the types that it supports; a resource that never had a tag is not in it";

/// What follows when no account is asked.
const LEFT: &str = "no account was asked for its resources: they are left to the tag report";

/// What is missing of one account: once, when all its regions say the same.
fn shortfalls(account: &str, reasons: &[(Arc<str>, Arc<str>)], regions: usize) -> Vec<String> {
    match reasons {
        [(_, first), ..] if reasons.len() == regions && reasons.iter().all(|(_, reason)| reason == first) => {
            vec![format!("the resources of `{account}`: {first}")]
        }
        _ => reasons
            .iter()
            .map(|(region, reason)| format!("the resources of `{account}` in `{region}`: {reason}"))
            .collect(),
    }
}
