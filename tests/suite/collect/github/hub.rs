//! A stand-in for GitHub on loopback: it answers questions of GraphQL and the few of REST from a world that the test
//! makes, counts requests and points, and fails them on purpose.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::Response;
use http_body::Frame;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::graphql::Document;
use super::packing::{Packing, packed};
use super::rest::{self, Recorder};
use super::world::World;

/// Most bytes of one request.
const MOST_BYTES: usize = 16 << 20;

/// What the stand-in does instead of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A limit that says how long it lasts.
    RetryAfter,
    /// The limit of the hour.
    Primary,
    /// The limit of the hour, as GraphQL says it.
    PrimaryInAnswer,
    /// A limit that says nothing.
    Secondary,
    ServerError,
    /// A page of a proxy.
    BadGateway,
    /// The connection ends before the answer does.
    Reset,
    /// JSON that ends in the middle.
    Truncated,
    Unauthorized,
    NotFound,
    /// No answer for longer than anybody waits.
    Slow,
    /// Another address.
    Elsewhere,
}

/// Faults after which the same question is answered.
pub(super) const PASSING: [Fault; 8] = [
    Fault::RetryAfter,
    Fault::Primary,
    Fault::PrimaryInAnswer,
    Fault::Secondary,
    Fault::ServerError,
    Fault::BadGateway,
    Fault::Reset,
    Fault::Truncated,
];

/// A question with its answer.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) operation: String,
    pub(super) question: Value,
    pub(super) answer: Value,
}

/// What happens to the world.
type Plan = fn(&mut World);

/// Which fault a request of this number meets.
type Meddling = Box<dyn Fn(u64) -> Option<Fault> + Send>;

/// What becomes of the answer to a request of this number.
type Garbling = Arc<dyn Fn(u64, &mut Vec<u8>) + Send + Sync>;

#[derive(Default)]
struct Inner {
    world: Arc<World>,
    requests: u64,
    points: u64,
    /// Which requests fail, counted from now; all of them without a number.
    fault: Option<(Option<u64>, Fault)>,
    meddling: Option<Meddling>,
    garbling: Option<Garbling>,
    packing: Option<Packing>,
    token: Option<String>,
    exchanges: Option<Vec<Exchange>>,
    /// What to do to the world before a request of this number.
    plans: Vec<(u64, Plan)>,
    authorizations: Vec<String>,
}

/// The stand-in; it ends with the value.
pub(super) struct Hub {
    _runtime: Runtime,
    inner: Arc<Mutex<Inner>>,
    recorder: Recorder,
    address: String,
}

impl Hub {
    pub(super) fn serve(world: World) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let inner = Arc::new(Mutex::new(Inner { world: Arc::new(world), ..Inner::default() }));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let recorder = Recorder::default();
        let recording = middleware::from_fn_with_state(recorder.clone(), rest::record);
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inner)).layer(recording);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { _runtime: runtime, inner, recorder, address }
    }

    /// Where it answers.
    pub(super) fn api(&self) -> &str {
        &self.address
    }

    /// How many requests came, and what they cost, since this was asked last.
    pub(super) fn spent(&self) -> (u64, u64) {
        let mut inner = self.inner();
        (std::mem::take(&mut inner.requests), std::mem::take(&mut inner.points))
    }

    /// How many requests came since that was asked with [`Self::spent`].
    pub(super) fn seen(&self) -> u64 {
        self.inner().requests
    }

    /// Fails the request of this number, counted from now and from 1.
    pub(super) fn fail_at(&self, number: u64, fault: Fault) {
        let mut inner = self.inner();
        let number = inner.requests + number;
        inner.fault = Some((Some(number), fault));
    }

    /// Fails every request from now on, or none.
    pub(super) fn fail_always(&self, fault: Option<Fault>) {
        self.inner().fault = fault.map(|fault| (None, fault));
    }

    /// Fails requests as `meddling` says.
    pub(super) fn meddle(&self, meddling: impl Fn(u64) -> Option<Fault> + Send + 'static) {
        self.inner().meddling = Some(Box::new(meddling));
    }

    /// Changes answers of GraphQL as `garbling` says.
    pub(super) fn garble(&self, garbling: impl Fn(u64, &mut Vec<u8>) + Send + Sync + 'static) {
        self.inner().garbling = Some(Arc::new(garbling));
    }

    /// Packs answers of GraphQL, as GitHub does for whoever accepts it.
    pub(super) fn pack(&self, packing: Packing) {
        self.inner().packing = Some(packing);
    }

    /// Changes the world now.
    pub(super) fn change(&self, change: impl FnOnce(&mut World)) {
        change(Arc::make_mut(&mut self.inner().world));
    }

    /// Changes the world before the request of this number, counted from now and from 1.
    pub(super) fn change_at(&self, number: u64, change: Plan) {
        let mut inner = self.inner();
        let number = inner.requests + number;
        inner.plans.push((number, change));
    }

    /// Answers only those who show this token.
    pub(super) fn demand(&self, token: &str) {
        self.inner().token = Some(token.to_owned());
    }

    /// Keeps every question with its answer from now on.
    pub(super) fn record(&self) {
        self.inner().exchanges = Some(Vec::new());
        self.recorder.begin();
    }

    /// What was kept of GraphQL.
    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        self.inner().exchanges.take().unwrap_or_default()
    }

    /// What keeps requests of REST.
    pub(super) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// What the requests showed to say who asks.
    pub(super) fn authorizations(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().authorizations)
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().expect("nobody panicked")
    }
}

async fn answer(State(inner): State<Arc<Mutex<Inner>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.expect("a small body");
    let header =
        |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let authorization = header("authorization").to_owned();
    let (number, fault) = {
        let mut inner = inner.lock().expect("nobody panicked");
        inner.requests += 1;
        let now = inner.requests;
        let due: Vec<_> =
            inner.plans.iter().filter(|(number, _)| *number == now).map(|(_, change)| *change).collect();
        due.into_iter().for_each(|change| change(Arc::make_mut(&mut inner.world)));
        inner.authorizations.push(authorization.clone());
        let fault = inner.fault.filter(|(number, _)| number.is_none_or(|number| number == now));
        if fault.is_some_and(|(number, _)| number.is_some()) {
            inner.fault = None;
        }
        let meddled = inner.meddling.as_ref().and_then(|meddling| meddling(now));
        (now, fault.map(|(_, fault)| fault).or(meddled))
    };
    if let Some(fault) = fault
        && let Some(answer) = failed(fault).await
    {
        return answer;
    }
    if header("user-agent").is_empty() {
        return say(StatusCode::FORBIDDEN, &json!({ "message": "send a User-Agent" }));
    }
    if let Some(given) = super::apps::answer(parts.method.as_str(), parts.uri.path(), &authorization) {
        return say(given.0, &given.1);
    }
    let (world, is_known) = {
        let inner = inner.lock().expect("nobody panicked");
        let is_known = inner.token.as_ref().is_none_or(|token| authorization == format!("Bearer {token}"));
        (Arc::clone(&inner.world), is_known)
    };
    if !is_known {
        return say(StatusCode::UNAUTHORIZED, &json!({ "message": "Bad credentials" }));
    }
    let answered = match (parts.method.as_str(), parts.uri.path()) {
        ("GET", "/rate_limit") => return super::doctor::rate_limit(&world.standing),
        ("POST", "/graphql") => graphql(&inner, &world, &body),
        ("GET", path) => return blob(&world, path, fault == Some(Fault::Truncated)),
        _ => return say(StatusCode::NOT_FOUND, &json!({ "message": "Not Found" })),
    };
    match fault {
        Some(Fault::Truncated) => {
            let mut text = answered.to_string().into_bytes();
            text.truncate(text.len() / 2);
            json_answer(StatusCode::OK, text)
        }
        _ => {
            let mut body = answered.to_string().into_bytes();
            let (garbling, packing) = {
                let inner = inner.lock().expect("nobody panicked");
                (inner.garbling.clone(), inner.packing)
            };
            if let Some(garbling) = garbling {
                garbling(number, &mut body);
            }
            let answer = json_answer(StatusCode::OK, body);
            match packing {
                Some(packing) => packed(packing, header("accept-encoding"), answer).await,
                None => answer,
            }
        }
    }
}

fn graphql(inner: &Mutex<Inner>, world: &World, body: &Bytes) -> Value {
    let question: Value = serde_json::from_slice(body).expect("a question in JSON");
    let document = Document::parse(question["query"].as_str().expect("a document"));
    let answer = world.answer(&document, &question["variables"]);
    let mut inner = inner.lock().expect("nobody panicked");
    inner.points += document.points(&question["variables"]);
    if let Some(exchanges) = &mut inner.exchanges {
        let operation = question["operationName"].as_str().unwrap_or_default().to_owned();
        exchanges.push(Exchange { operation, question, answer: answer.clone() });
    }
    answer
}

/// `/repos/OWNER/NAME/git/blobs/OID`, as it lies in git.
fn blob(world: &World, path: &str, is_halved: bool) -> Response {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let bytes = match parts[..] {
        ["repos", owner, name, "git", "blobs", oid] => world.blob(&format!("{owner}/{name}"), oid),
        _ => None,
    };
    match bytes {
        Some(mut bytes) => {
            if is_halved {
                bytes.truncate(bytes.len() / 2);
            }
            let kind = "application/vnd.github.raw+json; charset=utf-8";
            let answer = Response::builder().header("content-type", kind);
            answer.body(Body::from(bytes)).expect("a response")
        }
        None => say(StatusCode::NOT_FOUND, &json!({ "message": "Not Found" })),
    }
}

async fn failed(fault: Fault) -> Option<Response> {
    let limit = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    let spent =
        [("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "9999999999")];
    let with = |mut answer: Response, headers: &[(&'static str, &'static str)]| {
        headers.iter().for_each(|(name, value)| {
            answer.headers_mut().insert(*name, value.parse().expect("a value"));
        });
        answer
    };
    let message = |status, message: &str| say(status, &json!({ "message": message }));
    Some(match fault {
        Fault::RetryAfter => with(message(StatusCode::TOO_MANY_REQUESTS, limit), &[("retry-after", "7")]),
        Fault::Primary => with(message(StatusCode::FORBIDDEN, "API rate limit exceeded"), &spent),
        Fault::PrimaryInAnswer => {
            let error = json!({ "type": "RATE_LIMITED", "message": "API rate limit exceeded" });
            with(say(StatusCode::OK, &json!({ "errors": [error] })), &spent)
        }
        Fault::Secondary => message(StatusCode::FORBIDDEN, limit),
        Fault::ServerError => message(StatusCode::INTERNAL_SERVER_ERROR, "Server Error"),
        Fault::BadGateway => {
            let page =
                Response::builder().status(StatusCode::BAD_GATEWAY).header("content-type", "text/html");
            page.body(Body::from("<html><body>Unicorn!</body></html>")).expect("a response")
        }
        Fault::Reset => {
            let answer = Response::builder().header("content-type", "application/json");
            answer.body(Body::new(Broken)).expect("a response")
        }
        Fault::Unauthorized => message(StatusCode::UNAUTHORIZED, "Bad credentials"),
        Fault::NotFound => message(StatusCode::NOT_FOUND, "Not Found"),
        Fault::Elsewhere => {
            let answer = message(StatusCode::MOVED_PERMANENTLY, "Moved Permanently");
            with(answer, &[("location", "http://localhost:1/graphql")])
        }
        Fault::Slow => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            return None;
        }
        // Half of the true answer.
        Fault::Truncated => return None,
    })
}

pub(super) fn say(status: StatusCode, value: &Value) -> Response {
    json_answer(status, value.to_string().into_bytes())
}

pub(super) fn json_answer(status: StatusCode, body: Vec<u8>) -> Response {
    let answer = Response::builder().status(status).header("content-type", "application/json; charset=utf-8");
    answer.body(Body::from(body)).expect("a response")
}

/// A body whose connection ends before it does.
struct Broken;

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())))
    }
}
