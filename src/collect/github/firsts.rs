//! The first change of descriptors: GitHub walks through the whole history of a path to find it, so it is asked for
//! once, and only so many a night. Until then it is not known, which is no failure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::client::Client;
use super::crawl::halves;
use super::kept::Kept;
use super::known::text_of;
use super::queries::{self, Answer, Author, Entry};
use super::transport::Trouble;
use crate::collect::repository::Examined;
use crate::collect::snapshot::{Commit, Content, FileRole, Revision};
use crate::collect::text::Text;

/// How many descriptors one question asks about. Each is a hundredth of a point.
pub(super) const SLOTS: usize = 240;

/// How many questions one night asks at most, so that its budget holds.
pub(super) const QUESTIONS: usize = 8;

/// What is known of descriptors, by the id of the repository and the path.
pub(super) type Firsts = BTreeMap<String, First>;

/// The first change of a descriptor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct First {
    commit: Commit,
    /// What it held then; `None` when that was no text.
    text: Option<Text>,
}

/// A descriptor of which that is not known.
#[derive(Clone)]
struct Unknown {
    key: String,
    repository: String,
    commit: String,
    path: String,
}

/// Adds the first change to the descriptors of `all`, which are the repositories of one owner with their ids. Gives
/// the number of those of which it stays unknown.
pub(super) async fn add(all: &mut [(String, Examined)], client: &Client, kept: &Kept, owner: &str) -> usize {
    let mut known: Firsts = kept.firsts(owner).unwrap_or_default();
    let mut unknown: Vec<Unknown> = Vec::new();
    for (id, examined) in all.iter() {
        let Revision::Commit(commit) = &examined.repository.revision else { continue };
        for file in examined.files.iter().filter(|file| is_descriptor(file.role, &file.content)) {
            let key = key(id, &file.path);
            if !known.contains_key(&key) {
                let (repository, commit, path) = (id.clone(), commit.to_string(), file.path.to_string());
                unknown.push(Unknown { key, repository, commit, path });
            }
        }
    }
    let count = unknown.len();
    let mut jobs: Vec<Vec<Unknown>> =
        unknown.chunks(SLOTS).take(QUESTIONS).rev().map(<[_]>::to_vec).collect();
    let (mut asked, mut found) = (0, 0);
    while let Some(these) = jobs.pop() {
        asked += 1;
        match ask(client, owner, &these).await {
            Ok(firsts) => {
                found += firsts.len();
                known.extend(firsts);
            }
            Err(Trouble::TooMuch(_)) if these.len() > 1 && asked < 2 * QUESTIONS => {
                jobs.extend(halves(&these))
            }
            // What is not said tonight is asked for in another night.
            Err(_) => {}
        }
    }
    if found > 0 {
        // That it cannot be kept costs questions, not answers.
        let _ = kept.keep_firsts(owner, &known);
    }
    for (id, examined) in all {
        for file in examined.files.iter_mut().filter(|file| is_descriptor(file.role, &file.content)) {
            if let Some(first) = known.get(&key(id, &file.path)) {
                file.first_change = Some(first.commit.clone());
                file.first_text.clone_from(&first.text);
            }
        }
    }
    count - found
}

fn is_descriptor(role: FileRole, content: &Content) -> bool {
    role == FileRole::Descriptor && matches!(content, Content::Text(_))
}

/// Ids have no blanks.
fn key(id: &str, path: &str) -> String {
    format!("{id} {path}")
}

async fn ask(client: &Client, owner: &str, these: &[Unknown]) -> Result<Firsts, Trouble> {
    let mut variables = Map::new();
    for (slot, one) in these.iter().enumerate() {
        variables.insert(format!("repository{slot}"), json!(one.repository));
        variables.insert(format!("commit{slot}"), json!(one.commit));
        variables.insert(format!("path{slot}"), json!(one.path));
    }
    let query = queries::firsts(these.len());
    let answer = client.query(owner, "Firsts", &query, &Value::Object(variables)).await?;
    let mut answer: Answer<BTreeMap<String, Option<Slot>>> = answer;
    let mut slots = answer.data.take().unwrap_or_default();
    let firsts = these.iter().enumerate().filter_map(|(slot, one)| {
        let change = slots.remove(&format!("first{slot}"))??.object?.history?.nodes?.pop()??;
        let commit = queries::commit(&change.oid, &change.committed_date, change.author)?;
        Some((one.key.clone(), First { commit, text: change.file.and_then(text_of) }))
    });
    Ok(firsts.collect())
}

#[derive(Deserialize)]
struct Slot {
    object: Option<Head>,
}

#[derive(Deserialize)]
struct Head {
    history: Option<History>,
}

#[derive(Deserialize)]
struct History {
    nodes: Option<Vec<Option<Change>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    oid: String,
    committed_date: String,
    author: Option<Author>,
    file: Option<Entry>,
}
