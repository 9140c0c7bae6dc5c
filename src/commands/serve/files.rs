//! Serves the built portal with the headers it is meant to have, and the little that reloads pages.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::routing::get;
use tokio::sync::watch::Receiver;

use crate::render::site::{CONTENT_SECURITY_POLICY, MediaType};

/// Loaded by every served page: asks for the number of the build and reloads when it has changed.
const RELOAD_SCRIPT: &str = r#"// Reloads this page after a rebuild; only `milepost serve` adds it.
const build = async (after) => (await fetch(`/_milepost/build?after=${after}`)).text();
let known = await build("");
for (;;) {
  try {
    const next = await build(known);
    if (next !== known) location.reload();
  } catch {
    await new Promise((again) => setTimeout(again, 1000));
  }
}
"#;

const RELOAD_TAG: &str = r#"<script type="module" src="/_milepost/reload.js"></script>"#;

#[derive(Clone)]
struct Served {
    root: Arc<Path>,
    generations: Receiver<u64>,
}

/// Routes for the portal in `root`; `generations` counts its builds.
pub(super) fn router(root: Arc<Path>, generations: Receiver<u64>) -> Router {
    Router::new()
        .route("/_milepost/reload.js", get(|| async { answer(MediaType::JavaScript, RELOAD_SCRIPT.into()) }))
        .route("/_milepost/build", get(next_build))
        .fallback(get(file))
        .layer(axum::middleware::from_fn(only_this_machine))
        .with_state(Served { root, generations })
}

/// Refuses requests under another host's name: a page elsewhere must not read the portal by pointing its
/// own name at the loopback address.
async fn only_this_machine(request: Request, next: Next) -> Response<Body> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if ["127.0.0.1", "localhost"].contains(&name) { next.run(request).await } else { not_found() }
}

/// The number of the build; with `after`, waits (at most half a minute) until it is another one.
async fn next_build(State(mut served): State<Served>, uri: Uri) -> Response<Body> {
    let after =
        uri.query().and_then(|query| query.strip_prefix("after=")).and_then(|text| text.parse::<u64>().ok());
    if let Some(after) = after {
        let changed = served.generations.wait_for(|number| *number != after);
        let _ = tokio::time::timeout(std::time::Duration::from_secs(30), changed).await;
    }
    let number = *served.generations.borrow();
    answer(MediaType::Text, number.to_string().into())
}

async fn file(State(served): State<Served>, uri: Uri) -> Response<Body> {
    let Some(path) = locate(&served.root, uri.path()) else { return not_found() };
    let Ok(bytes) = std::fs::read(&path) else { return not_found() };
    let media = path.extension().and_then(|ending| MediaType::of_extension(ending.to_str()?));
    match media {
        Some(MediaType::Html) => answer(MediaType::Html, with_reload(bytes).into()),
        Some(media) => answer(media, bytes.into()),
        None => answer(MediaType::Text, bytes.into()),
    }
}

/// The file that `path` means, when it really lies below `root`.
fn locate(root: &Path, path: &str) -> Option<PathBuf> {
    let decoded = percent_decoded(path)?;
    let mut found = root.to_owned();
    for part in decoded.split('/').filter(|part| !part.is_empty()) {
        if part == "." || part == ".." || part.contains(['\\', '\0']) {
            return None;
        }
        found.push(part);
    }
    if found.is_dir() {
        found.push("index.html");
    }
    let real = found.canonicalize().ok()?;
    real.starts_with(root.canonicalize().ok()?).then_some(real)
}

/// Percent-decoding of a path; `None` when the result is not text.
fn percent_decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The page with the reload script before the end of its body.
fn with_reload(mut page: Vec<u8>) -> Vec<u8> {
    let end = b"</body>";
    if let Some(at) = page.windows(end.len()).rposition(|window| window == end) {
        page.splice(at..at, RELOAD_TAG.bytes());
    }
    page
}

fn answer(media: MediaType, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.header()));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn not_found() -> Response<Body> {
    let mut response = answer(MediaType::Text, "there is no such page\n".into());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_portal_are_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("site");
        std::fs::create_dir_all(root.join("services")).expect("a folder");
        std::fs::write(root.join("services/index.html"), "page").expect("a file");
        std::fs::write(folder.path().join("secret"), "secret").expect("a file");
        std::os::unix::fs::symlink(folder.path().join("secret"), root.join("link")).expect("a link");
        assert!(locate(&root, "/services/").is_some());
        assert!(locate(&root, "/services").is_some());
        for path in ["/../secret", "/%2e%2e/secret", "/link", "/services/..%2f..%2fsecret", "/none", "/%ff"] {
            assert_eq!(locate(&root, path), None, "{path}");
        }
    }

    #[test]
    fn pages_get_the_reload_script_and_nothing_else() {
        let page = b"<html><body><p>text</p></body></html>".to_vec();
        let expected = format!("<html><body><p>text</p>{RELOAD_TAG}</body></html>");
        assert_eq!(with_reload(page), expected.into_bytes());
    }
}
