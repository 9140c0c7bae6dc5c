//! `adoption/<metric>.json` and its further pages: what each service adds to a metric that the catalog
//! counts.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ROWS, files};
use crate::assess::metrics::{self, Counted, Measure};
use crate::render::links::segment;
use crate::render::portal::Portal;

/// A page of the list behind one metric.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Figure<'a> {
    /// Id of the metric.
    pub id: &'a str,
    /// All pages of the list, relative to `index.json`, this one included.
    pub pages: Vec<String>,
    /// The services of this page, by id.
    pub services: Vec<Row<'a>>,
}

/// What one service adds to a metric.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Row<'a> {
    /// To the denominator.
    pub denominator: u64,
    /// Its id.
    pub id: &'a str,
    /// To the numerator.
    pub numerator: u64,
}

/// How many services bear on `figure`; `None` when the catalog does not count it.
pub(super) fn count(figure: &metrics::Figure<'_>) -> Option<usize> {
    rows(figure).map(<[Counted]>::len)
}

fn rows<'f>(figure: &'f metrics::Figure<'_>) -> Option<&'f [Counted]> {
    match &figure.measure {
        Measure::Counted(tally) => Some(tally.services()),
        Measure::Observed(_) | Measure::Combined(_) | Measure::NotMeasured(_) => None,
    }
}

/// The pages of the list behind the metric called `id`: parts of their addresses.
pub(super) fn pages(id: &str, services: usize) -> Vec<String> {
    let first = format!("adoption/{}", segment(id));
    super::pages(&first, &first, services)
}

impl<'a> Figure<'a> {
    /// Page `page`, from 0 on, of the list behind the figure at `position`.
    pub(super) fn of(portal: &'a Portal<'_>, position: usize, page: usize) -> Self {
        let figure = &portal.adoption.figures[position];
        let all = rows(figure).unwrap_or_default();
        let row = |counted: &Counted| Row {
            denominator: counted.whole,
            id: portal.catalog.services[counted.service].id.as_str(),
            numerator: counted.part,
        };
        Self {
            id: figure.id,
            pages: files(pages(figure.id, all.len())),
            services: all.iter().skip(page * ROWS).take(ROWS).map(row).collect(),
        }
    }
}
