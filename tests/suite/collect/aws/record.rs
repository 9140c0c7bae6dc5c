//! Writes down what the stand-in was asked and what it answered, for `tests/validators/aws_models.py` to judge, when
//! `MILEPOST_TESTS_RECORD_AWS` names a file.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::Mutex;

use axum::http::request::Parts;
use serde_json::json;

/// Lines of several stand-ins must not mix.
static WRITING: Mutex<()> = Mutex::new(());

/// Writes one call, without anybody's keys.
pub(super) fn record(service: &str, parts: &Parts, question: &[u8], status: u16, answer: &str) {
    let Some(path) = std::env::var_os("MILEPOST_TESTS_RECORD_AWS") else { return };
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let call = json!({
        "by": "stand-in",
        "service": service,
        "method": parts.method.as_str(),
        "path": parts.uri.to_string(),
        "headers": { "content-type": header("content-type"), "x-amz-target": header("x-amz-target") },
        "body": String::from_utf8_lossy(question),
        "status": status,
        "answer": answer,
    });
    let _writing = WRITING.lock().expect("nobody panicked");
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("a file for the calls");
    writeln!(file, "{call}").expect("the call is written");
}
