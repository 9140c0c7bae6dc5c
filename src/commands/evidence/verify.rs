//! `evidence verify`: looks at everything that a pack promises, and says what holds, what does not, and what
//! nobody could look at.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use serde_json::json;

use super::{recompute, sign, stamp};
use crate::cli::Shared;
use crate::cli::evidence::{Verify, VerifyFormat};
use crate::commands::{Console, Failure};
use crate::day::{Length, Moment, Zone};
use crate::diagnostic::text::harmless;
use crate::evidence::bag;
use crate::evidence::ledger::Ledger;
use crate::evidence::opened::Opened;
use crate::evidence::verify::{self, Check, Demands, Finding};
use crate::exit_code::ExitCode;

pub(super) fn run(arguments: &Verify, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    let demands = demands(arguments, shared)?;
    sign::readable(arguments.allowed_signers.as_deref())?;
    let checks = match Opened::open(&arguments.pack) {
        Ok(mut pack) => {
            let version = env!("CARGO_PKG_VERSION");
            let mut checks = console.phase("verifying", || verify::verify(&mut pack, &demands, version));
            if !checks.iter().any(Check::is_refused) {
                let allowed = arguments.allowed_signers.as_deref();
                checks.push(signature(&mut pack, allowed, arguments.identity.as_deref()));
                checks.extend(time_stamp(&mut pack, arguments));
                if arguments.recompute {
                    checks.push(console.phase("judging again", || recompute::check(&mut pack)));
                }
            }
            checks
        }
        Err(why) if fs::symlink_metadata(&arguments.pack).is_err() => {
            return Err(Failure::Usage(format!("`{}`: {why}", arguments.pack.display())));
        }
        Err(why) => vec![Check::refused("is a pack", why)],
    };
    let is_refused = checks.iter().any(Check::is_refused);
    match arguments.format {
        VerifyFormat::Text => console.data(&text(&checks, is_refused))?,
        VerifyFormat::Json => {
            let document = serde_json::to_string_pretty(&document(&checks, is_refused));
            console.data(&document.map_err(|error| Failure::machine("writing JSON", error))?)?;
        }
    }
    Ok(if is_refused { ExitCode::Findings } else { ExitCode::Done })
}

/// Looks at `pack` before anything is made of it; one that does not verify is refused. Gives what is to be said of the
/// signature, and says it when that is open.
pub(super) fn before_use(
    pack: &mut Opened,
    allowed: Option<&Path>,
    console: &Console,
) -> Result<Check, Failure> {
    sign::readable(allowed)?;
    let version = env!("CARGO_PKG_VERSION");
    let mut checks = console.phase("verifying", || verify::verify(pack, &Demands::default(), version));
    let signature = signature(pack, allowed, None);
    checks.push(signature.clone());
    for check in checks {
        if let Finding::Refused(why) = check.finding {
            let why = format!("nothing is made of a pack that does not verify: {}: {why}", check.what);
            return Err(Failure::Refused(why));
        }
    }
    if let Finding::Open(said) = &signature.finding {
        console.say(&format!("signature: {said}"));
    }
    Ok(signature)
}

fn signature(pack: &mut Opened, allowed: Option<&Path>, identity: Option<&str>) -> Check {
    let text = |pack: &mut Opened, path: &str| pack.text(path);
    let signature = match pack.holds(bag::SIGNATURE).then(|| text(pack, bag::SIGNATURE)).transpose() {
        Ok(signature) => signature,
        Err(why) => return Check::refused("signature", why),
    };
    match text(pack, bag::TAG_MANIFEST) {
        Ok(message) => sign::check(signature.as_deref(), &message, allowed, identity),
        Err(why) => Check::refused("signature", why),
    }
}

/// What is to be said of the time stamp; nothing where there is none and none is demanded.
fn time_stamp(pack: &mut Opened, arguments: &Verify) -> Option<Check> {
    const WHAT: &str = "time stamp";
    let authorities = arguments.time_stamp_authority.as_deref();
    if !pack.holds(bag::TIME_STAMP) {
        return authorities.map(|_| Check::refused(WHAT, format!("there is no `{}`", bag::TIME_STAMP)));
    }
    let answer = pack.stream(bag::TIME_STAMP, |reader| {
        let mut bytes = Vec::new();
        reader.take(STAMP_AT_MOST).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    });
    let message = pack.text(bag::TAG_MANIFEST);
    Some(match answer.and_then(|answer| Ok((answer, message?))) {
        Ok((answer, message)) => stamp::check(&answer, &message, authorities),
        Err(why) => Check::refused(WHAT, why),
    })
}

/// Most bytes of a time stamp.
const STAMP_AT_MOST: u64 = 1 << 20;

fn demands(arguments: &Verify, shared: &Shared) -> Result<Demands, Failure> {
    let ledger = arguments.ledger.as_ref().map(|path| {
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::Usage(format!("`{}` cannot be read: {error}", path.display())))?;
        Ledger::read(&text).map_err(|why| Failure::Usage(format!("`{}`: {why}", path.display())))
    });
    let now = match &shared.now {
        Some(text) => Moment::parse_or_day(text, &Zone::utc())
            .ok_or_else(|| Failure::Usage(format!("`--now {text}` is no day or moment")))?,
        None => Moment::now(),
    };
    let age = arguments.max_age.as_ref().map(|text| {
        let length = Length::parse(text).ok_or_else(|| {
            Failure::Usage(format!("`--max-age {text}` is no length of time; write 2d or 36h"))
        })?;
        Ok((length, now))
    });
    Ok(Demands { ledger: ledger.transpose()?, after: arguments.after, age: age.transpose()? })
}

fn text(checks: &[Check], is_refused: bool) -> String {
    let mut text = String::new();
    for Check { what, finding } in checks {
        let (mark, said) = match finding {
            Finding::Holds(said) => ("ok", said),
            Finding::Refused(said) => ("REFUSED", said),
            Finding::Open(said) => ("open", said),
        };
        writeln!(text, "{mark:<8} {what:<13} {}", harmless(said)).expect("writing to a string cannot fail");
    }
    let open = checks.iter().filter(|check| matches!(check.finding, Finding::Open(_))).count();
    let verdict = match (is_refused, open) {
        (true, _) => "refused: do not rely on this pack".to_owned(),
        (false, 0) => "verified".to_owned(),
        (false, _) => "verified, but for what is open above".to_owned(),
    };
    writeln!(text, "{verdict}").expect("writing to a string cannot fail");
    text
}

fn document(checks: &[Check], is_refused: bool) -> serde_json::Value {
    let checks: Vec<_> = checks.iter().map(record).collect();
    json!({"checks": checks, "refused": is_refused})
}

/// A check for scripts and for the record.
pub(super) fn record(Check { what, finding }: &Check) -> serde_json::Value {
    let (state, said) = match finding {
        Finding::Holds(said) => ("holds", said),
        Finding::Refused(said) => ("refused", said),
        Finding::Open(said) => ("open", said),
    };
    json!({"check": what, "said": said, "state": state})
}
