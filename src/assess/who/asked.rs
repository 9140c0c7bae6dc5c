//! What a text asks about, read from the text alone. `assets/js/who.js` does the same, letter by letter: change
//! both or neither.

use unicode_normalization::UnicodeNormalization;

use crate::catalog::arn::Arn;
use crate::catalog::id::AccountId;

/// Words behind which code hosts put a revision, and then a path.
const VIEWS: [&str; 5] = ["blob", "tree", "raw", "edit", "blame"];

/// What a text asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked<'t> {
    /// A resource.
    Arn(Arn<'t>),
    /// An account.
    Account(AccountId),
    /// A tag: `Key=value`.
    Tag {
        /// The key.
        key: &'t str,
        /// The value.
        value: &'t str,
    },
    /// A name, a path in a repository, a host, or the value of a tag: whichever is known first.
    Words(&'t str),
}

/// A repository, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InRepository {
    /// `org/name`, in lower case.
    pub repository: String,
    /// The path below it; `None` for all of it.
    pub path: Option<String>,
}

impl<'t> Asked<'t> {
    /// What `text`, without white space around it, asks about.
    pub fn of(text: &'t str) -> Self {
        if let Some(arn) = Arn::parse(text) {
            return Self::Arn(arn);
        }
        if let Some(account) = AccountId::new(text) {
            return Self::Account(account);
        }
        match text.split_once('=') {
            Some((key, value)) if !key.contains("://") => Self::Tag { key: key.trim(), value: value.trim() },
            _ => Self::Words(text),
        }
    }
}

/// Makes texts comparable: compatibility forms and case no longer differ.
pub fn fold(text: &str) -> String {
    match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => text.nfkc().collect::<String>().to_lowercase(),
    }
}

/// The repository that `text` names, as a path or as an address: `org/name/path`,
/// `https://host/org/name/blob/main/path`, `git@host:org/name.git`.
pub fn repository(text: &str) -> Option<InRepository> {
    let address = text.split_once("://").map(|(_, rest)| rest);
    let remote = text.strip_prefix("git@").and_then(|rest| rest.split_once(':')).map(|(_, rest)| rest);
    let below = match address {
        Some(rest) => rest.split_once('/')?.1.split(['?', '#']).next()?,
        None => remote.unwrap_or(text),
    };
    let mut parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.len() < 2 {
        return None;
    }
    let mut rest = parts.split_off(2);
    if address.is_some() {
        if rest.first() == Some(&"-") {
            rest.remove(0);
        }
        if rest.first().is_some_and(|first| VIEWS.contains(first)) {
            rest.drain(..rest.len().min(2));
        }
    }
    let name = parts[1].strip_suffix(".git").unwrap_or(parts[1]);
    let path = (!rest.is_empty()).then(|| rest.join("/"));
    Some(InRepository { repository: format!("{}/{name}", parts[0]).to_ascii_lowercase(), path })
}

/// The host that `text` names: alone, with a port, or in an address.
pub fn host(text: &str) -> Option<String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (!host.is_empty()).then(|| fold(host))
}

#[cfg(test)]
mod tests {
    use super::{Asked, InRepository, host, repository};

    #[test]
    fn a_text_says_what_it_asks_about() {
        assert!(matches!(Asked::of("arn:aws:s3:::labels"), Asked::Arn(_)));
        assert!(matches!(Asked::of("012345678901"), Asked::Account(_)));
        assert_eq!(Asked::of("Service = quote"), Asked::Tag { key: "Service", value: "quote" });
        let address = "https://quote.example.com/?a=b";
        assert_eq!(Asked::of(address), Asked::Words(address));
        assert_eq!(Asked::of("01234567890"), Asked::Words("01234567890"));
    }

    #[test]
    fn a_repository_is_named_in_several_ways() {
        let all = |path: Option<&str>| {
            Some(InRepository { repository: "example/quote".into(), path: path.map(Into::into) })
        };
        for written in [
            "example/quote",
            "./Example/Quote/",
            "https://github.com/example/quote",
            "https://github.com/example/quote.git",
            "https://github.com/example/quote/tree/main",
            "git@github.com:example/quote.git",
        ] {
            assert_eq!(repository(written), all(None), "{written}");
        }
        for written in [
            "example/quote/src/Main.tf",
            "https://github.com/example/quote/blob/main/src/Main.tf#L3",
            "https://gitlab.example.com/example/quote/-/blob/main/src/Main.tf?plain=1",
        ] {
            assert_eq!(repository(written), all(Some("src/Main.tf")), "{written}");
        }
        for written in ["quote", "https://quote.example.com", "https://quote.example.com/health", "/"] {
            assert_eq!(repository(written), None, "{written}");
        }
    }

    #[test]
    fn a_host_is_what_stands_before_the_path() {
        for written in [
            "quote.example.com",
            "Quote.Example.com:8443/health",
            "https://quote.example.com:8443/v1?x=1",
            "https://user@quote.example.com#top",
        ] {
            assert_eq!(host(written).as_deref(), Some("quote.example.com"), "{written}");
        }
        assert_eq!(host("https://"), None);
    }
}
