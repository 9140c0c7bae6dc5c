//! Tokens of a GitHub App: it shows a statement signed with its key, and is given a token for one owner's
//! repositories that lasts an hour.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

use crate::settings::GithubApp;

/// How long a statement is good, in seconds; GitHub takes no more than ten minutes.
const LIFETIME: i64 = 9 * 60;

/// How far the clocks may differ, in seconds.
const SKEW: i64 = 60;

/// A statement of `app` that it is itself, at `now` in seconds since 1970.
pub(super) fn statement(app: &GithubApp, now: i64) -> Result<String, String> {
    // In an environment the lines of a key are often written in one.
    let pem = app.key.reveal().replace("\\n", "\n");
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| "the key of the App is no PEM".to_owned())?;
    let pair = match &key {
        PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
        _ => return Err("the key of the App is no RSA key".to_owned()),
    };
    let pair = pair.map_err(|error| format!("the key of the App cannot be used: {error}"))?;
    let encode = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let head = encode(serde_json::json!({ "alg": "RS256", "typ": "JWT" }));
    let claims = serde_json::json!({ "iat": now - SKEW, "exp": now + LIFETIME - SKEW, "iss": &*app.id });
    let claims = encode(claims);
    let said = format!("{head}.{claims}");
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), said.as_bytes(), &mut signature)
        .map_err(|_| "the key of the App does not sign".to_owned())?;
    Ok(format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Secret;

    #[test]
    fn what_is_no_key_says_so_without_showing_it() {
        for key in
            ["hunter2", "-----BEGIN RSA PRIVATE KEY-----\\naHVudGVyMg==\\n-----END RSA PRIVATE KEY-----\\n"]
        {
            let app = GithubApp { id: "7".into(), key: Secret::new(key) };
            let reason = statement(&app, 1_000_000).expect_err("it is no key");
            assert!(reason.contains("key") && !reason.contains("hunter2"), "{reason}");
        }
    }
}
