//! Tag policies: all of them with where they are attached, or unknown with why.

use milepost::collect::snapshot::{ObservedTagPolicy, PolicyTarget, Snapshot, SourceState};
use milepost::settings::{Aws, AwsAlso};

use super::super::{Place, reason, report};
use super::cloud::{Cloud, Fault};
use super::world::World;
use super::{asked, listings, organisation};

const COSTS: &str = r#"{"tags":{"costcenter":{"tag_key":{"@@assign":"CostCenter"}}}}"#;

/// Two accounts, and three policies: more than a page holds.
fn world() -> World {
    World {
        policies: vec![
            ("p-costs001", "Costs", COSTS.to_owned(), vec!["r-root", "ou-root-workload", "111111111111"]),
            ("p-broken01", "<b>\u{202e}", "{".to_owned(), Vec::new()),
            (
                "p-large001",
                "Large",
                format!("{{\"tags\":\"{}\"}}", "x".repeat(70_000)),
                vec!["ou-root-corecore"],
            ),
        ],
        ..organisation(2, 1)
    }
}

fn collect(cloud: &Cloud) -> Snapshot {
    Place::new().collect_aws(Aws { also: vec![AwsAlso::Policies], ..asked(cloud) })
}

#[test]
fn policies_come_with_what_they_are_attached_to() {
    let snapshot = collect(&Cloud::serve(world()));
    assert_eq!(reason(&snapshot), "");
    let [listing] = &snapshot.tag_policies[..] else { panic!("{:?}", snapshot.tag_policies) };
    let [broken, costs, large] = &listing.answer.as_ref().expect("an answer")[..] else {
        panic!("{listing:?}")
    };
    let target = |id: &str| PolicyTarget { id: id.into(), name: format!("the {id}").into() };
    let targets = ["111111111111", "ou-root-workload", "r-root"].map(target).to_vec();
    assert_eq!(*costs, ObservedTagPolicy::new("p-costs001", "Costs", COSTS, targets));
    assert_eq!((&*broken.name, broken.document.as_deref()), ("<b>\u{202e}", Ok("{")), "it is kept as it is");
    let said = large.document.as_ref().expect_err("it is too large");
    assert!(said.contains("70011 bytes"), "{said}");
}

#[test]
fn nobody_asks_for_policies_unless_the_configuration_does() {
    let cloud = Cloud::serve(world());
    let snapshot = Place::new().collect_cloud(&cloud);
    assert!(snapshot.tag_policies.is_empty());
    assert!(cloud.calls().iter().all(|call| !call.operation.contains("Polic")));
}

#[test]
fn a_refusal_leaves_policies_unknown_and_nothing_else() {
    for operation in ["ListPolicies", "DescribePolicy", "ListTargetsForPolicy"] {
        let snapshot = collect(&Cloud::serve(World { denied: [operation].into(), ..world() }));
        let why = format!("organizations:{operation}: AccessDeniedException");
        let answer = snapshot.tag_policies[0].answer.as_ref();
        assert_eq!(answer.expect_err("it is refused").to_string(), why);
        assert_eq!(reason(&snapshot), format!("the tag policies are not known: {why}"));
        assert_eq!(report(&snapshot).state, SourceState::Partial);
        assert!(listings(&snapshot).iter().all(|(_, _, answer)| answer.is_ok()));
    }
}

#[test]
fn what_fails_on_the_way_is_asked_for_again() {
    let cloud = Cloud::serve(world());
    let whole = collect(&cloud);
    for fault in [Fault::Throttle, Fault::Lost, Fault::HalfBody, Fault::ExpiredToken] {
        for nth in 1..=9 {
            let seen = std::sync::atomic::AtomicUsize::new(0);
            cloud.meddle(move |_, call| {
                let is_one = call.operation.contains("Polic");
                let number = seen.fetch_add(usize::from(is_one), std::sync::atomic::Ordering::SeqCst) + 1;
                (is_one && number == nth).then_some(fault)
            });
            let snapshot = collect(&cloud);
            assert_eq!(snapshot.tag_policies, whole.tag_policies, "call {nth} failed with {fault:?}");
        }
    }
}
