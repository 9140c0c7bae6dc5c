//! What goes into the file comes out of it, and nothing else does.

mod strategies;

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::collect::snapshot::*;
use strategies::snapshot;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_snapshot_comes_back_as_it_was(snapshot in snapshot()) {
        let dir = tempfile::tempdir().expect("a folder");
        save(&snapshot, dir.path()).expect("saved");
        prop_assert_eq!(load(dir.path()).expect("loaded"), snapshot);
    }

    #[test]
    fn no_damage_is_taken_for_a_snapshot(snapshot in snapshot(), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let dir = tempfile::tempdir().expect("a folder");
        save(&snapshot, dir.path()).expect("saved");
        let path = dir.path().join(FILE);
        let whole = std::fs::read(&path).expect("the file");
        let at = at.index(whole.len());
        std::fs::write(&path, &whole[..at]).expect("cut");
        prop_assert!(load(dir.path()).is_err());
        // A flipped bit may also fall where it does not matter; then the snapshot is still the same.
        let mut flipped = whole;
        flipped[at] ^= flip;
        std::fs::write(&path, &flipped).expect("flipped");
        if let Ok(loaded) = load(dir.path()) {
            prop_assert_eq!(loaded, snapshot);
        }
    }
}

fn load_lines(lines: &str) -> String {
    let dir = tempfile::tempdir().expect("a folder");
    let packed = zstd::encode_all(lines.as_bytes(), 1).expect("packed");
    std::fs::write(dir.path().join(FILE), packed).expect("a file");
    let error = load(dir.path()).expect_err("it is wrong");
    error.to_string().replace(&dir.path().join(FILE).display().to_string(), "FILE")
}

#[test]
fn what_is_wrong_is_said() {
    let header = "{\"milepost-snapshot\":{\"version\":1,\"collected_at\":null}}\n";
    let end = "{\"end\":{\"records\":0}}\n";
    let file = "{\"file\":{\"repository\":7,\"path\":\"a\",\"role\":\"document\",\"size\":0,\"content\":\"missing\",\"last_change\":null,\"first_change\":null,\"first_text\":null,\"history\":[]}}\n";
    for (lines, expected) in [
        (String::new(), "`FILE` is cut short"),
        (header.to_owned(), "`FILE` is cut short"),
        ("{\"other\": 1}\n".to_owned(), "`FILE` is no snapshot of Milepost"),
        (
            header.replace(":1,", ":2,\"new\":0,"),
            "`FILE` has version 2 of the snapshot format, and this program reads version 1",
        ),
        (format!("{header}{end}{end}"), "`FILE` is damaged in line 3: something follows the last record"),
        (format!("{header}{header}{end}"), "`FILE` is damaged in line 2: it begins anew"),
        (format!("{header}{}", end.replace('0', "5")), "`FILE` is damaged in line 2: it counts 5 records"),
        (
            format!("{header}{file}{end}"),
            "`FILE` is damaged in line 2: it belongs to a repository that is not there",
        ),
        (
            format!("{header}{{\"resources\":[]}}\n{end}"),
            "`FILE` is damaged in line 2: it continues a listing that is not there",
        ),
    ] {
        assert_eq!(load_lines(&lines), expected, "{lines}");
    }
}

#[test]
fn no_snapshot_and_another_file_are_told_apart() {
    let dir = tempfile::tempdir().expect("a folder");
    assert!(matches!(load(dir.path()), Err(SnapshotFileError::Missing(_))));
    std::fs::write(dir.path().join(FILE), "serviceId: a\n").expect("a file");
    assert!(matches!(load(dir.path()), Err(SnapshotFileError::Foreign(_))));
    std::fs::remove_file(dir.path().join(FILE)).expect("removed");
    std::fs::create_dir(dir.path().join(FILE)).expect("a folder");
    assert!(load(dir.path()).is_err());
}

#[test]
fn a_file_that_unpacks_without_end_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut bomb =
        zstd::Encoder::new(std::fs::File::create(dir.path().join(FILE)).expect("a file"), 19).expect("zstd");
    std::io::Write::write_all(&mut bomb, b"{\"milepost-snapshot\":{\"version\":1,\"collected_at\":null}}\n")
        .expect("written");
    std::io::copy(&mut std::io::Read::take(std::io::repeat(b' '), 300 << 20), &mut bomb).expect("written");
    bomb.finish().expect("finished");
    assert!(matches!(
        load(dir.path()),
        Err(SnapshotFileError::TooLarge(_) | SnapshotFileError::Damaged { .. })
    ));
}

#[test]
fn long_listings_are_cut_into_lines_and_joined_again() {
    let resource = |number: usize| ObservedResource {
        arn: format!("arn:{number}").into(),
        tags: Arc::default(),
        reported: None,
    };
    let listing = TagListing {
        source: "aws".into(),
        carried: None,
        account: "012345678901".into(),
        region: "eu-central-1".into(),
        principal: Some("arn:aws:iam::012345678901:role/reader".into()),
        collected_at: Moment::from_unix_seconds(0).expect("a moment"),
        answer: Ok((0..RESOURCES_PER_LINE * 2 + 1).map(resource).collect()),
    };
    let snapshot = Snapshot { tag_listings: vec![listing.clone(), listing], ..Snapshot::default() };
    let dir = tempfile::tempdir().expect("a folder");
    save(&snapshot, dir.path()).expect("saved");
    assert_eq!(load(dir.path()).expect("loaded"), snapshot);
}

#[test]
fn an_old_snapshot_stays_until_the_new_one_is_whole() {
    let dir = tempfile::tempdir().expect("a folder");
    save(&Snapshot::default(), dir.path()).expect("saved");
    save(&Snapshot::default(), dir.path()).expect("saved again");
    let names: Vec<_> = std::fs::read_dir(dir.path())
        .expect("a listing")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
        .collect();
    assert_eq!(names, [FILE]);
}
