//! What is asked of AWS, where it answers, and who we are to it.

use std::ffi::OsString;

use url::Url;

use super::address::Address;
use super::{Proxies, Secret, Waiting};
use crate::day::{Day, Moment};

/// What an address of an emulator looks like.
const EXAMPLE: &str = "write `http://127.0.0.1:5000` with `loopback: true`, or leave it out for AWS itself";

/// Where credentials belong. The line of an address that earns this must not be repeated.
pub const CREDENTIALS: &str =
    "take them out of the file; who asks AWS is found by the chain that AWS's own tools use";

/// What an AWS source reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aws {
    /// The role that crawls, assumed before anything is asked; whoever runs this asks when there is none.
    pub role: Option<Box<str>>,
    /// Name of the role that reads, with its path, in every account.
    pub member_role: Box<str>,
    /// What the trust of the member roles asks for.
    pub external_id: Option<Box<str>>,
    /// Regions that are asked.
    pub regions: Vec<Box<str>>,
    /// Patterns of ids or names of accounts that are asked; all when empty.
    pub include: Vec<Box<str>>,
    /// Accounts that are not asked.
    pub exclude: Vec<AccountExclusion>,
    /// Who says which resources there are.
    pub resources: AwsResources,
    /// What is read beside accounts and resources.
    pub also: Vec<AwsAlso>,
    /// An emulator that is asked in place of AWS.
    pub endpoint: Option<AwsEndpoint>,
}

impl Aws {
    /// The role that reads when the configuration names none.
    pub const MEMBER_ROLE: &'static str = "milepost/MilepostRead";
}

/// Who says which resources there are in the accounts of an AWS source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AwsResources {
    /// Every account, each of which is asked.
    #[default]
    Accounts,
    /// The tag report of the organisation, which is a source of its own: no account is asked.
    Report,
}

/// What an AWS source reads beside accounts and resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AwsAlso {
    /// The tag policies of the organisation.
    Policies,
    /// How much never carried a tag, as Resource Explorer counts it.
    Untagged,
}

/// Accounts that are not asked, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountExclusion {
    /// Id or name; `*` stands for any run of characters.
    pub account: Box<str>,
    /// Why.
    pub reason: Box<str>,
    /// Who decided so.
    pub by: Option<Box<str>>,
    /// The last day on which it holds.
    pub until: Option<Day>,
}

/// The address of an emulator: the only host that is then asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsEndpoint(Url);

impl AwsEndpoint {
    /// Reads an address: `https` only, and on this machine, when `loopback` says so, `http` too. Says what is
    /// wrong, and what to do.
    pub fn parse(text: &str, loopback: bool) -> Result<Self, (String, &'static str)> {
        let address = Address { key: "endpoint", whom: "AWS", example: EXAMPLE, credentials: CREDENTIALS };
        let url = address.parse(text, loopback)?;
        Ok(Self(url))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

/// Who we are to AWS, and how we wait for it.
#[derive(Clone, Debug)]
pub struct AwsAccess {
    /// Where credentials come from.
    pub credentials: AwsCredentials,
    /// The way out of our network.
    pub proxies: Proxies,
    /// The moment at which the run began by the clock on the wall, for signatures and sessions.
    pub began: Moment,
    /// How it is waited until AWS answers again.
    pub waiting: Waiting,
}

/// Where credentials come from.
#[derive(Clone, Debug)]
pub enum AwsCredentials {
    /// From the chain of AWS's own tools: environment, shared files, a token of CI, the machine's role. It is
    /// followed when a source of AWS is asked, and not before.
    Chain,
    /// These.
    Keys {
        /// The id of the key.
        id: Box<str>,
        /// The key.
        secret: Secret,
    },
    /// Nobody asks.
    None,
}

impl AwsAccess {
    /// Nobody, to whom AWS does not answer.
    pub const fn nobody(began: Moment) -> Self {
        Self { credentials: AwsCredentials::None, proxies: Proxies::NONE, began, waiting: Waiting::Real }
    }

    /// Whoever runs this; `variable` looks into the environment.
    pub fn of(began: Moment, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        Self {
            credentials: AwsCredentials::Chain,
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
    fn signed_questions_travel_over_https_or_stay_on_this_machine() {
        for text in
            ["http://aws.example.com", "ftp://x", "127.0.0.1:5000", "https://x/?a=b", "http://127.0.0.1"]
        {
            assert!(AwsEndpoint::parse(text, false).is_err(), "{text}");
        }
        let here = AwsEndpoint::parse("http://127.0.0.1:5000/", true).expect("loopback");
        assert_eq!(here.as_str(), "http://127.0.0.1:5000");
        assert!(AwsEndpoint::parse("http://192.0.2.1", true).is_err());
        let (said, help) = AwsEndpoint::parse("https://me:hunter2@x/", false).expect_err("it has a password");
        assert!(!said.contains("hunter2") && help == CREDENTIALS, "{said}");
    }
}
