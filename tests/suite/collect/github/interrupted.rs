//! Crawls of GitHub that are told to end: they wait for nothing any more, and the next one asks only for what is
//! missing.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::super::interrupted::{assert_in_order, ended, tell};
use super::hub::Fault;
use super::killed::{a_hundred_and_fifty, milepost, organisation, run};

/// At how many moments a run is told to end.
const MOMENTS: u32 = 6;

#[test]
fn a_crawl_ends_soon_at_any_moment() {
    let hub = a_hundred_and_fifty();
    let place = organisation(&hub);
    let begin = Instant::now();
    let whole = run(&place);
    let length = begin.elapsed();
    let cold = hub.spent().0;
    for moment in 0..MOMENTS {
        std::fs::remove_dir_all(place.at(".milepost")).expect("removed");
        let signal = [Signal::INT, Signal::TERM][moment as usize % 2];
        let child = milepost(&place).spawn().expect("it starts");
        std::thread::sleep(length * moment / MOMENTS);
        tell(&child, signal);
        ended(child, signal);
        assert_in_order(&place.at(""));
        hub.spent();
        let next = run(&place);
        assert_eq!(next.files, whole.files, "told to end after {moment} of {MOMENTS} parts");
        assert!(hub.spent().0 <= cold + 1);
    }
}

#[test]
fn neither_an_answer_nor_a_limit_is_waited_for() {
    for (fault, signal) in [(Fault::Slow, Signal::INT), (Fault::Primary, Signal::TERM)] {
        let hub = a_hundred_and_fifty();
        let place = organisation(&hub);
        // The listing is answered and kept; what is asked then is not.
        hub.meddle(move |number| (number > 2).then_some(fault));
        let child = milepost(&place).spawn().expect("it starts");
        let begin = Instant::now();
        while hub.seen() < 3 {
            assert!(begin.elapsed() < Duration::from_secs(20), "{fault:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(200));
        tell(&child, signal);
        ended(child, signal).expect("it was waiting");
        assert_in_order(&place.at(""));
        assert!(!place.at(".milepost/snapshot").exists(), "half a run is no snapshot");
        hub.meddle(|_| None);
        hub.spent();
        assert_eq!(run(&place).files.len(), 300);
        let (asked, _) = hub.spent();
        assert!(asked <= 4, "{asked} requests for the list, what is missing, and first changes");
    }
}
