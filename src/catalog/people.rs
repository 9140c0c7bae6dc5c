//! Who belongs to organisations and their teams, as their host says, and whom `CODEOWNERS` names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::origin::Origin;
use crate::collect::snapshot::{self, ObservedTeam};
use crate::day::Moment;

/// What is known of people beside what the catalog folder says.
#[derive(Debug, Default)]
pub struct People {
    /// One for each organisation that a source asked about, by source and organisation.
    pub directories: Vec<Directory>,
    /// Owners that `CODEOWNERS` names in repositories of those organisations, each once in a file.
    pub code_owners: Vec<CodeOwner>,
    /// What the host finds wrong in `CODEOWNERS`.
    pub owners_errors: Vec<OwnersError>,
}

/// The teams and people of one organisation, or why they are not known.
#[derive(Debug)]
pub struct Directory {
    /// The source that asked.
    pub source: Arc<str>,
    /// The organisation.
    pub organisation: Arc<str>,
    /// The host of its repositories, such as `github.com`; `None` when none of them says so.
    pub host: Option<Arc<str>>,
    /// When it answered; of one that did not, when it was asked.
    pub collected_at: Moment,
    /// Why it is of an earlier run, when it is.
    pub carried: Option<Arc<str>>,
    /// All of them, or the reason.
    pub answer: Result<Listing, Arc<str>>,
}

/// Every team, and everybody.
#[derive(Debug, Default)]
pub struct Listing {
    /// By slug, in small letters.
    teams: BTreeMap<Box<str>, ObservedTeam>,
    /// Logins, in small letters.
    people: BTreeSet<Box<str>>,
    /// What teams are called now that were called so once, and no other is.
    renamed: BTreeMap<Box<str>, Arc<str>>,
    /// Slugs of the teams that are part of each.
    children: BTreeMap<Box<str>, Vec<Box<str>>>,
    /// Whether secret teams are among them.
    pub secret_teams: bool,
}

/// An owner that `CODEOWNERS` names.
#[derive(Debug)]
pub struct CodeOwner {
    /// As it is written: `@org/team` or `@somebody`.
    pub name: Box<str>,
    /// Where.
    pub origin: Origin,
    /// Of which repository.
    pub home: CodeHome,
}

/// Where the owners of a `CODEOWNERS` file are at home: organisations of one name on two hosts have nothing in common.
#[derive(Clone, Debug)]
pub struct CodeHome {
    /// The organisation of the repository.
    pub organisation: Arc<str>,
    /// The source that found it.
    pub source: Arc<str>,
    /// Its host, when it has an address.
    pub host: Option<Arc<str>>,
}

/// Why nothing is known of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unasked {
    /// No source asks who belongs to it.
    Nobody,
    /// Several hosts have one of that name, and nothing says which is meant.
    SeveralHosts,
}

/// Something that the host finds wrong in `CODEOWNERS`.
#[derive(Debug)]
pub struct OwnersError {
    /// What it calls it.
    pub kind: Arc<str>,
    /// What it says to do.
    pub suggestion: Option<Arc<str>>,
    /// When it said so.
    pub seen: Moment,
    /// Where.
    pub origin: Origin,
}

impl People {
    /// What is known of `organisation`, wherever it is: of two sources, from the one that answered last.
    pub fn of(&self, organisation: &str) -> Result<&Directory, Unasked> {
        let hosts: BTreeSet<_> = self.called(organisation).map(|one| &one.host).collect();
        match hosts.len() {
            0 => Err(Unasked::Nobody),
            1 => newest(self.called(organisation)).ok_or(Unasked::Nobody),
            _ => Err(Unasked::SeveralHosts),
        }
    }

    /// What is known of `organisation` where the repositories of `home` are.
    pub fn beside(&self, home: &CodeHome, organisation: &str) -> Option<&Directory> {
        newest(
            self.called(organisation)
                .filter(|one| one.source == home.source || (one.host.is_some() && one.host == home.host)),
        )
    }

    fn called<'s>(&'s self, organisation: &str) -> impl Iterator<Item = &'s Directory> {
        self.directories.iter().filter(move |one| one.organisation.eq_ignore_ascii_case(organisation))
    }
}

fn newest<'a>(directories: impl Iterator<Item = &'a Directory>) -> Option<&'a Directory> {
    directories.max_by_key(|one| (one.answer.is_ok(), one.collected_at))
}

impl Unasked {
    /// In words, of `organisation`.
    pub fn reason(self, organisation: &str) -> String {
        match self {
            Self::Nobody => format!("no source asks who belongs to `{organisation}`"),
            Self::SeveralHosts => {
                format!(
                    "several hosts have an organisation `{organisation}`, and the catalog does not say which is meant"
                )
            }
        }
    }
}

impl Directory {
    /// What was collected of an organisation on `host`.
    pub(super) fn new(observed: &snapshot::Directory, host: Option<Arc<str>>) -> Self {
        Self {
            source: Arc::clone(&observed.source),
            organisation: Arc::clone(&observed.organisation),
            host,
            collected_at: observed.collected_at,
            carried: observed.carried.clone(),
            answer: observed.answer.as_ref().map(Listing::from).map_err(Arc::clone),
        }
    }
}

impl From<&snapshot::People> for Listing {
    fn from(observed: &snapshot::People) -> Self {
        let mut children: BTreeMap<Box<str>, Vec<Box<str>>> = BTreeMap::new();
        for team in &observed.teams {
            if let Some(parent) = &team.parent {
                children.entry(folded(parent)).or_default().push(folded(&team.slug));
            }
        }
        let former = |team: &ObservedTeam| {
            let (slugs, now) = (team.formerly.clone(), Arc::clone(&team.slug));
            slugs.into_iter().map(move |slug| (folded(&slug), Arc::clone(&now)))
        };
        Self {
            renamed: observed.teams.iter().flat_map(former).collect(),
            teams: observed.teams.iter().map(|team| (folded(&team.slug), team.clone())).collect(),
            people: observed.members.iter().map(|login| folded(login)).collect(),
            children,
            secret_teams: observed.secret_teams,
        }
    }
}

impl Listing {
    /// The team that is called `slug` in addresses.
    pub fn team(&self, slug: &str) -> Option<&ObservedTeam> {
        self.teams.get(&*folded(slug))
    }

    /// What the team is called now that was called `slug` once.
    pub fn renamed(&self, slug: &str) -> Option<&str> {
        self.renamed.get(&*folded(slug)).map(|slug| &**slug)
    }

    /// Whether `login` belongs to the organisation.
    pub fn has(&self, login: &str) -> bool {
        self.people.contains(&*folded(login))
    }

    /// How many teams and people there are.
    pub fn counts(&self) -> (usize, usize) {
        (self.teams.len(), self.people.len())
    }

    /// Names of all teams in addresses.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.teams.values().map(|team| &*team.slug)
    }

    /// Everybody in the team `slug` and in the teams that are part of it, by login in small letters.
    pub fn everybody_in(&self, slug: &str) -> BTreeMap<Box<str>, &str> {
        let mut everybody = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![folded(slug)];
        while let Some(slug) = waiting.pop() {
            let Some(team) = self.teams.get(&slug) else { continue };
            everybody.extend(team.members.iter().map(|login| (folded(login), &**login)));
            if seen.insert(slug.clone()) {
                waiting.extend(self.children.get(&slug).into_iter().flatten().cloned());
            }
        }
        everybody
    }
}

/// Logins and slugs are compared without regard to capitals.
pub fn folded(name: &str) -> Box<str> {
    name.to_lowercase().into()
}

/// The organisation and the slug that `org/team` names, with `@` in front or without.
pub fn team_address(name: &str) -> Option<(&str, &str)> {
    let (organisation, slug) = name.trim().trim_start_matches('@').split_once('/')?;
    (!organisation.is_empty() && !slug.is_empty() && !slug.contains('/')).then_some((organisation, slug))
}

/// The login that `@login` names. An address of mail names none.
pub fn login(name: &str) -> Option<&str> {
    let login = name.trim().strip_prefix('@')?;
    (!login.is_empty() && !login.contains(['@', '/', ' '])).then_some(login)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(source: &str, host: &str, answer: Result<Listing, Arc<str>>) -> Directory {
        Directory {
            source: source.into(),
            organisation: "Example".into(),
            host: Some(host.into()),
            collected_at: Moment::parse("2026-11-20T00:00:00Z").expect("a moment"),
            carried: None,
            answer,
        }
    }

    #[test]
    fn organisations_of_one_name_on_two_hosts_are_two() {
        let refused = || directory("b", "github.com", Err("refused".into()));
        let known = || directory("a", "github.com", Ok(Listing::default()));
        let other = || directory("c", "ghe.example.com", Ok(Listing::default()));
        let source = |found: Option<&Directory>| found.map(|one| one.source.to_string());
        let one = People { directories: vec![known(), refused()], ..People::default() };
        assert_eq!(source(one.of("example").ok()).as_deref(), Some("a"), "an answer before a refusal");
        assert_eq!(one.of("other").err(), Some(Unasked::Nobody));
        let two = People { directories: vec![known(), other()], ..People::default() };
        assert_eq!(two.of("example").err(), Some(Unasked::SeveralHosts));
        let home = |source: &str, host: Option<&str>| CodeHome {
            organisation: "example".into(),
            source: source.into(),
            host: host.map(Arc::from),
        };
        assert_eq!(
            source(two.beside(&home("git", Some("ghe.example.com")), "example")).as_deref(),
            Some("c")
        );
        assert_eq!(source(two.beside(&home("a", None), "EXAMPLE")).as_deref(), Some("a"));
        assert_eq!(source(two.beside(&home("git", Some("gitlab.example.com")), "example")), None);
        assert_eq!(source(two.beside(&home("git", None), "example")), None);
    }

    fn team(slug: &str, parent: Option<&str>, members: &[&str]) -> ObservedTeam {
        ObservedTeam {
            id: slug.into(),
            slug: slug.into(),
            formerly: Vec::new(),
            name: slug.into(),
            parent: parent.map(Arc::from),
            members: members.iter().map(|login| Arc::from(*login)).collect(),
        }
    }

    #[test]
    fn a_team_holds_who_is_in_the_teams_below_it_whatever_hangs_on_what() {
        let teams = vec![
            team("Web", Some("shop"), &["Mira"]),
            team("shop", Some("web"), &["wren"]),
            team("alone", None, &["zoe"]),
        ];
        let listing = Listing::from(&snapshot::People { teams, ..snapshot::People::default() });
        let logins = |slug: &str| listing.everybody_in(slug).into_values().collect::<Vec<_>>();
        assert_eq!(logins("web"), ["Mira", "wren"], "a circle has an end");
        assert_eq!((logins("alone"), logins("none")), (vec!["zoe"], Vec::new()));
        assert!(listing.team("WEB").is_some() && listing.counts() == (3, 0));
    }

    #[test]
    fn handles_teams_and_addresses_are_told_apart() {
        assert_eq!(team_address("@example/web"), Some(("example", "web")));
        assert_eq!(team_address("example/web"), Some(("example", "web")));
        assert_eq!((team_address("@mira"), team_address("/web"), team_address("a/b/c")), (None, None, None));
        assert_eq!((login("@mira"), login("mira@example.com"), login("@a/b")), (Some("mira"), None, None));
    }
}
