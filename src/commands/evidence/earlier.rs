//! The earlier pack that a new one is compared with: the one that was named, or the one that a period begins with.

use std::path::{Path, PathBuf};

use super::offered::archives;
use crate::cli::evidence::Pack as Arguments;
use crate::commands::Failure;
use crate::day::{Day, Zone};
use crate::evidence::changes::Before;
use crate::evidence::ledger::Ledger;
use crate::evidence::opened::Opened;
use crate::evidence::pack::{Earlier, Request};
use crate::evidence::selection::Asked;
use crate::evidence::verify;

/// The first day of the period that `arguments` ask for.
pub(super) fn since(arguments: &Arguments) -> Result<Option<Day>, Failure> {
    let Some(text) = arguments.since.as_deref() else { return Ok(None) };
    let day = Day::parse(text)
        .ok_or_else(|| Failure::Usage(format!("--since: `{text}` is no day; write it as 2026-08-01")))?;
    Ok(Some(day))
}

/// The lists of the earlier pack that `arguments` name.
pub(super) fn named(arguments: &Arguments, asked: &Asked) -> Result<Option<Before>, Failure> {
    arguments.previous.as_deref().map(|path| of(path, asked)).transpose()
}

/// The lists of the pack that a period since that day begins with: `named`, or the newest one of that day or before.
/// `zone` says on which day a pack was judged.
pub(super) fn at_the_beginning(
    since: Day,
    named: Option<Before>,
    arguments: &Arguments,
    asked: &Asked,
    zone: &Zone,
) -> Result<Before, Failure> {
    let Some(named) = named else { return of(&newest(&arguments.out, since, asked, zone)?, asked) };
    let day = Day::of(named.earlier.now, zone);
    if day <= since {
        return Ok(named);
    }
    let name = &named.earlier.name;
    Err(Failure::Usage(format!("--previous: `{name}` is of {day}, after the period begins ({since})")))
}

/// The lists of the pack at `path`. One that covers something else would make things come and go that never did.
fn of(path: &Path, asked: &Asked) -> Result<Before, Failure> {
    let mut pack = super::open(path)?;
    // What is left out for its audience would seem to have come since.
    if let Some(audience) = verify::request(&mut pack).ok().and_then(|request| request.audience) {
        return Err(unusable(
            path,
            &format!("it was made for the audience {audience}, and this one for everybody"),
        ));
    }
    let before = Before::of(&mut pack, env!("CARGO_PKG_VERSION"));
    let before = before.map_err(|why| unusable(path, &why))?;
    if before.earlier.covers == *asked {
        return Ok(before);
    }
    let covers = before.earlier.covers.words();
    let own = asked.words();
    Err(unusable(path, &format!("it covers {covers}, and this one {own}; name an earlier pack of the same")))
}

/// Whether `before` is of a run of `ledger`. What somebody made beside the chain would make things move that never did.
pub(super) fn known(
    before: &Before,
    ledger: &Ledger,
    arguments: &Arguments,
    request: &Request,
) -> Result<(), Failure> {
    let Earlier { name, now, .. } = &before.earlier;
    if *now > request.now {
        return Err(Failure::Usage(format!(
            "--previous: `{name}` is of {now}, and what is judged is of {}, which is before it",
            request.now
        )));
    }
    ledger.run_of(&before.earlier).map(drop).map_err(|why| {
        let path = arguments.ledger.display();
        Failure::Usage(format!(
            "`{path}`: {why}; compare with a pack that this chain knows, or name the chain of that pack with --ledger"
        ))
    })
}

fn unusable(path: &Path, why: &str) -> Failure {
    Failure::Usage(format!("`{}` cannot be compared with: {why}", path.display()))
}

/// The newest pack in `folder` that covers what `asked` does and is of `since` or before. What is no pack is passed
/// over: whoever means one names it.
fn newest(folder: &Path, since: Day, asked: &Asked, zone: &Zone) -> Result<PathBuf, Failure> {
    let mut packs: Vec<(Day, PathBuf)> = Vec::new();
    for path in archives(folder).unwrap_or_default() {
        let request = Opened::open(&path).and_then(|mut pack| verify::request(&mut pack));
        if let Ok(request) = request
            && request.covers == *asked
            && request.audience.is_none()
        {
            packs.push((Day::of(request.now, zone), path));
        }
    }
    packs.sort();
    let (before, _) = packs.split_at(packs.partition_point(|(day, _)| *day <= since));
    if let Some((_, path)) = before.last() {
        return Ok(path.clone());
    }
    let what = asked.words();
    let there = match packs.first() {
        Some((day, _)) => format!("the oldest there is of {day}"),
        None => "there is none of that at all".to_owned(),
    };
    Err(Failure::Usage(format!(
        "no pack of {what} in `{}` is of {since} or before, so nothing can be said of what moved since; {there}; \
         name one with --previous",
        folder.display()
    )))
}
