//! One resource, with the verdict on every required tag: a row of the lists of resources.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::ownership::Ownership;
use crate::assess::tags::{Expectations, ExpectedTag, TagVerdict};
use crate::catalog::{self, Catalog};
use crate::collect::snapshot::ReportedTags;

/// One resource.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resource<'a> {
    /// The account it lies in, when its ARN says so.
    pub account: Option<&'a str>,
    /// Its Amazon Resource Name.
    pub arn: &'a str,
    /// Why its tags are not judged, when policy exempts it.
    pub exempt: Option<&'a str>,
    /// Its region.
    pub region: &'a str,
    /// What the tag report of AWS says of its tags, when it is known from that alone: then its tags, its service and its
    /// team are unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported: Option<Reported<'a>>,
    /// The service that it belongs to.
    pub service: Option<&'a str>,
    /// Required tags by key; none when policy does not judge its type.
    pub tags: BTreeMap<&'a str, Tag<'a>>,
    /// The team that answers for it.
    pub team: Option<&'a str>,
    /// Service and kind, such as `s3:bucket`.
    #[serde(rename = "type")]
    pub kind: &'a str,
}

/// What the tag report of AWS says of the tags of a resource, in the words of AWS.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reported<'a> {
    /// `ComplianceStatus`: whether its tags comply with the tag policies of the organisation, when that is said.
    pub complies: Option<bool>,
    /// `KeysWithNoncompliantValues`.
    pub keys_with_noncompliant_values: Vec<&'a str>,
    /// `NoncompliantKeys`.
    pub noncompliant_keys: Vec<&'a str>,
}

impl<'a> Reported<'a> {
    fn of(said: &'a ReportedTags) -> Self {
        let keys = |keys: &'a [Arc<str>]| keys.iter().map(|key| &**key).collect();
        Self {
            complies: said.complies,
            keys_with_noncompliant_values: keys(&said.keys_with_noncompliant_values),
            noncompliant_keys: keys(&said.noncompliant_keys),
        }
    }
}

/// One required tag of a resource.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tag<'a> {
    /// The values that would be right; without any, every value would be.
    pub expected: &'a [Cow<'a, str>],
    /// What is there instead, when that is wrong: another value, or the key in another case.
    pub found: Option<Cow<'a, str>>,
    /// `ok`, `missing`, `wrong-case`, `wrong-value`, `unknown` or `exempt`.
    pub verdict: &'static str,
}

impl<'a> Resource<'a> {
    /// `resource` with whose it is, judged by what is expected of it, with those required tags that `wanted` picks.
    pub fn of(
        catalog: &'a Catalog,
        (ownership, expectations): (Ownership<'_>, &'a Expectations<'a>),
        resource: &'a catalog::resource::Resource,
        wanted: impl Fn(&ExpectedTag<'_>) -> bool,
    ) -> Self {
        let judged = expectations.judges(resource);
        let tags = expectations.tags().iter().zip(expectations.judge(resource));
        let tags = tags.filter(|(tag, _)| judged && wanted(tag)).map(|(tag, verdict)| {
            let found = match verdict {
                TagVerdict::WrongCase { found, .. } | TagVerdict::WrongValue { found, .. } => {
                    Some(Cow::Borrowed(found))
                }
                TagVerdict::Unknown { found } => found.map(Cow::Borrowed),
                TagVerdict::Ok | TagVerdict::Missing | TagVerdict::Exempt(_) => None,
            };
            (tag.key, Tag { expected: &tag.values, found, verdict: verdict.word() })
        });
        let exemption = expectations.exemption(resource).filter(|_| judged);
        Self {
            account: resource.account.as_ref().map(|account| account.as_str()),
            arn: &resource.arn,
            exempt: exemption.and_then(|exemption| exemption.reason.value()).map(|reason| &**reason),
            region: &resource.region,
            reported: resource.reported.as_deref().map(Reported::of),
            service: ownership.service.map(|service| catalog.services[service].id.as_str()),
            tags: tags.collect(),
            team: ownership.team.map(|team| catalog.teams[team].id.as_str()),
            kind: &resource.resource_type,
        }
    }
}
