//! What a folder may look like before, and must look like after.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::render::site::{CachePolicy, Digest, MediaType, SitePath, Stored};

type Files<'a> = &'a [(&'a str, &'a str)];

fn fill<'a>(files: Files<'a>) -> impl FnOnce(&dyn Sink) -> Result<Vec<Record>, FolderError> + 'a {
    move |sink| {
        let store = |(path, text): &(&str, &str)| {
            let path = SitePath::new(path).expect("a path");
            let digest = Digest::of(text.as_bytes());
            let (media, cache) = (MediaType::Text, CachePolicy::Revalidate);
            sink.store(&File { path: &path, media, cache, bytes: text.as_bytes(), digest })
                .map_err(|source| RenderError::Store { path: path.clone(), source })?;
            Ok(Record { path, media, cache, digest, size: text.len() as u64 })
        };
        files.iter().map(store).collect()
    }
}

fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                open.push(entry);
            } else {
                let path = entry.strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
                found.insert(path, fs::read_to_string(&entry).expect("text"));
            }
        }
    }
    found
}

fn site(folder: &Path) -> Vec<(String, String)> {
    tree(folder).into_iter().filter(|(path, _)| path != MANIFEST).collect()
}

fn expected(files: Files<'_>) -> Vec<(String, String)> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// A new place to write to, and that nothing but the site is left beside it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn target(&self) -> PathBuf {
        self.0.path().join("site")
    }

    fn write(&self, files: Files<'_>) -> Outcome {
        let outcome = replace(&self.target(), fill(files)).expect("writes");
        assert_eq!(site(&self.target()), expected(files));
        let names: Vec<_> =
            fs::read_dir(self.0.path()).expect("reads").map(|e| e.expect("entry").file_name()).collect();
        assert_eq!(names, ["site"]);
        outcome
    }
}

const OLD: Files<'_> = &[("a/index.html", "old a"), ("b/index.html", "b"), ("index.html", "old")];
const NEW: Files<'_> = &[("a/index.html", "new a"), ("b/index.html", "b"), ("c/d/index.html", "c")];

#[test]
fn only_what_differs_is_written() {
    let place = Place::new();
    assert_eq!(place.write(OLD), Outcome { files: 3, bytes: 9, written: 3, removed: 0 });
    assert_eq!(place.write(NEW), Outcome { files: 3, bytes: 7, written: 2, removed: 1 });
    assert_eq!(place.write(NEW), Outcome { files: 3, bytes: 7, written: 0, removed: 0 });
}

#[test]
fn the_list_is_the_same_for_the_same_files() {
    let (one, other) = (Place::new(), Place::new());
    one.write(NEW);
    other.write(OLD);
    other.write(NEW);
    let list = |place: &Place| fs::read_to_string(place.target().join(MANIFEST)).expect("a list");
    assert_eq!(list(&one), list(&other));
}

#[cfg(unix)]
#[test]
fn unchanged_files_stay_the_same_files() {
    use std::os::unix::fs::MetadataExt;
    let place = Place::new();
    let inode = || fs::metadata(place.target().join("b/index.html")).expect("there").ino();
    place.write(OLD);
    let before = inode();
    place.write(NEW);
    assert_eq!(inode(), before);
}

#[test]
fn a_folder_of_somebody_else_is_not_touched() {
    let place = Place::new();
    fs::create_dir(place.target()).expect("creates");
    place.write(OLD);
    let other = Place::new();
    fs::create_dir(other.target()).expect("creates");
    fs::write(other.target().join("thesis.txt"), "years of work").expect("writes");
    let error = replace(&other.target(), fill(NEW)).expect_err("refuses");
    assert!(matches!(error, FolderError::NotOurs(_)), "{error}");
    assert_eq!(site(&other.target()), expected(&[("thesis.txt", "years of work")]));
    // Nor does a refusal leave anything beside it.
    let beside = fs::read_dir(other.target().parent().expect("it has one")).expect("reads");
    assert_eq!(beside.count(), 1);
    let file = Place::new();
    fs::write(file.target(), "a file").expect("writes");
    assert!(matches!(replace(&file.target(), fill(NEW)), Err(FolderError::NotAFolder(_))));
}

#[test]
fn files_that_others_put_into_the_site_stay() {
    let place = Place::new();
    place.write(OLD);
    fs::write(place.target().join("CNAME"), "portal.example.com").expect("writes");
    fs::create_dir_all(place.target().join("x/y")).expect("creates");
    fs::write(place.target().join("x/y/z"), "mine").expect("writes");
    replace(&place.target(), fill(NEW)).expect("writes");
    let mut all = expected(NEW);
    all.extend(expected(&[("CNAME", "portal.example.com"), ("x/y/z", "mine")]));
    all.sort();
    assert_eq!(site(&place.target()), all);
}

#[test]
fn files_that_were_changed_or_lost_are_written_again() {
    let place = Place::new();
    place.write(OLD);
    let list = fs::metadata(place.target().join(MANIFEST)).expect("there").modified().expect("a time");
    let changed = place.target().join("index.html");
    fs::write(&changed, "bad").expect("writes");
    let later = list + std::time::Duration::from_secs(1);
    fs::File::options().append(true).open(&changed).and_then(|file| file.set_modified(later)).expect("sets");
    fs::remove_file(place.target().join("b/index.html")).expect("removes");
    assert_eq!(place.write(OLD).written, 2);
}

#[test]
fn a_failed_build_leaves_the_old_site() {
    let place = Place::new();
    place.write(OLD);
    let path = SitePath::new("x").expect("a path");
    let fail = |sink: &dyn Sink| {
        fill(NEW)(sink)?;
        Err(RenderError::Store { path, source: io::Error::other("disk full") }.into())
    };
    assert!(matches!(replace(&place.target(), fail), Err(FolderError::Render(_))));
    assert_eq!(site(&place.target()), expected(OLD));
    place.write(NEW);
}

#[test]
fn two_builds_do_not_write_at_once() {
    let place = Place::new();
    place.write(OLD);
    let held = Workplace::open(&place.target()).expect("opens");
    assert!(matches!(replace(&place.target(), fill(NEW)), Err(FolderError::Locked(_))));
    drop(held);
    place.write(NEW);
}

#[test]
fn a_run_that_was_killed_between_two_renames_is_put_right() {
    let place = Place::new();
    place.write(OLD);
    let workplace = Workplace::open(&place.target()).expect("opens");
    let new = workplace.new_folder();
    fs::create_dir_all(new.join("half")).expect("creates");
    fs::write(new.join("half/index.html"), "half").expect("writes");
    let aside = new.with_file_name("old");
    fs::rename(place.target(), &aside).expect("the first of two renames");
    drop(workplace);
    place.write(OLD);
}

#[test]
fn the_two_step_swap_does_the_same() {
    let place = Place::new();
    place.write(OLD);
    let (new, aside) = (place.0.path().join("new"), place.0.path().join("old"));
    fs::create_dir(&new).expect("creates");
    swap::in_two_steps(&new, &place.target(), &aside).expect("swaps");
    assert_eq!((site(&place.target()), site(&aside)), (Vec::new(), expected(OLD)));
}

/// Bytes of which something is said that need not be so.
#[derive(Debug)]
struct Said {
    bytes: &'static [u8],
    digest: Digest,
}

impl Stored for Said {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn digest(&self) -> Digest {
        self.digest
    }

    fn open(&self) -> io::Result<Box<dyn io::Read>> {
        Ok(Box::new(self.bytes))
    }
}

#[test]
fn what_lies_elsewhere_is_copied_and_refused_when_it_was_changed_since() {
    let place = Place::new();
    let copied = |said: &Said| {
        let path = SitePath::new("packs/a.zip").expect("a path");
        replace(&place.target(), |sink| {
            let (media, cache) = (MediaType::Zip, CachePolicy::Revalidate);
            let file = Copied { path: &path, media, cache, stored: said };
            let stored = sink.copy(&file);
            stored.map_err(|source| RenderError::Store { path: path.clone(), source })?;
            Ok(vec![file.record()])
        })
    };
    let whole = Said { bytes: b"one", digest: Digest::of(b"one") };
    assert_eq!(copied(&whole).expect("writes").written, 1);
    assert_eq!(site(&place.target()), expected(&[("packs/a.zip", "one")]));
    assert_eq!(copied(&whole).expect("writes").written, 0, "what did not change is not copied again");
    let changed = Said { bytes: b"two", digest: Digest::of(b"one or two") };
    let error = copied(&changed).expect_err("it is not what was said");
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert_eq!(cause, "it was changed while it was published");
    assert_eq!(site(&place.target()), expected(&[("packs/a.zip", "one")]), "the old site is still there");
}

/// Where the process writes that the test below starts to kill: itself, with this in its environment.
#[cfg(target_os = "linux")]
const TARGET: &str = "MILEPOST_TEST_TARGET";

#[cfg(target_os = "linux")]
#[test]
fn a_run_that_is_killed_leaves_the_old_site_or_the_new_one() {
    if let Some(target) = std::env::var_os(TARGET) {
        loop {
            for files in [OLD, NEW] {
                replace(Path::new(&target), fill(files)).expect("writes");
            }
        }
    }
    let place = Place::new();
    place.write(OLD);
    for round in 0..25_u64 {
        let mut writer = std::process::Command::new(std::env::current_exe().expect("this test"))
            .args([
                "--exact",
                "publish::folder::tests::a_run_that_is_killed_leaves_the_old_site_or_the_new_one",
            ])
            .env(TARGET, place.target())
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(std::time::Duration::from_micros(30_000 + round * 1_379));
        writer.kill().expect("dies");
        writer.wait().expect("is gone");
        let found = site(&place.target());
        assert!(found == expected(OLD) || found == expected(NEW), "round {round}: {found:?}");
    }
    place.write(OLD);
}
