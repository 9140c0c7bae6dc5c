//! What GitHub says to an App: where it is installed, and a token for there. The statement that the App shows is
//! checked with the public half of its key.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Map, Value, json};

/// The id of the App.
pub(super) const ID: &str = "Iv23example";

/// The token that it is given.
pub(super) const TOKEN: &str = "ghs_given";

/// A key made for these tests, by `openssl genrsa -traditional 2048`.
pub(super) const KEY: &str = include_str!("app.pem");

/// The answer to a request that is about Apps.
pub(super) fn answer(method: &str, path: &str, authorization: &str) -> Option<(StatusCode, Value)> {
    let answer = match (method, path) {
        ("GET", "/orgs/example/installation") => (StatusCode::OK, installation(7, &["contents", "members"])),
        ("GET", "/orgs/narrow/installation") => (StatusCode::OK, installation(8, &[])),
        ("GET", path) if path.ends_with("/installation") => {
            (StatusCode::NOT_FOUND, json!({ "message": "Not Found" }))
        }
        ("POST", "/app/installations/7/access_tokens") => (
            StatusCode::CREATED,
            json!({ "token": TOKEN, "expires_at": "2026-11-21T09:00:00Z", "permissions": { "members": "read" } }),
        ),
        _ => return None,
    };
    match is_own(authorization.strip_prefix("Bearer ").unwrap_or_default()) {
        true => Some(answer),
        false => {
            Some((StatusCode::UNAUTHORIZED, json!({ "message": "A JSON web token could not be decoded" })))
        }
    }
}

/// The App where it is installed, which may read metadata and `more`. The eighth is suspended.
fn installation(id: u64, more: &[&str]) -> Value {
    let permissions: Map<String, Value> =
        ["metadata"].iter().chain(more).map(|name| ((*name).to_owned(), json!("read"))).collect();
    json!({
        "id": id, "app_slug": "milepost-example", "repository_selection": "all", "permissions": permissions,
        "suspended_at": (id == 8).then_some("2026-11-01T09:00:00Z"),
    })
}

/// Whether the App said this, lately and for not too long.
fn is_own(statement: &str) -> bool {
    let Some((said, signature)) = statement.rsplit_once('.') else { return false };
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).expect("a key");
    let pair = RsaKeyPair::from_der(key.secret_der()).expect("an RSA key");
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
    let claims =
        said.split('.').nth(1).and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok()).unwrap_or_default();
    let claims: Value = serde_json::from_slice(&claims).unwrap_or_default();
    let lifetime = claims["exp"].as_i64().unwrap_or(i64::MAX) - claims["iat"].as_i64().unwrap_or(0);
    public.verify(said.as_bytes(), &signature).is_ok() && claims["iss"] == ID && lifetime <= 600
}
