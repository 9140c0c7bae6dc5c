//! Builds and deployments as facts about services: what a repository tells holds for its service when it holds one and
//! nothing that may be another; else a deployment is of the one that its environment names, and builds are of none.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::Service;
use crate::catalog::filing::{Filing, Home};
use crate::catalog::ledger::Ledger;
use crate::catalog::origin::Origin;
use crate::catalog::resource::{Activity, ActivityKind, Fact, FactValue, median, tenths_of_percent};
use crate::catalog::table::Table;
use crate::collect::snapshot::{self, Builds, Deployment, Deployments, Happened, Snapshot};
use crate::day::{Length, Moment};
use crate::words;

/// The least that deployments are counted over: a week.
const SHORTEST: u64 = 7 * DAY;

const DAY: u64 = 24 * 60 * 60;

/// How many names a note spells out.
const NAMES_SHOWN: usize = 5;

/// What was told, as the catalog keeps it.
#[derive(Default)]
pub(super) struct Told {
    pub(super) facts: Vec<Fact>,
    pub(super) activities: Vec<Activity>,
    /// What the operator of a source should know.
    pub(super) notes: Vec<(Arc<str>, String)>,
}

/// What a repository holds.
#[derive(Default)]
struct Holding<'a> {
    /// Services whose descriptor is here.
    living: Vec<&'a Service>,
    /// How many services documents describe here, those included that live elsewhere.
    described: usize,
    /// How many documents here may describe one more, because they cannot be read.
    unreadable: usize,
}

impl Holding<'_> {
    /// Whether what the repository tells can only be of its one service.
    fn is_of_one(&self) -> bool {
        self.living.len() == 1 && self.described == 1 && self.unreadable == 0
    }
}

/// What every repository with services holds, by its name and source.
fn holdings<'a>(
    filing: &Filing<'a>,
    ledger: &Ledger,
    services: &'a Table<Service>,
) -> BTreeMap<(&'a str, &'a str), Holding<'a>> {
    let key = |position: u32| {
        let repository = filing.repositories[position as usize];
        (&*repository.name, &*repository.source)
    };
    let mut holdings: BTreeMap<(&str, &str), Holding<'_>> = BTreeMap::new();
    for service in services.iter() {
        let Some(Home::Repository(position)) = filing.home(service.file) else { continue };
        holdings.entry(key(position)).or_default().living.push(service);
    }
    for (position, row) in (0..).zip(&ledger.repositories) {
        if let Some(holding) = holdings.get_mut(&key(position)) {
            holding.described += row.services;
        }
    }
    for document in &ledger.unreadable {
        let Some(Home::Repository(position)) = filing.home(document.file) else { continue };
        if let Some(holding) = holdings.get_mut(&key(position)) {
            holding.unreadable += 1;
        }
    }
    holdings
}

/// Facts from what was told of repositories.
pub(super) fn resolve(
    snapshot: &Snapshot,
    filing: &Filing<'_>,
    ledger: &Ledger,
    services: &Table<Service>,
    max_age: Length,
) -> Told {
    let mut told = Told::default();
    if snapshot.activities.is_empty() {
        return told;
    }
    let holdings = holdings(filing, ledger, services);
    let urls: BTreeMap<(&str, &str), &str> = filing
        .repositories
        .iter()
        .filter_map(|one| Some(((&*one.name, &*one.source), one.url.as_deref()?)))
        .collect();
    let mut activities: Vec<&snapshot::Activity> = snapshot.activities.iter().collect();
    activities.sort_by_key(|activity| activity.key());
    let mut shared: BTreeMap<&Arc<str>, Vec<&str>> = BTreeMap::new();
    for activity in activities {
        let key = (&*activity.repository, &*activity.source);
        let Some(holding) = holdings.get(&key) else { continue };
        let (kind, page) = match activity.what {
            Happened::Builds(Ok(_)) => (ActivityKind::Builds, "commits"),
            Happened::Deployments(Ok(_)) => (ActivityKind::Deployments, "deployments"),
            Happened::Builds(Err(_)) | Happened::Deployments(Err(_)) => continue,
        };
        let index = u32::try_from(told.activities.len()).expect("repositories stay below four billion");
        told.activities.push(Activity {
            repository: Arc::clone(&activity.repository),
            collected_at: activity.collected_at,
            kind,
            page: urls.get(&key).map(|url| format!("{}/{page}", url.trim_end_matches('/')).into()),
        });
        let writing = Writing { at: activity.collected_at, max_age, origin: Origin::Activity(index) };
        if !holding.is_of_one() {
            let names = shared.entry(&activity.source).or_default();
            if names.last() != Some(&&*activity.repository) {
                names.push(&activity.repository);
            }
        }
        match &activity.what {
            Happened::Builds(Ok(builds)) => {
                if let Some(service) = holding.living.first().filter(|_| holding.is_of_one()) {
                    told.facts.extend(writing.builds(service, builds));
                }
            }
            Happened::Deployments(Ok(deployments)) => {
                let names = names(&holding.living);
                let mut own: Vec<Vec<&Deployment>> = vec![Vec::new(); holding.living.len()];
                for one in &deployments.list {
                    if let Some(position) = service_of(one, &names, holding.is_of_one()) {
                        own[position].push(one);
                    }
                }
                for (service, own) in holding.living.iter().zip(own) {
                    told.facts.extend(writing.deployments(service, deployments, &own));
                }
            }
            Happened::Builds(Err(_)) | Happened::Deployments(Err(_)) => {}
        }
    }
    for (source, names) in shared {
        let (verb, whose) = if names.len() == 1 { ("holds", "its") } else { ("hold", "their") };
        let note = format!(
            "{} {verb} several services, or descriptors that cannot be read: {whose} builds are of none of them, and \
             a deployment is of the service that its environment names, as in `quote-production`",
            words::first(&names, NAMES_SHOWN)
        );
        told.notes.push((Arc::clone(source), note));
    }
    told
}

/// The services of one repository by every name that means one of them, in small letters: an id before an alias.
fn names(services: &[&Service]) -> BTreeMap<String, usize> {
    let ids = services.iter().enumerate().map(|(position, service)| (service.id.as_str(), position));
    let aliases = services.iter().enumerate().flat_map(|(position, service)| {
        service.record.aliases.values().map(move |alias| (alias.as_str(), position))
    });
    let mut names = BTreeMap::new();
    for (name, position) in ids.chain(aliases) {
        names.entry(name.to_ascii_lowercase()).or_insert(position);
    }
    names
}

/// Which of the services with these names a deployment is of: of several that its environment may name the longest
/// name counts; one that names nothing is of the only service there is, when that is sure.
fn service_of(deployment: &Deployment, names: &BTreeMap<String, usize>, is_of_one: bool) -> Option<usize> {
    let named = deployment.names.iter().filter_map(|name| Some((name.len(), *names.get(&**name)?)));
    let plain = is_of_one && deployment.names.iter().any(|name| name.is_empty());
    named.max().map(|(_, position)| position).or(plain.then_some(0))
}

/// What all facts of one activity share.
struct Writing {
    at: Moment,
    max_age: Length,
    origin: Origin,
}

impl Writing {
    fn facts(&self, service: &Service, source: &str, values: Vec<(&str, f64)>) -> Vec<Fact> {
        // Of a service that two documents claim nothing is judged.
        if !service.conflict.is_empty() {
            return Vec::new();
        }
        let fact = |(name, value): (&str, f64)| Fact {
            subject: format!("service:{}", service.id).into(),
            name: name.into(),
            value: FactValue::Number(value),
            observed_at: self.at,
            source: source.into(),
            max_age: self.max_age,
            origin: self.origin,
        };
        values.into_iter().map(fact).collect()
    }

    /// How builds ended; nothing when none did.
    fn builds(&self, service: &Service, builds: &Builds) -> Vec<Fact> {
        let (passed, failed) = (u64::from(builds.passed), u64::from(builds.failed));
        let finished = passed + failed;
        if finished == 0 {
            return Vec::new();
        }
        let values = vec![
            ("build-success-percent", tenths_of_percent(passed, finished)),
            ("builds-failed", failed as f64),
            ("builds-finished", finished as f64),
        ];
        self.facts(service, "GitHub, up to 50 commits of 28 days", values)
    }

    /// How often was deployed, how often that failed, and how long it took; nothing when no deployment was ever
    /// recorded, or when the list is whole for less than a week.
    fn deployments(&self, service: &Service, told: &Deployments, own: &[&Deployment]) -> Vec<Fact> {
        let span = self.at.since(told.since).seconds();
        if own.is_empty() || span < SHORTEST {
            return Vec::new();
        }
        let inside = own.iter().filter(|one| one.created_at >= told.since);
        let ended: Vec<_> = inside.filter_map(|one| Some((one.end?, one.committed_at))).collect();
        let finished = ended.len() as u64;
        let succeeded = ended.iter().filter(|(end, _)| end.succeeded).count() as u64;
        let hundredths = succeeded * 100 * 7 * DAY / span;
        let mut values = vec![
            ("deployments-failed", (finished - succeeded) as f64),
            ("deployments-finished", finished as f64),
            ("deployments-per-week", hundredths as f64 / 100.0),
        ];
        if finished > 0 {
            // What succeeded is rounded down, so that no failure is rounded away.
            let failed = (1000.0 - tenths_of_percent(succeeded, finished) * 10.0).round() / 10.0;
            values.push(("failed-deployment-percent", failed));
        }
        let minutes = ended.iter().filter(|(end, _)| end.succeeded).filter_map(|(end, committed_at)| {
            let seconds = end.at.unix_seconds() - (*committed_at)?.unix_seconds();
            // Clocks of those who commit may be wrong.
            u64::try_from(seconds).ok().map(|seconds| seconds / 60)
        });
        if let Some(minutes) = median(minutes.collect()) {
            values.push(("commit-to-production-minutes", minutes as f64));
        }
        let days = span / DAY;
        self.facts(service, &format!("GitHub, {}", words::count(days as usize, "day", "days")), values)
    }
}
