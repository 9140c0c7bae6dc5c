//! Many names in a row, where only who it is matters: the first of them in place, all of them on pages
//! of their own.

use serde::Serialize;

use super::linked;
use super::links::{Here, Place};
use super::parts::Link;
use super::portal::Portal;
use crate::catalog::scorecard::Subject;

/// Names shown in place.
pub const IN_PLACE: usize = 200;

/// Names on one page of their own.
pub const ON_PAGE: usize = 500;

/// Names, and where the rest is. The component `name_list` in `site-templates/macros/facts.html` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NameList {
    /// The first names.
    pub names: Vec<Link>,
    /// The page that has all of them, when these are not all.
    pub rest: Option<Link>,
}

impl NameList {
    /// The names of the subjects at `rows`; `all` is the page that has all of them.
    pub fn new(portal: &Portal<'_>, here: Here<'_>, subject: Subject, rows: &[u32], all: Place<'_>) -> Self {
        let name = |row: &u32| linked::subject(portal, here, subject, *row);
        Self {
            names: rows.iter().take(IN_PLACE).map(name).collect(),
            rest: (rows.len() > IN_PLACE).then(|| Link::new(format!("all {}", rows.len()), here.to(all))),
        }
    }
}
