//! The GitHub teams of a team: what is known of each, as of when, and who is missing where.

use serde::Serialize;

use crate::assess::people::{Standing, State};
use crate::catalog::Team;
use crate::catalog::people::Directory;
use crate::collect::snapshot::Carried;
use crate::render::badge::Badge;
use crate::render::carried;
use crate::render::parts::When;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// How many people one line names.
const NAMED: usize = 20;

/// What the template sees.
#[derive(Debug, Serialize)]
pub(super) struct Github<'p> {
    teams: Vec<Row<'p>>,
    /// Who is missing where, a line each.
    missing: Vec<Html>,
    /// Whether both lists were compared.
    compared: bool,
    /// Whether the record names people in ways that cannot be compared.
    otherwise: bool,
    /// Whether they should have been, and not all of the teams are known.
    unknown: bool,
}

/// One GitHub team.
#[derive(Debug, Serialize)]
struct Row<'p> {
    named: &'p str,
    name: Option<&'p str>,
    badge: Badge,
    people: Option<usize>,
    is_missing: bool,
    as_of: Option<When>,
    remark: Option<Html>,
}

impl<'p> Github<'p> {
    /// What is known of `team`; `None` where nobody is asked about people.
    pub(super) fn of(portal: &'p Portal<'_>, team: &'p Team) -> Option<Self> {
        if portal.catalog.people.directories.is_empty() {
            return None;
        }
        let standing = Standing::of(portal.catalog, team, portal.assessment.now);
        let Standing { people, only_declared, only_there, departed, .. } = &standing;
        let departed: Vec<&str> = departed.iter().map(|gone| &*gone.value).collect();
        let missing = [
            ("Only in the record", &**only_declared),
            ("Only on GitHub", &**only_there),
            ("Named in the record, and in no organisation that was asked", &*departed),
        ];
        let line = |(what, who): &(&str, &[&str])| prose(&format!("{what}: {}.", words::first(who, NAMED)));
        let missing = missing.iter().filter(|(_, who)| !who.is_empty()).map(line).collect();
        let is_listed = people.is_some() && !team.record.members.items.is_empty();
        let compared = is_listed && standing.named_otherwise == 0;
        let otherwise = is_listed && standing.named_otherwise > 0;
        let unknown = people.is_none() && !standing.teams.is_empty();
        let teams = standing.teams.into_iter().map(|one| row(portal, &one.named.value, one.state)).collect();
        Some(Self { teams, missing, compared, otherwise, unknown })
    }
}

fn row<'p>(portal: &Portal<'_>, named: &'p str, state: State<'p>) -> Row<'p> {
    let row = Row {
        named,
        name: None,
        badge: Badge::unknown(),
        people: None,
        is_missing: false,
        as_of: None,
        remark: None,
    };
    match state {
        State::There { team, directory, people } => Row {
            name: Some(&team.name)
                .filter(|name| ***name != *team.slug && !name.is_empty())
                .map(|name| &**name),
            badge: badge(portal, directory, Badge::seen()),
            people: Some(people),
            as_of: Some(portal.when_of(directory.collected_at)),
            ..row
        },
        State::Missing { listing, directory } if !listing.secret_teams => Row {
            as_of: Some(portal.when_of(directory.collected_at)),
            remark: Some(prose(&format!(
                "`{}` does not show it to these credentials; it may be secret",
                directory.organisation
            ))),
            ..row
        },
        State::Missing { directory, .. } => Row {
            badge: Badge::missing(),
            is_missing: true,
            as_of: Some(portal.when_of(directory.collected_at)),
            remark: Some(prose(&format!(
                "a complete listing of `{}` does not have it",
                directory.organisation
            ))),
            ..row
        },
        State::Unknown(reason) => Row { remark: Some(prose(&reason)), ..row },
    }
}

/// The mark of what `directory` says: that it is of an earlier run, else `fresh`.
fn badge(portal: &Portal<'_>, directory: &Directory, fresh: Badge) -> Badge {
    let Some(reason) = directory.carried.clone() else { return fresh };
    carried::badge(portal, &Carried { since: directory.collected_at, reason })
}
