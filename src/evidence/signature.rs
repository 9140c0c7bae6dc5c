//! The signature of a pack: one of OpenSSH over the tag manifest, so that auditors verify it with what their machine
//! already has. A key that only signs raw bytes, such as one of AWS KMS, gets what to sign and its answer is put
//! into the same form.

use super::paths;
use ssh_key::{Algorithm, HashAlg, LineEnding, PublicKey, Signature, SshSig};

/// What the signature is for; one that was made for anything else is refused.
pub const NAMESPACE: &str = "evidence-pack";

/// Whether `text` is a signature exactly as we write it, so that not even its white space can be changed unseen.
pub fn is_as_written(text: &str) -> bool {
    let read = text.parse::<SshSig>().ok().and_then(|signature| signature.to_pem(LineEnding::LF).ok());
    read.is_some_and(|again| again.trim_end() == text.trim_end() && text.ends_with("-----\n"))
}

/// The fingerprint of `key`, a public key as OpenSSH writes it.
pub fn fingerprint(key: &str) -> Result<String, String> {
    let key = public(key)?;
    Ok(key.fingerprint(HashAlg::Sha256).to_string())
}

/// The fingerprint of the key that `signature` is of.
pub fn signed_by(signature: &str) -> Result<String, String> {
    let read: SshSig =
        signature.parse().map_err(|_| "it is not in the form that a signature has".to_owned())?;
    Ok(read.public_key().fingerprint(HashAlg::Sha256).to_string())
}

/// The key that `signature` is of, in base64, as files of OpenSSH name it.
pub fn public_of(signature: &str) -> Result<String, String> {
    let read: SshSig =
        signature.parse().map_err(|_| "it is not in the form that a signature has".to_owned())?;
    let line = PublicKey::from(read.public_key().clone()).to_openssh().map_err(|error| error.to_string())?;
    line.split(' ').nth(1).map(str::to_owned).ok_or_else(|| "it names no key".to_owned())
}

/// Whether `signature` is there when a pack says that the key `named` signs it, and of that key. Whether it is good
/// is for OpenSSH to say.
pub fn is_as_named(named: Option<&str>, signature: Option<&str>) -> Result<String, String> {
    let request = paths::REQUEST;
    let shown = named.map(|named| named.escape_debug().to_string()).unwrap_or_default();
    match (named, signature) {
        (None, None) => Ok(format!("nobody, as `{request}` says")),
        (None, Some(_)) => Err(format!("`{request}` says that nobody signs it, and a signature was added")),
        (Some(_), None) => {
            Err(format!("`{request}` says that the key {shown} signs it, and the signature was taken away"))
        }
        (Some(named), Some(signature)) => match signed_by(signature)? {
            key if key == named => Ok(format!("the key {key}, as `{request}` says")),
            key => Err(format!("`{request}` says that the key {shown} signs it, and {key} did")),
        },
    }
}

fn public(key: &str) -> Result<PublicKey, String> {
    PublicKey::from_openssh(key.trim()).map_err(|error| format!("the public key cannot be read: {error}"))
}

/// The bytes that a raw signature of `message` covers.
pub fn to_sign(message: &str) -> Result<Vec<u8>, String> {
    SshSig::signed_data(NAMESPACE, HashAlg::Sha512, message.as_bytes()).map_err(|error| error.to_string())
}

/// The signature of OpenSSH that holds `raw`, which `key` made of what [`to_sign`] gave.
pub fn of_raw(key: &str, raw: &[u8]) -> Result<String, String> {
    let key = public(key)?;
    let signature = signature(&key, raw)?;
    let signature = SshSig::new(key.key_data().clone(), NAMESPACE, HashAlg::Sha512, signature)
        .map_err(|error| format!("the signature does not fit the key: {error}"))?;
    let text = signature.to_pem(LineEnding::LF).map_err(|error| error.to_string())?;
    Ok(format!("{}\n", text.trim_end()))
}

/// `raw` in the form that keys like `key` have in OpenSSH.
fn signature(key: &PublicKey, raw: &[u8]) -> Result<Signature, String> {
    let algorithm = match key.algorithm() {
        // The SHA-1 form that the name of the key stands for is refused everywhere.
        Algorithm::Rsa { .. } => Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
        other => other,
    };
    let is_ecdsa = matches!(algorithm, Algorithm::Ecdsa { .. });
    let bytes = if is_ecdsa { integers(raw)? } else { raw.to_vec() };
    Signature::new(algorithm, bytes).map_err(|error| format!("that is no signature of such a key: {error}"))
}

/// The two integers of an ECDSA signature, from DER (RFC 3279) to the form of OpenSSH (RFC 5656): both write them
/// alike, only the lengths differ.
fn integers(der: &[u8]) -> Result<Vec<u8>, String> {
    let wrong = || "an ECDSA signature is expected in DER, two integers in a sequence".to_owned();
    let (body, rest) = element(der, 0x30).ok_or_else(wrong)?;
    let (r, tail) = element(body, 0x02).ok_or_else(wrong)?;
    let (s, end) = element(tail, 0x02).ok_or_else(wrong)?;
    if !rest.is_empty() || !end.is_empty() {
        return Err(wrong());
    }
    let mut bytes = Vec::with_capacity(der.len() + 8);
    for integer in [r, s] {
        bytes.extend(u32::try_from(integer.len()).map_err(|_| wrong())?.to_be_bytes());
        bytes.extend(integer);
    }
    Ok(bytes)
}

/// The element with `tag` at the beginning of `der`, and what comes after it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        // P-521 needs one byte more for the length of the sequence.
        0x81 => rest.split_first().map(|(length, rest)| (usize::from(*length), rest))?,
        _ => return None,
    };
    (*first == tag && rest.len() >= length).then(|| rest.split_at(length))
}
