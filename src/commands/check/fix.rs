//! `check --fix`: applies the safe replacements to the files they name, and nothing else. A file is written
//! whole or not at all, only beneath the paths that were asked for, and never through a link.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::super::organisation::{self, Organisation};
use super::super::whereabouts::Whereabouts;
use crate::catalog::configuration;
use crate::cli::Shared;
use crate::collect::text::Text;
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Place, Replacement, apply};

/// What was changed, and what was not although it could have been.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    /// One line for each change.
    pub(super) changes: Vec<String>,
    /// One line for each file that could not be changed.
    pub(super) refusals: Vec<String>,
}

/// A file with what is to be changed in it.
struct Task<'a> {
    place: &'a Place,
    diagnostics: Vec<(&'a Diagnostic, &'a Replacement)>,
}

impl Fixed {
    pub(super) fn append(&mut self, mut other: Self) {
        self.changes.append(&mut other.changes);
        self.refusals.append(&mut other.refusals);
    }
}

/// Mends the files of `organisation` that lie beneath `allowed`.
pub(super) fn files(organisation: &Organisation, allowed: &[PathBuf]) -> Fixed {
    let mut whereabouts = Whereabouts::around(Path::new("."));
    whereabouts.learn(&organisation.repositories);
    let judged: BTreeMap<(&str, &str), &Text> = organisation
        .catalog
        .files
        .iter()
        .filter_map(|entry| Some(((&*entry.repository, &*entry.path), entry.text.as_ref()?)))
        .collect();
    let judged = |place: &Place| judged.get(&(&*place.repository, &*place.path)).copied().cloned();
    fix(&organisation.diagnostics(), &|place| whereabouts.file(place), allowed, &judged)
}

/// Mends the configurations that `paths` lead to, which no organisation can be read without.
pub(super) fn configuration(paths: &[PathBuf], shared: &Shared, allowed: &[PathBuf]) -> Fixed {
    let mut fixed = Fixed::default();
    let named =
        paths.iter().map(|path| if path.is_dir() { path.join("milepost.yaml") } else { path.clone() });
    let own = organisation::configuration_file(None, shared).ok();
    let files: BTreeSet<PathBuf> = named
        .filter(|path| path.file_name().is_some_and(|name| name == "milepost.yaml"))
        .chain(own)
        .filter_map(|path| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            Some(folder.unwrap_or(Path::new(".")).canonicalize().ok()?.join(path.file_name()?))
        })
        .filter(|path| path.is_file())
        .collect();
    for file in files {
        let Ok(text) = organisation::configuration_text(&file) else { continue };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut diagnostics = Diagnostics::default();
        configuration::read(text, &file, &mut diagnostics);
        let judged = |_: &Place| Some(Text::new(text));
        fixed.append(fix(&diagnostics, &|_| Some(file.clone()), allowed, &judged));
    }
    fixed
}

/// Applies the safe replacements among `diagnostics` to the files that `find` knows, beneath `allowed`.
/// `judged` gives the text of a file as it was when it was judged: one that has changed since is left alone.
fn fix(
    diagnostics: &Diagnostics,
    find: &dyn Fn(&Place) -> Option<PathBuf>,
    allowed: &[PathBuf],
    judged: &dyn Fn(&Place) -> Option<Text>,
) -> Fixed {
    let mut tasks: BTreeMap<PathBuf, Task<'_>> = BTreeMap::new();
    for diagnostic in diagnostics.iter() {
        let Some(replacement) = diagnostic.replacement.as_ref().filter(|it| it.is_safe()) else { continue };
        let Some(place) = &diagnostic.place else { continue };
        let Some(file) = find(place) else { continue };
        if !allowed.iter().any(|path| file.starts_with(path)) {
            continue;
        }
        let task = tasks.entry(file).or_insert_with(|| Task { place, diagnostics: Vec::new() });
        task.diagnostics.push((diagnostic, replacement));
    }
    let mut fixed = Fixed::default();
    for (file, task) in tasks {
        match task.run(&file, judged) {
            Ok(changes) => fixed.changes.extend(changes),
            Err(reason) => fixed.refusals.push(format!("`{}` is not changed: {reason}", file.display())),
        }
    }
    fixed
}

impl Task<'_> {
    /// Mends `file`; says what was changed, or why nothing was.
    fn run(&self, file: &Path, judged: &dyn Fn(&Place) -> Option<Text>) -> Result<Vec<String>, String> {
        let judged = judged(self.place).ok_or("its text is not known")?;
        let folder = file.parent().ok_or("it lies in no folder")?;
        let before = unlinked(file, folder, judged.file_len())?;
        if judged.is_marked() {
            return Err("it holds a credential; take it out first".to_owned());
        }
        if Text::new(&before).digest() != judged.digest() {
            return Err("it was changed while it was checked; check it again".to_owned());
        }
        let edits: Vec<&[Edit]> = self.diagnostics.iter().map(|(_, it)| it.edits.as_slice()).collect();
        let (after, applied) = apply(&before, &edits);
        if after == before {
            return Ok(Vec::new());
        }
        replace(file, folder, &after).map_err(|error| error.to_string())?;
        let applied = self.diagnostics.iter().zip(applied).filter(|(_, applied)| *applied);
        Ok(applied.map(|((diagnostic, replacement), _)| line(diagnostic, replacement)).collect())
    }
}

/// The text of `file`, about as long as `length`, if it is a regular file that may be written and no part of
/// its path is a link.
fn unlinked(file: &Path, folder: &Path, length: usize) -> Result<String, String> {
    if folder.canonicalize().map_err(|error| error.to_string())? != folder {
        return Err("a folder of its path is a symbolic link, which is not followed".to_owned());
    }
    let about = file.symlink_metadata().map_err(|error| error.to_string())?;
    if !about.is_file() {
        return Err("it is a symbolic link or a special file".to_owned());
    }
    if about.permissions().readonly() {
        return Err("it is read-only".to_owned());
    }
    let mut text = String::new();
    // A byte-order mark is not part of what was judged; one byte more shows that the file has grown.
    let limit = length as u64 + '\u{feff}'.len_utf8() as u64 + 1;
    File::open(file)
        .and_then(|file| file.take(limit).read_to_string(&mut text))
        .map_err(|error| error.to_string())?;
    Ok(text)
}

/// Puts `text` in the place of `file`: whole, or not at all.
fn replace(file: &Path, folder: &Path, text: &str) -> std::io::Result<()> {
    let mut new = tempfile::Builder::new().prefix(".milepost-").tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.as_file().set_permissions(fs::metadata(file)?.permissions())?;
    new.as_file().sync_all()?;
    new.persist(file)?;
    Ok(())
}

/// `shop/service.yaml:3:12: unquoted-account: write `"011122223333"``.
fn line(diagnostic: &Diagnostic, replacement: &Replacement) -> String {
    let Some(place) = &diagnostic.place else { return diagnostic.message.clone() };
    let did = match replacement.edits.as_slice() {
        [edit] if !edit.text.trim().is_empty() => format!("wrote `{}`", edit.text),
        edits => crate::words::count(edits.len(), "edit", "edits"),
    };
    format!(
        "{}/{}:{}:{}: {}: {did}",
        place.repository, place.path, place.line, place.column, diagnostic.code.name
    )
}
