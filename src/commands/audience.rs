//! `--audience`: a night as other readers may see it, and the proof that nothing else came through.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;
use std::{fs, io};

use zip::ZipArchive;

use super::night::Night;
use super::organisation::{Organisation, configuration_text};
use super::{Console, Failure};
use crate::audience::{Audience, Proof, Removal};
use crate::catalog::Catalog;
use crate::catalog::configuration::{self, Configuration, Removable};
use crate::catalog::nearest::nearest;
use crate::catalog::table::{Identified, Table};
use crate::diagnostic::Diagnostics;
use crate::publish::folder::Inspector;
use crate::render::pages;
use crate::render::site::{Copied, File};
use crate::render::templates::Template;
use crate::words;

/// For whom something is made, and what proves that they see nothing else.
#[derive(Debug)]
pub(super) struct Viewed {
    pub(super) audience: Audience,
    pub(super) proof: Proof,
}

/// What the profile called `name` removes.
pub(super) fn profile(configuration: &Configuration, name: &str) -> Result<BTreeSet<Removable>, Failure> {
    let audiences = &configuration.audiences;
    if let Some(audience) = audiences.get(name) {
        return Ok(audience.value.remove.values().copied().collect());
    }
    let names: Vec<&str> = audiences.entries.iter().map(|(name, _)| &**name).collect();
    let help = match (nearest(name, names.iter().copied()), names.as_slice()) {
        (Some(meant), _) => format!("did you mean `{meant}`?"),
        (None, []) => "add it under `audiences:`".to_owned(),
        (None, names) => format!("there is {}", words::list(names)),
    };
    Err(Failure::Usage(format!("`milepost.yaml` has no audience `{}`; {help}", name.escape_debug())))
}

/// `full`, which is `night` resolved and judged, as the audience called `name` may see it; and the night they may see.
/// `file` is the configuration.
pub(super) fn view(
    full: Organisation,
    night: &Night,
    (name, file): (&str, &Path),
    console: &Console,
) -> Result<(Organisation, Night), Failure> {
    let kinds = profile(&night.configuration, name)?;
    let too_much = |why: String| {
        Failure::machine(format!("searching for what is removed for the audience `{name}`"), why)
    };
    let removal = console
        .phase("gathering what is removed", || {
            Removal::of(kinds.clone(), (&night.snapshot, &night.folder), &full.catalog)
        })
        .map_err(too_much)?;
    let proof = removal.proof().map_err(too_much)?;
    let clean = console.phase("removing", || clean(night, &removal, file))?;
    let Organisation { settings, catalog, assessment, snapshot, .. } = full;
    let remove = |catalog: &mut Catalog| kinds.into_iter().for_each(|kind| catalog.remove(kind));
    let mut viewed = Organisation::edited(settings, &clean, remove, console);
    let is_same = is_same(&catalog, &viewed.catalog, &removal);
    let judged = is_same.then(|| viewed.assessment.judged_as(assessment)).flatten();
    viewed.assessment = judged.ok_or_else(|| {
        Failure::Refused(format!(
            "without what the audience `{name}` does not see, other records would be there, or in another order; \
             nothing is made of them"
        ))
    })?;
    // Of the night as it was, so that both portals, their packs and the ledger name the same one.
    viewed.snapshot = snapshot;
    viewed.viewed =
        Some(Viewed { audience: Audience { name: name.into(), removed: removal.counts() }, proof });
    Ok((viewed, clean))
}

/// Whether `clean` has the records of `full`, in their order: verdicts belong to positions.
fn is_same(full: &Catalog, clean: &Catalog, removal: &Removal) -> bool {
    fn ids<'c, T: Identified + 'c>(full: &'c Table<T>, clean: &'c Table<T>, removal: &Removal) -> bool {
        full.len() == clean.len()
            && full.ids().zip(clean.ids()).all(|(full, clean)| removal.text(full) == clean)
    }
    ids(&full.services, &clean.services, removal)
        && ids(&full.accounts, &clean.accounts, removal)
        && ids(&full.golden_paths, &clean.golden_paths, removal)
        && ids(&full.scorecards, &clean.scorecards, removal)
        && ids(&full.exceptions, &clean.exceptions, removal)
}

/// `night` without what is removed, the configuration in `file` too.
fn clean(night: &Night, removal: &Removal, file: &Path) -> Result<Night, Failure> {
    let text = configuration_text(file)
        .map_err(|reason| Failure::Usage(format!("`{}` cannot be read: {reason}", file.display())))?;
    // It was read already, so nothing new is to be said of it.
    let configuration = configuration::read(&removal.text(&text), file, &mut Diagnostics::default());
    let configuration = configuration.ok_or(Failure::Configuration)?;
    Ok(Night {
        snapshot: Rc::new(removal.snapshot(&night.snapshot)),
        folder: Rc::new(removal.folder(&night.folder)),
        configuration: Rc::new(configuration),
        now: night.now,
    })
}

impl Viewed {
    /// Why nothing may be put in place: something came through. The proof says where, and of which kind.
    pub(super) fn refusal(&self) -> Option<Failure> {
        let leaks = self.proof.verdict().err()?;
        let name = &self.audience.name;
        Some(Failure::Refused(format!(
            "what is removed for the audience `{name}` came through, so nothing is put in place: {leaks}"
        )))
    }

    /// Looks at every byte of the archive in `file`, before it gets its name.
    pub(super) fn prove_archive(&self, file: &fs::File) -> io::Result<()> {
        self.look_through(file)?;
        self.proof.verdict().map(drop).map_err(io::Error::other)
    }

    fn look_through(&self, archive: &fs::File) -> io::Result<()> {
        let mut archive = ZipArchive::new(archive.try_clone()?).map_err(io::Error::from)?;
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(io::Error::from)?;
            let name = entry.name().map_err(io::Error::other)?.into_owned();
            self.proof.look_through(&name, &mut entry)?;
        }
        Ok(())
    }

    /// What was removed and proven, in lines.
    pub(super) fn told(&self) -> Vec<String> {
        let Audience { name, removed } = &self.audience;
        let counted = |(kind, count): (&Removable, &usize)| {
            let (one, many) = kind.nouns();
            words::count(*count, one, many)
        };
        let all: Vec<String> = removed.iter().map(counted).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let files = self.proof.verdict().unwrap_or_default();
        let mut lines = vec![format!(
            "audience `{name}`: left out {}; {} searched for them, none found",
            words::plain_list(&all),
            words::count(files, "file was", "files were"),
        )];
        lines.extend(self.proof.unproven().iter().map(|unproven| {
            format!(
                "audience `{name}`: {} left out of the fields that hold them, and too short or too common to be searched for",
                counted(unproven)
            )
        }));
        lines
    }
}

/// What of the file at `path` is our own text, whatever the night: its template; all of a schema.
fn own<'b>(path: &str, bytes: &'b [u8]) -> &'b [u8] {
    let (section, rest) = path.split_once('/').unwrap_or((path, ""));
    if section == "schema" {
        return bytes;
    }
    let name = if rest.is_empty() { "home" } else { section };
    let is_own = |template: &&Template| {
        template.name.strip_prefix("pages/").and_then(|it| it.strip_suffix(".html")) == Some(name)
    };
    pages::templates().iter().find(is_own).map_or(&[], |template| template.source.as_bytes())
}

impl Inspector for Viewed {
    fn look(&self, file: &File<'_>) {
        let path = file.path.as_str();
        self.proof.look(path, file.bytes, own(path, file.bytes));
    }

    fn look_into(&self, file: &Copied<'_>) -> io::Result<()> {
        let mut archive = tempfile::tempfile()?;
        file.write_to(&mut archive)?;
        self.look_through(&archive)
    }

    fn passes(&self) -> bool {
        self.proof.verdict().is_ok()
    }
}
