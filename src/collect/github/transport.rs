//! Carries questions to the one host that may be asked, and answers back that are whole. Everything that can go
//! wrong on the way is settled here: limits are waited for, what was damaged is asked again, and nothing is
//! asked of another host.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::rt::TokioExecutor;
use octocrab::OctoBody;
use tokio::sync::Semaphore;
use tower::Service;

use super::limits::{Verdict, judge, nearly_spent};
use super::packing::unpacked;
use super::road::Road;
use crate::collect::clock::Clock;
use crate::settings::{GithubApi, Interruption, Settings};

/// How many questions are on their way at once.
const AT_ONCE: usize = 8;

/// How long a night may wait for GitHub. What is not read by then stays as it was.
const NIGHT: Duration = Duration::from_secs(4 * 60 * 60);

/// How often it is looked whether the run was told to end.
const PULSE: Duration = Duration::from_millis(20);

/// How often a question is asked whose answers come damaged.
const TRIES: u32 = 3;

/// After so many damaged answers in a row nobody is asked any more.
const TROUBLE_IN_A_ROW: u32 = 12;

/// Most bytes of one answer, packed or unpacked.
const MOST_BYTES: usize = 64 << 20;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The question was too much, or the server cannot cope with it: a smaller one may be answered.
    TooMuch(String),
    /// This question will not be answered.
    Refused(String),
    /// No question will be answered tonight.
    Closed(String),
}

impl Trouble {
    /// Why.
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::TooMuch(reason) | Self::Refused(reason) | Self::Closed(reason) => reason,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for Trouble {}

/// The way to one host. Clones share it.
#[derive(Clone)]
pub(super) struct Transport(Arc<Way>);

struct Way {
    hyper: Hyper<HttpsConnector<Road>, Full<Bytes>>,
    /// The proxy through which the host is asked.
    proxy: Option<String>,
    api: GithubApi,
    clock: Arc<Clock>,
    interruption: Interruption,
    places: Semaphore,
    /// When questions to GraphQL and to REST are answered again, counted from the beginning of the night.
    open_from: [Mutex<Duration>; 2],
    in_a_row: AtomicU32,
    closed: Mutex<Option<String>>,
    questions: AtomicU64,
    points: AtomicU64,
}

impl Transport {
    /// The way to `api`, or why there is none.
    pub(super) fn new(api: GithubApi, clock: Arc<Clock>, settings: &Settings) -> Result<Self, String> {
        let road = Road::to(&api, &settings.github.proxies)?;
        let proxy = road.proxy().map(str::to_owned);
        Ok(Self(Arc::new(Way {
            hyper: Hyper::builder(TokioExecutor::new()).build(connector(&api, road)?),
            proxy,
            api,
            clock,
            interruption: settings.interruption.clone(),
            places: Semaphore::new(AT_ONCE),
            open_from: [const { Mutex::new(Duration::ZERO) }; 2],
            in_a_row: AtomicU32::new(0),
            closed: Mutex::new(None),
            questions: AtomicU64::new(0),
            points: AtomicU64::new(0),
        })))
    }

    /// The proxy through which the host is asked, if there is one.
    pub(super) fn proxy(&self) -> Option<&str> {
        self.0.proxy.as_deref()
    }

    /// How many questions were asked, and how many points were paid for them.
    pub(super) fn spent(&self) -> (u64, u64) {
        (self.0.questions.load(Ordering::Relaxed), self.0.points.load(Ordering::Relaxed))
    }
}

/// What connects to the host of `api` by `road`. Without encryption, which is for this machine only, no certificates
/// of the system are looked for.
fn connector(api: &GithubApi, road: Road) -> Result<HttpsConnector<Road>, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let in_words =
        |error: &dyn fmt::Display| format!("the certificates of this machine cannot be used: {error}");
    let builder = HttpsConnectorBuilder::new();
    let builder = if api.graphql().starts_with("https:") {
        builder.with_provider_and_native_roots(provider).map_err(|error| in_words(&error))?.https_only()
    } else {
        let versions =
            rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let none = rustls::RootCertStore::empty();
        let config =
            versions.map_err(|error| in_words(&error))?.with_root_certificates(none).with_no_client_auth();
        builder.with_tls_config(config).https_or_http()
    };
    Ok(builder.enable_http1().wrap_connector(road))
}

impl Service<Request<OctoBody>> for Transport {
    type Response = Response<Full<Bytes>>;
    type Error = Trouble;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Trouble>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Trouble>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<OctoBody>) -> Self::Future {
        let way = Arc::clone(&self.0);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(|error| Trouble::Refused(error.to_string()))?.to_bytes();
            way.carry(&parts, &body).await
        })
    }
}

impl Way {
    /// Asks until there is an answer, or no use in asking.
    async fn carry(&self, parts: &Parts, body: &Bytes) -> Result<Response<Full<Bytes>>, Trouble> {
        let address = parts.uri.to_string();
        if url::Url::parse(&address).map(|url| url.origin()) != Ok(self.api.origin()) {
            return Err(Trouble::Refused("it sends us to another host, which is not asked".to_owned()));
        }
        let lane = &self.open_from[usize::from(address != self.api.graphql())];
        let (mut damaged, mut limits) = (0, 0);
        loop {
            self.wait_for(lane).await?;
            let verdict = match self.unless_over(self.ask(parts, body)).await? {
                Ok(answer) => {
                    let now = self.clock.unix_seconds();
                    match judge(answer.status(), answer.headers(), answer.body(), limits, now) {
                        Verdict::Good(points) => return Ok(self.taken(answer, points, lane, now)),
                        verdict => verdict,
                    }
                }
                Err(reason) => Verdict::Again(reason),
            };
            match verdict {
                Verdict::Good(_) => {}
                Verdict::TooMuch(reason) => return Err(Trouble::TooMuch(reason)),
                Verdict::Closed(reason) => return Err(self.close(reason)),
                Verdict::Limit(wait, reason) => {
                    limits += 1;
                    // Nobody asks while a limit lasts, whichever question met it.
                    for lane in &self.open_from {
                        self.keep_closed(lane, wait);
                    }
                    if self.clock.elapsed() + wait > NIGHT {
                        return Err(self.close(format!("{reason}, and the night is over before it ends")));
                    }
                }
                Verdict::Again(reason) => {
                    damaged += 1;
                    if self.in_a_row.fetch_add(1, Ordering::Relaxed) + 1 >= TROUBLE_IN_A_ROW {
                        return Err(self.close(format!("it cannot be asked: {reason}, again and again")));
                    }
                    if damaged == TRIES {
                        return Err(Trouble::TooMuch(reason));
                    }
                    self.unless_over(self.clock.wait_until(self.clock.elapsed() + breath(damaged))).await?;
                }
            }
        }
    }

    /// One question and what came of it, whatever it is.
    async fn ask(&self, parts: &Parts, body: &Bytes) -> Result<Response<Bytes>, String> {
        let mut request = Request::new(Full::new(body.clone()));
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = parts.uri.clone();
        *request.headers_mut() = parts.headers.clone();
        let _place = self.places.acquire().await.map_err(|error| error.to_string())?;
        self.questions.fetch_add(1, Ordering::Relaxed);
        let patience = self.clock.patience();
        let answered = tokio::time::timeout(patience, async {
            let answer = self.hyper.request(request).await.map_err(|error| innermost(&error))?;
            let (mut head, body) = answer.into_parts();
            let whole = Limited::new(body, MOST_BYTES).collect().await;
            let whole = whole.map_err(|error| format!("its answer broke off ({})", innermost(&*error)))?;
            let whole = unpacked(&mut head.headers, whole.to_bytes(), MOST_BYTES)?;
            Ok(Response::from_parts(head, whole))
        });
        answered.await.unwrap_or_else(|_| Err(format!("no answer in {} seconds", patience.as_secs())))
    }

    /// A good answer, counted. When hardly any questions are left, the next one waits.
    fn taken(
        &self,
        answer: Response<Bytes>,
        points: u64,
        lane: &Mutex<Duration>,
        now: i64,
    ) -> Response<Full<Bytes>> {
        self.in_a_row.store(0, Ordering::Relaxed);
        self.points.fetch_add(points, Ordering::Relaxed);
        // One that is not known, such as a repository that is gone, says nothing of the others.
        if answer.status() != StatusCode::NOT_FOUND
            && let Some(wait) = nearly_spent(answer.headers(), now)
        {
            self.keep_closed(lane, wait);
        }
        answer.map(Full::new)
    }

    fn keep_closed(&self, lane: &Mutex<Duration>, wait: Duration) {
        let until = self.clock.elapsed() + wait;
        let mut open_from = lane.lock().unwrap_or_else(PoisonError::into_inner);
        *open_from = until.max(*open_from);
    }

    async fn wait_for(&self, lane: &Mutex<Duration>) -> Result<(), Trouble> {
        if let Some(reason) = &*self.closed.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(Trouble::Closed(reason.clone()));
        }
        let open_from = *lane.lock().unwrap_or_else(PoisonError::into_inner);
        if open_from > NIGHT || self.clock.elapsed() > NIGHT {
            return Err(self.close("the night is over before all is read".to_owned()));
        }
        self.unless_over(self.clock.wait_until(open_from)).await
    }

    /// What `work` gives, unless the run is told to end before.
    async fn unless_over<T>(&self, work: impl Future<Output = T>) -> Result<T, Trouble> {
        let over = async {
            while !self.interruption.is_requested() {
                tokio::time::sleep(PULSE).await;
            }
        };
        tokio::select! {
            biased;
            () = over => Err(self.close("the run was told to end".to_owned())),
            done = work => Ok(done),
        }
    }

    fn close(&self, reason: String) -> Trouble {
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        Trouble::Closed(closed.get_or_insert(reason).clone())
    }
}

/// The pause before the next try: one second, then two, then four, each longer by up to half of it, so that
/// those that failed together do not come again together.
fn breath(damaged: u32) -> Duration {
    use std::hash::{BuildHasher as _, RandomState};
    let second = Duration::from_secs(1) * 2u32.pow(damaged - 1);
    second + second * u32::from(RandomState::new().hash_one(damaged) as u8) / 512
}

/// What lies at the bottom of an error: `connection refused` rather than `client error (Connect)`.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}
