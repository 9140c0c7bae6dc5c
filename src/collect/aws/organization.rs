//! What AWS Organizations knows: every account with its state, its organisational unit and its tags.

use std::future::Future;
use std::sync::Arc;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::config::Builder;
use aws_sdk_organizations::types::{Account, Tag};
use aws_sdk_sts::config::SharedCredentialsProvider;

use super::asking::{Asking, Page};
use super::sessions::{Sessions, Who};
use super::units::Units;
use crate::aws::Fault;
use crate::collect::pool::Pool;
use crate::collect::snapshot::ObservedAccount;
use crate::day::Moment;

/// Questions in a second. What AWS allows is not published; twice as many were throttled in practice.
pub(super) const RATE: u32 = 8;

/// Asks Organizations.
pub(super) struct Organization<'a> {
    pub(super) sessions: &'a Sessions,
    pub(super) asking: &'a Asking,
    pub(super) source: &'a Arc<str>,
    pub(super) at: Moment,
}

/// What is missing, for people.
type Missing = Vec<String>;

impl Organization<'_> {
    /// Every account, complete, without its tags and its unit.
    pub(super) async fn accounts(&self) -> Result<Vec<ObservedAccount>, Arc<str>> {
        let ask = |client: Client, token: Option<String>| async move {
            let answer = client.list_accounts().set_next_token(token).send().await;
            let answer = answer.map_err(|error| Fault::of(&error))?;
            let accounts = answer.accounts.ok_or_else(without_list)?;
            let accounts =
                accounts.into_iter().map(|account| self.account(account)).collect::<Option<Vec<_>>>();
            let items = accounts.ok_or_else(|| Fault::Refused("an account without id or `State`".into()))?;
            Ok(Page { items, next: answer.next_token })
        };
        let mut accounts = self
            .all(ask)
            .await
            .map_err(|reason| Arc::from(format!("organizations:ListAccounts: {reason}")))?;
        accounts.sort_by(|a, b| a.id.cmp(&b.id));
        accounts.dedup_by(|b, a| a.id == b.id);
        Ok(accounts)
    }

    fn account(&self, account: Account) -> Option<ObservedAccount> {
        let id = account.id.filter(|id| is_account(id))?;
        Some(ObservedAccount {
            source: Arc::clone(self.source),
            id: id.into(),
            name: account.name.unwrap_or_default().into(),
            // Never `Status`, which is retired.
            state: account.state?.as_str().into(),
            path: account.paths.into_iter().flatten().next().map(Arc::from),
            unit: None,
            tags: None,
            collected_at: self.at,
            carried: None,
        })
    }

    /// Gives each account the names of its units, from the root down.
    pub(super) async fn name_units(&self, accounts: &mut [ObservedAccount]) -> Missing {
        let needs_members = accounts.iter().any(|account| account.path.is_none());
        match Units::walk(self, needs_members).await {
            Ok(units) => {
                for account in accounts {
                    if account.path.is_none() {
                        account.path = units.path_of(&account.id);
                    }
                    account.unit = account.path.as_deref().and_then(|path| units.names_of(path));
                }
                Vec::new()
            }
            Err(reason) => vec![format!("the organisational units are not known: {reason}")],
        }
    }

    /// The tags of each account, by its place in `accounts`; fewer when they are refused.
    pub(super) async fn tags(&self, accounts: &[Arc<str>]) -> (Vec<Tagged>, Missing) {
        let (mut all, mut pool) = (Vec::new(), Pool::default());
        for (position, account) in accounts.iter().enumerate() {
            let ask = |client: Client, token: Option<String>| async move {
                let question = client.list_tags_for_resource().resource_id(&**account).set_next_token(token);
                let answer = question.send().await.map_err(|error| Fault::of(&error))?;
                let items: Vec<Tag> = answer.tags.ok_or_else(without_list)?;
                Ok(Page { items, next: answer.next_token })
            };
            match self.all(ask).await {
                Ok(tags) => {
                    let tags: Vec<_> =
                        tags.into_iter().map(|tag| (pool.keep(&tag.key), pool.keep(&tag.value))).collect();
                    all.push((position, pool.keep_tags(&tags)));
                }
                // Who is refused for one account is refused for the next.
                Err(reason) => {
                    let what = format!("organizations:ListTagsForResource of `{account}`: {reason}");
                    return (all, vec![what]);
                }
            }
        }
        (all, Vec::new())
    }

    /// All pages of what `ask` gives.
    pub(super) async fn all<T, A, F>(&self, ask: A) -> Result<Vec<T>, Arc<str>>
    where
        A: Fn(Client, Option<String>) -> F,
        F: Future<Output = Result<Page<T>, Fault>>,
    {
        let (door, region) = (&self.sessions.door, &self.sessions.region);
        let with_client = |who: SharedCredentialsProvider, token: Option<String>| {
            let config = Builder::from(&door.config(&who, region)).interceptor(door.watch()).build();
            ask(Client::from_conf(config), token)
        };
        self.asking.whole(self.sessions, &Who::Crawler, RATE, with_client).await
    }
}

/// The place of an account, and its tags.
type Tagged = (usize, crate::collect::snapshot::Tags);

/// An answer that lacks what it is for is no answer.
pub(super) fn without_list() -> Fault {
    Fault::Lost("an answer without its list".into())
}

/// Whether it is the id of an account.
pub(super) fn is_account(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())
}
