//! Recorded answers: what counts as one, and what does not.

use super::*;
use crate::collect::text::Text;

fn outcome_of(files: &[&str]) -> Outcome {
    let (mut outcome, mut records) = (Outcome::default(), Records::default());
    for file in files {
        match read(&Content::Text(Text::new(file))) {
            Ok(reading) => records.add(reading),
            Err(reason) => outcome.shortfalls.push(reason),
        }
    }
    records.finish(&"recorded".into(), &mut outcome);
    outcome
}

fn page(day: u32, arns: &[&str], token: &str) -> String {
    let list: Vec<_> =
        arns.iter().map(|arn| format!(r#"{{"ResourceARN": "{arn}", "New": 1, "Tags": []}}"#)).collect();
    format!(
        r#"{{"operation": "tagging:GetResources", "account": "012345678901", "region": "eu-central-1",
            "collectedAt": "2026-11-{day:02}T03:10:00.5Z",
            "answer": {{"ResourceTagMappingList": [{}], "PaginationToken": "{token}"}}}}"#,
        list.join(", ")
    )
}

fn arns(outcome: &Outcome) -> Vec<&str> {
    let listing = outcome.tag_listings.first().expect("a listing");
    listing.answer.as_ref().expect("an answer").iter().map(|resource| &*resource.arn).collect()
}

#[test]
fn pages_make_one_listing() {
    let file = format!("[{}, {}]", page(20, &["b", "a"], "more"), page(20, &["c", "a"], ""));
    let outcome = outcome_of(&[&file]);
    assert_eq!(arns(&outcome), ["a", "b", "c"]);
    assert!(outcome.shortfalls.is_empty());
    assert_eq!(outcome.asked_at.map(|at| at.to_string()).as_deref(), Some("2026-11-20T03:10:00Z"));
}

#[test]
fn a_listing_without_its_last_page_is_no_listing() {
    let outcome = outcome_of(&[&page(20, &["a"], "more")]);
    assert!(outcome.tag_listings[0].answer.is_err());
    assert_eq!(outcome.shortfalls.len(), 1);
}

#[test]
fn a_refused_page_refuses_the_listing() {
    let refused = r#"{"operation": "tagging:GetResources", "account": "012345678901", "region": "eu-central-1",
        "collectedAt": "2026-11-20T03:10:00Z", "error": "AccessDenied"}"#;
    let outcome = outcome_of(&[&format!("[{}, {refused}]", page(20, &["a"], "more"))]);
    assert_eq!(outcome.tag_listings.len(), 1);
    assert_eq!(outcome.tag_listings[0].answer, Err("AccessDenied".into()));
}

#[test]
fn the_newer_of_two_listings_counts_whatever_the_order() {
    let (old, new) = (page(19, &["old"], ""), page(20, &["new"], ""));
    for files in [[&*old, &*new], [&*new, &*old]] {
        assert_eq!(arns(&outcome_of(&files)), ["new"]);
    }
}

#[test]
fn a_file_of_the_wrong_shape_is_refused_as_a_whole() {
    let no_account = page(20, &["a"], "").replace("012345678901", "12345678901");
    let no_list = page(20, &["a"], "").replace("ResourceTagMappingList", "Resources");
    let no_state = r#"{"operation": "organizations:ListAccounts", "collectedAt": "2026-11-20T03:10:00Z",
        "answer": {"Accounts": [{"Id": "012345678901", "Name": "a", "Status": "ACTIVE"}]}}"#;
    let no_answer = r#"{"operation": "tagging:GetResources", "collectedAt": "2026-11-20T03:10:00Z"}"#;
    for bad in [&*no_account, &*no_list, no_state, no_answer, "", "[", "{}", "<html>"] {
        let outcome = outcome_of(&[bad, &page(20, &["good"], "")]);
        assert_eq!(outcome.shortfalls.len(), 1, "{bad}");
        assert_eq!(arns(&outcome), ["good"], "{bad}");
    }
}

#[test]
fn accounts_carry_their_state_and_path() {
    let outcome = outcome_of(&[r#"{"operation": "organizations:ListAccounts",
        "collectedAt": "2026-11-20T03:10:00Z", "answer": {"Accounts": [
          {"Id": "222222222222", "Name": "b", "State": "SUSPENDED"},
          {"Id": "111111111111", "Name": "a", "State": "ACTIVE", "Paths": ["o-example/r-x/"]}]}}"#]);
    let shown: Vec<_> = outcome
        .accounts
        .iter()
        .map(|account| (&*account.id, &*account.state, account.path.as_deref()))
        .collect();
    assert_eq!(
        shown,
        [("111111111111", "ACTIVE", Some("o-example/r-x/")), ("222222222222", "SUSPENDED", None)]
    );
}

/// An answer about tag policies: of the one called `p-1`, unless all are listed.
fn about_policies(operation: &str, day: u32, answer: &str) -> String {
    format!(
        r#"{{"operation": "organizations:{operation}", "policy": "p-1",
            "collectedAt": "2026-11-{day:02}T03:00:00Z", {answer}}}"#
    )
}

fn listed(day: u32, ids: &[&str], token: &str) -> String {
    let ids: Vec<_> = ids.iter().map(|id| format!(r#"{{"Id": "{id}", "Name": "Costs"}}"#)).collect();
    let page = format!(r#""answer": {{"Policies": [{}], "NextToken": "{token}"}}"#, ids.join(", "));
    about_policies("ListPolicies", day, &page)
}

fn described(day: u32, document: &str) -> String {
    about_policies("DescribePolicy", day, &format!(r#""answer": {{"Policy": {{"Content": "{document}"}}}}"#))
}

fn attached(day: u32, target: &str, token: &str) -> String {
    let page = format!(r#""answer": {{"Targets": [{{"TargetId": "{target}"}}], "NextToken": "{token}"}}"#);
    about_policies("ListTargetsForPolicy", day, &page)
}

fn recorded(calls: &[String]) -> String {
    format!("[{}]", calls.join(", "))
}

/// Documents with what they are attached to, or why they are not known.
fn policies(files: &[&str]) -> Result<Vec<String>, String> {
    let outcome = outcome_of(files);
    let [listing] = &outcome.tag_policies[..] else { panic!("one listing of policies") };
    let answer = listing.answer.as_ref().map_err(ToString::to_string)?;
    let shown = answer.iter().map(|policy| {
        let targets: Vec<&str> = policy.targets.iter().map(|target| &*target.id).collect();
        format!("{}: {:?} at {}", policy.id, policy.document, targets.join(", "))
    });
    Ok(shown.collect())
}

#[test]
fn what_a_policy_is_attached_to_counts_only_whole() {
    let both = recorded(&[
        listed(20, &["p-1"], ""),
        described(20, "a"),
        attached(20, "r-1", "more"),
        attached(20, "ou-1", ""),
    ]);
    assert_eq!(policies(&[&both]), Ok(vec![r#"p-1: Ok("a") at ou-1, r-1"#.to_owned()]));
    let cut = recorded(&[listed(20, &["p-1"], ""), described(20, "a"), attached(20, "r-1", "more")]);
    let why = "organizations:ListTargetsForPolicy of `p-1`: the recording ends before the last page";
    assert_eq!(policies(&[&cut]), Err(why.to_owned()));
    assert_eq!(outcome_of(&[&cut]).shortfalls, [why]);
    // The rest in another file is not known to follow.
    assert!(policies(&[&cut, &attached(19, "ou-1", "")]).is_err());
    let cut = recorded(&[listed(20, &["p-1"], "more"), described(20, "a"), attached(20, "r-1", "")]);
    let why = "organizations:ListPolicies: the recording ends before the last page";
    assert_eq!(policies(&[&cut]), Err(why.to_owned()));
    assert_eq!(
        policies(&[&described(20, "a")]),
        Err("organizations:ListPolicies is not recorded".to_owned())
    );
}

#[test]
fn of_each_question_about_policies_the_newer_answer_counts_whatever_the_order() {
    let old = recorded(&[
        listed(18, &["p-1", "p-gone"], ""),
        described(18, "old"),
        attached(18, "r-old", ""),
        about_policies("DescribePolicy", 18, r#""error": "AccessDeniedException""#),
    ]);
    let new = recorded(&[listed(20, &["p-1"], ""), described(20, "new")]);
    let newest = attached(21, "r-new", "");
    for files in [[&*old, &*new, &*newest], [&*newest, &*new, &*old], [&*new, &*newest, &*old]] {
        assert_eq!(policies(&files), Ok(vec![r#"p-1: Ok("new") at r-new"#.to_owned()]));
    }
    let refused = about_policies("ListTargetsForPolicy", 22, r#""error": "AccessDeniedException""#);
    for files in [[&*refused, &*new, &*newest], [&*newest, &*new, &*refused]] {
        let why = "organizations:ListTargetsForPolicy of `p-1`: AccessDeniedException";
        assert_eq!(policies(&files), Err(why.to_owned()));
    }
}

/// An answer of Resource Explorer in one account and `region`.
fn explored(operation: &str, region: &str, day: u32, answer: &str) -> String {
    format!(
        r#"{{"operation": "resource-explorer-2:{operation}", "account": "012345678901", "region": "{region}",
            "query": "tag:none", "collectedAt": "2026-11-{day:02}T03:00:00Z", {answer}}}"#
    )
}

/// An index of this type that found so many.
fn index(region: &str, day: u32, kind: &str, found: u64) -> [String; 3] {
    let view = r#""answer": {"View": {"Scope": "arn:aws:iam::012345678901:root", "IncludedProperties": [{"Name": "tags"}]}}"#;
    let kind =
        format!(r#""answer": {{"Type": "{kind}", "State": "ACTIVE", "ReplicatingFrom": ["us-east-1"]}}"#);
    let count =
        format!(r#""answer": {{"Count": {{"TotalResources": {found}, "Complete": true}}, "Resources": []}}"#);
    [("GetIndex", &*kind), ("Search", &*count), ("GetView", view)]
        .map(|(operation, answer)| explored(operation, region, day, answer))
}

/// What carries no tag in the account, or why nobody can say.
fn untagged(files: &[&str]) -> Result<(u64, Vec<String>, Vec<String>), String> {
    let outcome = outcome_of(files);
    let [count] = &outcome.untagged[..] else { panic!("one account: {:?}", outcome.shortfalls) };
    let counted = count.answer.as_ref().map_err(ToString::to_string)?;
    let regions = counted.regions.iter().map(ToString::to_string).collect();
    Ok((counted.resources, regions, outcome.shortfalls))
}

#[test]
fn what_carries_no_tag_is_counted_as_the_recorded_indices_say() {
    let (here, there) = (index("eu-central-1", 20, "LOCAL", 3), index("us-east-1", 20, "LOCAL", 4));
    let both = [&here[..], &there[..]].concat();
    let regions = || vec!["eu-central-1".to_owned(), "us-east-1".to_owned()];
    assert_eq!(untagged(&[&recorded(&both)]), Ok((7, regions(), Vec::new())));
    // Answers may lie in as many files, and an aggregator counts for all that it has.
    let aggregator = index("eu-central-1", 21, "AGGREGATOR", 9);
    let files: Vec<&str> = aggregator.iter().chain(&there).map(|file| &**file).collect();
    assert_eq!(untagged(&files), Ok((9, regions(), Vec::new())));
    // The newer answer counts, whatever the order.
    let newer = index("us-east-1", 21, "LOCAL", 5);
    for files in [[&both, &newer[..].to_vec()], [&newer[..].to_vec(), &both]] {
        let files = files.map(|calls| recorded(calls));
        assert_eq!(untagged(&[&files[0], &files[1]]), Ok((8, regions(), Vec::new())));
    }
}

#[test]
fn what_was_refused_or_not_recorded_is_not_counted() {
    let [index, search, view] = index("eu-central-1", 20, "LOCAL", 3);
    let refused = |operation: &str, error: &str| {
        explored(operation, "eu-central-1", 21, &format!(r#""error": "{error}""#))
    };
    for (calls, why) in [
        (
            vec![&refused("GetIndex", "ResourceNotFoundException"), &search],
            "Resource Explorer has no index there",
        ),
        (vec![&search, &view], "resource-explorer-2:GetIndex is not recorded"),
        (vec![&index, &view], "resource-explorer-2:Search is not recorded"),
        (vec![&index, &search], "resource-explorer-2:GetView is not recorded"),
        (
            vec![&index, &search, &view, &refused("Search", "AccessDeniedException")],
            "resource-explorer-2:Search: AccessDeniedException",
        ),
    ] {
        let file = recorded(&calls.into_iter().cloned().collect::<Vec<_>>());
        assert_eq!(untagged(&[&file]), Err(why.to_owned()));
        let said = format!("what carries no tag in `012345678901` was not counted: {why}");
        assert_eq!(outcome_of(&[&file]).shortfalls, [said]);
    }
    let unasked = refused("Search", "AccessDeniedException").replace("\"query\": \"tag:none\",", "");
    let file = recorded(&[index, view, unasked]);
    let why = "resource-explorer-2:Search: AccessDeniedException";
    assert_eq!(untagged(&[&file]), Err(why.to_owned()), "a refusal needs no question");
}

#[test]
fn a_count_that_cannot_be_used_takes_no_listing_along() {
    let [index, search, _] = index("eu-central-1", 20, "LOCAL", 4);
    let listing = r#"{"operation": "tagging:GetResources", "account": "012345678901", "region": "eu-central-1",
        "collectedAt": "2026-11-20T03:00:00Z", "answer": {"ResourceTagMappingList": []}}"#;
    for (odd, why) in [
        (search.replace("tag:none", "service:ec2"), "`query` is not `tag:none`, and nothing else is counted"),
        (
            search.replace("\"query\": \"tag:none\",", ""),
            "`query` is not `tag:none`, and nothing else is counted",
        ),
        (search.replace("012345678901", "1"), "`account` is no twelve digits"),
        (index.replace("\"region\": \"eu-central-1\",", ""), "`region` is missing"),
    ] {
        let file = recorded(&[odd, listing.to_owned()]);
        let outcome = outcome_of(&[&file]);
        assert_eq!((outcome.tag_listings.len(), outcome.untagged.len()), (1, 0), "{why}");
        assert!(outcome.shortfalls.is_empty(), "{:?}", outcome.shortfalls);
        let reading = read(&Content::Text(Text::new(&file))).expect("it is read");
        let [note] = &*reading.unread else { panic!("{:?}", reading.unread) };
        assert!(note.ends_with(&format!(" is not read: {why}")), "{note}");
    }
}
