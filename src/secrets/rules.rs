//! Which texts are credentials. A short list of our own: forms that makers gave them (their page about it beside each),
//! and values that stand under a name such as `password`. A text is looked at in one pass for what every form holds;
//! only what may be there is looked for.

use std::sync::LazyLock;

use regex::{Captures, Regex, RegexSet};

use super::values::{is_random, is_stand_in};
use super::{Found, OPENING, keys};

/// A kind of credential.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// The word in the mark.
    pub(super) word: &'static str,
    /// What it is, in words.
    what: &'static str,
}

/// A form that a maker gave to credentials.
struct Form {
    kind: Kind,
    /// What a text must hold to be looked at for it.
    hint: &'static str,
    /// The credential is the first group, or all of it.
    pattern: &'static str,
}

const fn form(word: &'static str, what: &'static str, hint: &'static str, pattern: &'static str) -> Form {
    Form { kind: Kind { word, what }, hint, pattern }
}

static FORMS: &[Form] = &[
    // https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    form(
        "github-token",
        "a GitHub token",
        "gh[pousr]_|github_pat_",
        "gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,}",
    ),
    // https://docs.gitlab.com/security/tokens/#token-prefixes
    form(
        "gitlab-token",
        "a GitLab token",
        "gl[a-z]{2,5}-",
        "gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat)-[A-Za-z0-9_.-]{19,}[A-Za-z0-9_-]",
    ),
    // https://docs.slack.dev/authentication/tokens/
    form(
        "slack-token",
        "a Slack token",
        "xox[a-z]|xapp-",
        "xox[abeoprs](?:\\.xox[bp])?-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{20,}",
    ),
    // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
    form(
        "slack-webhook",
        "an address of Slack that lets anybody post",
        "hooks\\.slack\\.com",
        "hooks\\.slack\\.com/(?:services|workflows|triggers)/([A-Za-z0-9/+_-]{30,})",
    ),
    // https://discord.com/developers/docs/resources/webhook
    form(
        "discord-webhook",
        "an address of Discord that lets anybody post",
        "/api/webhooks/",
        "discord(?:app)?\\.com/api/webhooks/([0-9]{15,}/[A-Za-z0-9_-]{40,})",
    ),
    // https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
    form(
        "teams-webhook",
        "an address of Teams that lets anybody post",
        "webhook\\.office\\.com",
        "webhook\\.office\\.com/(webhookb2/[A-Za-z0-9@/-]{60,})",
    ),
    // https://docs.cloud.google.com/docs/authentication/api-keys
    form("google-api-key", "a Google API key", "AIza", "AIza[A-Za-z0-9_-]{35}"),
    // https://developers.google.com/identity/protocols/oauth2
    form("google-client-secret", "a Google client secret", "GOCSPX-", "GOCSPX-[A-Za-z0-9_-]{28}"),
    // https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
    form("aws-bedrock-key", "an API key of Amazon Bedrock", "ABSK", "ABSK[A-Za-z0-9+/]{100,}={0,2}"),
    // https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage
    form("azure-storage-key", "a key of Azure Storage", "AccountKey=", "AccountKey=([A-Za-z0-9+/]{86}==)"),
    // https://docs.stripe.com/keys
    form("stripe-key", "a Stripe key", "[rs]k_(?:live|test)_", "[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    // https://docs.npmjs.com/about-access-tokens
    form("npm-token", "an npm token", "npm_", "npm_[A-Za-z0-9]{36}"),
    // https://pypi.org/help/#apitoken
    form("pypi-token", "a PyPI token", "pypi-AgE", "pypi-AgE[A-Za-z0-9_-]{50,}"),
    // https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes
    form("vault-token", "a Vault token", "hv[sbr]\\.", "hv[sbr]\\.[A-Za-z0-9_-]{24,}"),
    // https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys
    form("sendgrid-key", "a SendGrid key", "SG\\.", "SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}"),
    // https://docs.digitalocean.com/reference/api/create-personal-access-token/
    form("digitalocean-token", "a DigitalOcean token", "do[opr]_v1_", "do[opr]_v1_[a-f0-9]{64}"),
    // https://grafana.com/docs/grafana/latest/administration/service-accounts/
    form("grafana-token", "a Grafana token", "glsa_", "glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
    // https://platform.claude.com/docs/en/api/overview and https://platform.openai.com/docs/api-reference/authentication
    form(
        "model-key",
        "an API key of a language model",
        "sk-[a-z]+-",
        "sk-(?:ant|proj|svcacct|admin)-[A-Za-z0-9_-]{40,}",
    ),
    // https://github.com/C2SP/C2SP/blob/main/age.md
    form("age-key", "an age key", "AGE-SECRET-KEY-", "AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    // RFC 7519: header and claims are JSON objects, which begin so in base64.
    form(
        "jwt",
        "a signed token (JWT)",
        "eyJ",
        "eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{16,}",
    ),
    // RFC 3986, 3.2.1: a password in an address.
    form(
        "url-password",
        "a password in an address",
        "://",
        "[a-zA-Z][a-zA-Z0-9+.-]*://[^\\s/?#@:'\"`<>]{0,64}:([^\\s/?#@'\"`<>{}$()]{3,})@[A-Za-z0-9]",
    ),
];

static PRIVATE_KEY: Kind = Kind { word: "private-key", what: "a private key" };
static AWS_SECRET_KEY: Kind = Kind { word: "aws-secret-key", what: "an AWS secret access key" };
static PASSWORD: Kind = Kind { word: "password", what: "a password" };
static TOKEN: Kind = Kind { word: "token", what: "a token or key" };

/// Bits in a character that a credential in a form has at least: `ghp_xxxxxxxx…` is the stand-in of an example.
const LEAST_OF_A_FORM: f64 = 2.5;
/// The same under a name that says password. People make these up, so they hold less.
const LEAST_OF_A_PASSWORD: f64 = 2.9;
/// The same under a name that says token, secret or key.
const LEAST_OF_A_TOKEN: f64 = 3.4;
/// Shortest value under a name that says token, secret or key: what is shorter is a name more often.
const SHORTEST_TOKEN: usize = 16;

struct Compiled {
    /// What a text must hold: for each form, then for keys of AWS, private keys and names.
    hints: RegexSet,
    forms: Vec<Regex>,
    named: Regex,
    names: Regex,
}

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let regex = |pattern: &str| Regex::new(pattern).expect("a pattern of ours, which a test compiles");
    let names = "passwd|passwo?rd|passphrase|pwd|secret|token|credential|api[_-]?key|access[_-]?key|auth[_-]?key|\
                 private[_-]?key|account[_-]?key|signing[_-]?key|encryption[_-]?key|webhook[_-]?key";
    let hints = FORMS.iter().map(|form| form.hint.to_owned());
    let hints = hints.chain(["A[KS]IA".to_owned(), "PRIVATE KEY".to_owned(), format!("(?i:{names})")]);
    Compiled {
        hints: RegexSet::new(hints).expect("patterns of ours, which a test compiles"),
        forms: FORMS.iter().map(|form| regex(form.pattern)).collect(),
        named: regex(&format!(
            "(?i:({names})s?[A-Za-z0-9_.-]{{0,24}})[\"'`*]{{0,3}}[ \\t]{{0,8}}(?:=>|:=|==?|:|,[ ]?[\"'])[ \\t]{{0,8}}[\"'`]?\
             ([A-Za-z0-9!@#%^&*~_+=./-]{{8,200}})"
        )),
        names: regex(&format!("(?i:{names})")),
    }
});

/// Every credential in `text`; some may lie within others.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for hint in COMPILED.hints.matches(text) {
        match hint.checked_sub(FORMS.len()) {
            None => {
                let kind = &FORMS[hint].kind;
                let all = COMPILED.forms[hint].captures_iter(text).filter_map(|captures| of_form(&captures));
                found.extend(all.map(|range| Found { range, kind }));
            }
            Some(0) => found.extend(keys::of_aws(text).map(|range| Found { range, kind: &AWS_SECRET_KEY })),
            Some(1) => found.extend(keys::private(text).map(|range| Found { range, kind: &PRIVATE_KEY })),
            Some(_) => {
                found.extend(COMPILED.named.captures_iter(text).filter_map(|it| under_a_name(text, &it)))
            }
        }
    }
    found
}

/// The credential of a form, unless it is a stand-in.
fn of_form(captures: &Captures<'_>) -> Option<std::ops::Range<usize>> {
    let value = captures.get(1).or(captures.get(0))?;
    let text = value.as_str();
    let is_shown = text.len() >= SHORTEST_TOKEN && super::values::entropy(text) < LEAST_OF_A_FORM;
    let is_word = captures.get(1).is_some() && text.len() < SHORTEST_TOKEN && is_named_so(text);
    (!is_shown && !is_word && !is_stand_in(text) && !text.contains(OPENING)).then(|| value.range())
}

/// Whether an example calls a password so: `https://user:password@example.com`.
fn is_named_so(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    text.bytes().all(|byte| matches!(byte, b'*' | b'.' | b'x' | b'X'))
        || ["pass", "passwd", "password", "pwd", "secret", "token", "key", "user"]
            .iter()
            .any(|name| lower == *name || lower.strip_prefix("my").is_some_and(|rest| rest.ends_with(name)))
}

/// The value of `name: value` or its like, when it is a credential.
fn under_a_name(text: &str, captures: &Captures<'_>) -> Option<Found> {
    let (all, name, value) = (captures.get(0)?, captures.get(1)?, captures.get(2)?);
    // `arn:aws:secretsmanager:eu-central-1:111122223333:secret:…` names a secret; `token(…)` and `secrets/…` too.
    let before = text[..all.start()].chars().next_back();
    let after = text[value.end()..].chars().next();
    if before.is_some_and(|c| matches!(c, ':' | '/' | '$'))
        || matches!(after, Some('(' | '[' | '{' | '<' | '$'))
    {
        return None;
    }
    let value_text = value.as_str().trim_end_matches(['.', ',', '*', '=']);
    let padding = value.as_str()[value_text.len()..].bytes().take_while(|byte| *byte == b'=').count();
    let kind = credential(name.as_str(), value_text)?;
    Some(Found { range: value.start()..value.start() + value_text.len() + padding, kind })
}

/// Which credential `value` is under the name `name`, if it is one.
fn credential(name: &str, value: &str) -> Option<&'static Kind> {
    // Addresses and paths say where a credential is.
    let is_place =
        value.contains("//") || value.starts_with(['/', '.', '#', '&']) || value.starts_with("arn");
    if is_place || value.len() < super::values::SHORTEST {
        return None;
    }
    let name = name.to_ascii_lowercase();
    if name.starts_with("pass") || name.starts_with("pwd") {
        return is_random(value, LEAST_OF_A_PASSWORD).then_some(&PASSWORD);
    }
    (value.len() >= SHORTEST_TOKEN && is_random(value, LEAST_OF_A_TOKEN)).then_some(&TOKEN)
}

/// The kind of the credential that `value` is, because it stands under `name`.
pub(super) fn named(name: &str, value: &str) -> Option<&'static Kind> {
    let is_plain = !value.contains(char::is_whitespace) && !value.contains(OPENING);
    let name = COMPILED.names.find(name)?;
    is_plain.then(|| credential(name.as_str(), value)).flatten()
}

/// The word of a kind that `text` begins with, and what that is, in words.
pub(super) fn word(text: &str) -> Option<(&'static str, &'static str)> {
    let others = [&PRIVATE_KEY, &AWS_SECRET_KEY, &PASSWORD, &TOKEN];
    let all = FORMS.iter().map(|form| &form.kind).chain(others);
    // The words are made of letters and dashes, so the longest one is all of it.
    let named = all.filter(|kind| text.starts_with(kind.word));
    named.max_by_key(|kind| kind.word.len()).map(|kind| (kind.word, kind.what))
}
