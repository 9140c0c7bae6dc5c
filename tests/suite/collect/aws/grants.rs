//! Each grant of the policies that we ship, taken away alone: exactly what the README says becomes unknown, nothing else
//! changes, and nothing is gone. At the stand-in, and at moto with its rights checked, which `tests/validators/grants.py`
//! serves when `MILEPOST_TESTS_NEED_MOTO_RIGHTS` names its description.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use milepost::collect::snapshot::Snapshot;
use milepost::collect::{self, Silent};
use milepost::settings::{
    Aws, AwsAccess, AwsAlso, AwsCredentials, AwsEndpoint, AwsResources, Secret, Settings,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{Place, named, reason};
use super::cloud::Cloud;
use super::{REGIONS, asked, id, organisation};

/// What may be known, by name: the beginning says of which kind it is.
type Known = BTreeMap<String, Option<String>>;

/// The beginnings of what is unknown without `grant`. Every grant has to be here, and in the table of the README.
fn lost_without(grant: &str) -> &'static [&'static str] {
    match grant {
        "organizations:ListAccounts" => &["account ", "unit of ", "tags of "],
        "organizations:ListRoots"
        | "organizations:ListOrganizationalUnitsForParent"
        | "organizations:ListAccountsForParent" => &["unit of "],
        "organizations:ListTagsForResource" => &["tags of "],
        "organizations:ListPolicies"
        | "organizations:DescribePolicy"
        | "organizations:ListTargetsForPolicy" => &["tag policies"],
        "sts:AssumeRole" => &["resources of ", "blind spot of "],
        "tag:GetResources" => &["resources of "],
        "resource-explorer-2:GetIndex" | "resource-explorer-2:Search" | "resource-explorer-2:GetView" => {
            &["blind spot of "]
        }
        _ => {
            panic!("{grant} has no expectation: say here, and in the README, what becomes unknown without it")
        }
    }
}

/// The grants of a policy that we ship.
fn grants(policy: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/policies").join(policy);
    let policy: Value = serde_json::from_slice(&std::fs::read(path).expect("a policy")).expect("JSON");
    let statements = policy["Statement"].as_array().expect("statements");
    let actions = statements.iter().flat_map(|statement| match &statement["Action"] {
        Value::Array(actions) => actions.clone(),
        one => vec![one.clone()],
    });
    actions.map(|action| action.as_str().expect("an action").to_owned()).collect()
}

/// What `snapshot` knows of `accounts`; nothing of what its listings do not have.
fn known(snapshot: &Snapshot, accounts: &[String]) -> Known {
    let mut known = Known::new();
    for listing in &snapshot.tag_policies {
        let policies = listing.answer.as_ref().ok().map(|policies| format!("{policies:?}"));
        known.insert("tag policies".to_owned(), policies);
    }
    for id in accounts {
        let account = snapshot.accounts.iter().find(|account| *account.id == **id);
        let with = |what: Option<String>| account.and(what);
        known.insert(format!("account {id}"), with(account.map(|one| format!("{} {}", one.name, one.state))));
        known.insert(
            format!("unit of {id}"),
            with(account.and_then(|one| one.unit.as_deref().map(str::to_owned))),
        );
        known.insert(
            format!("tags of {id}"),
            with(account.and_then(|one| one.tags.as_ref().map(|tags| format!("{tags:?}")))),
        );
        for count in snapshot.untagged.iter().filter(|count| *count.account == **id) {
            let counted = count.answer.as_ref().ok().map(|counted| format!("{counted:?}"));
            known.insert(format!("blind spot of {id}"), counted);
        }
        for listing in snapshot.tag_listings.iter().filter(|listing| *listing.account == **id) {
            let resources = listing.answer.as_ref().ok().map(|resources| format!("{resources:?}"));
            known.insert(format!("resources of {id} in {}", listing.region), resources);
        }
    }
    known
}

/// Compares what is known without `grant` with what is known with it. `of` is whose resources it is about.
fn compare(whole: &Known, without: &Known, grant: &str, of: Option<&str>) {
    let lost = |name: &str| {
        let is_of = of.is_none_or(|account| name.contains(account));
        is_of && lost_without(grant).iter().any(|kind| name.starts_with(kind))
    };
    for (name, value) in whole {
        assert!(value.is_some(), "{name} is known with all grants");
        let expected = value.as_ref().filter(|_| !lost(name));
        assert_eq!(without.get(name).cloned().flatten().as_ref(), expected, "{name} without {grant}");
    }
    assert!(without.keys().all(|name| whole.contains_key(name)), "nothing is invented without {grant}");
}

/// Nothing is said to be gone: accounts and resources are as they were known the night before.
fn nothing_is_gone(mut night: Snapshot, before: &Snapshot, accounts: &[String], grant: &str) {
    night.carry_over(before, None);
    let now = known(&night, accounts);
    for (name, value) in known(before, accounts) {
        // Where an account lies and its tags are unknown at once, because they have no age of their own.
        let is_detail = name.starts_with("unit of ") || name.starts_with("tags of ");
        assert!(now[&name] == value || is_detail && now[&name].is_none(), "{name} the night without {grant}");
    }
    assert!(night.sources.iter().all(|source| source.withheld.is_none()), "{grant}");
}

#[test]
fn the_readme_says_what_becomes_unknown_without_each_grant() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("text");
    let mut said = BTreeSet::new();
    for (policy, file) in [("crawl", "crawl.json"), ("member-read", "member-read.json")] {
        for grant in grants(file) {
            let row =
                readme.lines().find(|line| line.starts_with("| ") && line.contains(&format!("`{grant}`")));
            let cells: Vec<&str> =
                row.unwrap_or_else(|| panic!("{grant} is in no table")).split('|').collect();
            assert_eq!(cells[2].trim(), policy, "{grant}");
            assert!(!lost_without(&grant).is_empty());
            said.insert(grant);
        }
    }
    let rows = readme.lines().filter(|line| line.contains("| crawl |") || line.contains("| member-read |"));
    let listed = rows.flat_map(|row| row.split('|').nth(1).expect("a cell").split('`').skip(1).step_by(2));
    assert_eq!(listed.map(str::to_owned).collect::<BTreeSet<_>>(), said, "the table has no other grants");
}

#[test]
fn each_grant_taken_away_at_the_stand_in_makes_its_own_unknown() {
    let mut world = organisation(2, 3);
    // Otherwise nobody needs to ask where accounts lie.
    world.tells_paths = false;
    world.policies.push(("p-costs001", "Costs", "{}".to_owned(), vec!["r-root"]));
    let accounts = [id(0), id(1)];
    for account in &accounts {
        for region in REGIONS {
            world.index(account, region, json!({ "Type": "LOCAL", "State": "ACTIVE" }), 7);
        }
    }
    let cloud = Cloud::serve(world.clone());
    let with_ids = |cloud: &Cloud| Aws {
        include: accounts.iter().map(|id| id.as_str().into()).collect(),
        also: vec![AwsAlso::Policies, AwsAlso::Untagged],
        ..asked(cloud)
    };
    let before = Place::new().collect_aws(with_ids(&cloud));
    let whole = known(&before, &accounts);
    for grant in ["crawl.json", "member-read.json"].into_iter().flat_map(grants) {
        let mut without = world.clone();
        match grant.split_once(':').expect("a service and an action").1 {
            "AssumeRole" => without.closed.extend(accounts.clone()),
            action => without.denied.extend([&*action.to_owned().leak()]),
        }
        let night = Place::new().collect_aws(with_ids(&Cloud::serve(without)));
        assert!(reason(&night).contains("AccessDenied"), "{grant}: {}", reason(&night));
        compare(&whole, &known(&night, &accounts), &grant, None);
        nothing_is_gone(night, &before, &accounts, &grant);
    }
}

/// What moto holds that checks rights.
#[derive(Deserialize)]
struct Truth {
    address: String,
    regions: Vec<Box<str>>,
    key: Key,
    /// The crawl role with all grants, and others that lack one each.
    role: Box<str>,
    crawl_without: BTreeMap<String, Box<str>>,
    /// Accounts whose role has all grants, and others whose role lacks one each.
    accounts: Vec<String>,
    member_without: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Key {
    id: Box<str>,
    secret: String,
}

impl Truth {
    fn read() -> Option<Self> {
        let path = std::env::var_os("MILEPOST_TESTS_NEED_MOTO_RIGHTS")?;
        let text = std::fs::read(path).expect("what grants.py wrote");
        Some(serde_json::from_slice(&text).expect("what grants.py wrote"))
    }

    /// A night as `role`, of `accounts`.
    fn collect(&self, role: &str, accounts: &[String]) -> Snapshot {
        let asked = Aws {
            resources: AwsResources::Accounts,
            role: Some(role.into()),
            member_role: Aws::MEMBER_ROLE.into(),
            external_id: None,
            regions: self.regions.clone(),
            include: accounts.iter().map(|id| id.as_str().into()).collect(),
            exclude: Vec::new(),
            also: vec![AwsAlso::Policies],
            endpoint: Some(AwsEndpoint::parse(&self.address, true).expect("an address")),
        };
        let place = Place::new();
        let settings = place.aws_settings(asked);
        let credentials =
            AwsCredentials::Keys { id: self.key.id.clone(), secret: Secret::new(&self.key.secret) };
        let aws = AwsAccess { credentials, ..settings.aws.clone() };
        collect::collect(&Settings { aws, ..settings }, &named, &Silent)
    }
}

#[test]
fn each_grant_taken_away_at_moto_makes_its_own_unknown() {
    let Some(truth) = Truth::read() else { return };
    let before = truth.collect(&truth.role, &truth.accounts);
    assert_eq!(reason(&before), "", "with all grants nothing is refused");
    let whole = known(&before, &truth.accounts);
    let shipped: BTreeSet<String> = grants("crawl.json").into_iter().collect();
    assert_eq!(truth.crawl_without.keys().cloned().collect::<BTreeSet<_>>(), shipped);
    for (grant, role) in &truth.crawl_without {
        let night = truth.collect(role, &truth.accounts);
        // moto refuses in XML whoever asks in JSON, so its code is not seen.
        assert!(reason(&night).contains("HTTP 403"), "{grant}: {}", reason(&night));
        compare(&whole, &known(&night, &truth.accounts), grant, None);
        nothing_is_gone(night, &before, &truth.accounts, grant);
    }
    // moto has no Resource Explorer.
    let member = grants("member-read.json").into_iter();
    let shipped: BTreeSet<String> =
        member.filter(|grant| !grant.starts_with("resource-explorer-2:")).collect();
    assert_eq!(truth.member_without.keys().cloned().collect::<BTreeSet<_>>(), shipped);
    for (grant, account) in &truth.member_without {
        let accounts = [truth.accounts.clone(), vec![account.clone()]].concat();
        let night = truth.collect(&truth.role, &accounts);
        assert!(reason(&night).contains("HTTP 403"), "{grant}: {}", reason(&night));
        compare(&whole, &known(&night, &truth.accounts), grant, Some(account));
        let of_account = known(&night, std::slice::from_ref(account));
        for (name, value) in of_account {
            let is_lost = lost_without(grant).iter().any(|kind| name.starts_with(kind));
            assert_eq!(value.is_none(), is_lost, "{name} without {grant}");
        }
    }
}
