//! Everything that the stand-in knows, and what each field of GitHub's schema says of it.

mod fields;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::graphql::{Document, Selection, merge};
use super::happened::Happened;
use super::people::{Asked, People, Team};
use super::repository::{Repository, Thing, Version, blob_id};

/// GitHub cuts texts after so many bytes.
const LONGEST_TEXT: usize = 512_000;

/// Everything that is there.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) repositories: Vec<Repository>,
    /// Pages that come empty although there is more, counted from the first.
    pub(super) empty_pages: BTreeSet<usize>,
    /// Ids of repositories that listings leave out and do not count.
    pub(super) unlisted: BTreeSet<String>,
    /// How who asks stands with it.
    pub(super) standing: super::doctor::Standing,
    /// Builds and deployments.
    pub(super) happened: Happened,
    pub(super) people: People,
}

/// The order of a listing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Created,
    Pushed,
}

/// Something that fields are asked of.
#[derive(Clone, Copy)]
enum Item<'w> {
    Query,
    Owner(&'w str),
    Page {
        owner: &'w str,
        order: Order,
        from: usize,
        size: usize,
    },
    Repository(&'w Repository),
    Branch(&'w Repository),
    Commit(&'w Repository, usize),
    /// A path in a version.
    Entry(&'w Version, &'w str),
    Blob(&'w [u8]),
    Tree(&'w Version, &'w str),
    History(&'w Repository, usize),
    /// What a test wrote down in the shape of the schema, by the keys of the question.
    Written(&'w Value),
    Team(&'w Team),
}

/// One question being answered.
struct Answering<'a> {
    world: &'a World,
    document: &'a Document,
    variables: &'a Value,
    errors: Vec<Value>,
    /// The points that it costs.
    cost: u64,
}

impl World {
    /// The answer to `document`.
    pub(super) fn answer(&self, document: &Document, variables: &Value) -> Value {
        if let Some(refusal) = self.people.refuses(document) {
            return refusal;
        }
        let cost = document.points(variables);
        let mut answering = Answering { world: self, document, variables, errors: Vec::new(), cost };
        let data = answering.select(Item::Query, &document.operation, &mut Vec::new());
        match answering.errors.is_empty() {
            true => json!({ "data": data }),
            false => json!({ "data": data, "errors": answering.errors }),
        }
    }

    /// The blob `oid` of the repository `name`.
    pub(super) fn blob(&self, name: &str, oid: &str) -> Option<Vec<u8>> {
        let repository = self.repositories.iter().find(|repository| repository.name == name)?;
        let things = repository.versions.iter().flat_map(|version| version.files.values());
        things.into_iter().find_map(|thing| match thing {
            Thing::File(bytes) if blob_id(bytes) == oid => Some(bytes.clone()),
            _ => None,
        })
    }

    /// The owner `login`, as they write themselves.
    fn owner(&self, login: &str) -> Option<&str> {
        let mut owners = self.repositories.iter().filter_map(|one| one.name.split('/').next());
        owners.find(|owner| owner.eq_ignore_ascii_case(login))
    }

    /// The repositories of an owner, as a listing shows them.
    fn owned(&self, owner: &str, order: Order) -> Vec<&Repository> {
        let is_own = |one: &&Repository| {
            one.name.split_once('/').is_some_and(|(own, _)| own.eq_ignore_ascii_case(owner))
        };
        let own = self.repositories.iter().filter(is_own);
        let mut listed: Vec<_> = own.filter(|one| !self.unlisted.contains(&one.id)).collect();
        if order == Order::Pushed {
            listed.sort_by_key(|one| std::cmp::Reverse(one.versions.last().map(|version| &version.day)));
        }
        listed
    }

    fn node(&self, id: &str) -> Option<Item<'_>> {
        if let Some(team) = self.people.team(id) {
            return Some(Item::Team(team));
        }
        // The id of a commit begins with that of its repository; they are kept in the order of their ids.
        let (own, oid) = id.split_once(':').map_or((id, None), |(own, oid)| (own, Some(oid)));
        let at = self.repositories.binary_search_by(|one| (*one.id).cmp(own)).ok()?;
        let one = &self.repositories[at];
        let Some(oid) = oid else { return Some(Item::Repository(one)) };
        Some(Item::Commit(one, one.versions.iter().position(|version| version.oid == oid)?))
    }
}

impl<'a> Answering<'a> {
    fn select(&mut self, item: Item<'a>, selections: &'a [Selection], path: &mut Vec<Value>) -> Value {
        let mut answer = Map::new();
        self.select_into(&mut answer, item, selections, path);
        Value::Object(answer)
    }

    fn select_into(
        &mut self,
        answer: &mut Map<String, Value>,
        item: Item<'a>,
        selections: &'a [Selection],
        path: &mut Vec<Value>,
    ) {
        for selection in selections.iter().filter(|selection| selection.is_included(self.variables)) {
            match selection {
                Selection::Spread { fragment, .. } => {
                    let (on, inner) = &self.document.fragments[fragment];
                    if item.is(on) {
                        self.select_into(answer, item, inner, path);
                    }
                }
                Selection::Inline { on, inner } => {
                    if item.is(on) {
                        self.select_into(answer, item, inner, path);
                    }
                }
                Selection::Field { key, name, arguments, inner, .. } => {
                    let argument = |wanted: &str| {
                        let found = arguments.iter().find(|(name, _)| name == wanted);
                        found.map(|(_, argument)| argument.value(self.variables)).unwrap_or_default()
                    };
                    let (first, after, at) = (argument("first"), argument("after"), argument("path"));
                    let (id, ids, login) = (argument("id"), argument("ids"), argument("login"));
                    let (world, asked) = (self.world, Asked::new(self.document, inner, &first, &after));
                    path.push(Value::String(key.clone()));
                    let value = match (item, name.as_str()) {
                        (Item::Query, "node") => self.node(&id, inner, path),
                        (Item::Query, "nodes") => {
                            let ids = ids.as_array().expect("ids");
                            assert!(ids.len() <= 100, "GitHub takes a hundred ids");
                            let mut nodes = Vec::new();
                            for (at, id) in ids.iter().enumerate() {
                                path.push(at.into());
                                nodes.push(self.node(id, inner, path));
                                path.pop();
                            }
                            Value::Array(nodes)
                        }
                        (Item::Query, "viewer") => json!({ "login": self.world.standing.login }),
                        (Item::Query, "rateLimit") => json!({ "cost": self.cost }),
                        (Item::Query, "repositoryOwner") => {
                            let login = login.as_str().expect("a login").to_owned();
                            match self.world.owner(&login) {
                                Some(owner) => self.select(Item::Owner(owner), inner, path),
                                None => self.unknown(path, "Could not resolve to a RepositoryOwner"),
                            }
                        }
                        (Item::Owner(_), "__typename") => json!(item.kind()),
                        (Item::Owner(_), field) if field != "repositories" => {
                            self.told(world.people.field(field, &asked), path)
                        }
                        (Item::Team(team), "members") => world.people.members(team, &asked),
                        (Item::Repository(one), "codeowners") => match one.has_owners() {
                            true => self.told(world.people.review(&asked), path),
                            false => Value::Null,
                        },
                        (Item::Owner(owner), "repositories") => {
                            let order = match argument("orderBy")["field"].as_str() {
                                Some("PUSHED_AT") => Order::Pushed,
                                _ => Order::Created,
                            };
                            // Where a listing goes on does not move when something before it is deleted.
                            let after = after.as_str();
                            let is_before = |(at, one): &(usize, &Repository)| match order {
                                Order::Created => after.is_some_and(|after| *one.id <= *after),
                                Order::Pushed => {
                                    after.is_some_and(|after| *at <= after.parse().expect("ours"))
                                }
                            };
                            let from = self
                                .world
                                .owned(owner, order)
                                .into_iter()
                                .enumerate()
                                .filter(is_before)
                                .count();
                            let size = usize::try_from(first.as_u64().expect("a number")).expect("small");
                            assert!(size <= 100, "GitHub lists a hundred at once");
                            self.select(Item::Page { owner, order, from, size }, inner, path)
                        }
                        (Item::Page { owner, order, from, size }, "nodes") => {
                            let size = if self.world.empty_pages.contains(&(from / 100)) { 0 } else { size };
                            let mut nodes = Vec::new();
                            for (at, one) in
                                self.world.owned(owner, order).into_iter().skip(from).take(size).enumerate()
                            {
                                path.push(at.into());
                                nodes.push(self.select(Item::Repository(one), inner, path));
                                path.pop();
                            }
                            Value::Array(nodes)
                        }
                        (Item::Query, "repository") => {
                            let name = [argument("owner"), argument("name")];
                            let name = name.map(|part| part.as_str().expect("a name").to_owned()).join("/");
                            let is_it = |one: &&Repository| {
                                let mut names = one.formerly.iter().chain([&one.name]);
                                names.any(|own| own.eq_ignore_ascii_case(&name))
                            };
                            match self.world.repositories.iter().find(is_it) {
                                Some(one) => self.select(Item::Repository(one), inner, path),
                                None => self.unknown(path, "Could not resolve to a Repository"),
                            }
                        }
                        (Item::Repository(one), "object") => {
                            let oid = argument("oid");
                            let oid = oid.as_str().expect("an id");
                            let version = one.versions.iter().position(|version| version.oid == oid);
                            match (version, one.reviewed.get(oid)) {
                                (Some(version), _) => self.select(Item::Commit(one, version), inner, path),
                                (None, Some(commit)) => self.select(Item::Written(commit), inner, path),
                                (None, None) => Value::Null,
                            }
                        }
                        (Item::Written(value), _) => self.written(&value[key], inner, path),
                        (Item::Repository(one), "defaultBranchRef") => match one.versions.is_empty() {
                            true => Value::Null,
                            false => self.select(Item::Branch(one), inner, path),
                        },
                        (Item::Branch(one), "target") => {
                            self.select(Item::Commit(one, one.versions.len() - 1), inner, path)
                        }
                        (Item::Commit(one, at), "tree") => {
                            self.select(Item::Tree(&one.versions[at], ""), inner, path)
                        }
                        (Item::Commit(one, version), "file") => {
                            let version = &one.versions[version];
                            match version.path(at.as_str().expect("a path")) {
                                Some(found) => self.select(Item::Entry(version, found), inner, path),
                                None => Value::Null,
                            }
                        }
                        (Item::Repository(one), "deployments") => {
                            self.world.happened.deployments(&one.id, &first, &after)
                        }
                        (Item::Commit(one, _), "history") if at.is_null() => {
                            let (nodes, refused) =
                                self.world.happened.history(&one.id, &first, &argument("since"));
                            for at in 0..refused {
                                let rollup = [path.as_slice(), &["nodes".into(), at.into()]].concat();
                                self.forbidden(&rollup, "statusCheckRollup");
                            }
                            nodes
                        }
                        (Item::Commit(one, version), "history") => {
                            let at = at.as_str().expect("a path");
                            let version = match (first.as_u64(), argument("last").as_u64()) {
                                (Some(1), None) => one.last_change(version, at),
                                (None, Some(1)) => one.first_change(version, at),
                                other => panic!("one end of the history is asked for, not {other:?}"),
                            };
                            let nodes =
                                version.map(|version| self.select(Item::History(one, version), inner, path));
                            nodes.unwrap_or_else(|| json!({ "nodes": [] }))
                        }
                        (Item::History(one, version), "nodes") => {
                            Value::Array(vec![self.select(Item::Commit(one, version), inner, path)])
                        }
                        (Item::Entry(version, at), "object") => match version.files.get(at) {
                            Some(Thing::File(bytes)) => self.select(Item::Blob(bytes), inner, path),
                            Some(Thing::Link(target)) => {
                                self.select(Item::Blob(target.as_bytes()), inner, path)
                            }
                            Some(Thing::Submodule) => Value::Null,
                            None => self.select(Item::Tree(version, at), inner, path),
                        },
                        (Item::Tree(version, at), "entries") => {
                            let entries = version.entries(at);
                            Value::Array(
                                entries
                                    .into_iter()
                                    .map(|(name, mode)| json!({ "name": name, "mode": mode }))
                                    .collect(),
                            )
                        }
                        (item, name) => self.plain(item, name),
                    };
                    path.pop();
                    merge(answer, key, value);
                }
            }
        }
    }

    fn node(&mut self, id: &Value, inner: &'a [Selection], path: &mut Vec<Value>) -> Value {
        if let Some(told) = self.world.happened.statuses(id) {
            return told;
        }
        // What is refused and may not be null takes along the thing that it belongs to.
        if self.world.happened.refuses(inner, self.variables) {
            return self.forbidden(path, "deployments");
        }
        match self.world.node(id.as_str().expect("an id")) {
            Some(item) => self.select(item, inner, path),
            None => self.unknown(path, "Could not resolve to a node with the global id"),
        }
    }

    fn forbidden(&mut self, path: &[Value], field: &str) -> Value {
        let path = [path, &[field.into()]].concat();
        let message = "Resource not accessible by integration";
        self.fail(&path, "FORBIDDEN", message)
    }

    /// What a test wrote down, as far as it is asked for.
    fn written(&mut self, value: &'a Value, inner: &'a [Selection], path: &mut Vec<Value>) -> Value {
        match value {
            Value::Object(_) => self.select(Item::Written(value), inner, path),
            Value::Array(items) => items.iter().map(|item| self.written(item, inner, path)).collect(),
            _ => value.clone(),
        }
    }

    fn unknown(&mut self, path: &[Value], message: &str) -> Value {
        self.fail(path, "NOT_FOUND", message)
    }

    /// What is told of people, if it is.
    fn told(&mut self, value: Option<Value>, path: &[Value]) -> Value {
        let kind = self.world.people.refused.unwrap_or("FORBIDDEN");
        value.unwrap_or_else(|| self.fail(path, kind, "Resource not accessible by personal access token"))
    }

    fn fail(&mut self, path: &[Value], kind: &str, message: &str) -> Value {
        self.errors.push(json!({ "type": kind, "path": path, "message": message }));
        Value::Null
    }
}
