//! `who/<shard>.json`: whose a thing is, by every key under which somebody may ask; and what `who` prints.

use schemars::JsonSchema;
use serde::Serialize;

use super::value::Origin;
use crate::assess::who::{Held, Thing};
use crate::catalog::Catalog;

/// Answers under the keys that fall into one shard: the lowest bits of FNV-1a, 32 bits, over the key behind its
/// kind, in lower case after NFKC. Resources are not among them: `resources/<account>.json` lists those.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Who<'a> {
    /// The answers, by key.
    pub answers: Vec<Keyed<'a>>,
    /// How many bits of the hash name the shard.
    pub bits: u32,
}

/// The answer under one key.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Keyed<'a> {
    /// The answer.
    pub answer: Answer<'a>,
    /// A letter for the kind, and the text: `n` a name, `p` a folder of a repository (`org/name` all of it),
    /// `e` whatever else lies in that repository, `h` a host, `t` a tag, `a` an account, `r` an ARN that is
    /// declared and was not found. `a {account}` answers for accounts that have no key.
    pub key: String,
    /// Of an account: what may be said of ARNs in its regions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Region>,
}

/// What may be said of ARNs in a region of an account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Region {
    /// What is said of an ARN that was not found.
    pub absent: String,
    /// The region; empty for what has none, `{region}` for every other.
    pub region: String,
    /// How many bits of the hash of an ARN name the file it is found in; absent when nothing was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shards: Option<u32>,
    /// Whether an ARN that was not found may be there, with tags that nobody saw: whoever has the account is then a reason
    /// and no answer.
    pub unknown: bool,
}

/// Whose a thing is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answer<'a> {
    /// What it is: `a resource`, `an account` …
    pub kind: &'static str,
    /// What else has to be said, above all what is not known.
    pub notes: Vec<String>,
    /// Whoever stands behind it.
    pub owners: Vec<Owner<'a>>,
    /// What it is called.
    pub thing: String,
}

/// Somebody who stands behind a thing.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Owner<'a> {
    /// Why it is contested, when it is.
    pub contested: Option<String>,
    /// The route that alarms take.
    pub on_call: Option<&'a str>,
    /// Every reason, in the order in which they count.
    pub reasons: Vec<Reason<'a>>,
    /// Id of the service.
    pub service: Option<&'a str>,
    /// Id of the team that answers.
    pub team: Option<&'a str>,
    /// Whether it is claimed for a service that does not declare its account.
    pub undeclared_account: bool,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reason<'a> {
    /// What it rests on: `service-tag`, `account-owner` …
    pub ground: &'static str,
    /// Where that is said.
    pub origin: Origin<'a>,
    /// The reason in words.
    pub says: String,
}

impl<'a> Answer<'a> {
    /// `thing` as scripts see it.
    pub fn of(catalog: &'a Catalog, thing: Thing) -> Self {
        let owners = thing.held.into_iter().map(|held| Owner::of(catalog, held)).collect();
        Self { kind: thing.kind, notes: thing.notes, owners, thing: thing.name }
    }
}

impl<'a> Owner<'a> {
    fn of(catalog: &'a Catalog, held: Held) -> Self {
        let on_call = held.on_call(catalog);
        let reasons = held.because.into_iter().map(|because| Reason {
            ground: because.ground,
            origin: Origin::of(catalog, because.origin),
            says: because.says,
        });
        Self {
            contested: held.contested,
            on_call,
            reasons: reasons.collect(),
            service: held.service.map(|service| catalog.services[service].id.as_str()),
            team: held.team.map(|team| catalog.teams[team].id.as_str()),
            undeclared_account: held.undeclared_account,
        }
    }
}
