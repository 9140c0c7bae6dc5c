//! What of a service stands first, and what carries no tag any more, in the one pass over all resources.

use super::*;
use crate::catalog::testing::Organisation;

const QUOTE: &[(&str, &str)] = &[("Service", "quote"), ("OwnerTeam", "checkout"), ("CostCenter", "cc-1")];

fn arn(number: usize) -> String {
    format!("arn:aws:sqs:eu-central-1:111122223333:{number:06}")
}

/// So many resources of one service, of which one is contested and one lacks a tag; and one more that lost its tags.
fn totals(count: usize) -> (Catalog, ResourceTotals) {
    let contested: &[(&str, &str)] = &[("Service", "quote"), ("OwnerTeam", "pier"), ("CostCenter", "cc-1")];
    let lacking: &[(&str, &str)] = &[("Service", "quote"), ("OwnerTeam", "checkout")];
    let arns: Vec<String> = (0..=count).map(arn).collect();
    let listed: Vec<(&str, &[(&str, &str)])> = arns
        .iter()
        .enumerate()
        .map(|(number, arn)| match count - number {
            0 => (&**arn, &[][..]),
            1 => (&**arn, contested),
            2 => (&**arn, lacking),
            _ => (&**arn, QUOTE),
        })
        .collect();
    let catalog = Organisation::default()
        .catalog(
            "policy/tags.yaml",
            "required:\n  - {key: Service, from: serviceId}\n  - {key: OwnerTeam, from: ownerTeam}\n  \
             - {key: CostCenter, from: costCenter}\n",
        )
        .catalog("teams/all.yaml", "- {teamId: checkout}\n- {teamId: pier}\n")
        .descriptor(
            "parcels/quote",
            "service.yaml",
            "serviceId: quote\nownerTeam: checkout\ncostCenter: cc-1\naccountId: \"111122223333\"\n",
        )
        .listing("111122223333", "eu-central-1", Ok(&listed))
        .resolve();
    let totals = ResourceTotals::of(&catalog, Day::parse("2026-11-21").expect("a day"));
    (catalog, totals)
}

#[test]
fn what_needs_somebody_is_kept_first_however_much_there_is() {
    for count in [4, 3 * FIRST_KEPT, 2 * CHUNK] {
        let (catalog, totals) = totals(count);
        let service = catalog.services.find("quote").expect("it is described");
        let found = &totals.found[&service];
        let first: Vec<u32> = found.first().collect();
        let position = |number: usize| u32::try_from(number).expect("few");
        // What is contested, then what lacks tags, by ARN; the account makes the bare one the service's too.
        let pressing = [count - 1, count - 2, count].map(position);
        assert_eq!(first[..3], pressing, "of {count}");
        assert_eq!(first.len(), (count + 1).min(FIRST_KEPT));
        let rest: Vec<u32> = (0..position(first.len() - 3)).collect();
        assert_eq!(first[3..], rest, "the others stand by ARN");
        assert_eq!(catalog.services[service].resources.len(), count + 1, "all of them are counted");
    }
}

#[test]
fn what_lost_its_tags_is_counted_where_it_lies() {
    let (_, totals) = totals(4);
    let account = AccountId::new("111122223333").expect("an id");
    let found = totals.in_account(&account).expect("something lies there");
    assert_eq!((totals.all.bare, found.regions["eu-central-1"].bare, totals.all.resources), (1, 1, 5));
}
