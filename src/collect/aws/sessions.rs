//! Who asks: the caller, the role that crawls, and in every account the role that reads. Sessions of chained roles
//! last an hour; each is renewed before, and once more when AWS says that it is over.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use tokio::sync::Mutex;

use super::asking::{Asking, Patience};
use crate::aws::Door;
use crate::aws::Fault;

/// What a session is called in the records of the accounts.
const SESSION: &str = "milepost";

/// How long a session lasts at most, and how long before its end it is renewed.
const LASTS: Duration = Duration::from_secs(3600);
const MARGIN: Duration = Duration::from_secs(300);

/// Somebody who asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// Whoever lists accounts and assumes the member roles.
    Crawler,
    /// The role that reads in this account.
    Member(Arc<str>),
}

/// What somebody asks with.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) provider: SharedCredentialsProvider,
    /// Tells it from the sessions before.
    pub(super) number: u64,
    /// When it is renewed; never, when it is not ours to renew.
    until: Option<Duration>,
}

/// What is known of a session.
#[derive(Debug, Default)]
enum State {
    #[default]
    Unasked,
    Open(Session),
    /// The role cannot be assumed. That is asked once, not for each region.
    Refused(Arc<str>),
}

/// The ARN of a role, how many sessions of it there were, and what is known of the last.
type Role = (Box<str>, Mutex<(u64, State)>);

/// All sessions of a night.
pub(super) struct Sessions {
    pub(super) door: Door,
    pub(super) caller: SharedCredentialsProvider,
    /// Where STS is asked.
    pub(super) region: Box<str>,
    pub(super) external_id: Option<Box<str>>,
    /// The role of everybody that needs one.
    roles: BTreeMap<Who, Role>,
}

impl Sessions {
    /// Sessions of the caller, who becomes `role` first when there is one.
    pub(super) fn new(
        door: Door,
        caller: SharedCredentialsProvider,
        region: &str,
        role: Option<&str>,
    ) -> Self {
        let roles = role.map(|role| (Who::Crawler, (Box::from(role), Mutex::default())));
        Self { door, caller, region: region.into(), external_id: None, roles: roles.into_iter().collect() }
    }

    /// The same, and who reads in each of `accounts`: the role `name`.
    pub(super) fn with_members<'a>(
        mut self,
        accounts: impl Iterator<Item = &'a Arc<str>>,
        name: &str,
        external_id: Option<&str>,
    ) -> Self {
        let partition = partition(&self.region);
        self.external_id = external_id.map(Box::from);
        self.roles.extend(accounts.map(|account| {
            let arn = format!("arn:{partition}:iam::{account}:role/{name}");
            (Who::Member(Arc::clone(account)), (arn.into_boxed_str(), Mutex::default()))
        }));
        self
    }

    /// The ARN of the role that reads in `account`, when one does.
    pub(super) fn principal(&self, account: &Arc<str>) -> Option<Arc<str>> {
        self.roles.get(&Who::Member(Arc::clone(account))).map(|(role, _)| Arc::from(&**role))
    }

    /// What `who` asks with.
    pub(super) async fn of(&self, who: &Who, asking: &Asking) -> Result<Session, Arc<str>> {
        let Some((role, known)) = self.roles.get(who) else {
            return Ok(Session { provider: self.caller.clone(), number: 0, until: None });
        };
        let mut known = known.lock().await;
        let (number, state) = &mut *known;
        match state {
            State::Open(session) if session.until.is_none_or(|until| asking.clock.elapsed() < until) => {
                return Ok(session.clone());
            }
            State::Refused(reason) => return Err(Arc::clone(reason)),
            State::Open(_) | State::Unasked => {}
        }
        *number += 1;
        match Box::pin(self.assume(who, role, *number, asking)).await {
            Ok(session) => {
                *state = State::Open(session.clone());
                Ok(session)
            }
            Err(reason) => {
                let name = role.split_once(":role/").map_or(&**role, |(_, name)| name);
                let reason: Arc<str> = format!("the role `{name}` cannot be assumed: {reason}").into();
                *state = State::Refused(Arc::clone(&reason));
                Err(reason)
            }
        }
    }

    /// That AWS says the session of this number is over.
    pub(super) async fn forget(&self, who: &Who, number: u64) {
        let Some((_, known)) = self.roles.get(who) else { return };
        let mut known = known.lock().await;
        if matches!(&known.1, State::Open(session) if session.number == number) {
            known.1 = State::Unasked;
        }
    }

    async fn assume(&self, who: &Who, role: &str, number: u64, asking: &Asking) -> Result<Session, Arc<str>> {
        let mut patience = Patience::default();
        let mut is_renewed = false;
        loop {
            let before = match who {
                Who::Crawler => Session { provider: self.caller.clone(), number: 0, until: None },
                Who::Member(_) => self.of(&Who::Crawler, asking).await?,
            };
            if asking.interruption.is_requested() {
                return Err("the run was told to end".into());
            }
            let config =
                aws_sdk_sts::config::Builder::from(&self.door.config(&before.provider, &self.region));
            let client = aws_sdk_sts::Client::from_conf(config.interceptor(self.door.watch()).build());
            let external_id = self.external_id.as_deref().filter(|_| matches!(who, Who::Member(_)));
            let question = client.assume_role().role_arn(role).role_session_name(SESSION);
            let answer = question.set_external_id(external_id.map(str::to_owned)).send().await;
            let fault = match answer {
                Ok(answer) => match answer.credentials {
                    Some(given) => return Ok(self.session(&given, number, asking)),
                    None => Fault::Lost("an answer without a session".into()),
                },
                Err(error) => Fault::of(&error),
            };
            match fault {
                Fault::Expired(_) if !is_renewed && matches!(who, Who::Member(_)) => {
                    is_renewed = true;
                    self.forget(&Who::Crawler, before.number).await;
                }
                Fault::Throttled(_) | Fault::Lost(_) => asking.wait(&mut patience, &fault).await?,
                Fault::Expired(_) | Fault::Refused(_) => return Err(Arc::clone(fault.reason())),
            }
        }
    }

    fn session(&self, given: &aws_sdk_sts::types::Credentials, number: u64, asking: &Asking) -> Session {
        let (id, secret) = (given.access_key_id.clone(), given.secret_access_key.clone());
        // Its end is kept here, not by the library, which would not know how to renew it.
        let credentials = Credentials::new(id, secret, Some(given.session_token.clone()), None, "milepost");
        let left = given.expiration.secs().saturating_sub(asking.clock.unix_seconds());
        let left = Duration::from_secs(u64::try_from(left).unwrap_or(0)).min(LASTS);
        Session {
            provider: SharedCredentialsProvider::new(credentials),
            number,
            until: Some(asking.clock.elapsed() + left.saturating_sub(MARGIN)),
        }
    }
}

/// The partition of AWS that `region` belongs to.
pub(super) fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
