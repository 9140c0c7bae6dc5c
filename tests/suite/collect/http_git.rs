//! Real git over HTTP on loopback: `git http-backend` behind a small server that counts requests and can fail
//! them on purpose.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Most bytes of one request.
const MOST_BYTES: usize = 16 << 20;

/// The environment of a git that serves: nobody's configuration but what lets single files be fetched.
pub(super) const SERVING: [(&str, &str); 7] = [
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_COUNT", "2"),
    ("GIT_CONFIG_KEY_0", "uploadpack.allowFilter"),
    ("GIT_CONFIG_VALUE_0", "true"),
    ("GIT_CONFIG_KEY_1", "uploadpack.allowAnySHA1InWant"),
    ("GIT_CONFIG_VALUE_1", "true"),
];

/// What the server does instead of asking git.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// An error of the server.
    Status(StatusCode),
    /// Another address.
    Elsewhere,
    /// Half of what git answers.
    HalfABody,
}

struct Shared {
    folder: PathBuf,
    requests: AtomicUsize,
    fault: Mutex<Option<Fault>>,
}

/// A server of the bare repositories in a folder; it ends with the value.
pub(super) struct HttpGit {
    _runtime: Runtime,
    shared: Arc<Shared>,
    address: String,
}

impl HttpGit {
    pub(super) fn serve(folder: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let shared = Arc::new(Shared {
            folder: folder.canonicalize().expect("a folder"),
            requests: AtomicUsize::new(0),
            fault: Mutex::new(None),
        });
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { _runtime: runtime, shared, address }
    }

    /// The address of the repository `name`.
    pub(super) fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.address)
    }

    /// How many requests came since this was asked last.
    pub(super) fn requests(&self) -> usize {
        self.shared.requests.swap(0, Ordering::SeqCst)
    }

    /// Fails every request from now on, or none.
    pub(super) fn fail(&self, fault: Option<Fault>) {
        *self.shared.fault.lock().expect("nobody panicked") = fault;
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    shared.requests.fetch_add(1, Ordering::SeqCst);
    let fault = *shared.fault.lock().expect("nobody panicked");
    match fault {
        Some(Fault::Status(status)) => return respond(status, &[], Vec::new()),
        Some(Fault::Elsewhere) => {
            return respond(
                StatusCode::MOVED_PERMANENTLY,
                &[("location", "https://git.example.com/")],
                Vec::new(),
            );
        }
        Some(Fault::HalfABody) | None => {}
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.expect("a small body");
    let header =
        |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut command = Command::new("git");
    command
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", &shared.folder)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", parts.uri.path())
        .env("QUERY_STRING", parts.uri.query().unwrap_or_default())
        .env("REQUEST_METHOD", parts.method.as_str())
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", header("git-protocol"))
        .envs(SERVING)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .stdout(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().expect("git http-backend");
        let mut asked = child.stdin.take().expect("a pipe");
        let writer = std::thread::spawn(move || asked.write_all(&body));
        let output = child.wait_with_output().expect("it ends");
        let _ = writer.join();
        output.stdout
    });
    let output = output.await.expect("it ends");
    let end = output.windows(4).position(|four| four == b"\r\n\r\n").expect("headers");
    let mut content = output[end + 4..].to_vec();
    if fault == Some(Fault::HalfABody) {
        content.truncate(content.len() / 2);
    }
    let head = String::from_utf8_lossy(&output[..end]).into_owned();
    let headers: Vec<(&str, &str)> = head.split("\r\n").filter_map(|line| line.split_once(": ")).collect();
    let status = headers.iter().find(|(name, _)| *name == "Status").and_then(|(_, status)| status.get(..3));
    let status = status.and_then(|digits| digits.parse().ok()).unwrap_or(StatusCode::OK);
    respond(status, &headers, content)
}

fn respond(status: StatusCode, headers: &[(&str, &str)], content: Vec<u8>) -> Response {
    let mut response = Response::builder().status(status);
    for (name, value) in headers.iter().filter(|(name, _)| *name != "Status") {
        response = response.header(*name, *value);
    }
    response.body(Body::from(content)).expect("a response")
}
