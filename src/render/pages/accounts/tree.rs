//! Accounts as a tree of organisational units: which lie where, in the order in which they are shown, and what each
//! unit comes to with everything beneath it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{LONGEST, Row, name, path, row};
use crate::assess::outcome::Share;
use crate::catalog::Account;
use crate::render::links::Here;
use crate::render::parts::{Meter, cut};
use crate::render::portal::Portal;
use crate::words;

/// How deep units are told apart; AWS allows five. What lies deeper is named with its way from there.
const DEEPEST: usize = 8;

/// One step through the tree: a unit opens, then its accounts, or units close.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    open: Option<Unit>,
    rows: Vec<Row>,
    close: bool,
}

/// An organisational unit, with everything beneath it.
#[derive(Debug, Serialize)]
struct Unit {
    name: String,
    about: String,
    tags: Option<Meter>,
}

/// Where an account stands: a unit by its way from the root, then those without one, then those outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    In(Vec<String>),
    NoUnit,
    Outside,
}

/// What a unit comes to.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    accounts: usize,
    resources: u64,
    right: u64,
    required: u64,
    /// Accounts of which something is not known.
    unseen: usize,
}

/// Every account in its place.
pub(super) struct Tree<'p> {
    accounts: Vec<(Standing, &'p Account)>,
    sums: BTreeMap<Vec<String>, Sum>,
}

impl Standing {
    fn of(portal: &Portal<'_>, account: &Account) -> Self {
        // Where nobody lists accounts, nothing is missing from the list.
        if account.observed.is_none() && portal.inventory.is_listed {
            return Self::Outside;
        }
        let mut path: Vec<String> = path(account).map(ToOwned::to_owned).collect();
        if path.len() > DEEPEST {
            let rest = path.split_off(DEEPEST - 1);
            path.push(rest.join(" / "));
        }
        if path.is_empty() { Self::NoUnit } else { Self::In(path) }
    }

    /// Names of the units from the root down.
    fn path(&self) -> Vec<String> {
        match self {
            Self::In(path) => path.clone(),
            Self::NoUnit => vec!["No organisational unit".to_owned()],
            Self::Outside => vec!["Declared, and not in the organisation".to_owned()],
        }
    }
}

impl<'p> Tree<'p> {
    pub(super) fn of(portal: &'p Portal<'_>) -> Self {
        let accounts = portal.catalog.accounts.iter();
        let mut accounts: Vec<_> = accounts.map(|account| (Standing::of(portal, account), account)).collect();
        accounts
            .sort_by_cached_key(|(standing, account)| (standing.clone(), name(account), account.id.clone()));
        let mut sums: BTreeMap<Vec<String>, Sum> = BTreeMap::new();
        for (standing, account) in &accounts {
            let path = standing.path();
            for depth in 1..=path.len() {
                sums.entry(path[..depth].to_vec()).or_default().add(portal, account);
            }
        }
        Self { accounts, sums }
    }

    /// So many accounts from `first` on, within the units that hold them.
    pub(super) fn parts(&self, portal: &Portal<'_>, first: usize, rows: usize, here: Here<'_>) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let mut open: Vec<String> = Vec::new();
        for (standing, account) in self.accounts.iter().skip(first).take(rows) {
            let path = standing.path();
            let shared = open.iter().zip(&path).take_while(|(one, other)| one == other).count();
            parts.extend((shared..open.len()).map(|_| Part { open: None, rows: Vec::new(), close: true }));
            for depth in shared + 1..=path.len() {
                let unit = self.unit(&path[..depth]);
                parts.push(Part { open: Some(unit), rows: Vec::new(), close: false });
            }
            open = path;
            let last = parts.last_mut().expect("every account lies in a unit that was opened");
            last.rows.push(row(portal, account, here));
        }
        parts.extend(open.iter().map(|_| Part { open: None, rows: Vec::new(), close: true }));
        parts
    }

    fn unit(&self, path: &[String]) -> Unit {
        let sum = self.sums.get(path).copied().unwrap_or_default();
        let found = usize::try_from(sum.resources).unwrap_or(usize::MAX);
        let accounts = words::count(sum.accounts, "account", "accounts");
        let resources = words::count(found, "resource", "resources");
        let resources = match (found, sum.unseen) {
            (_, 0) => resources,
            (0, unseen) if unseen == sum.accounts => "resources unknown".to_owned(),
            (_, unseen) => {
                format!("{resources}, not all known of {}", words::count(unseen, "account", "accounts"))
            }
        };
        Unit {
            name: path.last().map(|name| cut(name, LONGEST).into_owned()).unwrap_or_default(),
            about: format!("{accounts}, {resources}"),
            tags: Share::of(sum.right, sum.required).map(Meter::from),
        }
    }
}

impl Sum {
    fn add(&mut self, portal: &Portal<'_>, account: &Account) {
        let inventory = &portal.inventory;
        let found = portal.assessment.resources.in_account(&account.id);
        let tags = found.and_then(|found| found.all.tags_right());
        self.accounts += 1;
        self.resources += found.map_or(0, |found| found.all.resources);
        self.right += tags.map_or(0, |share| share.part);
        self.required += tags.map_or(0, |share| share.whole);
        self.unseen += usize::from(!inventory.unseen_in(&account.id).is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::testing::Organisation;
    use crate::render::links::Place;
    use crate::render::site::Site;
    use crate::render::trial::Trial;

    /// `> unit, what it comes to`, the accounts in it, and `<` where it ends.
    fn drawn(parts: &[Part]) -> Vec<String> {
        let mut lines = Vec::new();
        for part in parts {
            lines.extend(part.open.as_ref().map(|unit| format!("> {}, {}", unit.name, unit.about)));
            lines.extend(part.rows.iter().map(|row| row.name.clone()));
            lines.extend(part.close.then(|| "<".to_owned()));
        }
        lines
    }

    #[test]
    fn units_hold_their_accounts_and_units_and_come_to_all_of_them() {
        let trial = Trial::of(
            &Organisation::default()
                .catalog(
                    "accounts.yaml",
                    "- {accountId: \"111111111111\", name: prod, organisationalUnit: Workloads/Prod}\n\
             - {accountId: \"222222222222\", name: dev, organisationalUnit: Workloads/Dev}\n\
             - {accountId: \"333333333333\", name: tools, organisationalUnit: Workloads}\n\
             - {accountId: \"444444444444\", name: loose}\n\
             - {accountId: \"555555555555\", name: deep, organisationalUnit: a/b/c/d/e/f/g/h/i/j}\n",
                )
                .listing("111111111111", "eu-central-1", Ok(&[("arn:aws:s3:::one", &[("Service", "x")])])),
        );
        let inputs = trial.inputs();
        let portal = Portal::new(inputs).expect("templates compile");
        assert!(Site::build(inputs).is_ok());
        let path = Place::Accounts.path();
        let tree = Tree::of(&portal);
        let unseen = "resources unknown";
        let lines = drawn(&tree.parts(&portal, 0, 10, Here::at(&path)));
        let workloads = [
            "> Workloads, 3 accounts, 1 resource, not all known of 2 accounts".to_owned(),
            "tools".to_owned(),
            format!("> Dev, 1 account, {unseen}"),
            "dev".to_owned(),
            "<".to_owned(),
            "> Prod, 1 account, 1 resource".to_owned(),
            "prod".to_owned(),
        ];
        assert_eq!(lines[..7], workloads, "{lines:?}");
        assert!(lines.contains(&format!("> h / i / j, 1 account, {unseen}")), "{lines:?}");
        let opened = lines.iter().filter(|line| line.starts_with('>')).count();
        assert_eq!(opened, lines.iter().filter(|line| *line == "<").count());
        assert_eq!(
            lines[lines.len() - 3..],
            [format!("> No organisational unit, 1 account, {unseen}"), "loose".into(), "<".into()]
        );
        // A further page opens the units that it goes on in, with the same sums.
        let further = drawn(&tree.parts(&portal, 1, 1, Here::at(&path)));
        assert_eq!(further[..2], [workloads[0].clone(), workloads[2].clone()]);
    }
}
