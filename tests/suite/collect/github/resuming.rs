//! A night that was ended at any moment goes on from there.

use super::super::{Place, reason};
use super::hub::{Fault, Hub};
use super::{service, world};

#[test]
fn a_night_that_was_ended_goes_on() {
    let hub = Hub::serve(world((0..250).map(|number| service(number, &format!("s{number}"))).collect()));
    let whole = Place::new().collect_hub(&hub);
    let cold = hub.spent().0;
    for number in 1..=cold {
        let place = Place::new();
        hub.fail_at(number, Fault::Unauthorized);
        place.collect_hub(&hub);
        hub.spent();
        let snapshot = place.collect_hub(&hub);
        assert_eq!(reason(&snapshot), "", "ended at request {number}");
        assert_eq!(snapshot.files, whole.files, "ended at request {number}");
        let again = hub.spent().0;
        // The list is asked for anew, for it may have changed; at most one page of roots is read twice.
        assert!(again <= cold + 1, "{again} requests after the end at request {number}, {cold} at once");
    }
}
