//! The availability that a service promises against what it rests on.

use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::dependencies::{self, Promise, Verdict};
use crate::catalog::{Catalog, Service};

/// The availability that a service promises against what it rests on. Shares are text in percent.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Availability<'a> {
    /// The product of the factors: what is left at best.
    pub at_best: String,
    /// What its hard dependencies promise.
    pub factors: Vec<Factor<'a>>,
    /// What the service promises.
    pub promised: String,
    /// Names of hard dependencies that promise nothing that can be counted with.
    pub unknown: Vec<&'a str>,
    /// `kept`, `broken` or `unknown`.
    pub verdict: &'static str,
}

/// What one service promises.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Factor<'a> {
    /// Its availability.
    pub promised: String,
    /// Its id.
    pub service: &'a str,
}

impl<'a> Availability<'a> {
    /// That of `service`, when it promises one and has hard dependencies.
    pub(super) fn of(catalog: &'a Catalog, service: &'a Service) -> Option<Self> {
        let found = dependencies::availability(catalog, service)?;
        let factor = |factor: &Promise<'a>| Factor { promised: factor.share.to_string(), service: factor.by };
        Some(Self {
            at_best: found.at_best.to_string(),
            factors: found.factors.iter().map(factor).collect(),
            promised: found.promised.share.to_string(),
            verdict: match found.verdict() {
                Verdict::Kept => "kept",
                Verdict::Broken => "broken",
                Verdict::Unknown => "unknown",
            },
            unknown: found.unknown,
        })
    }
}
