//! What is said where nobody could look: it is unknown, and never that nobody is there.

use std::sync::Arc;

use super::*;
use crate::assess::who::questions::Subject;
use crate::assess::{Answer, Assessment};
use crate::catalog::testing::Organisation;
use crate::collect::snapshot::{ObservedResource, ReportedTags, RepositoryState};
use crate::day::{Day, Moment};

const ACCOUNT: &str = "111122223333";

fn organisation() -> Organisation {
    let quote: &[(&str, &str)] = &[("Service", "quote")];
    let nobody: &[(&str, &str)] = &[("Service", "stray")];
    Organisation::default()
        .catalog("policy/tags.yaml", "required:\n  - {key: Service, from: serviceId}\n")
        .catalog("teams/checkout.yaml", "teamId: checkout\n")
        .descriptor("parcels/quote", "services/quote/service.yaml", "serviceId: quote\nownerTeam: checkout\n")
        .listing(
            ACCOUNT,
            "eu-central-1",
            Ok(&[
                ("arn:aws:sqs:eu-central-1:111122223333:quote", quote),
                ("arn:aws:sqs:eu-central-1:111122223333:stray", nobody),
            ]),
        )
}

/// The organisation with one more repository, which is in `state`.
fn with_repository(state: RepositoryState) -> Catalog {
    let mut organisation = organisation();
    let index = organisation.repository("parcels/label");
    organisation.snapshot.repositories[index.0 as usize].state = state;
    organisation.resolve()
}

fn notes(catalog: &Catalog, asked: &str) -> Vec<String> {
    Finder::of(catalog).find(asked).notes
}

#[test]
fn only_of_a_repository_that_was_read_is_it_said_that_no_service_lies_in_it() {
    let asked = ["parcels/label", "https://github.com/parcels/label/blob/main/src/main.tf"];
    let read = with_repository(RepositoryState::Read);
    for asked in asked {
        assert_eq!(notes(&read, asked), ["`parcels/label` was read, and no service lies at that path"]);
    }
    let reason: Arc<str> = "it is archived".into();
    let excluded = RepositoryState::Excluded { reason: Arc::clone(&reason), by: None, until: None };
    for state in [excluded, RepositoryState::Unreadable { reason }] {
        let catalog = with_repository(state.clone());
        let finder = Finder::of(&catalog);
        for asked in asked {
            assert!(finder.find(asked).is_unheard_of(), "{asked}, {state:?}: {:?}", finder.find(asked));
        }
        assert_eq!(finder.elsewhere("parcels/label", "parcels/label"), None);
        assert!(!finder.repositories().any(|name| name == "parcels/label"), "{state:?}");
        // The one beside it was read all the same.
        assert_eq!(
            finder.find("parcels/quote/src").notes,
            ["`parcels/quote` was read, and no service lies at that path"]
        );
    }
}

#[test]
fn of_a_repository_with_a_broken_descriptor_it_is_not_said_that_no_service_lies_in_it() {
    let catalog = organisation().descriptor("parcels/label", "service.yaml", "serviceId: [label\n").resolve();
    let unknown =
        "whether a service lies there is unknown: a descriptor in `parcels/label` could not be read";
    assert_eq!(notes(&catalog, "parcels/label/src"), [unknown]);
    assert_eq!(notes(&catalog, "parcels/quote/src").len(), 1, "the one beside it is whole");
    assert!(notes(&catalog, "parcels/quote/src")[0].contains("was read"));
}

#[test]
fn a_tag_that_may_be_carried_where_nobody_could_look_is_unknown() {
    let whole = organisation().resolve();
    assert!(Finder::of(&whole).find("Service=gone").is_unheard_of());
    assert_eq!(notes(&whole, "Service=quote"), Vec::<String>::new());
    let refused = organisation()
        .listing(ACCOUNT, "eu-west-1", Err("AccessDenied"))
        .listing("222222222222", "eu-west-1", Err("AccessDenied"))
        .resolve();
    let gone = Finder::of(&refused).find("Service=gone");
    assert!(gone.held.is_empty());
    assert_eq!(
        gone.notes,
        [
            "2 accounts and regions could not be listed: nothing that was listed carries it, and something there may"
        ]
    );
    let more = "2 accounts and regions could not be listed: more may carry it";
    let known = Finder::of(&refused).find("Service=quote");
    assert_eq!((known.held.len(), &known.notes[..]), (1, &[more.to_owned()][..]));
    // The portal's index asks for a value that was counted before.
    let finder = Finder::of(&refused);
    let carried = carriers::Carried::of(&refused, &finder);
    let counted = carried.get("service=quote").expect("it is carried");
    assert_eq!(finder.carried("service=quote", counted).notes, [more]);
    let stray = notes(&refused, "Service=stray");
    assert_eq!(stray, ["1 resource carries it and nobody is known to own them", more]);
}

#[test]
fn a_resource_that_was_not_found_is_gone_only_where_somebody_looked() {
    let catalog = organisation().listing(ACCOUNT, "eu-west-1", Err("AccessDenied")).resolve();
    let said = |arn: &str| notes(&catalog, arn).concat();
    assert!(said("arn:aws:sqs:eu-central-1:111122223333:other").contains("it is gone, or never had one"));
    for (arn, why) in [
        (
            "arn:aws:sqs:eu-west-1:111122223333:other",
            "refused to list its resources in eu-west-1: AccessDenied",
        ),
        ("arn:aws:sqs:us-east-1:111122223333:other", "was not asked for its resources in us-east-1"),
        ("arn:aws:sqs:eu-west-1:999999999999:other", "account 999999999999 was not asked for its resources"),
        ("arn:aws:s3:::other", "its ARN names no account"),
    ] {
        let said = said(arn);
        assert!(said.starts_with("whether it exists, and which tags it carries, is unknown: "), "{said}");
        assert!(said.contains(why), "{said}");
    }
    assert!(notes(&catalog, ACCOUNT).concat().contains("what lies in it is not all known"));
}

#[test]
fn of_what_carries_a_tag_it_is_said_when_it_is_contested_or_nobody_s() {
    let contested: &[(&str, &str)] = &[("Service", "quote"), ("OwnerTeam", "pier"), ("Stage", "one")];
    let owned: &[(&str, &str)] = &[("Service", "quote"), ("Stage", "two")];
    let nobody: &[(&str, &str)] = &[("Service", "stray"), ("Stage", "two")];
    let arns = ["a", "b", "c", "d"].map(|name| format!("arn:aws:sqs:eu-central-1:{ACCOUNT}:{name}"));
    let tags = [contested, contested, owned, nobody];
    let listed: Vec<_> = arns.iter().map(|arn| &**arn).zip(tags).collect();
    let of = |listed: &[(&str, &[(&str, &str)])]| {
        Organisation::default()
            .catalog(
                "policy/tags.yaml",
                "required:\n  - {key: Service, from: serviceId}\n  - {key: OwnerTeam, from: ownerTeam}\n",
            )
            .catalog("teams/all.yaml", "- {teamId: checkout}\n- {teamId: pier}\n")
            .descriptor("parcels/quote", "service.yaml", "serviceId: quote\nownerTeam: checkout\n")
            .listing(ACCOUNT, "eu-central-1", Ok(listed))
            .resolve()
    };
    let why = "its tag `Service` is `quote`, yet its tag `OwnerTeam` is `pier`";
    let asked = |catalog: &Catalog, asked: &str| {
        let finder = Finder::of(catalog);
        let thing = finder.find(asked);
        let contested: Vec<_> = thing.held.iter().map(|held| held.contested.clone()).collect();
        (contested, finder.subject(asked, &thing).is_some())
    };
    let one = of(&listed[1..]);
    assert_eq!(asked(&one, "OwnerTeam=pier"), (vec![Some(why.to_owned())], false), "as its ARN says");
    let all = of(&listed);
    let first = format!("the first of them is `{}`: {why}", arns[0]);
    assert_eq!(asked(&all, "OwnerTeam=pier"), (vec![Some(first)], false));
    assert_eq!(asked(&all, "Service=quote").0.len(), 2, "those that nobody contests stand apart");
    assert_eq!(asked(&all, "Stage=two"), (vec![None], false), "one carrier is nobody's");
    assert_eq!(asked(&of(&listed[2..3]), "Stage=two"), (vec![None], true));
    // What the portal counted before is told as the command tells it.
    let finder = Finder::of(&all);
    let carried = carriers::Carried::of(&all, &finder);
    let counted = carried.get("ownerteam=pier").expect("it is carried");
    assert_eq!(finder.carried("OwnerTeam=pier", counted), finder.find("OwnerTeam=pier"));
}

#[test]
fn of_a_service_that_may_be_described_where_nobody_could_read_no_answer_is_nobody_s() {
    let arn = "arn:aws:sqs:eu-central-1:111122223333:stray";
    let accounts = "- {accountId: \"111122223333\", name: one, purpose: Trying things.}\n";
    let asked = |organisation: Organisation| {
        let catalog = organisation.catalog("accounts.yaml", accounts).resolve();
        let now = Moment::parse("2026-11-21T05:00:00Z").expect("a moment");
        let assessment = Assessment::of(&catalog, Day::parse("2026-11-21").expect("a day"), now);
        let finder = Finder::of(&catalog);
        let thing = finder.find(arn);
        let subject = finder.subject(arn, &thing).expect("it was found");
        let told = finder.answers(&assessment, subject).expect("it was judged");
        (thing.held[0].because[0].says.clone(), told.map(|(_, answer)| answer.into_owned()))
    };
    let (says, told) = asked(organisation());
    assert_eq!(says, "its tag `Service` is `stray`, and no service is called so");
    assert_eq!((&told[0], &told[2]), (&Answer::Unanswered, &Answer::Unanswered));
    let broken = organisation().descriptor("parcels/label", "service.yaml", "serviceId: [label\n");
    let (says, told) = asked(broken);
    assert_eq!(says, "its tag `Service` is `stray`, and no service that was read is called so");
    let unknown = |answer: &Answer| match answer {
        Answer::Unknown(why) => {
            why.ends_with("the descriptor `service.yaml` in `parcels/label` could not be read")
        }
        _ => false,
    };
    // Why it is there is said by its account, whatever its service is.
    assert!(matches!(told[1], Answer::Answered { .. }), "{told:?}");
    assert!([0, 2, 3, 4, 6].into_iter().all(|question| unknown(&told[question])), "{told:?}");
}

#[test]
fn a_record_is_no_answer_where_tags_may_be_hidden() {
    let label = "serviceId: label\nownerTeam: checkout\ndataStores:\n\
                 - {name: seen, arn: \"arn:aws:sqs:eu-central-1:111122223333:label\"}\n\
                 - {name: hidden, arn: \"arn:aws:sqs:eu-west-1:111122223333:label\"}\n";
    let mut organisation = organisation()
        .catalog("accounts.yaml", "- {accountId: \"111122223333\", name: one, owner: checkout}\n")
        .descriptor("parcels/label", "service.yaml", label)
        .listing(ACCOUNT, "eu-west-1", Err("AccessDenied"))
        .listing(ACCOUNT, "eu-north-1", Ok(&[]));
    // What the tag report lists comes without tags, too.
    organisation.snapshot.tag_listings.last_mut().expect("it was added").answer =
        Ok(vec![ObservedResource {
            arn: "arn:aws:sqs:eu-north-1:111122223333:reported".into(),
            tags: Arc::from([]),
            reported: Some(Arc::new(ReportedTags {
                complies: None,
                noncompliant_keys: Vec::new(),
                keys_with_noncompliant_values: Vec::new(),
            })),
        }]);
    let catalog = organisation.resolve();
    let finder = Finder::of(&catalog);
    let asked = |region: &str, name: &str| {
        let arn = format!("arn:aws:sqs:{region}:111122223333:{name}");
        let thing = finder.find(&arn);
        let held = &thing.held[0];
        assert!(!held.because.is_empty(), "the reasons are what is known");
        let subject = match finder.subject(&arn, &thing) {
            Some(Subject::Service(_)) => "service",
            Some(Subject::Account(_)) => "account",
            _ => "another",
        };
        (held.service.is_some(), held.team.is_some(), subject)
    };
    assert_eq!(asked("eu-central-1", "label"), (true, true, "service"));
    assert_eq!(asked("eu-central-1", "other"), (false, true, "account"));
    for region in ["eu-west-1", "us-east-1", "eu-north-1"] {
        assert_eq!(asked(region, "other"), (false, false, "account"), "{region}");
    }
    assert_eq!(asked("eu-west-1", "label"), (false, false, "account"));
    // The account itself is answered for all the same.
    assert!(finder.find(ACCOUNT).held[0].team.is_some());
}

#[test]
fn whose_a_path_is_remains_unknown_where_a_nearer_descriptor_could_not_be_read() {
    let catalog = organisation()
        .descriptor("Parcels/Label", "service.yaml", "serviceId: label\nownerTeam: checkout\n")
        .descriptor("Parcels/Label", "inner/.milepost/any.yaml", "serviceId: [inner\n")
        .descriptor("Parcels/Label", "inner/deep/service.yaml", "serviceId: deep\nownerTeam: checkout\n")
        .resolve();
    let finder = Finder::of(&catalog);
    let held = |asked: &str| finder.find(asked).held.len();
    let unknown = "whose it is remains unknown: `inner/.milepost/any.yaml` lies nearer to it than any service \
                   that was read, and could not be read";
    for asked in ["parcels/label/inner", "parcels/label/inner/x", "parcels/label/inner/x/y.tf"] {
        assert_eq!((held(asked), notes(&catalog, asked)), (0, vec![unknown.to_owned()]), "{asked}");
    }
    for asked in ["parcels/label/other", "parcels/label/innermost/x", "parcels/label/inner/deep/x"] {
        assert_eq!((held(asked), notes(&catalog, asked)), (1, Vec::new()), "{asked}");
    }
    // The page looks folders up from the innermost one: this one has an answer of its own there.
    assert!(finder.unread_folders().any(|place| place == ("parcels/label", "inner")));
}
