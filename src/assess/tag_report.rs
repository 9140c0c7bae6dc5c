//! What the tag report of AWS says of the tags of a resource, in words: it is shown as what AWS says, and decides nothing.

use crate::collect::snapshot::ReportedTags;
use crate::words;

/// Keys named at most.
const NAMED: usize = 8;

/// What AWS says, when it says anything.
pub fn words(reported: &ReportedTags) -> Option<String> {
    let ReportedTags { complies, noncompliant_keys, keys_with_noncompliant_values } = reported;
    let complies = complies.map(|complies| match complies {
        true => "its tags comply with the tag policies".to_owned(),
        false => "its tags do not comply with the tag policies".to_owned(),
    });
    let named = |what: &str, keys: &[std::sync::Arc<str>]| {
        (!keys.is_empty()).then(|| format!("{what} {}", words::first(keys, NAMED)))
    };
    let said: Vec<String> = [
        complies,
        named("NoncompliantKeys are", noncompliant_keys),
        named("KeysWithNoncompliantValues are", keys_with_noncompliant_values),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!said.is_empty()).then(|| format!("AWS says: {}", said.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_aws_said_is_repeated() {
        let silent = ReportedTags {
            complies: None,
            noncompliant_keys: Vec::new(),
            keys_with_noncompliant_values: Vec::new(),
        };
        assert_eq!(words(&silent), None);
        let said = ReportedTags {
            complies: Some(false),
            noncompliant_keys: vec!["owner".into()],
            keys_with_noncompliant_values: vec!["Stage".into(), "Team".into()],
        };
        assert_eq!(
            words(&said).as_deref(),
            Some(
                "AWS says: its tags do not comply with the tag policies, NoncompliantKeys are `owner`, \
                 KeysWithNoncompliantValues are `Stage` and `Team`"
            )
        );
    }
}
