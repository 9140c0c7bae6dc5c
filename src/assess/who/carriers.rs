//! Who owns the resources that carry a value: of one tag that is asked about, or of every value under the keys
//! of the policy, counted in one pass.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::{Finder, keys};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service, Team};
use crate::collect::snapshot::Tags;

/// How many resources one thread takes at a time.
const CHUNK: usize = 8192;
/// Values of one key that are kept: a key with more tells single things apart, and not whose they are.
const VALUES: usize = 50_000;

/// A service and a team that own something together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Behind {
    /// The service.
    pub service: Option<Index<Service>>,
    /// The team that answers.
    pub team: Option<Index<Team>>,
    /// Whether somebody else has a reason, too.
    pub contested: bool,
}

/// Owners of what carries a value: how many resources of each, and the position of the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carriers(BTreeMap<Behind, (usize, usize)>);

impl Carriers {
    /// Counts `count` resources of `behind`, of which the first stands at `position`.
    pub(super) fn add(&mut self, behind: Behind, count: usize, position: usize) {
        let known = self.0.entry(behind).or_insert((0, position));
        known.0 += count;
        known.1 = known.1.min(position);
    }

    fn merge(&mut self, other: Self) {
        for (behind, (count, first)) in other.0 {
            self.add(behind, count, first);
        }
    }

    /// Those with the most resources, up to so many, and how many are left out.
    pub(super) fn most(&self, most: usize) -> (Vec<(Behind, usize, usize)>, usize) {
        let mut all: Vec<_> =
            self.0.iter().map(|(behind, (count, first))| (*behind, *count, *first)).collect();
        all.sort_by_key(|(_, count, _)| Reverse(*count));
        let left_out = all.len().saturating_sub(most);
        all.truncate(most);
        (all, left_out)
    }
}

/// Values that resources carry, with whoever owns the resources.
type Values<'a> = BTreeMap<&'a str, Carriers>;

/// Every value under the keys of the policy.
#[derive(Debug, Default)]
pub struct Carried<'a> {
    /// By key in lower case, and under any key where there is none. Nothing when there are too many values.
    keys: BTreeMap<Option<Box<str>>, Option<Values<'a>>>,
}

impl<'a> Carried<'a> {
    /// Counts what `finder` knows.
    pub fn of(catalog: &'a Catalog, finder: &Finder<'a>) -> Self {
        let known: BTreeSet<Box<str>> =
            keys(&catalog.tag_policy).map(|key| key.to_ascii_lowercase().into()).collect();
        let empty = || {
            let keys = known.iter().cloned().map(Some).chain([None]);
            Self { keys: keys.map(|key| (key, Some(Values::new()))).collect() }
        };
        let chunks = catalog.resources.par_chunks(CHUNK).enumerate();
        chunks
            .fold(empty, |mut carried, (chunk, resources)| {
                // Resources that were made together share their tags, and mostly their owner.
                let mut alike: HashMap<_, (usize, usize)> = HashMap::new();
                for (offset, resource) in resources.iter().enumerate() {
                    let key = (resource.tags.as_ptr(), finder.behind(resource));
                    alike.entry(key).or_insert((0, offset)).0 += 1;
                }
                for ((_, behind), (count, offset)) in alike {
                    carried.add(&resources[offset].tags, behind, (count, chunk * CHUNK + offset));
                }
                carried.keys.values_mut().for_each(limit);
                carried
            })
            .reduce(empty, Self::and)
    }

    /// Counts resources that carry `tags`: how many, and the position of the first.
    fn add(&mut self, tags: &'a Tags, behind: Behind, (count, first): (usize, usize)) {
        // A resource counts once, however often and in whatever case it has a key.
        let mut met: BTreeSet<(Option<Box<str>>, &str)> = BTreeSet::new();
        for (key, value) in tags.iter() {
            let (key, value) = (Some(key.to_ascii_lowercase().into()), value.trim());
            if !value.is_empty() && self.keys.contains_key(&key) {
                met.extend([(key, value), (None, value)]);
            }
        }
        for (key, value) in met {
            if let Some(values) = self.keys.get_mut(&key).and_then(Option::as_mut) {
                values.entry(value).or_default().add(behind, count, first);
            }
        }
    }

    fn and(mut self, other: Self) -> Self {
        for (key, values) in other.keys {
            let Some(own) = self.keys.get_mut(&key) else { continue };
            match (own.as_mut(), values) {
                (Some(known), Some(values)) => {
                    for (value, carriers) in values {
                        known.entry(value).or_default().merge(carriers);
                    }
                    limit(own);
                }
                _ => *own = None,
            }
        }
        self
    }

    /// Every value as it is asked about: alone, and with a key in lower case.
    pub fn each(&self) -> impl Iterator<Item = String> {
        self.keys.iter().flat_map(|(key, values)| {
            let values = values.iter().flat_map(BTreeMap::keys);
            // A value with `=` in it can only be asked about with its key.
            let askable = values.filter(move |value| key.is_some() || !value.contains('='));
            askable.map(move |value| match key {
                Some(key) => format!("{key}={value}"),
                None => (*value).to_owned(),
            })
        })
    }

    /// The owners of what carries a value: one of [`Carried::each`].
    pub fn get(&self, asked: &str) -> Option<&Carriers> {
        let (key, value) = match asked.split_once('=') {
            Some((key, value)) => (Some(key.into()), value),
            None => (None, asked),
        };
        self.keys.get(&key)?.as_ref()?.get(value)
    }

    /// Keys whose values are all here, in lower case.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().filter(|(_, values)| values.is_some()).filter_map(|(key, _)| key.as_deref())
    }
}

/// Lets go of values that are too many: whether they are does not depend on the order in which they came.
fn limit(values: &mut Option<Values<'_>>) {
    if values.as_ref().is_some_and(|values| values.len() > VALUES) {
        *values = None;
    }
}
