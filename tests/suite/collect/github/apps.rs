//! What GitHub says to an App: where it is installed, and a token for there. The statement that the App shows is
//! checked with the public half of its key.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Map, Value, json};

use super::people::PERSON;

/// The id of the App.
pub(super) const ID: &str = "Iv23example";

/// The token that it is given.
pub(super) const TOKEN: &str = "ghs_given";

/// A key made for these tests, by `openssl genrsa -traditional 2048`.
pub(super) const KEY: &str = include_str!("app.pem");

/// The answer to a request that is about Apps. The installation for `narrow` is suspended.
pub(super) fn answer(method: &str, path: &str, authorization: &str) -> Option<(StatusCode, Value)> {
    let person = format!("/users/{PERSON}/installation");
    let answer = match (method, path) {
        ("GET", "/orgs/example/installation") => {
            (StatusCode::OK, installation(7, "example", &["contents", "members"]))
        }
        ("GET", "/orgs/narrow/installation") => (StatusCode::OK, installation(8, "narrow", &[])),
        ("GET", path) if path == person => (StatusCode::OK, installation(9, PERSON, &["contents"])),
        ("GET", path) if path.ends_with("/installation") => {
            (StatusCode::NOT_FOUND, json!({ "message": "Not Found" }))
        }
        ("POST", "/app/installations/7/access_tokens") => (StatusCode::CREATED, token(&["members"])),
        ("POST", "/app/installations/8/access_tokens") => {
            (StatusCode::FORBIDDEN, json!({ "message": "This installation has been suspended" }))
        }
        ("POST", "/app/installations/9/access_tokens") => (StatusCode::CREATED, token(&["contents"])),
        _ => return None,
    };
    match is_own(authorization.strip_prefix("Bearer ").unwrap_or_default()) {
        true => Some(answer),
        false => {
            Some((StatusCode::UNAUTHORIZED, json!({ "message": "A JSON web token could not be decoded" })))
        }
    }
}

/// What may be read: metadata, and `more`.
fn permissions(more: &[&str]) -> Value {
    let names = ["metadata"].iter().chain(more);
    names.map(|name| ((*name).to_owned(), json!("read"))).collect::<Map<_, _>>().into()
}

fn token(more: &[&str]) -> Value {
    json!({
        "token": TOKEN, "expires_at": "2026-11-21T09:00:00Z", "permissions": permissions(more),
        "repository_selection": "all",
    })
}

/// The App where it is installed for `owner`.
fn installation(id: u64, owner: &str, more: &[&str]) -> Value {
    let api = "https://api.github.com";
    let is_suspended = owner == "narrow";
    let (kind, page) = match owner == PERSON {
        true => ("User", format!("https://github.com/settings/installations/{id}")),
        false => {
            ("Organization", format!("https://github.com/organizations/{owner}/settings/installations/{id}"))
        }
    };
    json!({
        "id": id, "account": account(id + 100, owner, kind), "repository_selection": "all",
        "access_tokens_url": format!("{api}/app/installations/{id}/access_tokens"),
        "repositories_url": format!("{api}/installation/repositories"), "html_url": page,
        "app_id": 1, "client_id": ID, "app_slug": "milepost-example",
        "target_id": id + 100, "target_type": kind, "permissions": permissions(more), "events": [],
        "created_at": "2026-01-05T09:00:00Z", "updated_at": "2026-01-05T09:00:00Z",
        "single_file_name": null, "has_multiple_single_files": false, "single_file_paths": [],
        "suspended_by": is_suspended.then(|| account(110, "owner-of-narrow", "User")),
        "suspended_at": is_suspended.then_some("2026-11-01T09:00:00Z"),
    })
}

/// Somebody who has an account, with all the addresses that GitHub gives with it.
fn account(id: u64, login: &str, kind: &str) -> Value {
    let mut account = json!({
        "login": login, "id": id, "node_id": format!("U_{id:06}"), "type": kind, "site_admin": false,
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{id}?v=4"), "gravatar_id": "",
        "url": format!("https://api.github.com/users/{login}"),
        "html_url": format!("https://github.com/{login}"),
    });
    for (name, path) in [
        ("followers_url", "followers"),
        ("following_url", "following{/other_user}"),
        ("gists_url", "gists{/gist_id}"),
        ("starred_url", "starred{/owner}{/repo}"),
        ("subscriptions_url", "subscriptions"),
        ("organizations_url", "orgs"),
        ("repos_url", "repos"),
        ("events_url", "events{/privacy}"),
        ("received_events_url", "received_events"),
    ] {
        account[name] = json!(format!("https://api.github.com/users/{login}/{path}"));
    }
    account
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
