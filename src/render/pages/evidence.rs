//! Evidence: everything there is of a kind and what that was compared with, the packs that were sealed, for which
//! framework one can be made, how it is verified without us, and what was left out.

use serde::Serialize;

use super::Kind as PageKind;
use crate::render::badge::Badge;
use crate::render::evidence::frameworks::Framework;
use crate::render::evidence::left_out::LeftOut;
use crate::render::evidence::packs::Pack;
use crate::render::evidence::population::Kind;
use crate::render::frame::{Head, Section};
use crate::render::links::evidence::Evidence;
use crate::render::links::{Here, Href, Place};
use crate::render::parts::{Link, When, cut};
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};
use crate::words;

/// Packs and frameworks that are shown at most; the JSON has them all.
const SHOWN: usize = 200;
/// Longest words for what a pack covers, in characters.
const LONGEST: usize = 200;
/// Stands for a pack where there is none yet.
const PACK: &str = "PACK";

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    populations: Vec<Population>,
    populations_caption: String,
    packs: Vec<Sealed>,
    packs_caption: String,
    frameworks: Vec<Row>,
    frameworks_caption: String,
    /// Both commands, for Linux and for macOS.
    verify: [String; 2],
    judge_again: String,
    sample: String,
    left_out: Vec<String>,
    coverage: Option<Href>,
    exceptions: Option<Href>,
}

#[derive(Debug, Serialize)]
struct Population {
    name: String,
    rows: usize,
    compared_with: String,
    csv: Href,
    json: Href,
}

#[derive(Debug, Serialize)]
struct Sealed {
    link: Link,
    day: When,
    covers: String,
    run: u64,
    tag_manifest: String,
    badges: Vec<Badge>,
    size: String,
}

#[derive(Debug, Serialize)]
struct Row {
    link: Link,
    ids: usize,
    controls: usize,
    rules: usize,
    results: Vec<Badge>,
    command: String,
}

impl PageKind for Page {
    const TEMPLATE: Template = page_template!("evidence");
    type Shown<'p> = Page;
    type Subject = ();

    fn list(_: &Portal<'_>) -> Vec<(SitePath, ())> {
        vec![(Place::Evidence(Evidence::All).path(), ())]
    }

    fn page<'p>(portal: &'p Portal<'_>, (): &'p (), here: Here<'p>) -> (Head, Page) {
        let head = Head {
            title: "Evidence".to_owned(),
            section: Some(Section::Evidence),
            data: Some(here.to(Place::Data(&["evidence/index"]))),
            ..Head::default()
        };
        let newest = portal.packs.first().map_or(PACK, |pack| &*pack.name);
        let page = Page {
            populations: Kind::ALL.into_iter().map(|kind| population(portal, kind, here)).collect(),
            populations_caption: "What there is, by kind, each with everything that was found".to_owned(),
            packs: portal.packs.iter().take(SHOWN).map(|pack| sealed(portal, pack, here)).collect(),
            packs_caption: caption(portal.packs.len(), "pack", "packs", "the newest first"),
            frameworks: portal.frameworks.iter().take(SHOWN).map(|framework| row(framework, here)).collect(),
            frameworks_caption: caption(
                portal.frameworks.len(),
                "framework",
                "frameworks",
                "as the controls of the catalog name them",
            ),
            verify: ["sha256sum", "shasum -a 256"].map(verify),
            judge_again: format!("milepost evidence verify {newest}.zip --recompute"),
            sample: format!(
                "milepost evidence sample {newest}.zip --population services --n 25 --seed YOUR_SEED"
            ),
            left_out: LeftOut::of(portal.catalog).words(),
            coverage: portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage)),
            exceptions: portal.sections.contains(&Section::Exceptions).then(|| here.to(Place::Exceptions)),
        };
        (head, page)
    }
}

/// `2 packs, the newest first`, or how many of them are shown.
fn caption(all: usize, one: &str, many: &str, order: &str) -> String {
    let counted = words::count(all, one, many);
    match all {
        0..=SHOWN => format!("{counted}, {order}"),
        _ => format!("The first {SHOWN} of {counted}, {order}; the JSON of this page has them all"),
    }
}

/// Who sealed a pack, and that nothing changed since: two commands, the second with what the system calls it.
fn verify(sum: &str) -> String {
    format!(
        "ssh-keygen -Y verify -f allowed_signers -I SIGNER -n evidence-pack -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt\n\
         {sum} -c tagmanifest-sha256.txt manifest-sha256.txt"
    )
}

fn population(portal: &Portal<'_>, kind: Kind, here: Here<'_>) -> Population {
    let population = kind.population(portal.catalog, None);
    let file = |ending| here.to(Place::Evidence(Evidence::Population(population.name, ending)));
    Population {
        name: words::capitalised(population.name),
        rows: population.rows,
        csv: file("csv"),
        json: file("json"),
        compared_with: population.compared_with,
    }
}

fn sealed(portal: &Portal<'_>, pack: &Pack, here: Here<'_>) -> Sealed {
    Sealed {
        link: Link::new(&*pack.name, here.to(Place::Evidence(Evidence::Pack(&pack.name)))),
        day: portal.when_of(pack.at),
        covers: words::capitalised(&cut(&pack.covers, LONGEST)),
        run: pack.run,
        tag_manifest: pack.tag_manifest.to_string(),
        badges: badges(pack),
        size: size(pack.stored.size()),
    }
}

/// What is known of a pack without asking anybody else.
fn badges(pack: &Pack) -> Vec<Badge> {
    let signed = match pack.is_signed {
        true => Badge { class: "note", text: "Signed".into() },
        false => Badge::missing().saying("Not signed"),
    };
    let inputs = (!pack.has_inputs).then(|| Badge { class: "note", text: "Inputs withheld".into() });
    let ledger = pack.in_ledger.map(|known| match known {
        true => Badge::complete().saying("In the ledger"),
        false => Badge::missing().saying("Not in the ledger"),
    });
    [Some(signed), ledger, inputs].into_iter().flatten().collect()
}

fn row(framework: &Framework<'_>, here: Here<'_>) -> Row {
    Row {
        link: Link::new(framework.title(), here.to(Place::Evidence(Evidence::Framework(framework.name)))),
        ids: framework.ids().len(),
        controls: framework.controls().len(),
        rules: framework.proofs().len(),
        results: Badge::totals(framework.score()),
        command: framework.command(),
    }
}

/// `12 KB`, `3.4 MB`: rounded up, so that nothing is smaller than it is.
fn size(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    match tenths {
        0..10 => format!("{} KB", bytes.div_ceil(1000)),
        _ => format!("{}.{} MB", tenths / 10, tenths % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up() {
        let said = [0, 1, 1000, 1001, 899_999, 900_001, 1_250_000].map(size);
        assert_eq!(said, ["0 KB", "1 KB", "1 KB", "2 KB", "900 KB", "1.0 MB", "1.3 MB"]);
    }

    #[test]
    fn long_lists_say_how_much_of_them_is_shown() {
        assert_eq!(caption(1, "pack", "packs", "the newest first"), "1 pack, the newest first");
        assert_eq!(
            caption(201, "pack", "packs", "the newest first"),
            "The first 200 of 201 packs, the newest first; the JSON of this page has them all"
        );
    }
}
