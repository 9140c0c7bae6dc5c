//! Which publications are kept, so that there is something to return to, and which go.

use super::manifest::Kept;
use crate::day::Moment;

/// As many are kept, however old.
const LAST: usize = 10;

/// All younger than this are kept, however many.
const DAYS: u64 = 14;

/// Splits `releases`, oldest first, into those that are kept as of `now` and those that go. The one called `current`
/// stays.
pub(super) fn split(releases: Vec<Kept>, current: &str, now: Moment) -> (Vec<Kept>, Vec<Kept>) {
    let old = releases.len().saturating_sub(LAST);
    let stays = |(position, kept): &(usize, Kept)| {
        *position >= old || kept.id == current || now.since(kept.at).days() < DAYS
    };
    let (kept, gone): (Vec<_>, Vec<_>) = releases.into_iter().enumerate().partition(stays);
    let bare = |pairs: Vec<(usize, Kept)>| pairs.into_iter().map(|(_, kept)| kept).collect();
    (bare(kept), bare(gone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::manifest;
    use crate::render::site::Digest;

    fn kept(run: u64, day: &str) -> Kept {
        let site = Digest::of(&run.to_be_bytes());
        let at = Moment::parse(&format!("2026-11-{day}T03:00:00Z")).expect("a moment");
        Kept { id: manifest::name(run, site), run, site, at, by: "me".into(), files: 1, bytes: 1 }
    }

    #[test]
    fn the_last_ten_stay_and_so_does_what_is_young_or_current() {
        let now = Moment::parse("2026-11-30T03:00:00Z").expect("a moment");
        let runs = |releases: Vec<Kept>| releases.iter().map(|kept| kept.run).collect::<Vec<_>>();
        let old: Vec<_> = (1..=13).map(|run| kept(run, "01")).collect();
        let second = old[1].id.clone();
        let (stays, goes) = split(old.clone(), &second, now);
        assert_eq!((runs(stays), runs(goes)), (vec![2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], vec![1, 3]));
        let young: Vec<_> = (1..=13).map(|run| kept(run, "17")).collect();
        assert!(split(young, "", now).1.is_empty());
        assert!(split(old[..10].to_vec(), "", now).1.is_empty());
    }
}
