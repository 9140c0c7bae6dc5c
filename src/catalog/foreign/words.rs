//! Words of other tools and of the people who fill in their files, and what they mean here. The words are
//! those met in public descriptors; lifecycles, tiers and types are free text in most formats.

use crate::catalog::id;

/// What a word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// This word of ours.
    Word(&'static str),
    /// That nobody said anything: `unknown`, `none`.
    Nothing,
    /// Nothing that we know.
    Unknown,
}

type Table = &'static [(&'static str, &'static [&'static str])];

const NOTHING: &[&str] = &["unknown", "none", "n-a", "na", "null", "undefined", "not-set", "unset", "other"];

const LIFECYCLES: Table = &[
    ("proposed", &["proposed", "draft", "idea", "planned", "planning", "concept", "design"]),
    (
        "development",
        &[
            "development",
            "dev",
            "experimental",
            "experiment",
            "alpha",
            "beta",
            "pre-release",
            "prerelease",
            "preview",
            "pre-production",
            "preproduction",
            "incubating",
            "in-development",
            "prototype",
            "poc",
            "sandbox",
            "staging",
            "test",
            "testing",
        ],
    ),
    (
        "production",
        &[
            "production",
            "prod",
            "active",
            "live",
            "stable",
            "released",
            "ga",
            "generally-available",
            "general-availability",
            "maintenance",
            "maintained",
            "mature",
            "operational",
        ],
    ),
    ("deprecated", &["deprecated", "legacy", "superseded", "sunset", "end-of-support"]),
    ("retiring", &["retiring", "sunsetting", "decommissioning"]),
    (
        "retired",
        &["retired", "decommissioned", "end-of-life", "eol", "archived", "obsolete", "inactive", "removed"],
    ),
];

const TIERS: Table = &[
    ("tier-1", &["0", "zero", "1", "one", "critical", "mission-critical", "business-critical", "platinum"]),
    ("tier-2", &["2", "two", "high", "gold", "important"]),
    ("tier-3", &["3", "three", "medium", "moderate", "silver", "normal"]),
    ("tier-4", &["4", "four", "low", "bronze", "minor"]),
];

const TYPES: Table = &[
    (
        "http-service",
        &[
            "http-service",
            "service",
            "api",
            "backend",
            "backend-service",
            "microservice",
            "grpc",
            "http",
            "rest",
            "server",
            "web",
            "web-service",
            "application",
            "app",
        ],
    ),
    (
        "event-consumer",
        &["event-consumer", "consumer", "worker", "queue-worker", "subscriber", "event-processor"],
    ),
    ("scheduled-job", &["scheduled-job", "cronjob", "cron-job", "cron", "scheduled", "job"]),
    ("batch", &["batch", "batch-job"]),
    ("data-pipeline", &["data-pipeline", "pipeline", "etl", "dataflow", "data"]),
    (
        "ml-inference",
        &["ml-inference", "machine-learning-model", "ml-model", "model", "machine-learning", "ml"],
    ),
    (
        "static-site",
        &["static-site", "website", "site", "documentation", "docs", "frontend", "ui", "ui-element", "spa"],
    ),
    (
        "library",
        &[
            "library",
            "lib",
            "package",
            "module",
            "terraform-module",
            "sdk",
            "plugin",
            "component-library",
            "crate",
            "github-action",
        ],
    ),
    ("internal-tool", &["internal-tool", "tool", "tooling", "cli", "utility", "browser-extension"]),
];

/// Words of links, in the order in which they count, and the name of the link here.
const LINKS: Table = &[
    ("runbook", &["runbook", "runbooks", "playbook"]),
    ("readiness", &["readiness"]),
    ("architecture", &["architecture", "design", "diagram"]),
    ("dashboard", &["dashboard", "dashboards", "grafana", "metrics", "monitoring"]),
    ("logs", &["logs", "log", "logging", "kibana", "splunk"]),
    ("docs", &["docs", "doc", "documentation", "wiki", "readme", "confluence", "techdocs"]),
    ("repo", &["repo", "repository", "source", "code"]),
];

/// A word without case, in one spelling.
fn spelling(word: &str) -> String {
    id::slug(word).unwrap_or_default()
}

fn look_up(table: Table, word: &str) -> Meaning {
    if NOTHING.contains(&word) || word.is_empty() {
        return Meaning::Nothing;
    }
    let found = table.iter().find(|(_, words)| words.contains(&word));
    found.map_or(Meaning::Unknown, |(meaning, _)| Meaning::Word(meaning))
}

/// The state of life that `word` means.
pub(super) fn lifecycle(word: &str) -> Meaning {
    look_up(LIFECYCLES, &spelling(word))
}

/// The tier of criticality that `word` means: `1`, `tier_1`, `Tier 1`, `High`.
pub(super) fn tier(word: &str) -> Meaning {
    let word = spelling(word);
    let number = word.strip_prefix("tier").or_else(|| word.strip_prefix('t').filter(|rest| is_number(rest)));
    look_up(TIERS, number.unwrap_or(&word).trim_matches('-'))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The type of service that `word` means.
pub(super) fn service_type(word: &str) -> Meaning {
    look_up(TYPES, &spelling(word))
}

/// The name of a link, from the texts that say what it is, the most telling first.
pub(super) fn link_name(texts: &[&str]) -> String {
    for text in texts {
        let text = spelling(text);
        let known = LINKS.iter().find(|(_, words)| text.split('-').any(|word| words.contains(&word)));
        if let Some((name, _)) = known {
            return (*name).to_owned();
        }
    }
    let said = texts.iter().filter_map(|text| id::slug(text)).find(|text| !NOTHING.contains(&text.as_str()));
    said.unwrap_or_else(|| "link".to_owned())
}

/// Whether whoever has this address has access: chat hooks, tokens in the query, passwords.
pub(super) fn is_secret(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    const HOOKS: &[&str] = &[
        "hooks.slack.com/",
        "discord.com/api/webhooks/",
        "discordapp.com/api/webhooks/",
        ".webhook.office.com/",
        "outlook.office.com/webhook/",
        "chat.googleapis.com/v1/spaces/",
        "hooks.zapier.com/",
        "events.pagerduty.com/integration/",
    ];
    const SHORTEST_KEY: usize = 20;
    const KEYS: &[&str] =
        &["token", "access_token", "api_key", "apikey", "sig", "signature", "secret", "password"];
    let query = lower.split_once('?').map_or("", |(_, query)| query);
    let authority = lower.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or(rest));
    // A short `key` names a page or a project.
    let is_key =
        |(key, value): (&str, &str)| KEYS.contains(&key) || (key == "key" && value.len() >= SHORTEST_KEY);
    HOOKS.iter().any(|hook| lower.contains(hook))
        || query.split('&').filter_map(|pair| pair.split_once('=')).any(is_key)
        || authority.split_once('@').is_some_and(|(user, _)| user.contains(':'))
}

/// `org/name` of a repository that is given as such or as an address; `None` when it is neither.
pub(super) fn repository(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("url:").trim_end_matches('/');
    let path = match text.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => text.strip_prefix("git@").and_then(|rest| Some(rest.split_once(':')?.1)).unwrap_or(text),
    };
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let cut = ["/-/", "/tree/", "/blob/", "/edit/"].iter().filter_map(|mark| path.find(mark)).min();
    let path = cut.map_or(path, |at| &path[..at]).trim_matches('/').trim_end_matches(".git");
    let parts = path.split('/').count();
    let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "-_./~".contains(c));
    (plain && (2..=8).contains(&parts) && path.split('/').all(|part| !part.is_empty()))
        .then(|| path.to_owned())
}

/// The folder in the repository that an address of `…/tree/branch/folder` means.
pub(super) fn folder(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("/tree/").or_else(|| address.split_once("/blob/"))?;
    let (_, folder) = rest.split_once('/')?;
    let folder = folder.trim_end_matches('/');
    (!folder.is_empty()).then_some(folder)
}

/// The id that `name` becomes: in lower case, because other tools compare names without case.
pub(super) fn slug(name: &str) -> Option<String> {
    let lower = name.trim().to_lowercase();
    if id::is_slug(&lower) { Some(lower) } else { id::slug(&lower) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lifecycle::LifecycleState;
    use crate::catalog::service::ServiceType;

    #[test]
    fn tables_hold_words_of_ours_and_each_other_word_once() {
        for (word, _) in LIFECYCLES {
            assert!(LifecycleState::parse(word).is_some(), "{word}");
        }
        for (word, _) in TYPES {
            assert!(ServiceType::parse(word).is_some(), "{word}");
        }
        for table in [LIFECYCLES, TIERS, TYPES, LINKS] {
            let mut words: Vec<&str> = table.iter().flat_map(|(_, words)| words.iter().copied()).collect();
            assert!(words.iter().all(|word| spelling(word) == *word));
            let all = words.len();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), all);
        }
    }

    #[test]
    fn words_met_in_the_wild_are_understood() {
        let states = [
            ("Generally_Available", "production"),
            ("Pre-release", "development"),
            ("Active", "production"),
            ("superseded", "deprecated"),
            ("decommissioned", "retired"),
        ];
        for (word, state) in states {
            assert_eq!(lifecycle(word), Meaning::Word(state), "{word}");
        }
        for (word, level) in [
            ("tier_4", "tier-4"),
            ("Tier-3", "tier-3"),
            ("Zero", "tier-1"),
            ("t2", "tier-2"),
            ("High", "tier-2"),
        ] {
            assert_eq!(tier(word), Meaning::Word(level), "{word}");
        }
        assert_eq!(lifecycle("unknown"), Meaning::Nothing);
        assert_eq!(tier("7"), Meaning::Unknown);
        assert_eq!(service_type("terraform-module"), Meaning::Word("library"));
        assert_eq!(service_type("chart"), Meaning::Unknown);
    }

    #[test]
    fn links_are_called_by_what_they_are() {
        assert_eq!(link_name(&["other", "Runbook of the night"]), "runbook");
        assert_eq!(link_name(&["doc", "Service guide"]), "docs");
        assert_eq!(link_name(&["", "Cost report"]), "cost-report");
        assert_eq!(link_name(&["", ""]), "link");
    }

    #[test]
    fn repositories_are_found_in_addresses() {
        for text in [
            "acme/parcels",
            "https://github.com/acme/parcels",
            "url:https://github.com/acme/parcels/tree/main/quote/",
            "git@github.com:acme/parcels.git",
            "https://gitlab.example.com/acme/parcels/-/blob/main/x.yaml",
        ] {
            assert_eq!(repository(text).as_deref(), Some("acme/parcels"), "{text}");
        }
        for text in ["parcels", "https://github.com", "not a repository", "<org>/<repo>"] {
            assert_eq!(repository(text), None, "{text}");
        }
        assert_eq!(folder("https://github.com/acme/parcels/tree/main/quote/"), Some("quote"));
        assert_eq!(folder("https://github.com/acme/parcels/tree/main"), None);
    }

    #[test]
    fn addresses_that_let_anybody_in_are_secrets() {
        for address in [
            "https://hooks.slack.com/services/T0/B0/x",
            "https://a.example/x?token=1",
            "https://user:password@a.example/",
        ] {
            assert!(is_secret(address), "{address}");
        }
        for address in
            ["https://acme.slack.com/archives/C1", "https://a.example/x?key=PAGE-1", "mailto:a@b.example"]
        {
            assert!(!is_secret(address), "{address}");
        }
    }

    #[test]
    fn names_become_ids_without_losing_what_can_stay() {
        assert_eq!(slug("Order_API").as_deref(), Some("order_api"));
        assert_eq!(slug("Order Workflow Service").as_deref(), Some("order-workflow-service"));
        assert_eq!(slug("@acme/ui").as_deref(), Some("acme-ui"));
        assert_eq!(slug("日本"), None);
    }
}
