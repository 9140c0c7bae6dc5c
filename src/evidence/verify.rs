//! Verifies a pack: that it is a bag with exactly the files it lists, byte for byte, that the runs before it form a
//! chain, and that it is the one that a ledger knows as the newest. Who sealed it is asked of OpenSSH by the verb.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::archive::{self, Sealed};
use super::bag;
use super::changes::Before;
use super::ledger::Ledger;
use super::opened::Opened;
use super::pack::{FORMAT, Request};
use super::{paths, signature};
use crate::day::{Length, Moment};
use crate::render::digest::Digest;

/// What is demanded of a pack beyond its being whole.
#[derive(Clone, Debug, Default)]
pub struct Demands {
    /// A ledger from outside, which knows this pack as its newest.
    pub ledger: Option<Ledger>,
    /// The number of a run that it must come after.
    pub after: Option<u64>,
    /// How old it may be, and the moment that this is counted to.
    pub age: Option<(Length, Moment)>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at, in a few words.
    pub what: &'static str,
    /// What was found.
    pub finding: Finding,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It holds; with what was counted.
    Holds(String),
    /// It does not; why.
    Refused(String),
    /// It could not be looked at, or was not asked for; why.
    Open(String),
}

impl Check {
    /// A check that holds.
    pub fn holds(what: &'static str, with: impl Into<String>) -> Self {
        Self { what, finding: Finding::Holds(with.into()) }
    }

    /// A check that does not hold.
    pub fn refused(what: &'static str, why: impl Into<String>) -> Self {
        Self { what, finding: Finding::Refused(why.into()) }
    }

    /// A check that stays open.
    pub fn open(what: &'static str, why: impl Into<String>) -> Self {
        Self { what, finding: Finding::Open(why.into()) }
    }

    fn of(what: &'static str, outcome: Result<String, String>) -> Self {
        match outcome {
            Ok(with) => Self::holds(what, with),
            Err(why) => Self::refused(what, why),
        }
    }

    /// Whether it was refused.
    pub fn is_refused(&self) -> bool {
        matches!(self.finding, Finding::Refused(_))
    }
}

/// Looks at everything that needs nothing but the pack and `demands`, in an order in which what comes later may rest
/// on what came before; ends at the first part that is refused.
pub fn verify(pack: &mut Opened, demands: &Demands, version: &str) -> Vec<Check> {
    in_turn(pack, demands, version, &[declaration, around, payload, signer, form, ledger, collected, newest])
}

/// Looks only at what is in the pack: that it is one, that its files are those it lists, and that the runs before it
/// form a chain. How it is packed is not looked at, which takes packing it again.
pub fn verify_content(pack: &mut Opened) -> Vec<Check> {
    in_turn(pack, &Demands::default(), "", &[declaration, around, payload, signer, ledger, collected])
}

type Part = fn(&mut Opened, &Demands, &str) -> Check;

fn in_turn(pack: &mut Opened, demands: &Demands, version: &str, parts: &[Part]) -> Vec<Check> {
    let mut checks = Vec::new();
    for part in parts {
        let check = part(pack, demands, version);
        let is_refused = check.is_refused();
        checks.push(check);
        if is_refused {
            break;
        }
    }
    checks
}

/// Whether it is a bag of ours at all.
fn declaration(pack: &mut Opened, _: &Demands, _: &str) -> Check {
    let outcome = (|| {
        if pack.text(bag::DECLARATION)? != bag::DECLARED {
            return Err(format!("`{}` does not say what BagIt 1.0 demands", bag::DECLARATION));
        }
        let request = request(pack)?;
        if request.name != pack.base() {
            return Err(format!(
                "the folder is called `{}`, and the pack in it `{}`",
                pack.base().escape_debug(),
                request.name.escape_debug()
            ));
        }
        Ok(format!("`{}`, covers {}", request.name, request.covers.words()))
    })();
    Check::of("is a pack", outcome)
}

/// What the pack was asked for.
pub fn request(pack: &mut Opened) -> Result<Request, String> {
    read_request(&pack.text(paths::REQUEST)?)
}

/// The request that `text` is.
pub(super) fn read_request(text: &str) -> Result<Request, String> {
    let request: Request =
        serde_json::from_str(text).map_err(|error| format!("`{}` is not ours: {error}", paths::REQUEST))?;
    if request.format != FORMAT {
        return Err(format!("it has form {} of packs, and this program knows form {FORMAT}", request.format));
    }
    Ok(request)
}

/// Whether the files around the payload are those of the tag manifest.
fn around(pack: &mut Opened, _: &Demands, _: &str) -> Check {
    let outcome = (|| {
        let listed = manifest(pack, bag::TAG_MANIFEST)?;
        let own = [bag::TAG_MANIFEST, bag::SIGNATURE, bag::TIME_STAMP];
        let there = |path: &str| !path.starts_with(bag::PAYLOAD) && !own.contains(&path);
        let found: Vec<String> = pack.files().keys().filter(|path| there(path)).cloned().collect();
        compare(pack, bag::TAG_MANIFEST, &listed, &found)?;
        Ok(format!("{} files around the payload are as the tag manifest has them", listed.len()))
    })();
    Check::of("tag manifest", outcome)
}

/// Whether the payload is that of the manifest, and as large as the bag says.
fn payload(pack: &mut Opened, _: &Demands, _: &str) -> Check {
    let outcome = (|| {
        let listed = manifest(pack, bag::MANIFEST)?;
        let found: Vec<String> =
            pack.files().keys().filter(|path| path.starts_with(bag::PAYLOAD)).cloned().collect();
        let sealed = compare(pack, bag::MANIFEST, &listed, &found)?;
        let info = pack.text(bag::INFO)?;
        let (said, counted) = (bag::value(&info, bag::OXUM), bag::oxum(&sealed));
        if said != Some(&counted) {
            let said = said.unwrap_or("nothing").escape_debug().to_string();
            return Err(format!("`{}` says {said} of bytes and files, and there are {counted}", bag::INFO));
        }
        let (said, sealed_by) = (bag::value(&info, bag::AGENT), bag::agent(&request(pack)?.milepost));
        if said != Some(&sealed_by) {
            let said = said.unwrap_or("nothing").escape_debug().to_string();
            return Err(format!(
                "`{}` says {said} wrote it, and `{}` {sealed_by}",
                bag::INFO,
                paths::REQUEST
            ));
        }
        Ok(format!("{} files of the payload are as the manifest has them", listed.len()))
    })();
    Check::of("manifest", outcome)
}

fn manifest(pack: &mut Opened, path: &str) -> Result<BTreeMap<String, Digest>, String> {
    bag::read_manifest(&pack.text(path)?).map_err(|why| format!("`{path}`: {why}"))
}

/// Whether `found` are the files that the manifest called `name` lists, with these digests.
fn compare(
    pack: &mut Opened,
    name: &str,
    listed: &BTreeMap<String, Digest>,
    found: &[String],
) -> Result<BTreeMap<String, Sealed>, String> {
    if let Some(missing) = listed.keys().find(|path| !pack.holds(path)) {
        return Err(format!("`{missing}` stands in `{name}` and is missing"));
    }
    let mut sealed = BTreeMap::new();
    for path in found {
        let expected =
            listed.get(path).ok_or_else(|| format!("`{path}` was added: `{name}` does not list it"))?;
        let is = pack.stream(path, |reader| archive::seal(reader).map_err(|error| error.to_string()))?;
        if is.digest != *expected {
            return Err(format!("`{path}` was changed: its digest is {}", is.digest.hexadecimal()));
        }
        sealed.insert(path.clone(), is);
    }
    Ok(sealed)
}

/// Whether it is signed by whom it says, or by nobody when it says so.
fn signer(pack: &mut Opened, _: &Demands, _: &str) -> Check {
    let outcome = (|| {
        let signature = pack.holds(bag::SIGNATURE).then(|| pack.text(bag::SIGNATURE)).transpose()?;
        signature::is_as_named(request(pack)?.signed_by.as_deref(), signature.as_deref())
    })();
    Check::of("signed by", outcome)
}

/// Whether the archive is byte for byte as it was sealed.
fn form(pack: &mut Opened, _: &Demands, version: &str) -> Check {
    const WHAT: &str = "archive";
    let agent = pack.text(bag::INFO).ok().and_then(|info| bag::value(&info, bag::AGENT).map(str::to_owned));
    let base = pack.base().to_owned();
    let Some(file) = pack.as_archive() else {
        return Check::open(WHAT, "it was unpacked; the files in it are what was verified");
    };
    let is_own = agent.as_deref() == Some(&bag::agent(version));
    let outcome =
        if is_own { archive::is_as_written(file, &base) } else { archive::is_plainly_packed(file, &base) };
    match outcome {
        Ok(true) if is_own => Check::holds(WHAT, "every byte is as it was sealed"),
        Ok(true) => Check::open(
            WHAT,
            format!(
                "it holds its files and nothing else; how {} compresses, only that version can tell",
                agent.as_deref().unwrap_or("another program").escape_debug()
            ),
        ),
        Ok(false) => Check::refused(WHAT, "its files are packed in another way than they were sealed"),
        Err(error) => Check::refused(WHAT, format!("it cannot be packed again: {error}")),
    }
}

/// Whether the runs before form a chain, and the earlier pack, where there is one, is of one of them.
fn ledger(pack: &mut Opened, _: &Demands, _: &str) -> Check {
    let outcome = (|| {
        let ledger =
            Ledger::read(&pack.text(paths::LEDGER)?).map_err(|why| format!("`{}`: {why}", paths::LEDGER))?;
        let request = request(pack)?;
        if ledger.runs.last().is_some_and(|last| last.at > request.now) {
            return Err("the last run of the ledger is later than the pack".to_owned());
        }
        let said = format!("run {} follows {} runs without a gap", ledger.next_number(), ledger.runs.len());
        let Some(before) = Before::kept_in(pack)? else { return Ok(said) };
        let run = ledger.run_of(&before.earlier)?;
        Ok(format!("{said}; the earlier pack is of run {run}, and its lists are those it was sealed with"))
    })();
    Check::of("ledger", outcome)
}

/// Whether it was judged when it was collected, or soon after.
fn collected(pack: &mut Opened, _: &Demands, _: &str) -> Check {
    const WHAT: &str = "collected";
    let read = (|| -> Result<_, String> {
        let text = pack.text(paths::SCOPE)?;
        let scope: Scope = serde_json::from_str(&text)
            .map_err(|error| format!("`{}` is not ours: {error}", paths::SCOPE))?;
        Ok((scope.collected_at, request(pack)?.now))
    })();
    match read {
        Err(why) => Check::refused(WHAT, why),
        Ok((None, _)) => Check::open(WHAT, "when it was collected is not recorded"),
        Ok((Some(at), now)) if at > now => Check::refused(
            WHAT,
            format!("it is of {now}, and what it judges was collected later, at {at}: nobody judged it then"),
        ),
        Ok((Some(at), now)) if now.since(at) > JUDGED_WITHIN => {
            Check::open(WHAT, format!("at {at}, and judged {} later, at {now}", now.since(at)))
        }
        Ok((Some(at), now)) => Check::holds(WHAT, format!("at {at}, and judged at {now}")),
    }
}

/// What is read of the scope.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scope {
    collected_at: Option<Moment>,
}

/// How long after it was collected a night is still that night.
const JUDGED_WITHIN: Length = Length::from_seconds(2 * 24 * 60 * 60);

/// Whether it is as new as is demanded.
fn newest(pack: &mut Opened, demands: &Demands, _: &str) -> Check {
    const WHAT: &str = "age";
    let outcome = (|| {
        let request = request(pack)?;
        let own = Ledger::read(&pack.text(paths::LEDGER)?)?;
        let number = own.next_number();
        let mut said = Vec::new();
        if let Some(after) = demands.after {
            if number <= after {
                return Err(format!("it is of run {number}, and one after run {after} is demanded"));
            }
            said.push(format!("it is of run {number}, after run {after}"));
        }
        if let Some(known) = &demands.ledger {
            let digest = Digest::of(pack.text(bag::TAG_MANIFEST)?.as_bytes()).hexadecimal();
            let newest = known.next_number() - 1;
            if !known.text().starts_with(own.text()) {
                return Err("the ledger does not begin with the runs that the pack knows".to_owned());
            }
            let run = usize::try_from(number - 1).ok().and_then(|at| known.runs.get(at));
            match run.and_then(|run| run.packs.get(&request.name)) {
                None => return Err(format!("the ledger knows no pack `{}` of run {number}", request.name)),
                Some(sealed) if *sealed != digest => {
                    return Err(format!("run {number} sealed another pack of this name"));
                }
                Some(_) if number < newest => {
                    return Err(format!("it is of run {number}, and the newest run is {newest}"));
                }
                Some(_) => said.push(format!("the ledger knows it as that of the newest run, {number}")),
            }
        }
        if let Some((most, now)) = demands.age {
            let age = now.since(request.now);
            if age > most {
                return Err(format!("it is of {}, which is older than {most}", request.now));
            }
            said.push(format!("it is not older than {most}"));
        }
        Ok(said.join("; "))
    })();
    match outcome {
        Ok(said) if said.is_empty() => Check::open(
            WHAT,
            "an older pack looks as good as a newer one: ask for more with --ledger, --after or --max-age",
        ),
        outcome => Check::of(WHAT, outcome),
    }
}
