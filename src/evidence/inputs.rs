//! The inputs: every text that was judged as a file of its own, byte for byte, and the records of the night without
//! these texts. Together they are the snapshot and the catalog folder, so that whoever has the pack can judge again.

use std::io::{self, BufReader, Read};
use std::path::Path;

use super::archive::Spool;
use super::names::Names;
use super::opened::Opened;
use super::pack::Material;
use super::paths;
use super::table::{self, Cell};
use crate::collect::snapshot::{CatalogFolder, Content, File, Repository, Revision, Snapshot};
use crate::collect::snapshot_file;
use crate::collect::text::Text;
use crate::render::digest::hexadecimal;

/// The records of the sources.
const SNAPSHOT: &str = "data/inputs/snapshot.jsonl";
/// The records of the catalog folder.
const CATALOG: &str = "data/inputs/catalog.jsonl";
/// Which file holds which text.
pub(super) const INDEX: &str = "data/inputs/index";

/// Most bytes of the records of a pack that is opened.
const RECORDS_AT_MOST: u64 = 64 << 30;

/// Most bytes of one text of a pack that is opened; what is collected is smaller by far.
const TEXT_AT_MOST: u64 = 1 << 30;

/// A text and the file that holds it.
struct Kept<'a> {
    path: String,
    repository: &'a Repository,
    file: &'a File,
    text: &'a Text,
}

/// Adds the inputs; where they are withheld, only their list with the digests.
pub(super) fn add(
    spool: &mut Spool,
    material: &Material<'_>,
    withheld: bool,
    names: &mut Names,
) -> io::Result<()> {
    let Material { snapshot, folder, .. } = *material;
    let kept = kept(snapshot, folder, names);
    table::add(spool, INDEX, &["file", "repository", "commit", "path", "bytes", "sha256"], |each| {
        kept.iter().try_for_each(|kept| {
            let commit = match &kept.repository.revision {
                Revision::Commit(commit) => Cell::from(&**commit),
                Revision::Digest(_) => Cell::Nothing,
            };
            each(&[
                if withheld { Cell::Nothing } else { kept.path.as_str().into() },
                (&*kept.repository.name).into(),
                commit,
                (&*kept.file.path).into(),
                kept.text.file_len().into(),
                hexadecimal(&kept.text.digest()).into(),
            ])
        })
    })?;
    if withheld {
        return Ok(());
    }
    for kept in &kept {
        spool.add(&kept.path, |out| out.write_all(kept.text.file().as_bytes()))?;
    }
    spool.add(SNAPSHOT, |out| snapshot_file::write_plain(&without_texts(snapshot), out))?;
    let bare = CatalogFolder { files: bare(&folder.files), ..folder.clone() };
    spool.add(CATALOG, |out| snapshot_file::write_plain_catalog(&bare, out))
}

/// Every text with the file that holds it: those of the repositories, then those of the catalog folder, then facts.
fn kept<'a>(snapshot: &'a Snapshot, folder: &'a CatalogFolder, names: &mut Names) -> Vec<Kept<'a>> {
    let of_repositories = snapshot.files.iter().filter_map(|file| {
        let Content::Text(text) = &file.content else { return None };
        let repository = snapshot.repositories.get(file.repository.0 as usize)?;
        let below = format!("{}repositories/{:06}/", paths::INPUTS, file.repository.0);
        Some(Kept { path: names.give(&below, &file.path, ""), repository, file, text })
    });
    let mut kept: Vec<Kept<'a>> = of_repositories.collect();
    let below = format!("{}catalog/", paths::INPUTS);
    kept.extend(folder.files.iter().filter_map(|file| {
        let Content::Text(text) = &file.content else { return None };
        let path = names.give(&below, &file.path, "");
        Some(Kept { path, repository: &folder.repository, file, text })
    }));
    kept
}

/// `snapshot` without the texts that lie in files of their own.
fn without_texts(snapshot: &Snapshot) -> Snapshot {
    Snapshot { files: bare(&snapshot.files), ..snapshot.clone() }
}

fn bare(files: &[File]) -> Vec<File> {
    files
        .iter()
        .map(|file| match &file.content {
            Content::Text(_) => File { content: Content::Text(Text::new("")), ..file.clone() },
            _ => file.clone(),
        })
        .collect()
}

/// The inputs of `pack`, as they were judged; `None` when it withholds them.
pub fn read(pack: &mut Opened) -> Result<Option<(Snapshot, CatalogFolder)>, String> {
    if !pack.holds(SNAPSHOT) || !pack.holds(CATALOG) {
        return Ok(None);
    }
    let said = |error: &dyn std::error::Error| error.to_string();
    let mut snapshot = pack.stream(SNAPSHOT, |reader| {
        snapshot_file::read_plain(BufReader::new(reader), Path::new(SNAPSHOT), RECORDS_AT_MOST)
            .map_err(|error| said(&error))
    })?;
    let mut folder = pack.stream(CATALOG, |reader| {
        snapshot_file::read_plain_catalog(BufReader::new(reader), Path::new(CATALOG), RECORDS_AT_MOST)
            .map_err(|error| said(&error))
    })?;
    let mut names = Names::default();
    let paths: Vec<String> = kept(&snapshot, &folder, &mut names).into_iter().map(|kept| kept.path).collect();
    let texts = snapshot.files.iter_mut().chain(&mut folder.files);
    let texts = texts.filter(|file| matches!(file.content, Content::Text(_)));
    for (file, path) in texts.zip(paths) {
        let text = pack.stream(&path, |reader| {
            let mut text = String::new();
            reader
                .take(TEXT_AT_MOST)
                .read_to_string(&mut text)
                .map_err(|error| format!("`{path}`: {error}"))?;
            Ok(text)
        })?;
        file.content = Content::Text(Text::new(&text));
    }
    Ok(Some((snapshot, folder)))
}
