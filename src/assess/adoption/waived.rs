//! The controls that exceptions waive today.
//!
//! A *waiver* is one rule of one service that fails and is excused. It counts for the control that its
//! exception names; when the exception names a rule alone, for every control that the rule proves. An
//! exception in force that has nothing to excuse waives nothing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::assess::Assessment;
use crate::assess::metrics::counts;
use crate::assess::scorecard::Scorecards;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception, Service};

/// A control, and what of it is waived today.
#[derive(Debug, PartialEq, Eq)]
pub struct WaivedControl<'a> {
    /// Its id.
    pub control: &'a str,
    /// Every waiver: service, exception, and the id of the rule.
    pub waivers: BTreeSet<(Index<Service>, Index<Exception>, Box<str>)>,
}

impl WaivedControl<'_> {
    /// How many services it is waived for.
    pub fn services(&self) -> usize {
        self.waivers.iter().map(|(service, ..)| service).collect::<BTreeSet<_>>().len()
    }

    /// The exceptions that waive it.
    pub fn exceptions(&self) -> BTreeSet<Index<Exception>> {
        self.waivers.iter().map(|(_, exception, _)| *exception).collect()
    }
}

/// The controls that are waived for services that count: those waived for most services first, then those
/// with most waivers, then by id.
pub(super) fn controls<'a>(
    catalog: &'a Catalog,
    assessment: &Assessment,
    scorecards: &Scorecards<'_>,
) -> Vec<WaivedControl<'a>> {
    let mut waived: BTreeMap<&'a str, WaivedControl<'a>> = BTreeMap::new();
    for ((index, exception), judged) in catalog.exceptions.indexed().zip(&assessment.exceptions) {
        for (service, rule) in judged.hides.iter().filter(|(service, _)| counts(&catalog.services[*service]))
        {
            let named = exception.record.control.value().map(|control| control.as_str());
            let proven = || {
                let rule = scorecards.rule(rule.as_str());
                let proven = rule.into_iter().flat_map(|rule| rule.record.controls.values());
                proven.map(|control| control.as_str().to_owned()).collect()
            };
            let controls: Vec<String> = named.map_or_else(proven, |control| vec![control.to_owned()]);
            for control in &controls {
                // The id of the catalog's record: what is borrowed must outlive the scorecards.
                let Some(known) = known(catalog, exception, control) else { continue };
                let new = || WaivedControl { control: known, waivers: BTreeSet::new() };
                let waivers = &mut waived.entry(known).or_insert_with(new).waivers;
                waivers.insert((*service, index, rule.as_str().into()));
            }
        }
    }
    let mut waived: Vec<WaivedControl<'a>> = waived.into_values().collect();
    waived.sort_by_cached_key(|control| Reverse((control.services(), control.waivers.len())));
    waived
}

fn known<'a>(catalog: &'a Catalog, exception: &'a Exception, control: &str) -> Option<&'a str> {
    let declared = catalog.controls.by_id(control).map(|control| &*control.id);
    let written = || exception.record.control.value().map(|control| control.as_str());
    declared.or_else(written)
}
