//! Evidence to download: the populations and what proves the ids of each framework as tables, and the packs that were
//! sealed, as they are.

use std::io;

use crate::assess::change::Judged;
use crate::render::evidence::frameworks::Framework;
use crate::render::evidence::population::Kind;
use crate::render::evidence::selection::Selection;
use crate::render::evidence::table;
use crate::render::links::Place;
use crate::render::links::evidence::Evidence;
use crate::render::portal::Portal;
use crate::render::site::{CachePolicy, Entry, MediaType};

/// Lists the tables and the packs.
pub(super) fn register<'a>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    for kind in Kind::ALL {
        for (ending, media) in [("csv", MediaType::Csv), ("json", MediaType::Json)] {
            let path = Place::Evidence(Evidence::Population(kind.name(), ending)).path();
            let make = move |portal: &Portal<'a>, _: &_| Ok(population(portal.judged(), kind, media));
            entries.push(Entry::new(path, media, CachePolicy::Revalidate, make));
        }
    }
    for (position, framework) in portal.frameworks.iter().enumerate() {
        let path = Place::Evidence(Evidence::Proofs(framework.name)).path();
        let make = move |portal: &Portal<'a>, _: &_| {
            let framework = &portal.frameworks[position];
            let mut csv = Vec::new();
            table::write((&mut csv, io::sink()), &Framework::HEADS, |each| {
                framework.rows(portal.judged(), each)
            })
            .expect("writing to memory cannot fail");
            Ok(csv)
        };
        entries.push(Entry::new(path, MediaType::Csv, CachePolicy::Revalidate, make));
    }
    for pack in portal.packs {
        let path = Place::Evidence(Evidence::Pack(&pack.name)).path();
        entries.push(Entry::stored(path, MediaType::Zip, CachePolicy::Revalidate, &*pack.stored));
    }
}

/// A population: as a spreadsheet reads it, or exact. The bytes are those of a pack that covers everything.
fn population(judged: Judged<'_>, kind: Kind, media: MediaType) -> Vec<u8> {
    let selection = Selection::everything(judged.catalog);
    let mut bytes = Vec::new();
    let rows = |each: &mut table::Rows<'_>| kind.rows(judged, &selection, each);
    let written = match media {
        MediaType::Csv => table::write((&mut bytes, io::sink()), kind.heads(), rows),
        _ => table::write((io::sink(), &mut bytes), kind.heads(), rows),
    };
    written.expect("writing to memory cannot fail");
    bytes
}
