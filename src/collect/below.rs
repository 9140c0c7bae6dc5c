//! The files of a folder and of those below that somebody wants, by path.

use std::path::Path;

use super::beneath::Root;
use super::contents::{Contents, Entry, Kind};
use super::files::readable;
use super::walk::{in_words, joined, plain};

/// Most files of one source.
const MOST_FILES: usize = 100_000;

/// How deep folders may lie in each other.
const DEEPEST: usize = 16;

/// Every file beneath `folder` whose path is `wanted`, with what it is wanted as, by path. Links are noted and not
/// followed.
pub(super) fn files<T: Copy>(
    folder: &Path,
    wanted: impl Fn(&[u8]) -> Option<T>,
    notes: &mut Vec<String>,
) -> Result<Vec<(Vec<u8>, T)>, String> {
    let reason = |why: String| format!("`{}` cannot be read: {why}", folder.display());
    let root = Root::open(folder).map_err(|error| reason(plain(&error)))?;
    let mut files = Vec::new();
    let mut waiting = vec![(Vec::new(), 0)];
    while let Some((above, depth)) = waiting.pop() {
        let entries = root.list(&above).map_err(|refusal| reason(in_words(&refusal)))?;
        for Entry { name, kind } in entries {
            let path = joined(&above, &name);
            match kind {
                Kind::Folder if depth == DEEPEST => {
                    return Err(reason(format!("`{}` lies too deep", readable(&path))));
                }
                Kind::Folder => waiting.push((path, depth + 1)),
                Kind::File => files.extend(wanted(&path).map(|what| (path, what))),
                Kind::Link if wanted(&path).is_some() => {
                    notes.push(format!("`{}` is a symbolic link, which is not followed", readable(&path)));
                }
                Kind::Link | Kind::Special => {}
            }
            if files.len() > MOST_FILES {
                return Err(reason(format!("it holds more than {MOST_FILES} files of its kind")));
            }
        }
    }
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(files)
}
