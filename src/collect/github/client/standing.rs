//! How we stand with GitHub: what the limit of this hour still allows, what a token may do, and what the
//! installation of an App may.

use std::collections::BTreeMap;

use http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;

use super::{Client, Who, not_promised, refusal};
use crate::collect::github::transport::Trouble;
use crate::day::Moment;
use crate::settings::GithubApp;

/// Most words that are read of a list in a header.
const MOST_SCOPES: usize = 100;

/// What may still be asked, and with which rights.
#[derive(Debug)]
pub(in crate::collect::github) struct Standing {
    /// The points of an hour, those that remain, and when they are counted anew; `None` where nobody counts.
    pub(in crate::collect::github) points: Option<(u64, u64, Option<Moment>)>,
    /// The scopes of a classic token; other credentials have none, and GitHub does not list what they may do.
    pub(in crate::collect::github) scopes: Option<Vec<String>>,
}

/// An App where it is installed.
#[derive(Debug, Deserialize)]
pub(in crate::collect::github) struct Installation {
    pub(super) id: u64,
    /// What the App is called in addresses.
    #[serde(default)]
    pub(in crate::collect::github) app_slug: String,
    /// `all`, or `selected`.
    #[serde(default)]
    pub(in crate::collect::github) repository_selection: String,
    /// What it may do: `contents` to `read`, and so on.
    #[serde(default)]
    pub(in crate::collect::github) permissions: BTreeMap<String, String>,
    /// Since when it is not let in.
    #[serde(default)]
    pub(in crate::collect::github) suspended_at: Option<String>,
}

impl Client {
    /// How we stand with `owner`. Asking this is free.
    pub(in crate::collect::github) async fn standing(&self, owner: &str) -> Result<Standing, Trouble> {
        #[derive(Deserialize)]
        struct Limits {
            resources: Resources,
        }
        #[derive(Deserialize)]
        struct Resources {
            graphql: Option<Limit>,
        }
        #[derive(Deserialize)]
        struct Limit {
            limit: u64,
            remaining: u64,
            reset: i64,
        }
        let authorization = self.authorization(owner).await?;
        let address = self.api.rest("/rate_limit");
        let (head, body) = self.exchange(Method::GET, &address, None, None, authorization).await?;
        let points = match head.status {
            StatusCode::OK => {
                let limits: Limits = serde_json::from_slice(&body).map_err(|_| {
                    Trouble::Refused("its answer about limits is not what GitHub promises".to_owned())
                })?;
                let points =
                    |limit: Limit| (limit.limit, limit.remaining, Moment::from_unix_seconds(limit.reset));
                limits.resources.graphql.map(points)
            }
            // What an Enterprise Server says that counts nothing.
            StatusCode::NOT_FOUND => None,
            status => return Err(Trouble::Refused(refusal(status, &body))),
        };
        Ok(Standing { points, scopes: scopes(&head.headers) })
    }

    /// What our App may do for `owner`; `None` when we are no App.
    pub(in crate::collect::github) async fn installation_of(
        &self,
        owner: &str,
    ) -> Result<Option<Installation>, Trouble> {
        match &self.who {
            Who::Token(_) => Ok(None),
            Who::App(app, _) => self.installed(app, owner).await.map(Some),
        }
    }

    /// Where `app` is installed for `owner`.
    pub(super) async fn installed(&self, app: &GithubApp, owner: &str) -> Result<Installation, Trouble> {
        let authorization = self.as_the_app(app)?;
        let find = async |kind: &str| {
            let address = self.api.rest(&format!("/{kind}/{owner}/installation"));
            self.send(Method::GET, &address, None, None, authorization.clone()).await
        };
        let mut found = find("orgs").await?;
        if found.0 == StatusCode::NOT_FOUND {
            found = find("users").await?;
        }
        match found {
            (StatusCode::OK, body) => serde_json::from_slice(&body).map_err(|_| not_promised()),
            (StatusCode::NOT_FOUND, _) => {
                Err(Trouble::Refused(format!("the App is not installed for `{owner}`")))
            }
            (status, body) => Err(Trouble::Refused(refusal(status, &body))),
        }
    }
}

/// The scopes that a head names; `None` when it does not speak of any.
fn scopes(headers: &HeaderMap) -> Option<Vec<String>> {
    let list = headers.get("x-oauth-scopes")?.to_str().ok()?;
    let words = list.split(',').map(str::trim).filter(|word| !word.is_empty());
    Some(words.take(MOST_SCOPES).map(str::to_owned).collect())
}
