//! The populations in a pack, and their list, which says how many rows each has and what that number was compared
//! with.

use std::io;

use super::archive::Spool;
use super::pack::Material;
use super::paths;
use super::selection::Selection;
use super::table;
use crate::render::evidence::population::Kind;
pub(super) use crate::render::evidence::population::Population;

/// Adds every population and their list.
pub(super) fn add(
    spool: &mut Spool,
    material: &Material<'_>,
    selection: &Selection,
) -> io::Result<Vec<Population>> {
    let mut populations = Vec::with_capacity(Kind::ALL.len());
    for kind in Kind::ALL {
        let path = format!("{}{}", paths::POPULATIONS, kind.name());
        let rows =
            table::add(spool, &path, kind.heads(), |each| kind.rows(material.judged(), selection, each))?;
        populations.push(kind.population(material.catalog, Some(rows)));
    }
    table::add(
        spool,
        paths::POPULATION_INDEX,
        &["population", "file", "rows", "ofAll", "comparedWith"],
        |each| {
            populations.iter().try_for_each(|population| {
                each(&[
                    population.name.into(),
                    format!("{}{}.csv", paths::POPULATIONS, population.name).into(),
                    population.rows.into(),
                    population.of.into(),
                    population.compared_with.as_str().into(),
                ])
            })
        },
    )?;
    Ok(populations)
}
