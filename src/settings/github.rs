//! What is asked of GitHub, where it answers, and who we are to it.

use std::ffi::OsString;

use url::Url;

use super::address::Address;
use super::{Proxies, Secret};
use crate::day::{Length, Moment};

/// Where GitHub answers unless the configuration says so.
pub const GITHUB: &str = "https://api.github.com";

/// What an address of the interface looks like.
const EXAMPLE: &str = "write `https://github.example.com/api/v3`, or leave it out for github.com";

/// What a GitHub source reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Github {
    /// Organisations or people whose repositories are listed.
    pub organisations: Vec<Box<str>>,
    /// Patterns of repositories that are read; all when empty.
    pub include: Vec<Box<str>>,
    /// Topics of which a repository carries one; any when empty.
    pub topics: Vec<Box<str>>,
    /// Who may see a repository that is read; anybody when empty.
    pub visibility: Vec<Visibility>,
    /// Whether archived repositories are read.
    pub archived: bool,
    /// Whether forks are read.
    pub forks: bool,
    /// Folders beside the root that are looked through for descriptors, as patterns.
    pub folders: Vec<Box<str>>,
    /// What is read beside descriptors and documents.
    pub also: Vec<Also>,
    /// Patterns of the environments that are production.
    pub production: Vec<Box<str>>,
    /// How often every repository is listed; in every night when nothing is said. In the nights between, only
    /// what was pushed since is.
    pub sweep: Option<Length>,
    /// Where GitHub answers.
    pub api: GithubApi,
}

impl Github {
    /// Folders that are looked through when the configuration names none.
    pub const FOLDERS: [&'static str; 1] = ["services/*"];
    /// Environments that are production when the configuration names none.
    pub const PRODUCTION: [&'static str; 2] = ["production", "prod"];
}

/// What is read beside descriptors and documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Also {
    /// Teams and their members, and what GitHub finds wrong in `CODEOWNERS`.
    People,
    /// How builds of the default branch ended.
    Builds,
    /// Deployments, and how they ended.
    Deployments,
    /// Who approved the changes that brought exceptions into the catalog.
    Reviews,
}

impl Also {
    /// The word for it in `milepost.yaml`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Builds => "builds",
            Self::Deployments => "deployments",
            Self::Reviews => "reviews",
        }
    }
}

/// Who may see a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Those with access.
    Private,
    /// Everybody in the enterprise.
    Internal,
}

impl Visibility {
    /// The word for it in `milepost.yaml`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Internal => "internal",
        }
    }
}

/// The addresses of one GitHub: the only host that is ever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GithubApi {
    base: Url,
}

impl GithubApi {
    /// Reads the address of the REST interface: `https` only, and on this machine, when `loopback` says so,
    /// `http` too. Says what is wrong, and what to do.
    pub fn parse(text: &str, loopback: bool) -> Result<Self, (String, &'static str)> {
        let address = Address { key: "api", whom: "GitHub", example: EXAMPLE, credentials: CREDENTIALS };
        let url = address.parse(text, loopback)?;
        Ok(Self { base: url })
    }

    /// The address of `path`, which begins with `/`, in the REST interface.
    pub fn rest(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// Where GraphQL is answered: beside the REST interface of an Enterprise Server, not in it.
    pub fn graphql(&self) -> String {
        let base = self.base.as_str().trim_end_matches('/');
        format!("{}/graphql", base.strip_suffix("/v3").unwrap_or(base))
    }

    /// Where people read the repository `name`.
    pub fn page_of(&self, name: &str) -> String {
        let host = self.base.host_str().unwrap_or_default();
        let host = host.strip_prefix("api.").unwrap_or(host);
        let port = self.base.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{host}{port}/{name}", self.base.scheme())
    }

    /// The name of the repository that people read at `page`; `None` when that is elsewhere.
    pub fn name_of(&self, page: &str) -> Option<String> {
        let here = self.page_of("");
        let (host, name) = page.split_at_checked(here.len())?;
        if !host.eq_ignore_ascii_case(&here) {
            return None;
        }
        let (owner, rest) = name.split_once('/')?;
        (!owner.is_empty() && !rest.is_empty() && !rest.contains('/')).then(|| name.to_owned())
    }

    /// Protocol, host and port: what an address must have to be asked.
    pub fn origin(&self) -> url::Origin {
        self.base.origin()
    }
}

/// Where credentials belong. The line of an address that earns this must not be repeated.
pub const CREDENTIALS: &str =
    "take them out of the file; a token is read from the environment variable MILEPOST_GITHUB_TOKEN";

/// Who we are to GitHub, and how we wait for it.
#[derive(Clone, Debug)]
pub struct GithubAccess {
    /// A token of a person or of a workflow.
    pub token: Option<Secret>,
    /// The variable that held it.
    pub token_from: Option<&'static str>,
    /// A GitHub App, which is asked for tokens of its own. It goes before the token.
    pub app: Option<GithubApp>,
    /// Why there is no App although the environment speaks of one.
    pub broken_app: Option<String>,
    /// The way out of our network.
    pub proxies: Proxies,
    /// The moment at which the run began by the clock on the wall, for tokens that expire.
    pub began: Moment,
    /// Whether a limit is waited for.
    pub waiting: Waiting,
}

/// A GitHub App.
#[derive(Clone, Debug)]
pub struct GithubApp {
    /// Its number or client id.
    pub id: Box<str>,
    /// Its private key in PEM.
    pub key: Secret,
}

/// How it is waited until GitHub answers again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Waiting {
    /// By the clock.
    #[default]
    Real,
    /// Not at all: the time passes at once. For tests, in which a server counts requests and not seconds.
    Skipped,
}

impl GithubAccess {
    /// The variables that may hold a token; the first one that is set counts.
    pub const TOKENS: [&'static str; 2] = ["MILEPOST_GITHUB_TOKEN", "GITHUB_TOKEN"];
    /// The variable that holds the number or client id of an App.
    pub const APP: &'static str = "MILEPOST_GITHUB_APP_ID";
    /// The variable that holds the private key of the App.
    pub const KEY: &'static str = "MILEPOST_GITHUB_APP_KEY";
    /// The variable that holds the path of a file with that key.
    pub const KEY_FILE: &'static str = "MILEPOST_GITHUB_APP_KEY_FILE";

    /// Nobody, to whom GitHub does not answer.
    pub const fn nobody(began: Moment) -> Self {
        Self {
            token: None,
            token_from: None,
            app: None,
            broken_app: None,
            proxies: Proxies::NONE,
            began,
            waiting: Waiting::Real,
        }
    }

    /// Takes what GitHub may see; `variable` looks into the environment, `file` reads the key's file.
    pub fn of(
        began: Moment,
        variable: impl Fn(&str) -> Option<OsString>,
        file: impl Fn(&OsString) -> Result<String, String>,
    ) -> Self {
        let text = |name: &str| {
            let text = variable(name).and_then(|text| text.into_string().ok());
            text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let token = Self::TOKENS.into_iter().find_map(|name| Some((name, Secret::new(&text(name)?))));
        let (token_from, token) = token.unzip();
        let key = text(Self::KEY).map(Ok).or_else(|| variable(Self::KEY_FILE).as_ref().map(&file));
        let (app, broken_app) = match (text(Self::APP), key) {
            (None, None) => (None, None),
            (Some(id), Some(Ok(key))) => (Some(GithubApp { id: id.into(), key: Secret::new(&key) }), None),
            (Some(_), Some(Err(reason))) => {
                (None, Some(format!("the key of {} cannot be read: {reason}", Self::KEY_FILE)))
            }
            (Some(_), None) => {
                (None, Some(format!("{} is set, {} and {} are not", Self::APP, Self::KEY, Self::KEY_FILE)))
            }
            (None, Some(_)) => (None, Some(format!("a key is set, {} is not", Self::APP))),
        };
        Self {
            token,
            token_from,
            app,
            broken_app,
            proxies: Proxies::of(variable),
            began,
            waiting: Waiting::Real,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_github_has_its_addresses() {
        for (api, rest, graphql, page) in [
            (
                GITHUB,
                "https://api.github.com/rate_limit",
                "https://api.github.com/graphql",
                "https://github.com/example/quote",
            ),
            (
                "https://git.example.com/api/v3/",
                "https://git.example.com/api/v3/rate_limit",
                "https://git.example.com/api/graphql",
                "https://git.example.com/example/quote",
            ),
            (
                "https://api.example.ghe.com",
                "https://api.example.ghe.com/rate_limit",
                "https://api.example.ghe.com/graphql",
                "https://example.ghe.com/example/quote",
            ),
        ] {
            let api = GithubApi::parse(api, false).expect(api);
            assert_eq!(
                (
                    api.rest("/rate_limit").as_str(),
                    api.graphql().as_str(),
                    api.page_of("example/quote").as_str()
                ),
                (rest, graphql, page)
            );
        }
    }

    #[test]
    fn tokens_travel_over_https_or_stay_on_this_machine() {
        for text in [
            "http://git.example.com/api/v3",
            "ftp://x",
            "git.example.com",
            "https://x/?a=b",
            "http://127.0.0.1",
        ] {
            assert!(GithubApi::parse(text, false).is_err(), "{text}");
        }
        assert!(GithubApi::parse("http://127.0.0.1:80", true).is_ok());
        assert!(GithubApi::parse("http://192.0.2.1", true).is_err());
        let (said, _) = GithubApi::parse("https://me:hunter2@x/", false).expect_err("it has a password");
        assert!(!said.contains("hunter2"), "{said}");
    }

    #[test]
    fn an_app_needs_both_its_id_and_its_key() {
        let access = |set: &[(&str, &str)]| {
            let set: Vec<(String, OsString)> =
                set.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
            let now = Moment::parse("2026-11-21T08:00:00Z").expect("a moment");
            let variable =
                |name: &str| set.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
            GithubAccess::of(now, variable, |_| Err("permission denied".to_owned()))
        };
        let own = access(&[("GITHUB_TOKEN", "second"), ("MILEPOST_GITHUB_TOKEN", "first")]);
        assert_eq!(own.token, Some(Secret::new("first")));
        assert_eq!(own.token_from, Some("MILEPOST_GITHUB_TOKEN"));
        assert!(own.app.is_none() && own.broken_app.is_none());
        assert!(!format!("{own:?}").contains("first"));
        assert!(access(&[(GithubAccess::APP, "7"), (GithubAccess::KEY, "pem")]).app.is_some());
        for (set, said) in [
            (&[(GithubAccess::APP, "7")][..], "are not"),
            (&[(GithubAccess::KEY, "pem")], "is not"),
            (&[(GithubAccess::APP, "7"), (GithubAccess::KEY_FILE, "/key")], "permission denied"),
        ] {
            let access = access(set);
            assert!(access.app.is_none());
            assert!(access.broken_app.expect("a reason").contains(said), "{said}");
        }
    }
}
