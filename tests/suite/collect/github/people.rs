//! Teams and people of the stand-in, and what a night knows of them: all of it, or that it is not known and why.

mod nights;

use serde_json::{Map, Value, json};

use super::graphql::{Document, Selection};

/// The login of somebody who is no organisation.
pub(super) const PERSON: &str = "somebody";

/// Who belongs to the one organisation.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub(super) teams: Vec<Team>,
    pub(super) members: Vec<String>,
    /// Whether whoever asks is a member, and an owner.
    pub(super) viewer: (bool, bool),
    /// The type of the error that answers every question about them.
    pub(super) refused: Option<&'static str>,
    /// The listing of which a page comes empty that is not the last, from this position on.
    pub(super) hole: Option<(&'static str, usize)>,
    /// What GitHub finds wrong in every `CODEOWNERS`: line, column, kind; `None` when it refuses to say.
    pub(super) errors: Option<Vec<(u32, u32, &'static str)>>,
}

impl Default for People {
    fn default() -> Self {
        Self {
            teams: Vec::new(),
            members: Vec::new(),
            viewer: (true, true),
            refused: None,
            hole: None,
            errors: Some(Vec::new()),
        }
    }
}

/// A team with its own members.
#[derive(Clone, Debug, Default)]
pub(super) struct Team {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) parent: Option<String>,
    pub(super) members: Vec<String>,
}

impl Team {
    pub(super) fn new(number: usize, slug: &str, members: &[&str]) -> Self {
        Self {
            id: format!("T_{number:06}"),
            slug: slug.to_owned(),
            name: slug.to_uppercase(),
            parent: None,
            members: members.iter().map(ToString::to_string).collect(),
        }
    }
}

/// So many teams and people; the first team is of everybody, the second below it.
pub(super) fn many(teams: usize, people: usize) -> People {
    let members: Vec<String> = (0..people).map(|number| format!("person-{number:04}")).collect();
    let mut all: Vec<Team> = (0..teams)
        .map(|number| {
            let own: Vec<&str> = members.iter().skip(number).take(3).map(String::as_str).collect();
            Team::new(number, &format!("team-{number:04}"), &own)
        })
        .collect();
    all[0].members.clone_from(&members);
    all[1].parent = Some("team-0000".to_owned());
    let errors = Some(vec![(1, 3, "Unknown owner")]);
    People { teams: all, members, errors, ..People::default() }
}

/// A question about a field of an organisation or a team.
pub(super) struct Asked<'q> {
    document: &'q Document,
    inner: &'q [Selection],
    first: Value,
    after: Value,
}

impl People {
    /// The team of this id.
    pub(super) fn team(&self, id: &str) -> Option<&Team> {
        self.teams.iter().find(|team| team.id == id)
    }

    /// The error that answers instead, when it is one that leaves no data at all.
    pub(super) fn refuses(&self, document: &Document) -> Option<Value> {
        let asks = format!("{:?}", document.operation);
        let about_people = ["\"teams\"", "\"membersWithRole\""].iter().any(|field| asks.contains(field));
        let kind = self.refused.filter(|kind| about_people && *kind == "INSUFFICIENT_SCOPES")?;
        let message = "Your token has not been granted the required scopes to execute this query.";
        Some(json!({ "errors": [{ "type": kind, "message": message }] }))
    }

    /// What `field` of the organisation is; `None` when it is refused.
    pub(super) fn field(&self, field: &str, asked: &Asked<'_>) -> Option<Value> {
        let teams = || self.teams.iter().map(|team| self.told(team)).collect();
        let people = || self.members.iter().map(|login| json!({ "login": login })).collect();
        match field {
            "viewerIsAMember" => Some(json!(self.viewer.0)),
            "viewerCanAdminister" => Some(json!(self.viewer.1)),
            _ if self.refused.is_some() => None,
            "teams" => Some(asked.project(&self.connection("teams", teams(), asked))),
            _ => Some(asked.project(&self.connection("people", people(), asked))),
        }
    }

    /// Members of a team.
    pub(super) fn members(&self, team: &Team, asked: &Asked<'_>) -> Value {
        let logins = team.members.iter().map(|login| json!({ "login": login })).collect();
        asked.project(&self.connection("members", logins, asked))
    }

    /// What GitHub finds wrong in a `CODEOWNERS` that is there.
    pub(super) fn review(&self, asked: &Asked<'_>) -> Option<Value> {
        let error = |(line, column, kind): &(u32, u32, &str)| {
            json!({
                "path": "CODEOWNERS", "line": line, "column": column, "kind": kind, "suggestion": null,
                "message": kind, "source": "",
            })
        };
        let errors: Vec<Value> = self.errors.as_ref()?.iter().map(error).collect();
        Some(asked.project(&json!({ "errors": errors })))
    }

    fn told(&self, team: &Team) -> Value {
        let members: Vec<Value> = team.members.iter().map(|login| json!({ "login": login })).collect();
        let asked =
            Asked { document: &Document::default(), inner: &[], first: json!(100), after: Value::Null };
        json!({
            "id": team.id, "slug": team.slug, "name": team.name,
            "parentTeam": team.parent.as_ref().map(|slug| json!({ "slug": slug })),
            "members": self.connection("members", members, &asked),
        })
    }

    /// A page of `all`.
    fn connection(&self, listing: &str, all: Vec<Value>, asked: &Asked<'_>) -> Value {
        let from = asked.after.as_str().map_or(0, |after| after.parse().expect("ours"));
        let size = usize::try_from(asked.first.as_u64().expect("a number")).expect("small");
        assert!(size <= 100, "GitHub lists a hundred at once");
        let is_hole = self.hole.is_some_and(|(own, at)| own == listing && from >= at);
        let nodes: Vec<&Value> = all.iter().skip(from).take(if is_hole { 0 } else { size }).collect();
        json!({
            "totalCount": all.len(),
            "pageInfo": { "hasNextPage": from + size < all.len(), "endCursor": (from + nodes.len()).to_string() },
            "nodes": nodes,
        })
    }
}

impl<'q> Asked<'q> {
    pub(super) fn new(document: &'q Document, inner: &'q [Selection], first: &Value, after: &Value) -> Self {
        Self { document, inner, first: first.clone(), after: after.clone() }
    }
}

impl Asked<'_> {
    /// Of `value` what was asked for.
    fn project(&self, value: &Value) -> Value {
        self.some(value, self.inner)
    }

    fn some(&self, value: &Value, selections: &[Selection]) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.some(item, selections)).collect(),
            Value::Object(_) => {
                let mut answer = Map::new();
                self.fields(value, selections, &mut answer);
                Value::Object(answer)
            }
            plain => plain.clone(),
        }
    }

    fn fields(&self, value: &Value, selections: &[Selection], answer: &mut Map<String, Value>) {
        for selection in selections {
            match selection {
                Selection::Field { key, name, inner, .. } => {
                    answer.insert(key.clone(), self.some(&value[name.as_str()], inner));
                }
                Selection::Spread { fragment, .. } => {
                    self.fields(value, &self.document.fragments[fragment].1, answer);
                }
                Selection::Inline { inner, .. } => self.fields(value, inner, answer),
            }
        }
    }
}
