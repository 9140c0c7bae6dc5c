//! Exceptions counted by risk and state.

use serde::Serialize;

use super::STATES;
use crate::assess::ExceptionState;
use crate::catalog::control::Risk;
use crate::render::badge::Badge;
use crate::render::portal::Portal;

/// Rows are risks, the highest first; columns are the states that occur.
#[derive(Debug, Serialize)]
pub(in crate::render::pages) struct ByRisk {
    states: Vec<Badge>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    risk: &'static str,
    counts: Vec<usize>,
    all: usize,
}

impl ByRisk {
    /// Counts them; `None` when there is nothing to count.
    pub(in crate::render::pages) fn new(portal: &Portal<'_>) -> Option<Self> {
        let exceptions = portal.catalog.exceptions.rows();
        let judged: Vec<(Option<Risk>, ExceptionState)> = exceptions
            .iter()
            .zip(&portal.assessment.exceptions)
            .map(|(exception, judged)| (exception.record.risk.value().copied(), judged.state))
            .collect();
        let states: Vec<ExceptionState> =
            STATES.into_iter().filter(|state| judged.iter().any(|(_, own)| own == state)).collect();
        let risks = [Some(Risk::Critical), Some(Risk::High), Some(Risk::Medium), Some(Risk::Low), None];
        let row = |risk: Option<Risk>| {
            let count = |state: &ExceptionState| judged.iter().filter(|own| **own == (risk, *state)).count();
            let counts: Vec<usize> = states.iter().map(count).collect();
            let all = counts.iter().sum();
            Row { risk: risk.map_or("not given", |risk| risk.word()), counts, all }
        };
        let rows: Vec<Row> = risks.into_iter().map(row).filter(|row| row.all > 0).collect();
        (!rows.is_empty()).then(|| Self { states: states.into_iter().map(Badge::exception).collect(), rows })
    }
}
