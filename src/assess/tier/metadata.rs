//! Minimum metadata, field by field: what a record lacks to be complete (semantics §6, lesson §16).

use crate::assess::Reason;
use crate::catalog::field::Field;
use crate::catalog::origin::Origin;
use crate::catalog::service::{ExposureType, ServiceType};
use crate::catalog::{Catalog, Service};

/// What `service` lacks of the minimum metadata; empty when it is complete.
pub(super) fn missing(catalog: &Catalog, service: &Service) -> Vec<Reason> {
    let record = &service.record;
    let file = &catalog.files[service.file];
    let is_library = record.service_type.value() == Some(&ServiceType::Library);
    let is_http = record.service_type.value() == Some(&ServiceType::HttpService);
    let mut gaps = Gaps { catalog, missing: Vec::new() };

    gaps.need("serviceId", &record.service_id);
    gaps.need_text("ownerTeam", &record.owner_team);
    gaps.need_owner(service);
    gaps.need_text("technicalOwner", &record.technical_owner);
    gaps.need_text("businessOwner", &record.business_owner);
    gaps.need("criticality", &record.criticality);
    gaps.need("dataClassification", &record.data_classification);
    gaps.need_exposure(service);
    if !is_library {
        gaps.need_text("runtime", &record.runtime);
        let account = service.environments.iter().any(|runs| runs.account.is_some());
        gaps.need_unless(account, "accountId", &record.account_id);
        let region = service.environments.iter().any(|runs| runs.region.is_some());
        gaps.need_unless(region, "region", &record.region);
        gaps.need("slo.availability", &record.slo.availability);
    }
    if is_http {
        gaps.need("slo.p95LatencyMs", &record.slo.p95_latency_ms);
    }
    gaps.need("repository", &record.repository);
    gaps.need_text("onCall", &record.on_call);
    gaps.need_text("costCenter", &record.cost_center);
    gaps.need("resilience.rto", &record.resilience.rto);
    gaps.need("resilience.rpo", &record.resilience.rpo);
    gaps.need("compliance.auditScope", &record.compliance.audit_scope);
    if record.compliance.audit_scope.value() == Some(&true) {
        gaps.need("compliance.retentionYears", &record.compliance.retention_years);
    }
    gaps.need("lifecycle.state", &record.lifecycle.state);
    gaps.need_unless(file.first_change.is_some(), "lifecycle.createdAt", &record.lifecycle.created_at);
    gaps.missing
}

struct Gaps<'a> {
    catalog: &'a Catalog,
    missing: Vec<Reason>,
}

impl Gaps<'_> {
    fn add(&mut self, text: String, origin: Option<Origin>) {
        self.missing.push(Reason { text: text.into(), origin });
    }

    fn need<T>(&mut self, key: &str, field: &Field<T>) {
        match field {
            Field::Known(_) => {}
            Field::Absent => self.add(format!("`{key}` is not declared"), None),
            Field::Unreadable(origin) => self.add(format!("`{key}` cannot be read"), Some(*origin)),
        }
    }

    /// Needs `field`, unless something else says the same. An unreadable value is wrong all the same.
    fn need_unless<T>(&mut self, known_otherwise: bool, key: &str, field: &Field<T>) {
        if !(known_otherwise && field.is_absent()) {
            self.need(key, field);
        }
    }

    fn need_text(&mut self, key: &str, field: &Field<Box<str>>) {
        match field.sourced() {
            Some(text) if text.value.trim().is_empty() => {
                self.add(format!("`{key}` is empty"), Some(text.origin));
            }
            Some(text) if self.catalog.vocabulary.is_placeholder(&text.value) => {
                self.add(format!("`{key}` is only a placeholder, `{}`", text.value), Some(text.origin));
            }
            _ => self.need(key, field),
        }
    }

    /// An owner that leads nowhere is none; where the catalog keeps no teams, any name will do.
    fn need_owner(&mut self, service: &Service) {
        let Some(named) = service.record.owner_team.sourced() else { return };
        if service.owner.is_none()
            && !self.catalog.teams.is_empty()
            && !self.catalog.vocabulary.is_placeholder(&named.value)
        {
            self.add(format!("`ownerTeam` names `{}`, which is no team", named.value), Some(named.origin));
        }
    }

    /// Of the older `internetFacing` only `true` says enough, and that is read as an exposure.
    fn need_exposure(&mut self, service: &Service) {
        let exposure = &service.record.exposure.exposure_type;
        match service.record.internet_facing.sourced() {
            Some(facing) if exposure.is_absent() => {
                let text = "`internetFacing: false` leaves open whether exposure is `private` or `internal`";
                self.add(text.into(), Some(facing.origin));
            }
            _ => self.need::<ExposureType>("exposure", exposure),
        }
    }
}
