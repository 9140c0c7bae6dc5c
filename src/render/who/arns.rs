//! Resources by their ARN: for each account and region files of some hundred, found by a hash of the ARN. An ARN
//! is kept as 64 bits of hash, and what it shares with others of its account is written once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::questions::Seven;
use super::shown::{self, Node};
use super::{Index, digits};
use crate::assess::questions::Told;
use crate::assess::who::Thing;
use crate::catalog::Catalog;
use crate::catalog::arn::Arn;
use crate::catalog::id::AccountId;
use crate::catalog::resource::Resource;
use crate::collect::snapshot::ReportedTags;
use crate::render::links::Here;
use crate::render::search::words::{hash, power};

/// Stands for the account of ARNs that name none, such as those of S3.
pub(super) const NO_ACCOUNT: &str = "none";

/// Resources in one file, about.
const ROWS: usize = 1024;
/// For how many resources one more set of tags, or of what a report says of them, counts: what is said of it takes as much
/// space.
const WEIGHT: usize = 16;

/// Which resources lie in which file. Of a resource only its position is kept.
#[derive(Debug)]
pub(super) struct Arns {
    positions: Vec<u32>,
    files: Vec<(String, Range<usize>)>,
    /// How many bits name the files, by account and region.
    regions: BTreeMap<Box<str>, BTreeMap<Box<str>, u32>>,
}

/// One file.
#[derive(Debug, Default, Serialize)]
pub(super) struct Shard {
    answers: Vec<Answer>,
    /// What answers share.
    reasons: Vec<Node>,
}

/// One answer, and the ARNs that have it.
#[derive(Debug, Serialize)]
struct Answer {
    /// Sixteen digits for each, a space before each.
    arns: String,
    kind: &'static str,
    notes: Vec<Node>,
    owners: Vec<Node>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seven: Option<Seven>,
}

/// The account and the region that an ARN names.
fn home(resource: &Resource) -> (&str, &str) {
    let arn = Arn::parse(&resource.arn);
    let (account, region) = arn.map_or(("", ""), |arn| (arn.account, arn.region));
    (if AccountId::new(account).is_some() { account } else { NO_ACCOUNT }, region)
}

/// What AWS says of `resource`, which resources that were made together share: its tags, or what the tag report says in
/// place of them.
fn said(resource: &Resource) -> (*const (Arc<str>, Arc<str>), Option<*const ReportedTags>) {
    (resource.tags.as_ptr(), resource.reported.as_ref().map(Arc::as_ptr))
}

/// FNV-1a from the last byte to the first: with the other one, 64 bits that two resources never share by chance.
fn backwards(text: &str) -> u32 {
    text.bytes().rev().fold(2_166_136_261, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619))
}

impl Arns {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let resources = catalog.resources.par_iter().enumerate();
        let mut keyed: Vec<(u32, u32, u32)> = resources
            .map(|(position, resource)| {
                let (account, region) = home(resource);
                let position = u32::try_from(position).expect("resources stay below four billion");
                (hash(&format!("{account}:{region}")), hash(&resource.arn), position)
            })
            .collect();
        keyed.par_sort_unstable();
        let mut arns = Self { positions: Vec::new(), files: Vec::new(), regions: BTreeMap::new() };
        for group in keyed.chunk_by_mut(|one, other| one.0 == other.0) {
            arns.group(catalog, group);
        }
        arns
    }

    fn group(&mut self, catalog: &Catalog, group: &mut [(u32, u32, u32)]) {
        let resource = |position: u32| &catalog.resources[position as usize];
        let said: HashSet<_> = group.iter().map(|(.., position)| said(resource(*position))).collect();
        let bits = power(group.len().max(said.len() * WEIGHT), ROWS);
        let homes: BTreeSet<(&str, &str)> =
            group.iter().map(|(.., position)| home(resource(*position))).collect();
        for (account, region) in homes {
            self.regions.entry(account.into()).or_default().insert(region.into(), bits);
        }
        let place = |(_, hash, _): &(u32, u32, u32)| *hash & ((1 << bits) - 1);
        group.sort_unstable_by_key(|row| (place(row), row.2));
        // A file in which nothing lies says so.
        for number in 0..1 << bits {
            let from = self.positions.len();
            let own = group.partition_point(|row| place(row) < number)
                ..group.partition_point(|row| place(row) <= number);
            self.positions.extend(group[own].iter().map(|(.., position)| *position));
            let name = format!("{:08x}-{}", group[0].0, digits(number as usize, bits));
            self.files.push((name, from..self.positions.len()));
        }
    }

    /// How many files there are.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// The name of the file at `position`.
    pub(super) fn name(&self, position: usize) -> &str {
        &self.files[position].0
    }

    /// Accounts that ARNs name.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &str> {
        self.regions.keys().map(|account| &**account)
    }

    /// Regions that ARNs of `account` name, each with how many bits name its files.
    pub(super) fn regions(&self, account: &str) -> &BTreeMap<Box<str>, u32> {
        const NONE: &BTreeMap<Box<str>, u32> = &BTreeMap::new();
        self.regions.get(account).unwrap_or(NONE)
    }

    /// The file at `position`; its links lead from `page`.
    pub(super) fn shard<'a>(&self, position: usize, index: &Index<'a>, page: Here<'_>) -> Shard {
        let (catalog, finder) = (index.catalog, &index.finder);
        let mut file = Writing { catalog, page, shard: Shard::default(), reasons: HashMap::new() };
        // What was made together is owned alike, unless somebody declares the very ARN.
        let mut alike: HashMap<_, usize> = HashMap::new();
        let mut met: BTreeMap<(u32, u32), Option<usize>> = BTreeMap::new();
        let rows = self.positions[self.files[position].1.clone()].iter();
        for resource in rows.map(|position| &catalog.resources[*position as usize]) {
            let shared = (said(resource), resource.listing, resource.account.as_ref());
            let is_declared = catalog.claimants().is_declared(&resource.arn);
            let known = alike.get(&shared).copied().filter(|_| !is_declared);
            let answer = known.unwrap_or_else(|| {
                let (thing, told) = finder.answered(index.assessment, resource);
                file.answer(thing, Some(&told))
            });
            if !is_declared {
                alike.insert(shared, answer);
            }
            met.entry((hash(&resource.arn), backwards(&resource.arn)))
                .and_modify(|met| *met = met.filter(|met| *met == answer))
                .or_insert(Some(answer));
        }
        for ((forwards, backwards), answer) in met {
            let answer = answer.unwrap_or_else(|| file.answer(mistakable(), None));
            let arns = &mut file.shard.answers[answer].arns;
            write!(arns, " {forwards:08x}{backwards:08x}").expect("writing to a string cannot fail");
        }
        file.shard
    }
}

/// What is said of two ARNs with one hash: the page must not take one for the other.
fn mistakable() -> Thing {
    Thing {
        name: String::new(),
        kind: "a resource",
        held: Vec::new(),
        is_partly_unowned: false,
        notes: vec![
            "whose it is remains unknown here: this page cannot tell it from another; `milepost who` can"
                .into(),
        ],
    }
}

/// A file that is being written.
struct Writing<'a, 'h> {
    catalog: &'a Catalog,
    page: Here<'h>,
    shard: Shard,
    /// Positions of the reasons that it has.
    reasons: HashMap<Node, usize>,
}

impl Writing<'_, '_> {
    /// The position of the answer that says `thing`.
    fn answer(&mut self, thing: Thing, told: Option<&Told<'_>>) -> usize {
        let (reasons, known) = (&mut self.shard.reasons, &mut self.reasons);
        let mut share = |reason: Node| {
            Node::Shared(*known.entry(reason).or_insert_with_key(|reason| {
                reasons.push(reason.clone());
                reasons.len() - 1
            }))
        };
        let owners = shown::owners(self.catalog, self.page, &thing.held, &mut share);
        let seven = told.map(|told| Seven::of_resource(self.catalog, told, share));
        let notes = shown::notes(&thing.notes);
        self.shard.answers.push(Answer { arns: String::new(), kind: thing.kind, notes, owners, seven });
        self.shard.answers.len() - 1
    }
}
