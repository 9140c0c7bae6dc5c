//! The shape of a recorded call, as AWS answers it. Tag keys and values are borrowed from the file: they
//! repeat, and are kept once.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;

use super::explorer::{Count, View};
use super::policies::{Policy, Summary, Target};

/// One recorded call. Members that AWS may add are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Call<'a> {
    pub(super) operation: String,
    pub(super) account: Option<Arc<str>>,
    pub(super) region: Option<Arc<str>>,
    pub(super) policy: Option<Arc<str>>,
    pub(super) query: Option<String>,
    pub(super) collected_at: String,
    #[serde(borrow)]
    pub(super) answer: Option<Answer<'a>>,
    pub(super) error: Option<Arc<str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer<'a> {
    #[serde(borrow)]
    pub(super) resource_tag_mapping_list: Option<Vec<Resource<'a>>>,
    pub(super) pagination_token: Option<String>,
    pub(super) accounts: Option<Vec<Account>>,
    pub(super) next_token: Option<String>,
    pub(super) policies: Option<Vec<Summary>>,
    pub(super) policy: Option<Policy>,
    pub(super) targets: Option<Vec<Target>>,
    #[serde(rename = "Type")]
    pub(super) kind: Option<String>,
    pub(super) state: Option<String>,
    #[serde(default)]
    pub(super) replicating_from: Vec<String>,
    pub(super) count: Option<Count>,
    pub(super) view: Option<View>,
}

#[derive(Deserialize)]
pub(super) struct Resource<'a> {
    #[serde(rename = "ResourceARN")]
    pub(super) arn: Arc<str>,
    #[serde(rename = "Tags", default, borrow)]
    pub(super) tags: Vec<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag<'a> {
    #[serde(borrow)]
    pub(super) key: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) value: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Account {
    pub(super) id: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) state: Arc<str>,
    #[serde(default)]
    pub(super) paths: Vec<Arc<str>>,
}
