//! The tree of organisational units: what each is called from the root down, and where accounts lie that do not
//! say so themselves.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use aws_sdk_organizations::Client;

use super::asking::Page;
use super::organization::{Organization, without_list};
use crate::aws::Fault;

/// Most units of an organisation; AWS itself allows fewer. A tree that never ends must not hold up the night.
const UNITS: usize = 10_000;

/// Something that accounts lie in.
#[derive(Debug)]
struct Parent {
    id: String,
    /// Names from the root down, without the root.
    names: Vec<String>,
    /// Ids from the root down.
    ids: Vec<String>,
}

/// The tree.
#[derive(Debug, Default)]
pub(super) struct Units {
    /// Names from the root down, with `/`, by id.
    names: BTreeMap<String, Arc<str>>,
    /// Ids from the root down, with `/`, by account.
    paths: BTreeMap<String, Arc<str>>,
}

impl Units {
    /// Walks the tree; looks up the accounts in it too, when they do not say where they are.
    pub(super) async fn walk(organization: &Organization<'_>, needs_members: bool) -> Result<Self, Arc<str>> {
        let mut units = Self::default();
        let mut open: VecDeque<Parent> = roots(organization).await?.into();
        while let Some(parent) = open.pop_front() {
            let names: Arc<str> = match parent.names.is_empty() {
                true => "Root".into(),
                false => parent.names.join("/").into(),
            };
            if units.names.insert(parent.id.clone(), names).is_some() || units.names.len() > UNITS {
                return Err("the tree of units does not end".into());
            }
            if needs_members {
                let path: Arc<str> = format!("{}/", parent.ids.join("/")).into();
                let members = members(organization, &parent.id).await?;
                units.paths.extend(members.into_iter().map(|account| (account, Arc::clone(&path))));
            }
            open.extend(children(organization, &parent).await?);
        }
        Ok(units)
    }

    /// The ids from the root down of where `account` lies.
    pub(super) fn path_of(&self, account: &str) -> Option<Arc<str>> {
        self.paths.get(account).cloned()
    }

    /// What the last unit of a path such as `o-x/r-y/ou-z/111122223333/` is called, from the root down.
    pub(super) fn names_of(&self, path: &str) -> Option<Arc<str>> {
        path.split('/').rev().find_map(|id| self.names.get(id)).cloned()
    }
}

async fn roots(organization: &Organization<'_>) -> Result<Vec<Parent>, Arc<str>> {
    let ask = |client: Client, token: Option<String>| async move {
        let answer =
            client.list_roots().set_next_token(token).send().await.map_err(|error| Fault::of(&error))?;
        let roots = answer.roots.ok_or_else(without_list)?;
        let roots = roots.into_iter().filter_map(|root| root.id);
        let items = roots.map(|id| Parent { ids: vec![id.clone()], id, names: Vec::new() }).collect();
        Ok(Page { items, next: answer.next_token })
    };
    organization.all(ask).await.map_err(|reason| format!("organizations:ListRoots: {reason}").into())
}

async fn children(organization: &Organization<'_>, parent: &Parent) -> Result<Vec<Parent>, Arc<str>> {
    let ask = |client: Client, token: Option<String>| async move {
        let question =
            client.list_organizational_units_for_parent().parent_id(&parent.id).set_next_token(token);
        let answer = question.send().await.map_err(|error| Fault::of(&error))?;
        let units = answer.organizational_units.ok_or_else(without_list)?;
        let below = |list: &[String], last: &str| list.iter().cloned().chain([last.to_owned()]).collect();
        let items = units.into_iter().filter_map(|unit| {
            let (id, name) = (unit.id?, unit.name.unwrap_or_default());
            Some(Parent { ids: below(&parent.ids, &id), names: below(&parent.names, &name), id })
        });
        Ok(Page { items: items.collect(), next: answer.next_token })
    };
    let all = organization.all(ask).await;
    all.map_err(|reason| format!("organizations:ListOrganizationalUnitsForParent: {reason}").into())
}

/// Ids of the accounts that lie right in `parent`.
async fn members(organization: &Organization<'_>, parent: &str) -> Result<Vec<String>, Arc<str>> {
    let ask = |client: Client, token: Option<String>| async move {
        let question = client.list_accounts_for_parent().parent_id(parent).set_next_token(token);
        let answer = question.send().await.map_err(|error| Fault::of(&error))?;
        let accounts = answer.accounts.ok_or_else(without_list)?;
        let items = accounts.into_iter().filter_map(|account| account.id).collect();
        Ok(Page { items, next: answer.next_token })
    };
    let all = organization.all(ask).await;
    all.map_err(|reason| format!("organizations:ListAccountsForParent: {reason}").into())
}
