//! Who signs: OpenSSH with a key or its agent, or a command of the operator that reaches a key elsewhere. And
//! whether a signature is good, which OpenSSH says.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::cli::evidence::Pack as Arguments;
use crate::commands::Failure;
use crate::evidence::bag;
use crate::evidence::signature::{self, NAMESPACE};
use crate::evidence::verify::{Check, Finding};

const KEYGEN: &str = "ssh-keygen";

/// Who signs.
pub(super) enum Signer {
    /// OpenSSH, with the key in this file, or with the agent's half of it.
    Key(PathBuf),
    /// A command that signs bytes, with the public half of its key.
    Command { command: String, public: String },
}

impl Signer {
    /// Whoever the command line asks for.
    pub(super) fn of(arguments: &Arguments) -> Result<Option<Self>, Failure> {
        let unreadable = |path: &Path, error: &std::io::Error| {
            Failure::Usage(format!("`{}` cannot be read: {error}", path.display()))
        };
        if let Some(key) = &arguments.key {
            fs::metadata(key).map_err(|error| unreadable(key, &error))?;
            return Ok(Some(Self::Key(key.clone())));
        }
        let (Some(command), Some(path)) = (&arguments.sign_command, &arguments.public_key) else {
            return Ok(None);
        };
        let public = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
        Ok(Some(Self::Command { command: command.clone(), public }))
    }

    /// The fingerprint of the key.
    pub(super) fn fingerprint(&self) -> Result<String, Failure> {
        match self {
            Self::Key(path) => {
                let unusable = |why: &str| {
                    Failure::Usage(format!("`{}` is no key that OpenSSH reads: {why}", path.display()))
                };
                let mut keygen = Command::new(KEYGEN);
                keygen.args(["-l", "-E", "sha256", "-f"]).arg(path);
                let said = run(keygen, &[]).map_err(|why| unusable(&why))?;
                let said = String::from_utf8_lossy(&said);
                let found = said.split_ascii_whitespace().find(|word| word.starts_with("SHA256:"));
                found.map(str::to_owned).ok_or_else(|| unusable("it names no fingerprint"))
            }
            Self::Command { public, .. } => signature::fingerprint(public).map_err(Failure::Usage),
        }
    }

    /// The signature of `message` by the key with that fingerprint, in the form of OpenSSH.
    pub(super) fn sign(&self, message: &str, fingerprint: &str) -> Result<String, Failure> {
        let signature = match self {
            Self::Key(key) => by_openssh(key, message)?,
            Self::Command { command, public } => by_command(command, public, message)?,
        };
        if !signature::is_as_written(&signature) {
            return Err(Failure::machine("signing the pack", "the signature has a form that we do not know"));
        }
        signature::is_as_named(Some(fingerprint), Some(&signature)).map_err(Failure::Usage)?;
        // A command may have reached another key than the one whose public half was given.
        match check(Some(&signature), message, None, None).finding {
            Finding::Refused(why) => {
                Err(Failure::Usage(format!("the signature does not fit the public key: {why}")))
            }
            Finding::Holds(_) | Finding::Open(_) => Ok(signature),
        }
    }
}

fn by_openssh(key: &Path, message: &str) -> Result<String, Failure> {
    let mut keygen = Command::new(KEYGEN);
    // With no file to sign, ssh-keygen reads standard input and answers on standard output.
    keygen.args(["-Y", "sign", "-q", "-n", NAMESPACE, "-f"]).arg(key);
    let said = run(keygen, message.as_bytes())
        .map_err(|why| Failure::Usage(format!("`{}` does not sign: {why}", key.display())))?;
    String::from_utf8(said)
        .map_err(|_| Failure::machine("signing the pack", "ssh-keygen did not answer with text"))
}

fn by_command(command: &str, public: &str, message: &str) -> Result<String, Failure> {
    let failed = |why: String| Failure::Usage(format!("the command that signs failed: {why}"));
    let bytes = signature::to_sign(message).map_err(failed)?;
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    let said = run(shell, &bytes).map_err(failed)?;
    // The tools of AWS print base64; an openssl writes the bytes themselves.
    let text = std::str::from_utf8(&said).ok().map(|text| text.split_ascii_whitespace().collect::<String>());
    let raw = text.and_then(|text| STANDARD.decode(text).ok()).unwrap_or(said);
    signature::of_raw(public, &raw).map_err(failed)
}

/// Runs `command` with `input` on its standard input; gives its standard output.
pub(super) fn run(mut command: Command, input: &[u8]) -> Result<Vec<u8>, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(
            |error| match error.kind() {
                std::io::ErrorKind::NotFound => format!("`{program}` is not installed"),
                _ => format!("`{program}`: {error}"),
            },
        )?;
    let mut pipe = child.stdin.take().expect("it was asked for");
    // One that ends without reading says why on its standard error.
    let written = pipe.write_all(input);
    drop(pipe);
    let output = child.wait_with_output().map_err(|error| format!("`{program}`: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().lines().last().unwrap_or("it gave no reason").to_owned();
        return Err(format!("{said} ({})", output.status));
    }
    written.map_err(|error| format!("`{program}`: {error}"))?;
    Ok(output.stdout)
}

/// Whether `signature` of `message` is good, and of somebody whom `allowed` names.
pub(super) fn check(
    signature: Option<&str>,
    message: &str,
    allowed: Option<&Path>,
    identity: Option<&str>,
) -> Check {
    const WHAT: &str = "signature";
    let Some(signature) = signature else {
        return match allowed {
            Some(_) => {
                Check::refused(WHAT, format!("there is no `{}`: the pack is not signed", bag::SIGNATURE))
            }
            None => {
                Check::open(WHAT, "the pack is not signed: it proves that it is whole, and not who made it")
            }
        };
    };
    if !signature::is_as_written(signature) {
        return Check::refused(WHAT, format!("`{}` is not in the form that a signature has", bag::SIGNATURE));
    }
    match ask(signature, message, allowed, identity) {
        Err(Asked::Bad(why)) => Check::refused(WHAT, why),
        Err(Asked::Open(why)) => Check::open(WHAT, why),
        Ok(said) if allowed.is_some() => Check::holds(WHAT, said),
        Ok(said) => Check::open(
            WHAT,
            format!("{said}; whose key that is must be known from outside: give --allowed-signers FILE"),
        ),
    }
}

/// What came of asking OpenSSH.
enum Asked {
    /// The signature is bad.
    Bad(String),
    /// Nobody could say.
    Open(String),
}

/// Most lines of a file of signers that are looked at, of those that name the key.
const LINES_AT_MOST: usize = 64;

/// Whether the file `allowed` can be read: without it, nothing could be said of any signature.
pub(super) fn readable(allowed: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = allowed else { return Ok(()) };
    fs::read_to_string(path)
        .map(drop)
        .map_err(|error| Failure::Usage(format!("`{}` cannot be read: {error}", path.display())))
}

fn ask(
    signature: &str,
    message: &str,
    allowed: Option<&Path>,
    identity: Option<&str>,
) -> Result<String, Asked> {
    let key = signature::signed_by(signature).map_err(Asked::Bad)?;
    let file = temporary(signature)?;
    let keygen = |verb: &str| {
        let mut keygen = Command::new(KEYGEN);
        keygen.args(["-Y", verb, "-s"]).arg(file.path());
        keygen
    };
    let mut command = keygen("check-novalidate");
    command.args(["-n", NAMESPACE]);
    let good = asked(command, message).map_err(|asked| match asked {
        Asked::Bad(why) => {
            Asked::Bad(format!("it is not of this pack, though it names the key {key}: {why}"))
        }
        open => open,
    })?;
    let Some(allowed) = allowed else { return Ok(good) };
    let identities = match identity {
        Some(identity) => vec![identity.to_owned()],
        None => principals(signature, allowed, || keygen("find-principals"))?,
    };
    for identity in &identities {
        let mut command = keygen("verify");
        command.args(["-n", NAMESPACE, "-I", identity, "-f"]).arg(allowed);
        match asked(command, message) {
            Err(Asked::Bad(_)) => {}
            said => return said,
        }
    }
    let whom = match (identity, &identities[..]) {
        (Some(identity), _) => format!("does not let it sign packs now as {identity}"),
        (None, []) => "does not name it".to_owned(),
        (None, names) => format!("does not let it sign packs now as {}", names.join(", ")),
    };
    Err(Asked::Bad(format!("the key {key} signed it, and `{}` {whom}", allowed.display())))
}

fn asked(command: Command, message: &str) -> Result<String, Asked> {
    run(command, message.as_bytes())
        .map(|said| String::from_utf8_lossy(&said).trim().to_owned())
        .map_err(|why| if why.ends_with("is not installed") { Asked::Open(why) } else { Asked::Bad(why) })
}

fn temporary(text: &str) -> Result<tempfile::NamedTempFile, Asked> {
    let written = tempfile::NamedTempFile::new().and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        Ok(file)
    });
    written.map_err(|error| Asked::Open(format!("the machine does not let us ask: {error}")))
}

/// Everybody whom `allowed` names for the key of `signature`. OpenSSH looks no further than the first line with that
/// key, which may be one for another purpose, so it is asked about each line.
fn principals(signature: &str, allowed: &Path, find: impl Fn() -> Command) -> Result<Vec<String>, Asked> {
    let text = fs::read_to_string(allowed)
        .map_err(|error| Asked::Open(format!("`{}` cannot be read: {error}", allowed.display())))?;
    let key = signature::public_of(signature).map_err(Asked::Bad)?;
    let mut found: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| line.contains(&key)).take(LINES_AT_MOST) {
        let alone = temporary(&format!("{line}\n"))?;
        let mut command = find();
        command.arg("-f").arg(alone.path());
        // It reads no message, and may have ended before one is written to it.
        match asked(command, "") {
            Ok(said) => found.extend(said.lines().map(str::to_owned)),
            Err(Asked::Bad(_)) => {}
            Err(open) => return Err(open),
        }
    }
    found.dedup();
    Ok(found)
}
