//! The packs that a build offers: every one in a folder that is whole. One that is not is told, and stays out.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use crate::cli::evidence::{LEDGER, Offer, PACKS};
use crate::commands::{Console, Failure};
use crate::evidence::archive::seal;
use crate::evidence::ledger::Ledger;
use crate::evidence::opened::Opened;
use crate::evidence::verify::{self, Finding};
use crate::evidence::{bag, paths};
use crate::exit_code::ExitCode;
use crate::render::digest::Digest;
use crate::render::evidence::packs::Pack;
use crate::render::site::Stored;

/// What there is to offer, and how looking at it ended.
#[derive(Debug, Default)]
pub(in crate::commands) struct Offered {
    /// The packs, the newest first.
    pub(in crate::commands) packs: Vec<Pack>,
    /// Findings, when one did not verify.
    pub(in crate::commands) exit: ExitCode,
}

impl Offered {
    /// What lies in the folder that was named, or in the usual one when that is there, and was made for the readers of
    /// the portal: for `audience`, or for those who see everything.
    pub(in crate::commands) fn of(
        offer: &Offer,
        audience: Option<&str>,
        console: &Console,
    ) -> Result<Self, Failure> {
        let usual = Path::new(PACKS);
        let Some(folder) = offer.folder.as_deref().or_else(|| usual.is_dir().then_some(usual)) else {
            return Ok(Self::default());
        };
        let files = archives(folder)
            .map_err(|error| Failure::Usage(format!("`{}` cannot be read: {error}", folder.display())))?;
        if files.is_empty() {
            return Ok(Self::default());
        }
        let usual = Path::new(LEDGER);
        let path = offer.ledger.as_deref().unwrap_or(usual);
        let ledger = match ledger(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && offer.ledger.is_none() => None,
            read => Some((path, read)),
        };
        Ok(console.phase("verifying packs", || Self::verified(&files, ledger, audience, console)))
    }

    fn verified(
        files: &[PathBuf],
        ledger: Option<(&Path, io::Result<Ledger>)>,
        audience: Option<&str>,
        console: &Console,
    ) -> Self {
        let mut offered = Self::default();
        let refuse = |path: &Path, why: &str| {
            console.say(&format!("evidence: `{}` is not offered: {why}", path.display()));
            ExitCode::Findings
        };
        let ledger = match &ledger {
            None => None,
            Some((path, Ok(ledger))) => Some((*path, ledger)),
            Some((path, Err(why))) => {
                console.say(&format!("evidence: no pack is compared with `{}`: {why}", path.display()));
                offered.exit = ExitCode::Findings;
                None
            }
        };
        let mut places = BTreeSet::new();
        for path in files {
            match pack(path, ledger, audience) {
                Ok(None) => {
                    console.say(&format!(
                        "evidence: `{}` is not offered: it is for other readers",
                        path.display()
                    ));
                }
                Ok(Some(pack)) if !places.insert(pack.name.to_lowercase()) => {
                    offered.exit = refuse(path, &format!("another file is the pack `{}`, too", pack.name));
                }
                Ok(Some(pack)) => offered.packs.push(pack),
                Err(why) => offered.exit = refuse(path, &why),
            }
        }
        offered.packs.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.name.cmp(&b.name)));
        offered
    }
}

/// The archives in `folder`, by name. What is being written has a name that begins with a point.
pub(super) fn archives(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !is_hidden && path.extension().is_some_and(|ending| ending == "zip") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The chain of runs at `path`.
fn ledger(path: &Path) -> io::Result<Ledger> {
    Ledger::read(&fs::read_to_string(path)?).map_err(io::Error::other)
}

/// What is known of the pack at `path`, when it is whole and `ledger` does not say otherwise; `None` when it was not
/// made for `audience`.
fn pack(
    path: &Path,
    ledger: Option<(&Path, &Ledger)>,
    audience: Option<&str>,
) -> Result<Option<Pack>, String> {
    let mut opened = Opened::open(path)?;
    for check in verify::verify_content(&mut opened) {
        if let Finding::Refused(why) = check.finding {
            return Err(why);
        }
    }
    let request = verify::request(&mut opened)?;
    if request.audience.as_deref() != audience {
        return Ok(None);
    }
    let run = Ledger::read(&opened.text(paths::LEDGER)?)?.next_number();
    let tag_manifest = Digest::of(opened.text(bag::TAG_MANIFEST)?.as_bytes()).hexadecimal();
    let known = ledger.map(|(_, ledger)| {
        let at = usize::try_from(run - 1).ok();
        at.and_then(|at| ledger.runs.get(at)?.packs.get(&request.name))
    });
    if let (Some((path, _)), Some(Some(sealed))) = (ledger, known)
        && *sealed != tag_manifest
    {
        return Err(format!("run {run} of `{}` sealed another pack of this name", path.display()));
    }
    let is_signed = opened.holds(bag::SIGNATURE);
    let file = opened.as_archive().ok_or("it is a folder")?;
    let sealed = file.rewind().and_then(|()| seal(file)).map_err(|error| error.to_string())?;
    Ok(Some(Pack {
        covers: request.covers.words().into(),
        name: request.name.into(),
        at: request.now,
        run,
        tag_manifest: tag_manifest.into(),
        is_signed,
        has_inputs: !request.withholds_inputs,
        in_ledger: known.map(|known| known.is_some()),
        stored: Box::new(Archive { path: path.to_owned(), size: sealed.size, digest: sealed.digest }),
    }))
}

/// An archive that was verified.
#[derive(Debug)]
struct Archive {
    path: PathBuf,
    size: u64,
    digest: Digest,
}

impl Stored for Archive {
    fn size(&self) -> u64 {
        self.size
    }

    fn digest(&self) -> Digest {
        self.digest
    }

    fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(&self.path)?))
    }
}
