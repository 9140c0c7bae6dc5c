//! Asks GitHub as the one we are to it: GraphQL for nearly everything, REST for what GraphQL does not give.

mod standing;

use std::collections::BTreeMap;
use std::sync::Arc;

use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT};
use http::response::Parts;
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use octocrab::{AuthState, OctoBody, Octocrab, OctocrabBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::app::statement;
use super::packing;
use super::queries::Answer;
use super::transport::{Transport, Trouble};
use crate::collect::clock::Clock;
use crate::day::Moment;
use crate::settings::{GithubAccess, GithubApi, GithubApp, Secret, Settings};
pub(super) use standing::{Installation, Standing};

/// A token is not used any more so many seconds before it ends.
const MARGIN: i64 = 5 * 60;

/// Who asks.
const AGENT: &str = concat!("milepost/", env!("CARGO_PKG_VERSION"));

/// Asks one GitHub.
pub(super) struct Client {
    crab: Octocrab,
    transport: Transport,
    api: GithubApi,
    clock: Arc<Clock>,
    who: Who,
}

/// Who we are.
enum Who {
    Token(Secret),
    /// An App, with what it was given for owners.
    App(GithubApp, Mutex<BTreeMap<String, Given>>),
}

/// A token for what one owner lets an App see.
struct Given {
    token: Secret,
    /// When it ends, in seconds since 1970.
    end: i64,
    /// Whether members and teams may be read with it.
    sees_people: bool,
}

impl Client {
    /// Somebody who asks `api`. To be called on a runtime, which carries the questions.
    pub(super) fn new(api: &GithubApi, settings: &Settings) -> Result<Self, String> {
        let access = &settings.github;
        if let Some(reason) = &access.broken_app {
            return Err(reason.clone());
        }
        let who = match (&access.app, &access.token) {
            (Some(app), _) => Who::App(app.clone(), Mutex::default()),
            (None, Some(token)) => Who::Token(token.clone()),
            (None, None) => {
                return Err(format!(
                    "GitHub answers nobody it does not know; set {}",
                    GithubAccess::TOKENS[0]
                ));
            }
        };
        let clock = Arc::new(Clock::new(access.began, access.waiting));
        let transport = Transport::new(api.clone(), Arc::clone(&clock), settings)?;
        let builder = OctocrabBuilder::new_empty().with_service(transport.clone()).with_auth(AuthState::None);
        let crab = builder.build().unwrap_or_else(|never| match never {});
        Ok(Self { crab, transport, api: api.clone(), clock, who })
    }

    /// How many questions were asked, and how many points were paid for them.
    pub(super) fn spent(&self) -> (u64, u64) {
        self.transport.spent()
    }

    /// Whether the App that asks may read the members and teams of `owner`; `None` when no App asks.
    pub(super) async fn app_sees_people(&self, owner: &str) -> Result<Option<bool>, Trouble> {
        let Who::App(_, tokens) = &self.who else { return Ok(None) };
        self.authorization(owner).await?;
        Ok(tokens.lock().await.get(owner).map(|given| given.sees_people))
    }

    /// The proxy through which GitHub is asked, if there is one.
    pub(super) fn proxy(&self) -> Option<&str> {
        self.transport.proxy()
    }

    /// Where people read the repository `name`.
    pub(super) fn page_of(&self, name: &str) -> String {
        self.api.page_of(name)
    }

    /// Asks GraphQL about what belongs to `owner`.
    pub(super) async fn query<T: DeserializeOwned>(
        &self,
        owner: &str,
        operation: &'static str,
        query: &str,
        variables: &Value,
    ) -> Result<Answer<T>, Trouble> {
        let question = json!({ "query": query, "operationName": operation, "variables": variables });
        let body = OctoBody::from(question.to_string());
        let authorization = self.authorization(owner).await?;
        let (status, body) =
            self.send(Method::POST, &self.api.graphql(), Some(body), None, authorization).await?;
        if status != StatusCode::OK {
            return Err(Trouble::Refused(refusal(status, &body)));
        }
        serde_json::from_slice(&body)
            .map_err(|error| Trouble::Refused(format!("its answer is not what GitHub promises: {error}")))
    }

    /// The bytes of the blob `oid` of the repository `name`.
    pub(super) async fn blob(&self, name: &str, oid: &str) -> Result<Vec<u8>, Trouble> {
        let owner = name.split('/').next().unwrap_or_default();
        let authorization = self.authorization(owner).await?;
        let address = self.api.rest(&format!("/repos/{name}/git/blobs/{oid}"));
        let accept = Some("application/vnd.github.raw+json");
        let (status, body) = self.send(Method::GET, &address, None, accept, authorization).await?;
        match status {
            StatusCode::OK => Ok(body),
            status => Err(Trouble::Refused(refusal(status, &body))),
        }
    }

    /// What shows who we are to the repositories of `owner`.
    async fn authorization(&self, owner: &str) -> Result<HeaderValue, Trouble> {
        match &self.who {
            Who::Token(token) => bearer(token.reveal()),
            Who::App(app, tokens) => {
                let mut tokens = tokens.lock().await;
                if let Some(given) = tokens.get(owner)
                    && self.clock.unix_seconds() < given.end - MARGIN
                {
                    return bearer(given.token.reveal());
                }
                let given = self.installation(app, owner).await?;
                let authorization = bearer(given.token.reveal());
                tokens.insert(owner.to_owned(), given);
                authorization
            }
        }
    }

    /// A token for what `owner` lets the App see.
    async fn installation(&self, app: &GithubApp, owner: &str) -> Result<Given, Trouble> {
        #[derive(Deserialize)]
        struct Answered {
            token: String,
            expires_at: String,
            #[serde(default)]
            permissions: Permissions,
        }
        #[derive(Default, Deserialize)]
        struct Permissions {
            members: Option<String>,
        }
        let installation = self.installed(app, owner).await?;
        let authorization = self.as_the_app(app)?;
        let address = self.api.rest(&format!("/app/installations/{}/access_tokens", installation.id));
        let (status, body) = self.send(Method::POST, &address, None, None, authorization).await?;
        if status != StatusCode::CREATED {
            return Err(Trouble::Refused(refusal(status, &body)));
        }
        let answered: Answered = serde_json::from_slice(&body).map_err(|_| not_promised())?;
        Ok(Given {
            token: Secret::new(&answered.token),
            end: Moment::parse(&answered.expires_at).map_or(i64::MIN, Moment::unix_seconds),
            sees_people: answered.permissions.members.is_some(),
        })
    }

    /// What shows that we are the App itself.
    fn as_the_app(&self, app: &GithubApp) -> Result<HeaderValue, Trouble> {
        bearer(&statement(app, self.clock.unix_seconds()).map_err(Trouble::Refused)?)
    }

    async fn send(
        &self,
        method: Method,
        address: &str,
        body: Option<OctoBody>,
        accept: Option<&str>,
        authorization: HeaderValue,
    ) -> Result<(StatusCode, Vec<u8>), Trouble> {
        let (head, body) = self.exchange(method, address, body, accept, authorization).await?;
        Ok((head.status, body))
    }

    /// Asks once; the head of the answer, and its bytes.
    async fn exchange(
        &self,
        method: Method,
        address: &str,
        body: Option<OctoBody>,
        accept: Option<&str>,
        authorization: HeaderValue,
    ) -> Result<(Parts, Vec<u8>), Trouble> {
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header(USER_AGENT, AGENT)
            .header(AUTHORIZATION, authorization)
            .header(ACCEPT, accept.unwrap_or("application/vnd.github+json"))
            .header(ACCEPT_ENCODING, packing::ACCEPTED)
            .header("x-github-api-version", "2022-11-28");
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        } else {
            request = request.header(CONTENT_LENGTH, "0");
        }
        let request = request.body(body.unwrap_or_else(OctoBody::empty));
        let request = request.map_err(|error| Trouble::Refused(error.to_string()))?;
        let answer = self.crab.send(request).await.map_err(|error| trouble(&error))?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| trouble(&error))?;
        Ok((head, body.to_bytes().to_vec()))
    }
}

/// A header that shows `token`, which logs leave out.
fn bearer(token: &str) -> Result<HeaderValue, Trouble> {
    let header = HeaderValue::from_str(&format!("Bearer {token}"));
    let mut header =
        header.map_err(|_| Trouble::Closed("the token holds characters that no token has".to_owned()))?;
    header.set_sensitive(true);
    Ok(header)
}

/// An answer about an App that makes no sense.
fn not_promised() -> Trouble {
    Trouble::Refused("its answer about the App is not what GitHub promises".to_owned())
}

/// What a refusal says, in one short line.
fn refusal(status: StatusCode, body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Said {
        message: String,
    }
    let said = serde_json::from_slice::<Said>(body).map(|said| said.message).unwrap_or_default();
    let said: String =
        said.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect();
    let code = status.as_u16();
    match (status.is_redirection(), said.is_empty()) {
        (true, _) => format!("it sends us to another address ({code}), which is not followed"),
        (false, true) => format!("it answered with {code}"),
        (false, false) => format!("it answered with {code}: {said}"),
    }
}

/// The trouble that lies in an error of the client.
fn trouble(error: &(dyn std::error::Error + 'static)) -> Trouble {
    let mut at = Some(error);
    while let Some(error) = at {
        if let Some(trouble) = error.downcast_ref::<Trouble>() {
            return trouble.clone();
        }
        at = error.source();
    }
    Trouble::Refused(error.to_string())
}
