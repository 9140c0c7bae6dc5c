//! What is found, what stands in its place, and what the proof sees.

use super::*;

fn removal(kinds: &[Removable], texts: &[&str]) -> Removal {
    let kinds: BTreeSet<Removable> = kinds.iter().copied().collect();
    let mut found = Found::default();
    texts.iter().for_each(|text| found.text(text));
    Removal::new(kinds, found).expect("few values")
}

const ALL: &[Removable] = Removable::ALL;

#[test]
fn values_are_found_in_any_text_and_replaced_by_what_has_their_shape() {
    let said = "Ask Mira.Ek@example.com (or mailto:desk%40example.org); account: \"012345678901\", \
                arn:aws:dynamodb:eu-central-1:012345678901:table/tickets.\nslack: \"#crossings\"";
    let removal = removal(ALL, &[said]);
    assert_eq!(
        removal.text(said),
        "Ask (email-removed-2) (or mailto:(email-removed-1)); account: \"000000000001\", \
         arn:aws:dynamodb:eu-central-1:000000000001:table/removed-1.\nslack: \"(chat-removed-1)\""
    );
    assert_eq!(
        removal.text("x?arn=arn%3Aaws%3Adynamodb%3Aeu-central-1%3A012345678901%3Atable%2Ftickets"),
        "x?arn=arn%3Aaws%3Adynamodb%3Aeu-central-1%3A000000000001%3Atable%2Fremoved-1"
    );
    let elsewhere = "mira.ek@EXAMPLE.com, mira\\.ek&#64;example.com, 0123-4567-8901, see #crossings";
    assert_eq!(
        removal.text(elsewhere),
        "(email-removed-2), (email-removed-2), 0000-0000-0001, see (chat-removed-1)"
    );
    assert_eq!(removal.counts().into_values().collect::<Vec<_>>(), [2, 1, 1, 1, 0]);
}

#[test]
fn what_only_looks_like_a_value_stays() {
    let said = "git@github.com:example/quote.git, https://user@git.example.com/x, http-service@3, \
                pkg@1.2.0, @mira, 202611210300, a.md#crossings, [x](#crossings), #crossings-alerts";
    let removal = removal(ALL, &[said, "chat: '#crossings'"]);
    assert_eq!(removal.text(said), said);
}

#[test]
fn only_the_kinds_of_the_profile_go() {
    let said = "mira@example.com, arn:aws:sqs:eu-central-1:012345678901:refunds";
    let none_of_account = removal(&[Removable::Arns], &[said]);
    assert_eq!(
        none_of_account.text(said),
        "mira@example.com, arn:aws:sqs:eu-central-1:012345678901:removed-1"
    );
    let only_account = removal(&[Removable::AccountNumbers], &[said]);
    assert_eq!(only_account.text(said), "mira@example.com, arn:aws:sqs:eu-central-1:000000000001:refunds");
}

#[test]
fn stand_ins_of_resources_keep_their_kind() {
    for (arn, stands) in [
        ("arn:aws:s3:::labels", "arn:aws:s3:::removed-1"),
        ("arn:aws:s3:::labels/a/b", "arn:aws:s3:::removed-1/object"),
        (
            "arn:aws:lambda:eu-central-1:012345678901:function:render:7",
            "arn:aws:lambda:eu-central-1:012345678901:function:removed-1",
        ),
        (
            "arn:aws:apigateway:eu-central-1::/restapis/abc",
            "arn:aws:apigateway:eu-central-1::/restapis/removed-1",
        ),
        (
            "arn:aws:sns:eu-central-1:012345678901:alarms:5b2c",
            "arn:aws:sns:eu-central-1:012345678901:removed-1:subscription",
        ),
    ] {
        let removal = removal(&[Removable::Arns], &[arn]);
        let text = removal.text(arn);
        assert_eq!(text, stands);
        let kind = |text: &str| crate::catalog::arn::Arn::parse(text).map(|arn| arn.kind().to_owned());
        assert_eq!(kind(&text), kind(arn));
    }
}

#[test]
fn a_running_number_is_no_account_of_the_organisation() {
    let said = "account: 000000000001, account: 012345678901";
    let removal = removal(&[Removable::AccountNumbers], &[said]);
    assert_eq!(removal.text(said), "account: 000000000002, account: 000000000003");
}

#[test]
fn the_proof_sees_every_spelling_and_says_only_the_kind() {
    let removal =
        removal(ALL, &["o'neil@example.com arn:aws:s3:::labels account: 012345678901 chat: '#crossings'"]);
    for (name, text, kind) in [
        ("a.html", "Ask O&#x27;Neil@example.com", Some("e-mail address")),
        ("a.json", "{\"x\":\"mailto:o%27neil%40example.com\"}", Some("e-mail address")),
        ("a.ics", "BEGIN\r\nX:o'nei\r\n l@example.com", Some("e-mail address")),
        ("a.js", "[\"0123-4567-8901\"]", Some("account number")),
        ("accounts/012345678901.json", "{}", Some("account number")),
        ("b.txt", "see arn:aws:s3:::labels/a/b.", Some("ARN")),
        ("c.txt", "arn:aws:s3:::labels-of-others arn:aws:s3:::l", None),
        ("a.txt", "arn%3Aaws%3As3%3A%3A%3Alabels", Some("ARN")),
        ("b.json", "\"#crossings\"", Some("chat address")),
        ("c.html", "<a href=\"#crossings\">", None),
        ("d.html", "crossings 12345678901", None),
    ] {
        let proof = removal.proof().expect("few values");
        proof.look(name, text.as_bytes(), b"");
        let streamed = removal.proof().expect("few values");
        streamed.look_through(name, &mut text.as_bytes()).expect("bytes");
        match kind {
            Some(kind) => {
                let said = proof.verdict().expect_err(text);
                assert!(said.contains(kind) && !said.contains("0123"), "{said}");
                assert!(name.ends_with(".ics") || streamed.verdict().is_err(), "{text}");
            }
            None => assert_eq!(proof.verdict(), Ok(1), "{text}"),
        }
    }
}

#[test]
fn what_cannot_be_searched_for_is_counted() {
    let kinds = BTreeSet::from([Removable::Chat, Removable::Cost]);
    let mut found = Found::default();
    for (kind, value) in [
        (Removable::Chat, "general"),
        (Removable::Chat, "#ab"),
        (Removable::Chat, "#crossings"),
        (Removable::Cost, "400"),
        (Removable::Cost, "812.40"),
    ] {
        found.add(kind, value);
    }
    let proof = Proof::of(&found, &kinds).expect("few values");
    assert_eq!(*proof.unproven(), BTreeMap::from([(Removable::Chat, 2), (Removable::Cost, 1)]));
    proof.look("a", b"general 400 #ab 1812.40 812.405", b"");
    assert_eq!(proof.verdict(), Ok(1));
    proof.look("c", b"such as 812.40", b"an example: 812.40");
    assert_eq!(proof.verdict(), Ok(2), "it is our own");
    proof.look("b", b"it costs 812.40 EUR, and 812.40", b"an example: 812.40");
    assert_eq!(proof.verdict(), Err("`b` (amount of cost)".to_owned()));
}
