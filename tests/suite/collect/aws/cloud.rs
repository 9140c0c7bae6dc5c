//! A stand-in for AWS on loopback: it answers the questions of a night from a world that the test makes, knows who
//! asks by the sessions it gave, counts calls, and fails them on purpose. A token of a page works once.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use http_body::Frame;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::record::record;
use super::world::World;

/// What the stand-in does instead of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Throttle,
    ServerError,
    /// A page of a proxy.
    BadGateway,
    /// The connection ends before anything is done.
    Reset,
    /// The work is done, and its answer is lost.
    Lost,
    /// The work is done, and half of its answer comes.
    HalfBody,
    ExpiredToken,
    AccessDenied,
    /// Somebody on the road says no.
    Forbidden,
    /// The account has not switched the region on.
    OptedOut,
    /// A page without anything, in the middle of a listing.
    EmptyPage,
    /// A page without anything, and nothing after it.
    EarlyEnd,
    /// No answer for longer than anybody waits.
    Slow,
}

/// Faults after which the same question is answered.
pub(super) const PASSING: [Fault; 8] = [
    Fault::Throttle,
    Fault::ServerError,
    Fault::BadGateway,
    Fault::Reset,
    Fault::Lost,
    Fault::HalfBody,
    Fault::ExpiredToken,
    Fault::EmptyPage,
];

/// One call: what was asked, by whom, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) operation: String,
    pub(super) account: String,
    pub(super) region: String,
}

/// Which fault a call of this number meets.
type Meddling = Box<dyn Fn(u64, &Call) -> Option<Fault> + Send>;

#[derive(Default)]
struct Inner {
    world: World,
    calls: Vec<Call>,
    meddling: Option<Meddling>,
    /// What every answer says the time is.
    date: Option<String>,
}

/// The stand-in; it ends with the value.
pub(super) struct Cloud {
    _runtime: Runtime,
    inner: Arc<Mutex<Inner>>,
    address: String,
}

impl Cloud {
    pub(super) fn serve(world: World) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let inner = Arc::new(Mutex::new(Inner { world, ..Inner::default() }));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { _runtime: runtime, inner, address }
    }

    /// Where it answers.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// The calls since this was asked last.
    pub(super) fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.inner().calls)
    }

    /// How many calls came since that was asked with [`Self::calls`].
    pub(super) fn count(&self) -> usize {
        self.inner().calls.len()
    }

    /// Fails calls as `meddling` says, counted from now and from 1.
    pub(super) fn meddle(&self, meddling: impl Fn(u64, &Call) -> Option<Fault> + Send + 'static) {
        let mut inner = self.inner();
        inner.calls.clear();
        inner.meddling = Some(Box::new(meddling));
    }

    /// Says another time with every answer.
    pub(super) fn set_date(&self, date: &str) {
        self.inner().date = Some(date.to_owned());
    }

    /// Changes the world now.
    pub(super) fn change(&self, change: impl FnOnce(&mut World)) {
        change(&mut self.inner().world);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("nobody panicked")
    }
}

async fn answer(State(inner): State<Arc<Mutex<Inner>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a small body");
    let header =
        |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`
    let credential = header("authorization").split("Credential=").nth(1).expect("it is signed");
    let scope: Vec<&str> = credential.split('/').collect();
    let (key, region, service) = (scope[0].to_owned(), scope[2].to_owned(), scope[3].to_owned());
    let target = header("x-amz-target").to_owned();
    // Resource Explorer names what it is asked for in the path.
    let named = parts.uri.path().trim_matches('/').to_owned();
    let is_query = target.is_empty() && named.is_empty();
    let question = match is_query {
        true => form(&body),
        false if body.is_empty() => json!({}),
        false => serde_json::from_slice(&body).expect("JSON"),
    };
    let operation = match target.rsplit('.').next() {
        _ if !named.is_empty() => named,
        Some(operation) if !is_query => operation.to_owned(),
        _ => question["Action"].as_str().expect("an action").to_owned(),
    };
    let (answered, fault, date) = {
        let mut inner = inner.lock().expect("nobody panicked");
        let account = inner.world.account_of(&key);
        let call = Call { operation: operation.clone(), account, region: region.clone() };
        inner.calls.push(call.clone());
        let number = inner.calls.len() as u64;
        let fault = inner.meddling.as_ref().and_then(|meddling| meddling(number, &call));
        let is_done = matches!(fault, None | Some(Fault::Lost | Fault::HalfBody));
        let answered = match fault {
            Some(Fault::EmptyPage) => inner.world.empty_page(&operation, &key, &region, &question),
            Some(Fault::EarlyEnd) => Ok(json!({ "ResourceTagMappingList": [], "PaginationToken": "" })),
            _ if is_done => inner.world.answer(&operation, &key, &region, &question),
            _ => Err((400, "InternalFailure")),
        };
        (answered, fault, inner.date.clone())
    };
    let mut response = match fault {
        Some(fault) => failed(fault, is_query, answered).await,
        None => {
            let told = words(is_query, answered);
            record(&service, &parts, &body, told.0, &told.2);
            response(told)
        }
    };
    if let Some(date) = date {
        response.headers_mut().insert("date", date.parse().expect("a date"));
    }
    response
}

fn form(body: &[u8]) -> Value {
    url::form_urlencoded::parse(body).map(|(key, value)| (key.into_owned(), json!(value))).collect()
}

/// The status, type and text of an answer, or of its error, in the form of the service.
fn words(is_query: bool, answered: Result<Value, (u16, &str)>) -> (u16, &'static str, String) {
    match (answered, is_query) {
        (Ok(answer), false) => (200, "application/x-amz-json-1.1", answer.to_string()),
        (Ok(answer), true) => (200, "text/xml", answer.as_str().expect("XML").to_owned()),
        (Err((status, code)), false) => {
            (status, "application/x-amz-json-1.1", json!({ "__type": code, "message": "no" }).to_string())
        }
        (Err((status, code)), true) => {
            let error = format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>");
            (status, "text/xml", format!("<ErrorResponse>{error}</ErrorResponse>"))
        }
    }
}

fn told(is_query: bool, answered: Result<Value, (u16, &str)>) -> Response {
    response(words(is_query, answered))
}

fn response((status, kind, body): (u16, &str, String)) -> Response {
    let answer = Response::builder().status(status).header("content-type", kind);
    answer.body(Body::from(body)).expect("a response")
}

async fn failed(fault: Fault, is_query: bool, answered: Result<Value, (u16, &'static str)>) -> Response {
    match fault {
        Fault::Throttle => {
            told(is_query, Err((400, if is_query { "Throttling" } else { "ThrottlingException" })))
        }
        Fault::ServerError => told(is_query, Err((500, "InternalFailure"))),
        Fault::BadGateway => page(StatusCode::BAD_GATEWAY),
        Fault::Forbidden => page(StatusCode::FORBIDDEN),
        Fault::Reset | Fault::Lost => {
            let answer = Response::builder().header("content-type", "application/json");
            answer.body(Body::new(Broken(None))).expect("a response")
        }
        Fault::HalfBody => {
            let whole = to_bytes(told(is_query, answered).into_body(), 16 << 20).await.expect("a body");
            let half = whole.slice(..whole.len() / 2);
            let answer = Response::builder().header("content-length", whole.len());
            answer.body(Body::new(Broken(Some(half)))).expect("a response")
        }
        Fault::ExpiredToken => {
            told(is_query, Err((400, if is_query { "ExpiredToken" } else { "ExpiredTokenException" })))
        }
        Fault::AccessDenied => {
            told(is_query, Err((403, if is_query { "AccessDenied" } else { "AccessDeniedException" })))
        }
        Fault::OptedOut => told(is_query, Err((400, "UnrecognizedClientException"))),
        Fault::EmptyPage | Fault::EarlyEnd => told(is_query, answered),
        Fault::Slow => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            told(is_query, answered)
        }
    }
}

/// A page of a proxy.
fn page(status: StatusCode) -> Response {
    let page = Response::builder().status(status).header("content-type", "text/html");
    page.body(Body::from("<html><body>Unicorn!</body></html>")).expect("a response")
}

/// A body whose connection ends before it does.
struct Broken(Option<Bytes>);

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(match self.0.take() {
            Some(bytes) => Ok(Frame::data(bytes)),
            None => Err(std::io::ErrorKind::ConnectionReset.into()),
        }))
    }
}
