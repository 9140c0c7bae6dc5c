//! Writes down what was asked over REST and what was answered, for the judges in
//! `tests/validators/github-rest.test.mjs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use milepost::settings::{Github, GithubAccess, GithubApp, Secret};
use serde_json::{Map, Value, json};

use super::super::{Place, now};
use super::hub::{Fault, Hub};
use super::people::PERSON;
use super::repository::Thing;
use super::{apps, asked, repository, service, world};

/// Most bytes of a body that is written down.
const MOST_BYTES: usize = 1 << 20;

/// Keeps requests of REST with their answers, once it is told to.
#[derive(Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Option<Vec<Value>>>>);

impl Recorder {
    pub(super) fn begin(&self) {
        *self.0.lock().expect("nobody panicked") = Some(Vec::new());
    }

    fn end(&self) -> Vec<Value> {
        self.0.lock().expect("nobody panicked").take().unwrap_or_default()
    }

    fn is_on(&self) -> bool {
        self.0.lock().expect("nobody panicked").is_some()
    }
}

/// Lets a request through to what answers it, and keeps both.
pub(super) async fn record(State(recorder): State<Recorder>, request: Request, next: Next) -> Response {
    if !recorder.is_on() || request.uri().path() == "/graphql" {
        return next.run(request).await;
    }
    let (asked, body) = request.into_parts();
    let (question, body) = read(body).await;
    let answer = next.run(Request::from_parts(asked.clone(), body)).await;
    let (head, body) = answer.into_parts();
    let (answer, body) = read(body).await;
    let exchange = json!({
        "method": asked.method.as_str(),
        "path": asked.uri.to_string(),
        "headers": written(&asked.headers),
        "body": String::from_utf8_lossy(&question),
        "answer": {
            "status": head.status.as_u16(),
            "headers": written(&head.headers),
            "body": String::from_utf8_lossy(&answer),
        },
    });
    if let Some(exchanges) = &mut *recorder.0.lock().expect("nobody panicked") {
        exchanges.push(exchange);
    }
    Response::from_parts(head, body)
}

/// The bytes of a body, and the same to be sent on.
async fn read(body: Body) -> (Bytes, Body) {
    let bytes = to_bytes(body, MOST_BYTES).await.expect("a small body");
    (bytes.clone(), Body::from(bytes))
}

/// Headers, without what shows who asks and where.
fn written(headers: &HeaderMap) -> Map<String, Value> {
    let text = |name: &str, value: &str| match name {
        "authorization" => value.split(' ').next().map(|scheme| format!("{scheme} withheld")),
        "host" => None,
        _ => Some(value.to_owned()),
    };
    let read = headers.iter().map(|(name, value)| (name.as_str(), value.to_str().expect("text")));
    read.filter_map(|(name, value)| Some((name.to_owned(), json!(text(name, value)?)))).collect()
}

#[test]
fn rest_is_written_down_for_its_judge() {
    let mut odd = repository(1, "odd");
    odd.commit_things(
        "2026-01-05",
        &[
            ("service.yaml", Thing::File(b"serviceId: odd\ndoc: b.md\n".to_vec())),
            ("b.md", Thing::File(b"J\xFCrgen".to_vec())),
        ],
    );
    let hub = Hub::serve(world(vec![service(0, "quote"), odd]));
    hub.record();
    Place::new().examine(asked(&hub));
    Place::new().collect_hub(&hub);
    // The third request asks for the bytes that are no text.
    hub.fail_at(3, Fault::NotFound);
    Place::new().collect_hub(&hub);

    hub.demand(apps::TOKEN);
    for owner in ["example", "narrow", PERSON, "others"] {
        let app = Some(GithubApp { id: apps::ID.into(), key: Secret::new(apps::KEY) });
        let of_owner = Github { organisations: vec![owner.into()], ..asked(&hub) };
        Place::new().collect_as(of_owner, GithubAccess { app, ..GithubAccess::nobody(now()) });
    }

    let exchanges = hub.recorder().end();
    let of = |exchange: &Value| {
        let path = exchange["path"].as_str().unwrap_or_default();
        let kind = ["rate_limit", "orgs", "users", "app", "blobs"]
            .into_iter()
            .find(|kind| path.split('/').any(|part| part == *kind));
        (kind.unwrap_or_else(|| panic!("{path}")), exchange["answer"]["status"].as_u64().unwrap_or_default())
    };
    let told: BTreeSet<(&str, u64)> = exchanges.iter().map(of).collect();
    let expected = [
        ("app", 201),
        ("app", 403),
        ("blobs", 200),
        ("blobs", 404),
        ("orgs", 200),
        ("orgs", 404),
        ("rate_limit", 200),
        ("users", 200),
        ("users", 404),
    ];
    assert_eq!(told.into_iter().collect::<Vec<_>>(), expected);
    let written = serde_json::to_string(&exchanges).expect("JSON");
    assert!(!written.contains("s3cret"), "whoever asks keeps the token");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("github-rest-exchanges.json");
    fs::write(path, written).expect("written");
}
