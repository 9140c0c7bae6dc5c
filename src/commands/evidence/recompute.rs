//! Judges the inputs of a pack again, makes the pack anew, and compares every file of it with the one at hand.

use std::rc::Rc;

use super::pack::run_of;
use crate::assess::Assessment;
use crate::catalog::Catalog;
use crate::commands::night::{Night, configuration_of};
use crate::diagnostic::{Diagnostic, codes};
use crate::evidence::bag;
use crate::evidence::changes::Before;
use crate::evidence::ledger::Ledger;
use crate::evidence::opened::Opened;
use crate::evidence::pack::{Material, Pack, Request};
use crate::evidence::verify::{Check, request};
use crate::evidence::{inputs, paths};
use crate::render::digest::Digest;
use crate::words;

const WHAT: &str = "recompute";

/// Files named in a refusal at most.
const NAMED: usize = 12;

/// Whether the inputs of `pack` still lead to everything in it.
pub(super) fn check(pack: &mut Opened) -> Check {
    match compare(pack) {
        Ok(Some((files, secrets))) => {
            let said = format!("{files} files came out the same from the inputs");
            let but = format!(
                "; {} taken out of them before they were judged (data/exclusions.csv)",
                words::count(secrets, "credential was", "credentials were")
            );
            Check::holds(WHAT, if secrets == 0 { said } else { said + &but })
        }
        Ok(None) => Check::open(WHAT, "not recomputable: the inputs are withheld"),
        Err(why) => Check::refused(WHAT, why),
    }
}

/// The night that the inputs of `pack` are; `None` when they are withheld.
pub(super) fn night(pack: &mut Opened, request: &Request) -> Result<Option<Night>, String> {
    let Some((snapshot, folder)) = inputs::read(pack)? else { return Ok(None) };
    let configuration =
        configuration_of(&folder).ok_or("the catalog folder in it has no usable `milepost.yaml`")?;
    Ok(Some(Night {
        snapshot: Rc::new(snapshot),
        folder: Rc::new(folder),
        configuration: Rc::new(configuration),
        now: request.now,
    }))
}

/// How many files came out the same, and how many credentials are missing from the inputs.
fn compare(pack: &mut Opened) -> Result<Option<(usize, usize)>, String> {
    let request = request(pack)?;
    let Some(night) = night(pack, &request)? else { return Ok(None) };
    let ledger = Ledger::read(&pack.text(paths::LEDGER)?)?;
    let before = Before::kept_in(pack)?;
    let (again, secrets) = again(&night, &request, before.as_ref(), &ledger)?;
    // The manifest was verified; what is around the payload is small, and looked at itself.
    let mut found = bag::read_manifest(&pack.text(bag::MANIFEST)?)?;
    let own = [bag::SIGNATURE, bag::TIME_STAMP];
    let is_around = |path: &&String| !path.starts_with(bag::PAYLOAD) && !own.contains(&path.as_str());
    let around: Vec<String> = pack.files().keys().filter(is_around).cloned().collect();
    for path in around {
        let digest = Digest::of(pack.text(&path)?.as_bytes());
        found.insert(path, digest);
    }
    let mut differing = Vec::new();
    let made = again.files();
    for (path, sealed) in made {
        match found.get(path) {
            Some(digest) if *digest == sealed.digest => {}
            Some(_) => differing.push(format!("`{path}` comes out different")),
            None => differing.push(format!("`{path}` is missing")),
        }
    }
    let unmade = found.keys().filter(|path| !made.contains_key(*path));
    differing.extend(unmade.map(|path| format!("`{path}` does not come of the inputs")));
    if differing.is_empty() {
        return Ok(Some((made.len(), secrets)));
    }
    let more = differing.len().saturating_sub(NAMED);
    differing.truncate(NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let own = env!("CARGO_PKG_VERSION");
    let by = if request.milepost == own {
        String::new()
    } else {
        format!(
            " (it was made by version {}, this is {own}: rules of the program may have changed)",
            request.milepost
        )
    };
    Err(format!("{}{more}{by}", differing.join("; ")))
}

/// The pack that `request` makes of `night`, and how many credentials were taken out of what was judged.
fn again(
    night: &Night,
    request: &Request,
    before: Option<&Before>,
    ledger: &Ledger,
) -> Result<(Pack, usize), String> {
    let catalog = Catalog::resolve(&night.snapshot, &night.folder, &night.configuration);
    let assessment = Assessment::of(&catalog, night.today(), night.now);
    let snapshot_digest = Digest(night.snapshot.digest());
    let run = run_of(request, night.today(), snapshot_digest);
    let selection = request.covers.of(&catalog)?;
    let material = Material {
        snapshot: &night.snapshot,
        snapshot_digest,
        folder: &night.folder,
        configuration: &night.configuration,
        catalog: &catalog,
        assessment: &assessment,
        run: &run,
        request,
        asked: &request.covers,
        before,
        ledger,
    };
    let removed = catalog.diagnostics.iter().filter(|diagnostic| diagnostic.code == &codes::SECRET_REMOVED);
    let secrets = removed.map(Diagnostic::stands_for).sum();
    Ok((Pack::make(&material, &selection).map_err(|error| error.to_string())?, secrets))
}
