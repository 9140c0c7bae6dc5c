//! Keys that service records do not have and people write all the same: other words for a field, and
//! details of the implementation that a good interface leaves out (lesson §13.2).

/// Other words that people use, and the field they mean.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("account", "accountId"),
    ("apis", "providesApis"),
    ("businessunit", "businessCapability"),
    ("callers", "allowedCallers"),
    ("capability", "businessCapability"),
    ("classification", "dataClassification"),
    ("contact", "technicalOwner"),
    ("contacts", "technicalOwner"),
    ("databases", "dataStores"),
    ("dependencies", "dependsOn"),
    ("docs", "links"),
    ("documentation", "links"),
    ("domain", "businessCapability"),
    ("environment", "environments"),
    ("id", "serviceId"),
    ("kind", "type"),
    ("name", "displayName"),
    ("owner", "ownerTeam"),
    ("oncallrotation", "onCall"),
    ("pager", "onCall"),
    ("pagerduty", "onCall"),
    ("repo", "repository"),
    ("runbook", "links"),
    ("stage", "lifecycle"),
    ("state", "lifecycle"),
    ("status", "lifecycle"),
    ("tags", "labels"),
    ("team", "ownerTeam"),
    ("tier", "criticality"),
    ("title", "displayName"),
    ("visibility", "exposure"),
];

/// Parts of keys that only name how something is built.
const DETAILS: &[&str] = &[
    "amiid",
    "autoscalinggroup",
    "cidr",
    "egressrule",
    "iampolicy",
    "ingressrule",
    "instancetype",
    "listener",
    "loadbalancer",
    "loggroup",
    "natgateway",
    "routetable",
    "securitygroup",
    "subnet",
    "targetgroup",
    "taskdefinition",
    "vpcid",
];

/// What to say about a key that service records do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::catalog) enum Hint {
    /// Another word for this field.
    Means(&'static str),
    /// A detail of the implementation.
    Detail,
}

/// What to say about `key`, when there is something better than the nearest name.
pub(in crate::catalog) fn hint(key: &str) -> Option<Hint> {
    let key: String =
        key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let means = OTHER_WORDS.iter().find(|(word, _)| *word == key).map(|(_, field)| Hint::Means(field));
    means.or_else(|| DETAILS.iter().any(|part| key.contains(part)).then_some(Hint::Detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::record::Record;
    use crate::catalog::service::ServiceRecord;

    #[test]
    fn the_lessons_trivia_are_details() {
        for key in [
            "albListenerPriority",
            "subnetId1",
            "subnetId2",
            "logGroupName",
            "securityGroupIngressRuleNumber",
        ] {
            assert_eq!(hint(key), Some(Hint::Detail), "{key}");
        }
    }

    #[test]
    fn other_words_mean_fields_that_exist() {
        for (word, field) in OTHER_WORDS {
            assert!(ServiceRecord::SHAPE.field(field).is_some(), "{word} → {field}");
            assert!(ServiceRecord::SHAPE.field(word).is_none(), "{word} is a field itself");
        }
    }

    #[test]
    fn no_field_of_ours_is_a_detail() {
        for field in ServiceRecord::SHAPE.fields {
            assert_ne!(hint(field.key), Some(Hint::Detail), "{}", field.key);
        }
    }
}
