//! Dependencies: whether what a service promises can be kept with what it rests on, and whether who can
//! reach it fits the data behind it.
//!
//! Only direct dependencies are compared, and that is enough: along any chain on which criticality, recovery
//! or exposure get worse, there is one dependency on which they do; and what a dependency promises already
//! rests on what that one needs. So circles cost nothing, and every finding stands at a line that its owner
//! can change. A promise that nobody made is unknown, never good or bad.

use std::collections::BTreeSet;

use super::{Finding, ServiceAssessment};
use crate::catalog::lifecycle::LifecycleState;
use crate::catalog::origin::Origin;
use crate::catalog::scalar::Number;
use crate::catalog::service::{DataClassification, DependencyKind, ExposureType, ServiceRecord, ServiceType};
use crate::catalog::{Catalog, Dependency, DependencyTarget, Service};
use crate::diagnostic::codes;
use crate::words;

/// Dependencies named at most in one message.
const NAMED: usize = 8;
/// A share of 100 percent. Shares are counted in whole numbers of 10⁻¹², so that a product is the same on
/// every machine, and exact for any two shares of up to four decimals.
const WHOLE: u64 = 1_000_000_000_000;

/// The availability that a service promises, against the product of what its hard dependencies promise.
#[derive(Debug, PartialEq, Eq)]
pub struct Availability<'a> {
    /// What the service promises.
    pub promised: Promise<'a>,
    /// Where it says so.
    pub origin: Origin,
    /// What its hard dependencies promise.
    pub factors: Vec<Promise<'a>>,
    /// Hard dependencies that promise nothing that can be counted with.
    pub unknown: Vec<&'a str>,
    /// The product of the factors: what is left at best.
    pub at_best: Share,
}

/// An availability that somebody promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise<'a> {
    /// Who: the id of the service.
    pub by: &'a str,
    /// How much.
    pub share: Share,
}

/// A share of time, exact to 10⁻¹².
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u64);

impl Share {
    /// `percent` as a share; `None` when it is none.
    fn of(percent: &Number) -> Option<Self> {
        let percent = percent.value;
        // Checked to lie between nothing and all, so nothing is cut off.
        (percent > 0.0 && percent <= 100.0).then(|| Self((percent * 1e10).round() as u64))
    }

    fn times(self, other: Self) -> Self {
        let product = u128::from(self.0) * u128::from(other.0) / u128::from(WHOLE);
        Self(u64::try_from(product).expect("a product of shares is a share"))
    }
}

impl std::fmt::Display for Share {
    /// In percent with at most four decimals, rounded down: what is less never prints as equal.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, decimals) = (self.0 / 10_000_000_000, self.0 / 1_000_000 % 10_000);
        let decimals = format!("{decimals:04}");
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{whole} %"),
            decimals => write!(f, "{whole}.{decimals} %"),
        }
    }
}

/// Whether a promise can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The product is enough.
    Kept,
    /// It is not, even if everything unknown never failed.
    Broken,
    /// It is enough so far, and something is unknown.
    Unknown,
}

impl Availability<'_> {
    /// Whether the promise can be kept.
    pub fn verdict(&self) -> Verdict {
        if self.at_best < self.promised.share {
            Verdict::Broken
        } else if self.unknown.is_empty() {
            Verdict::Kept
        } else {
            Verdict::Unknown
        }
    }

    /// `99.9 % (a) × 99.5 % (b) = 99.4005 %`; of a single factor just that.
    pub fn arithmetic(&self) -> String {
        let factor = |factor: &Promise<'_>| format!("{} (`{}`)", factor.share, factor.by);
        let mut factors: Vec<String> = self.factors.iter().take(NAMED).map(factor).collect();
        if self.factors.len() > NAMED {
            factors.push(format!("those of {} more", self.factors.len() - NAMED));
        }
        let product = factors.join(" × ");
        if factors.len() > 1 { format!("{product} = {}", self.at_best) } else { product }
    }
}

/// The availability of `service`, when it promises one and has hard dependencies.
pub fn availability<'a>(catalog: &'a Catalog, service: &'a Service) -> Option<Availability<'a>> {
    let promised = service.record.slo.availability.sourced()?;
    let share = Share::of(&promised.value)?;
    let mut found = Availability {
        promised: Promise { by: service.id.as_str(), share },
        origin: promised.origin,
        factors: Vec::new(),
        unknown: Vec::new(),
        at_best: Share(WHOLE),
    };
    let mut seen = BTreeSet::new();
    for dependency in hard(service).filter(|dependency| seen.insert(&*dependency.name)) {
        let promise = match record(catalog, dependency) {
            Some(record) if is_library(record) => continue,
            record => record.and_then(|record| Share::of(record.slo.availability.value()?)),
        };
        match promise {
            Some(share) => {
                found.at_best = found.at_best.times(share);
                found.factors.push(Promise { by: &dependency.name, share });
            }
            None => found.unknown.push(&dependency.name),
        }
    }
    (!found.factors.is_empty() || !found.unknown.is_empty()).then_some(found)
}

/// Says of `service` what does not fit with its dependencies, and what cannot be said.
pub(super) fn judge(catalog: &Catalog, service: &Service, assessment: &mut ServiceAssessment) {
    if service.record.lifecycle.state.value() == Some(&LifecycleState::Retired) {
        return;
    }
    let mut inspection = Inspection { catalog, service, assessment };
    inspection.criticality();
    inspection.availability();
    inspection.recovery();
    inspection.exposure();
}

struct Inspection<'a, 'f> {
    catalog: &'a Catalog,
    service: &'a Service,
    assessment: &'f mut ServiceAssessment,
}

impl<'a> Inspection<'a, '_> {
    fn found(&mut self, code: &'static crate::diagnostic::Code, message: String, origin: Origin) {
        let finding = Finding { code: code.name, message: message.into(), origin: Some(origin) };
        self.assessment.findings.push(finding);
    }

    fn open(&mut self, code: &'static crate::diagnostic::Code, message: String, origin: Origin) {
        let question = Finding { code: code.name, message: message.into(), origin: Some(origin) };
        self.assessment.open_questions.push(question);
    }

    /// Services that this one cannot work without, with their records; libraries are part of it.
    fn needs(&self) -> Vec<(&'a Dependency, Option<&'a ServiceRecord>)> {
        let mut seen = BTreeSet::new();
        hard(self.service)
            .filter(|dependency| matches!(dependency.target, DependencyTarget::Service(_)))
            .filter(|dependency| seen.insert(&*dependency.name))
            .map(|dependency| (dependency, record(self.catalog, dependency)))
            .filter(|(_, record)| !record.is_some_and(is_library))
            .collect()
    }

    fn criticality(&mut self) {
        let Some(own) = self.service.record.criticality.sourced() else { return };
        let mut unknown = Vec::new();
        for (dependency, record) in self.needs() {
            match record.and_then(|record| record.criticality.value()) {
                Some(other) if other > &own.value => {
                    let message = format!(
                        "`{}` is {} and cannot work without `{}`, which is only {}",
                        self.service.id,
                        own.value.word(),
                        dependency.name,
                        other.word()
                    );
                    self.found(&codes::TIER_INVERSION, message, dependency.origin);
                }
                Some(_) => {}
                None => unknown.push(&*dependency.name),
            }
        }
        if !unknown.is_empty() {
            let message = format!(
                "whether all that `{}` needs is as critical as it is unknown: {} no criticality",
                self.service.id,
                states(&unknown)
            );
            self.open(&codes::TIER_INVERSION, message, own.origin);
        }
    }

    fn availability(&mut self) {
        let Some(found) = availability(self.catalog, self.service) else { return };
        let own = found.promised.share;
        match found.verdict() {
            Verdict::Kept => {}
            Verdict::Broken => {
                let message = format!(
                    "`{}` promises {own}, and what it cannot work without allows at best {}",
                    self.service.id,
                    found.arithmetic()
                );
                self.found(&codes::AVAILABILITY_NOT_BACKED, message, found.origin);
            }
            Verdict::Unknown => {
                let so_far = match found.factors.is_empty() {
                    true => String::new(),
                    false => format!("; the others allow {}", found.arithmetic()),
                };
                let message = format!(
                    "whether `{}` can keep {own} is unknown: {} no availability{so_far}",
                    self.service.id,
                    states(&found.unknown)
                );
                self.open(&codes::AVAILABILITY_NOT_BACKED, message, found.origin);
            }
        }
    }

    fn recovery(&mut self) {
        let Some(own) = self.service.record.resilience.rto.sourced() else { return };
        let mut unknown = Vec::new();
        for (dependency, record) in self.needs() {
            match record.and_then(|record| record.resilience.rto.value()) {
                Some(other) if other.length > own.value.length => {
                    let message = format!(
                        "`{}` promises to be back within {}, and cannot work without `{}`, which may take {}",
                        self.service.id, own.value.text, dependency.name, other.text
                    );
                    self.found(&codes::RECOVERY_NOT_BACKED, message, own.origin);
                }
                Some(_) => {}
                None => unknown.push(&*dependency.name),
            }
        }
        if !unknown.is_empty() {
            let message = format!(
                "whether `{}` can be back within {} is unknown: {} no recovery time",
                self.service.id,
                own.value.text,
                states(&unknown)
            );
            self.open(&codes::RECOVERY_NOT_BACKED, message, own.origin);
        }
    }

    /// What the internet reaches against the data that lies there or one step behind.
    fn exposure(&mut self) {
        let record = &self.service.record;
        let Some(public) = public_at(record) else { return };
        let Some(own) = most_closed(record) else {
            let message = format!(
                "whether `{}` may be public is unknown: it states no data classification",
                self.service.id
            );
            return self.open(&codes::DATA_EXPOSED, message, public);
        };
        let classes = &self.catalog.vocabulary.data_classifications;
        if classes.len() > 1 && usize::from(own.rank) + 1 == classes.len() {
            let message = format!(
                "`{}` is public and holds `{}` data, the most closed class there is",
                self.service.id, own.word
            );
            self.found(&codes::DATA_EXPOSED, message, public);
        }
        let mut seen = BTreeSet::new();
        let mut unknown = Vec::new();
        let all = self.service.depends_on.iter();
        for dependency in all.filter(|dependency| seen.insert(&*dependency.name)) {
            let DependencyTarget::Service(_) = dependency.target else { continue };
            match self::record(self.catalog, dependency).map(most_closed) {
                Some(Some(other)) if other.rank > own.rank => {
                    let message = format!(
                        "`{}` is public with `{}` data, and reaches `{}`, which holds `{}` data",
                        self.service.id, own.word, dependency.name, other.word
                    );
                    self.found(&codes::DATA_EXPOSED, message, dependency.origin);
                }
                Some(Some(_)) => {}
                Some(None) | None => unknown.push(&*dependency.name),
            }
        }
        if !unknown.is_empty() {
            let message = format!(
                "which data lies behind `{}`, which is public, is unknown: {} no data classification",
                self.service.id,
                states(&unknown)
            );
            self.open(&codes::DATA_EXPOSED, message, public);
        }
    }
}

/// What `service` cannot work without, itself aside.
fn hard(service: &Service) -> impl Iterator<Item = &Dependency> {
    service
        .depends_on
        .iter()
        .filter(move |own| own.kind == DependencyKind::Hard && *own.name != *service.id.as_str())
}

/// The record of the service that a dependency points at; one whose id is claimed twice says nothing.
fn record<'a>(catalog: &'a Catalog, dependency: &Dependency) -> Option<&'a ServiceRecord> {
    let DependencyTarget::Service(target) = dependency.target else { return None };
    let service = &catalog.services[target];
    service.conflict.is_empty().then_some(&service.record)
}

/// A library is built in: it is never down, and never comes back.
fn is_library(record: &ServiceRecord) -> bool {
    record.service_type.value() == Some(&ServiceType::Library)
}

/// Where a record says that the internet reaches the service.
fn public_at(record: &ServiceRecord) -> Option<Origin> {
    let exposure = record.exposure.exposure_type.sourced();
    let stated = exposure.map(|exposure| (exposure.value == ExposureType::Public, exposure.origin));
    let older = || record.internet_facing.sourced().map(|facing| (facing.value, facing.origin));
    stated.or_else(older).filter(|(is_public, _)| *is_public).map(|(_, origin)| origin)
}

/// The most closed class of data that a record names, for itself or for one of its stores.
fn most_closed(record: &ServiceRecord) -> Option<&DataClassification> {
    let stores = record.data_stores.values().filter_map(|store| store.data_classification.value());
    record.data_classification.value().into_iter().chain(stores).max_by_key(|class| class.rank)
}

/// `` `a` and `b` state ``.
fn states(names: &[&str]) -> String {
    let verb = if names.len() == 1 { "states" } else { "state" };
    format!("{} {verb}", words::first(names, NAMED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(percent: f64) -> Share {
        Share::of(&Number { value: percent, text: percent.to_string().into() }).expect("a share")
    }

    #[test]
    fn shares_are_multiplied_exactly_and_printed_rounded_down() {
        assert_eq!(share(99.9).times(share(99.5)).to_string(), "99.4005 %");
        assert_eq!(share(99.5).times(share(99.5)), share(99.0025));
        assert_eq!(share(99.95).times(share(100.0)), share(99.95));
        assert_eq!(share(99.999_99).to_string(), "99.9999 %");
        assert_eq!(share(100.0).to_string(), "100 %");
        assert_eq!(share(0.05).to_string(), "0.05 %");
    }

    #[test]
    fn the_arithmetic_names_eight_factors_and_counts_the_rest() {
        let printed = |factors: usize| {
            let promise = |by| Promise { by, share: share(99.9) };
            let at_best = (0..factors).fold(Share(WHOLE), |product, _| product.times(share(99.9)));
            let factors = vec![promise("a"); factors];
            let (promised, origin) = (promise("own"), Origin::Default);
            Availability { promised, origin, factors, unknown: Vec::new(), at_best }.arithmetic()
        };
        assert_eq!(printed(1), "99.9 % (`a`)");
        assert_eq!(printed(2), "99.9 % (`a`) × 99.9 % (`a`) = 99.8001 %");
        assert!(!printed(8).contains("more"), "{}", printed(8));
        assert!(printed(9).contains(" × those of 1 more = "), "{}", printed(9));
        assert!(printed(10).contains(" × those of 2 more = "), "{}", printed(10));
    }

    #[test]
    fn what_is_no_share_of_time_is_none() {
        for percent in [0.0, -1.0, 100.000_1, f64::MAX] {
            assert_eq!(Share::of(&Number { value: percent, text: "".into() }), None, "{percent}");
        }
    }
}
