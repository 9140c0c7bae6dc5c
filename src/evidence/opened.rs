//! A pack that somebody gave us: an archive, or the folder it was unpacked into. Nothing in it is believed; names
//! that no pack has, links, and files without end are refused before anything is read.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::bag;

/// Most files of a pack.
const FILES_AT_MOST: usize = 2_000_000;

/// Most bytes that an archive may unpack to: so much however small it is, and so many times its size beyond that.
const UNPACKED_AT_LEAST: u64 = 1 << 30;
const UNPACKED_RATIO: u64 = 300;

/// Most bytes of a file that is read as a whole: manifests, and what the bag says.
const TEXT_AT_MOST: u64 = 512 << 20;

/// An opened pack.
#[derive(Debug)]
pub struct Opened {
    base: String,
    files: BTreeMap<String, u64>,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Archive { archive: ZipArchive<File>, file: File },
    Folder(PathBuf),
}

impl Opened {
    /// Opens the pack at `path`. What is wrong is said in words: the machine's reason, or why it is no pack.
    pub fn open(path: &Path) -> Result<Self, String> {
        let metadata = fs::symlink_metadata(path).map_err(|error| error.to_string())?;
        if metadata.is_dir() {
            return Self::folder(path);
        }
        if !metadata.is_file() {
            return Err("it is neither a file nor a folder".to_owned());
        }
        Self::archive(path)
    }

    fn archive(path: &Path) -> Result<Self, String> {
        let machine = |error: io::Error| error.to_string();
        let file = File::open(path).map_err(machine)?;
        let size = file.metadata().map_err(machine)?.len();
        let mut archive = ZipArchive::new(file.try_clone().map_err(machine)?)
            .map_err(|error| format!("it is no readable zip archive: {error}"))?;
        if archive.len() > FILES_AT_MOST {
            return Err(format!("it has {} files, and a pack has at most {FILES_AT_MOST}", archive.len()));
        }
        if archive.has_duplicate_names() {
            return Err("two files in it have one name".to_owned());
        }
        let (mut base, mut files, mut last) = (None, BTreeMap::new(), String::new());
        let mut left = UNPACKED_AT_LEAST.max(size.saturating_mul(UNPACKED_RATIO));
        for index in 0..archive.len() {
            let entry = archive
                .by_index_raw(index)
                .map_err(|error| format!("file {} of the archive cannot be read: {error}", index + 1))?;
            let name =
                entry.name().map_err(|error| format!("a name in it cannot be read: {error}"))?.into_owned();
            let shown = name.escape_debug().to_string();
            if !entry.is_file() || entry.is_symlink() {
                return Err(format!("`{shown}` in it is no plain file"));
            }
            let Some((folder, path)) = name.split_once('/').filter(|_| bag::is_plain(&name)) else {
                return Err(format!("`{shown}` in it is a name that no pack has"));
            };
            if *base.get_or_insert_with(|| folder.to_owned()) != folder {
                return Err(format!("`{shown}` in it lies beside the folder of the pack"));
            }
            if index > 0 && last.as_str() >= path {
                return Err(format!("`{shown}` in it is not in the order of the names"));
            }
            last = path.to_owned();
            left = left
                .checked_sub(entry.size())
                .ok_or_else(|| "it unpacks to far more than a pack of its size".to_owned())?;
            files.insert(path.to_owned(), entry.size());
        }
        let base = base.ok_or_else(|| "it is empty".to_owned())?;
        Ok(Self { base, files, form: Form::Archive { archive, file } })
    }

    fn folder(path: &Path) -> Result<Self, String> {
        let name = path.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_str()?.to_owned()));
        let base = name.ok_or_else(|| "its name is no text".to_owned())?;
        let mut files = BTreeMap::new();
        let mut waiting = vec![String::new()];
        while let Some(below) = waiting.pop() {
            let entries = fs::read_dir(path.join(&below)).map_err(|error| format!("`{below}`: {error}"))?;
            for entry in entries {
                let entry = entry.map_err(|error| format!("`{below}`: {error}"))?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let inside = if below.is_empty() { name } else { format!("{below}/{name}") };
                let metadata =
                    fs::symlink_metadata(entry.path()).map_err(|error| format!("`{inside}`: {error}"))?;
                if !bag::is_plain(&inside) || !(metadata.is_file() || metadata.is_dir()) {
                    let shown = inside.escape_debug();
                    return Err(format!("`{shown}` in it is no file or folder that a pack has"));
                }
                if files.len() >= FILES_AT_MOST {
                    return Err(format!("it has more than {FILES_AT_MOST} files"));
                }
                if metadata.is_dir() {
                    waiting.push(inside);
                } else {
                    files.insert(inside, metadata.len());
                }
            }
        }
        if files.is_empty() {
            return Err("it is empty".to_owned());
        }
        Ok(Self { base, files, form: Form::Folder(path.to_owned()) })
    }

    /// The folder that everything lies in: the name of the pack.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Every file with its size.
    pub fn files(&self) -> &BTreeMap<String, u64> {
        &self.files
    }

    /// Whether there is a file at `path`.
    pub fn holds(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The archive, when it is one.
    pub fn as_archive(&mut self) -> Option<&mut File> {
        match &mut self.form {
            Form::Archive { file, .. } => Some(file),
            Form::Folder(_) => None,
        }
    }

    /// Hands the bytes of the file at `path` to `read`, no more than it said to have.
    pub fn stream<T>(
        &mut self,
        path: &str,
        read: impl FnOnce(&mut dyn Read) -> Result<T, String>,
    ) -> Result<T, String> {
        let size = *self.files.get(path).ok_or_else(|| format!("`{path}` is missing"))?;
        let said = |error: &dyn std::fmt::Display| format!("`{path}` cannot be read: {error}");
        match &mut self.form {
            Form::Archive { archive, .. } => {
                let mut entry =
                    archive.by_name(&format!("{}/{path}", self.base)).map_err(|error| said(&error))?;
                let mut bounded = entry.by_ref().take(size);
                read(&mut bounded).map_err(|why| said(&why))
            }
            Form::Folder(folder) => {
                let file = File::open(folder.join(path)).map_err(|error| said(&error))?;
                read(&mut file.take(size)).map_err(|why| said(&why))
            }
        }
    }

    /// The text of the file at `path`.
    pub fn text(&mut self, path: &str) -> Result<String, String> {
        self.stream(path, |reader| {
            let mut bytes = Vec::new();
            reader.take(TEXT_AT_MOST).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
        })
    }
}
