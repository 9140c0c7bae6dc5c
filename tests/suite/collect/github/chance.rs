//! Faults by chance, with seeds that make them come again: one request in five fails, or one answer in three is
//! garbled. What is missing then is said, and what is read is what lies in the repositories.

use std::collections::BTreeSet;

use milepost::collect::snapshot::{Content, Snapshot, SourceState};

use super::super::{Place, reason, report};
use super::hub::{Hub, PASSING};
use super::world::World;
use super::{repository, service, world};

/// How many nights of each kind are tried.
const SEEDS: u64 = 20;

fn organisation() -> World {
    let mut all: Vec<_> = (0..30).map(|number| service(number, &format!("s{number}"))).collect();
    let mut house = repository(30, "house");
    house.commit(
        "2026-01-05",
        &[("services/a/service.yaml", "serviceId: a\ndoc: a.md\n"), ("services/a/a.md", "A")],
    );
    all.push(house);
    world(all)
}

fn texts(snapshot: &Snapshot) -> BTreeSet<String> {
    let text = |content: &Content| match content {
        Content::Text(text) => Some(text.read().to_string()),
        _ => None,
    };
    snapshot.files.iter().filter_map(|file| text(&file.content)).collect()
}

#[test]
fn one_request_in_five_fails_and_nothing_is_lost_or_gone() {
    let hub = Hub::serve(organisation());
    let whole = Place::new().collect_hub(&hub);
    let mut were_whole = 0;
    for seed in 0..SEEDS {
        let place = Place::new();
        hub.meddle(move |request| {
            let chance = mixed(seed, request);
            chance.is_multiple_of(5).then(|| PASSING[(chance / 5 % PASSING.len() as u64) as usize])
        });
        let night = place.collect_hub(&hub);
        hub.meddle(|_| None);
        if reason(&night).is_empty() {
            were_whole += 1;
            assert_eq!(
                (&night.repositories, &night.files),
                (&whole.repositories, &whole.files),
                "seed {seed}"
            );
        } else {
            assert_ne!(report(&night).state, SourceState::Ok, "seed {seed}");
        }
        let next = place.collect_hub(&hub);
        assert_eq!((reason(&next), &next.files), ("", &whole.files), "after seed {seed}");
    }
    assert!(were_whole >= SEEDS - 2, "{were_whole} nights of {SEEDS} were whole");
}

#[test]
fn garbled_answers_bring_in_nothing_that_is_not_there() {
    let hub = Hub::serve(organisation());
    let whole = texts(&Place::new().collect_hub(&hub));
    for seed in 0..SEEDS * 5 {
        let place = Place::new();
        hub.garble(move |request, body| {
            let chance = mixed(seed, request);
            if chance.is_multiple_of(3) && !body.is_empty() {
                let at = (chance / 3) as usize % body.len();
                // A letter stays a letter and a digit a digit, so that most answers can still be read.
                body[at] = match body[at] {
                    b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => body[at] + 1,
                    other => other,
                };
            }
        });
        let night = place.collect_hub(&hub);
        let invented: Vec<String> = texts(&night).difference(&whole).cloned().collect();
        assert_eq!(invented, Vec::<String>::new(), "seed {seed}");
        hub.garble(|_, _| ());
    }
}

/// Two numbers well mixed.
fn mixed(seed: u64, number: u64) -> u64 {
    let mut mixed = (seed << 32 | number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^ (mixed >> 32)
}
