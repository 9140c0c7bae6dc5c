//! How large the listing of each account and region was the last time: it says which to begin with, which to doubt, and
//! what the next night will take.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::collect::walk::plain;

/// The file in the folder of the source.
const FILE: &str = "sizes.json";

/// Most bytes of that file.
const LIMIT: u64 = 64 << 20;

/// How large a listing was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Size {
    pub(super) resources: usize,
    /// Pages it came in, which may be smaller than was asked for.
    pub(super) pages: usize,
}

/// What every source of this folder held, by its name, then by account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Sizes(BTreeMap<String, BTreeMap<String, Size>>);

impl Sizes {
    /// Reads what is kept in `dir`; nothing, when it cannot be read: it only says where to begin.
    pub(super) fn load(dir: &Path) -> Self {
        let path = dir.join(FILE);
        let is_small = path.metadata().is_ok_and(|file| file.len() <= LIMIT);
        let text = is_small.then(|| std::fs::read(path).ok()).flatten();
        text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    /// Keeps them in `dir`.
    pub(super) fn save(&self, dir: &Path) -> Result<(), String> {
        let kept = || -> std::io::Result<()> {
            std::fs::create_dir_all(dir)?;
            let mut file = tempfile::NamedTempFile::new_in(dir)?;
            file.write_all(&serde_json::to_vec(self)?)?;
            file.persist(dir.join(FILE))?;
            Ok(())
        };
        kept().map_err(|error| format!("`{}` cannot be kept: {}", dir.join(FILE).display(), plain(&error)))
    }

    /// What `account` held in `region` when `source` was asked.
    pub(super) fn of(&self, source: &str, account: &str, region: &str) -> Option<Size> {
        self.0.get(source)?.get(&key(account, region)).copied()
    }

    /// Notes what it holds now.
    pub(super) fn set(&mut self, source: &str, account: &str, region: &str, size: Size) {
        self.0.entry(source.to_owned()).or_default().insert(key(account, region), size);
    }
}

fn key(account: &str, region: &str) -> String {
    format!("{account} {region}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_kept_and_damage_costs_only_them() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut sizes = Sizes::load(dir.path());
        let size = Size { resources: 120, pages: 3 };
        sizes.set("aws", "111111111111", "eu-central-1", size);
        sizes.save(dir.path()).expect("kept");
        let again = Sizes::load(dir.path());
        assert_eq!(again.of("aws", "111111111111", "eu-central-1"), Some(size));
        assert_eq!(again.of("other", "111111111111", "eu-central-1"), None);
        std::fs::write(dir.path().join(FILE), "{\"aws\": 7").expect("written");
        assert_eq!(Sizes::load(dir.path()).of("aws", "111111111111", "eu-central-1"), None);
    }
}
