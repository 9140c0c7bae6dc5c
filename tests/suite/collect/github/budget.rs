//! What nights cost: requests and points for an organisation of 10,000 repositories, against their budgets.

use milepost::day::Length;
use milepost::settings::Github;

use super::super::{Place, reason};
use super::hub::Hub;
use super::world::World;
use super::{asked, repository, world};

/// The budgets of nights: requests and points the first time, requests when one in a hundred changed.
const COLD: (u64, u64) = (220, 300);
const WARM: u64 = 110;
const BETWEEN_SWEEPS: u64 = 15;

/// Ten thousand repositories, each with a descriptor that names a runbook and an architecture.
fn organisation() -> World {
    let one = |number: usize| {
        let mut one = repository(number, &format!("s{number}"));
        let record = format!("serviceId: s{number}\ndoc: docs/runbook.md\ndoc: docs/architecture.md\n");
        let (runbook, architecture) = (format!("# Runbook {number}\n"), format!("# Architecture {number}\n"));
        one.commit(
            "2026-01-05",
            &[
                ("service.yaml", &record),
                ("docs/runbook.md", &runbook),
                ("docs/architecture.md", &architecture),
            ],
        );
        one
    };
    world((0..10_000).map(one).collect())
}

#[test]
fn ten_thousand_repositories_are_read_within_the_budget() {
    let hub = Hub::serve(organisation());
    let place = Place::new();
    let cold = place.collect_hub(&hub);
    assert_eq!((reason(&cold), cold.files.len()), ("", 30_000));
    let spent = hub.spent();
    assert_eq!(
        spent,
        (100 + 84 + 8, 100 + 167 + 8 * 2),
        "the pages of the list, then two documents each, 240 at once, and 1,920 first changes"
    );
    assert!(spent.0 <= COLD.0 && spent.1 <= COLD.1);

    hub.change(|world| {
        for one in world.repositories.iter_mut().step_by(100) {
            one.commit("2026-02-01", &[("docs/runbook.md", "# Moved\n")]);
        }
    });
    let warm = place.collect_hub(&hub);
    assert_eq!((reason(&warm), warm.files.len()), ("", 30_000));
    let spent = hub.spent();
    assert_eq!(
        spent,
        (100 + 1 + 1 + 8, 100 + 1 + 2 + 8 * 2),
        "the pages of the list, what changed, what it names, and more first changes"
    );
    assert!(spent.0 <= WARM);

    hub.change(|world| {
        for one in world.repositories.iter_mut().skip(1).step_by(100) {
            one.commit("2026-03-01", &[("docs/runbook.md", "# Moved again\n")]);
        }
    });
    let between = place.collect_asked(Github { sweep: Length::parse("7d"), ..asked(&hub) });
    assert_eq!((reason(&between), between.files.len()), ("", 30_000));
    let spent = hub.spent();
    assert_eq!(
        spent,
        (2 + 1 + 8, 2 + 2 + 8 * 2),
        "what was pushed, a page on which nothing was, what is named, and more first changes"
    );
    assert!(spent.0 <= BETWEEN_SWEEPS);
}

#[test]
fn what_happened_to_ten_thousand_repositories_is_told_within_the_budget() {
    let mut organisation = organisation();
    for number in 0..10_000 {
        let id = format!("R_{number:06}");
        for day in 1..=20 {
            organisation.happened.check(&id, &format!("2026-11-{day:02}T10:00:00Z"), Some("SUCCESS"));
        }
        for day in [3, 10, 17] {
            organisation.happened.deploy(
                &id,
                "prod",
                &format!("2026-11-{day:02}T10:00:00Z"),
                &["SUCCESS", "INACTIVE"],
            );
        }
        organisation.happened.deploy(&id, "prod", "2026-11-20T10:00:00Z", &["SUCCESS"]);
    }
    let hub = Hub::serve(organisation);
    let place = Place::new();
    let cold = place.collect_active(&hub);
    assert_eq!((reason(&cold), cold.activities.len()), ("", 20_000));
    let spent = hub.spent();
    let (read, happened) = ((100 + 84 + 8, 100 + 167 + 8 * 2), 200 + 300);
    assert_eq!(
        spent,
        (read.0 + happened, read.1 + happened),
        "fifty repositories each, then how a hundred ended each that were replaced"
    );
    let warm = place.collect_active(&hub);
    assert_eq!(
        (hub.spent(), &warm.activities),
        ((100 + 200 + 8, 100 + 200 + 8 * 2), &cold.activities),
        "how they ended is known"
    );
}
