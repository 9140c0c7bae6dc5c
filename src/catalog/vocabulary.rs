//! The words an organisation chooses: classifications, criticality names, environments, and the
//! texts that mean "nobody filled this in".

use std::collections::BTreeMap;

/// Words of the organisation, from `milepost.yaml`, with the house's defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    /// Data classifications, from open to closed.
    pub data_classifications: Vec<Box<str>>,
    /// Other words for the four tiers of criticality: `critical` → `tier-1`.
    pub criticality: BTreeMap<Box<str>, Box<str>>,
    /// Environments that need no record of their own.
    pub environments: Vec<Box<str>>,
    /// Owners that nobody meant.
    pub placeholder_owners: Vec<Box<str>>,
    /// Texts (or beginnings of them) that nobody meant.
    pub placeholder_texts: Vec<Box<str>>,
    /// Labels, annotations and tags of other tools' descriptors that give a field of ours: `costCenter` →
    /// `cost-center`.
    pub free_keys: BTreeMap<Box<str>, Vec<Box<str>>>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| Box::from(*word)).collect();
        Self {
            data_classifications: words(&["public", "internal", "confidential", "restricted"]),
            criticality: [
                ("critical", "tier-1"),
                ("high", "tier-2"),
                ("medium", "tier-3"),
                ("low", "tier-4"),
            ]
            .into_iter()
            .map(|(word, tier)| (word.into(), tier.into()))
            .collect(),
            environments: words(&["dev", "staging", "prod"]),
            placeholder_owners: words(&[
                "guest",
                "guests",
                "admin",
                "admins",
                "team-a",
                "john@example.com",
                "example@example.com",
            ]),
            placeholder_texts: words(&["<", "todo", "tbd", "changeme", "fixme"]),
            free_keys: BTreeMap::new(),
        }
    }
}

impl Vocabulary {
    /// Whether `text` is an owner or a text that nobody meant. A text counts when it is a placeholder or
    /// begins with one: `TODO: ask Mira`, `<your team>`; `todo-list` is a word of its own.
    pub fn is_placeholder(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        self.placeholder_owners.iter().any(|owner| owner.to_lowercase() == text)
            || self.placeholder_texts.iter().any(|placeholder| {
                let placeholder = placeholder.to_lowercase();
                let in_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
                text.strip_prefix(&*placeholder)
                    .is_some_and(|rest| !placeholder.ends_with(in_word) || !rest.starts_with(in_word))
                    && !placeholder.is_empty()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;

    #[test]
    fn placeholders_are_owners_and_texts_or_their_beginnings() {
        let vocabulary = Vocabulary::default();
        for text in ["guest", "Team-A", "<your team>", "TODO", "todo: ask Mira", " changeme "] {
            assert!(vocabulary.is_placeholder(text), "{text}");
        }
        for text in ["checkout", "guest-list", "todo-list", "a < b", ""] {
            assert!(!vocabulary.is_placeholder(text), "{text}");
        }
    }
}
