//! From the command line to a judged organisation: finds the configuration, asks the sources or replays
//! a snapshot, and runs the pure middle. Every verb that needs the organisation starts here.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::audience::{self, Viewed};
use super::night::Night;
use super::progress::Bars;
use super::{Console, Failure, interruption, last_run};
use crate::assess::Assessment;
use crate::assess::change::{Comparison, Judged};
use crate::assess::exceptions::quiet;
use crate::catalog::configuration::{self, Configuration};
use crate::catalog::{Catalog, descriptor};
use crate::cli::{LAST_SNAPSHOT, Replay, Shared};
use crate::collect::snapshot::{CatalogFolder, Repository, Revision, Snapshot};
use crate::collect::{self, Named, snapshot_file};
use crate::day::{Moment, Zone};
use crate::diagnostic::{self, Diagnostics, codes};
use crate::exit_code::ExitCode;
use crate::render::digest::Digest;
use crate::settings::{AwsAccess, GitAccess, GithubAccess, Limits, Settings};

/// Which organisation, and where its facts come from.
#[derive(Clone, Copy, Default)]
pub(super) struct Request<'a> {
    /// The catalog folder, when the command line names one.
    pub(super) catalog: Option<&'a Path>,
    /// A snapshot to replay.
    pub(super) snapshot: Option<&'a Path>,
    /// Whether to replay the last snapshot.
    pub(super) offline: bool,
    /// A snapshot of an earlier run to compare with.
    pub(super) previous: Option<&'a Path>,
    /// What becomes of the run before, when the sources are asked.
    pub(super) last_run: LastRun<'a>,
    /// The profile of the readers for whom something is left out.
    pub(super) audience: Option<&'a str>,
}

/// What becomes of the run before, when the sources are asked.
#[derive(Clone, Copy, Default)]
pub(super) enum LastRun<'a> {
    /// It is not looked at: what counts is what is there now.
    #[default]
    Ignored,
    /// What could not be seen now is carried over from it.
    CarriedOver,
    /// The same, with a removal that is accepted; and this run takes its place.
    Replaced {
        /// The removal.
        accepted: Option<&'a str>,
    },
}

impl<'a> Request<'a> {
    /// The organisation of `catalog`, with the facts that the command line asks for; what cannot be seen is
    /// carried over.
    pub(super) fn new(catalog: Option<&'a Path>, replay: &'a Replay) -> Self {
        Self {
            catalog,
            snapshot: replay.snapshot.as_deref(),
            offline: replay.offline,
            previous: None,
            last_run: LastRun::CarriedOver,
            audience: None,
        }
    }
}

/// An organisation with its judgement.
pub(super) struct Organisation {
    pub(super) settings: Settings,
    pub(super) catalog: Catalog,
    pub(super) assessment: Assessment,
    /// The catalog folder and its revision: `catalog@4c1f0a2`.
    pub(super) catalog_revision: Box<str>,
    /// Digest of the snapshot.
    pub(super) snapshot: Digest,
    /// Every repository met, the catalog folder first.
    pub(super) repositories: Vec<Repository>,
    /// What moved since an earlier run, when one was named.
    pub(super) comparison: Option<Comparison>,
    /// For whom something was left out, and what proves it; `None` when it is whole.
    pub(super) viewed: Option<Viewed>,
}

/// Digits of a revision that people are shown.
const SHOWN_DIGITS: usize = 12;

impl Organisation {
    /// Collects or replays, resolves, judges.
    pub(super) fn load(request: Request<'_>, shared: &Shared, console: &Console) -> Result<Self, Failure> {
        let (settings, night) = Self::night(request, shared, console)?;
        let mut organisation = Self::of(settings, &night, console);
        interruption::heed(&organisation.settings.interruption)?;
        if matches!(request.last_run, LastRun::Replaced { .. }) && request.snapshot.is_none() {
            let quiet = quiet::learned(&organisation.catalog, &organisation.assessment);
            if let Err(failure) = last_run::keep_nights(quiet, Path::new(LAST_SNAPSHOT)) {
                console.say(&format!("the next run will not know of this one: {failure}"));
            }
        }
        if let Some(dir) = request.previous {
            let before = Night::before(dir, &night)?;
            let with = format!("the snapshot of {}", before.today());
            let comparison = console.phase("comparing with the run before", || {
                before.compare(&night, organisation.judged(), &with, false)
            });
            organisation.comparison = Some(comparison);
        }
        match request.audience {
            Some(name) => Ok(organisation.viewed_by(name, &night, (request.catalog, shared), console)?.0),
            None => Ok(organisation),
        }
    }

    /// What of it, judged of `night`, the audience called `name` may see; and the night they may see.
    pub(super) fn viewed_by(
        self,
        name: &str,
        night: &Night,
        (catalog, shared): (Option<&Path>, &Shared),
        console: &Console,
    ) -> Result<(Self, Night), Failure> {
        let file = configuration_file(catalog, shared)?;
        audience::view(self, night, (name, &file), console)
    }

    /// The inputs of a run: collected, or replayed.
    pub(super) fn night(
        request: Request<'_>,
        shared: &Shared,
        console: &Console,
    ) -> Result<(Settings, Night), Failure> {
        let (settings, configuration) = settings(request.catalog, shared, console)?;
        // Before the sources are asked, which may take an hour.
        request.audience.map(|name| audience::profile(&configuration, name)).transpose()?;
        let folder = console.phase("reading the catalog folder", || catalog_folder(&settings))?;
        let replayed = match (request.snapshot, request.offline) {
            (Some(dir), _) => Some(dir),
            (None, true) => Some(Path::new(LAST_SNAPSHOT)),
            (None, false) => None,
        };
        let snapshot = match replayed {
            Some(dir) => console.phase("replaying", || replay(dir))?,
            None => {
                let mut snapshot = console.phase("collecting", || collect_all(&settings, &folder, console));
                // What is not whole must not take the place of the run before.
                interruption::heed(&settings.interruption)?;
                request.last_run.apply(&mut snapshot, (&folder, &configuration), console);
                snapshot
            }
        };
        let now = settings.now;
        let night = Night {
            snapshot: Rc::new(snapshot),
            folder: Rc::new(folder),
            configuration: Rc::new(configuration),
            now,
        };
        Ok((settings, night))
    }

    /// Asks every source of `settings`, resolves, judges.
    pub(super) fn collect(
        settings: Settings,
        configuration: &Configuration,
        folder: &CatalogFolder,
        console: &Console,
    ) -> Self {
        let snapshot = console.phase("collecting", || collect_all(&settings, folder, console));
        Self::judge(settings, (configuration, folder, &snapshot), |_| {}, console)
    }

    /// Resolves and judges the inputs of a run.
    pub(super) fn of(settings: Settings, night: &Night, console: &Console) -> Self {
        Self::edited(settings, night, |_| {}, console)
    }

    /// Resolves the inputs of a run, and judges what `edit` leaves of the catalog.
    pub(super) fn edited(
        settings: Settings,
        night: &Night,
        edit: impl FnOnce(&mut Catalog),
        console: &Console,
    ) -> Self {
        Self::judge(settings, (&night.configuration, &night.folder, &night.snapshot), edit, console)
    }

    fn judge(
        settings: Settings,
        (configuration, folder, snapshot): (&Configuration, &CatalogFolder, &Snapshot),
        edit: impl FnOnce(&mut Catalog),
        console: &Console,
    ) -> Self {
        let (mut catalog, digest) = console.phase("resolving", || {
            rayon::join(|| Catalog::resolve(snapshot, folder, configuration), || snapshot.digest())
        });
        edit(&mut catalog);
        let assessment = console.phase("judging", || Assessment::of(&catalog, settings.today, settings.now));
        let (Revision::Commit(revision) | Revision::Digest(revision)) = &folder.repository.revision;
        let shown = revision.get(..SHOWN_DIGITS).unwrap_or(revision);
        let catalog_revision = format!("{}@{shown}", folder.repository.name).into();
        let repositories = [&folder.repository].into_iter().chain(&snapshot.repositories).cloned().collect();
        let snapshot = Digest(digest);
        Self {
            settings,
            catalog,
            assessment,
            catalog_revision,
            snapshot,
            repositories,
            comparison: None,
            viewed: None,
        }
    }

    /// The judgement with what it judged.
    pub(super) fn judged(&self) -> Judged<'_> {
        Judged { catalog: &self.catalog, assessment: &self.assessment }
    }

    /// Everything that authors wrote wrong, in order of place.
    pub(super) fn diagnostics(&self) -> Diagnostics {
        let mut all = self.catalog.diagnostics.clone();
        all.append(self.assessment.diagnostics.clone());
        all.sort();
        all
    }

    /// Whether every source answered completely, and none of them gave a credential.
    pub(super) fn completeness(&self) -> ExitCode {
        let removed = self.catalog.diagnostics.iter().any(|it| it.code == &codes::SECRET_REMOVED);
        let secrets = if removed { ExitCode::Findings } else { ExitCode::Done };
        last_run::completeness(&self.catalog.ledger.sources).and(secrets)
    }
}

impl LastRun<'_> {
    /// Carries over and keeps, as it says. Not being able to keep is worth a line: the run itself is whole.
    fn apply(self, snapshot: &mut Snapshot, own: (&CatalogFolder, &Configuration), console: &Console) {
        let dir = Path::new(LAST_SNAPSHOT);
        match self {
            Self::Ignored => {}
            Self::CarriedOver => last_run::carry_over(snapshot, dir, own, None, console),
            Self::Replaced { accepted } => {
                last_run::carry_over(snapshot, dir, own, accepted, console);
                if let Err(failure) = console.phase("keeping", || last_run::keep(snapshot, own.0, dir)) {
                    console.say(&format!("nothing can be carried over from this run: {failure}"));
                }
            }
        }
    }
}

/// Asks every source, and who reviewed the exceptions of `folder`.
pub(super) fn collect_all(settings: &Settings, folder: &CatalogFolder, console: &Console) -> Snapshot {
    let limits = settings.limits;
    let formats = settings.formats;
    let named = |_path: &str, text: &str| Named {
        documents: descriptor::named_documents(text, limits.into()),
        descriptors: descriptor::named_descriptors(text, limits.into(), formats),
    };
    let bars = Bars::new(console);
    let mut snapshot = collect::collect(settings, &named, &bars);
    collect::code_reviews(settings, folder, &mut snapshot, &bars);
    snapshot
}

fn replay(dir: &Path) -> Result<Snapshot, Failure> {
    snapshot_file::load(dir).map_err(|error| {
        Failure::Usage(format!("the snapshot in `{}` cannot be used: {error}", dir.display()))
    })
}

/// Reads the catalog folder.
pub(super) fn catalog_folder(settings: &Settings) -> Result<CatalogFolder, Failure> {
    collect::catalog_folder(&settings.catalog, settings.catalog_history, settings.limits)
        .map_err(|error| Failure::Usage(error.to_string()))
}

/// The settings of a run, with the configuration they come from.
pub(super) fn settings(
    catalog: Option<&Path>,
    shared: &Shared,
    console: &Console,
) -> Result<(Settings, Configuration), Failure> {
    let file = configuration_file(catalog, shared)?;
    let text = configuration_text(&file)
        .map_err(|reason| Failure::Usage(format!("`{}` cannot be read: {reason}", file.display())))?;
    let mut diagnostics = Diagnostics::default();
    let configuration = configuration::read(&text, &file, &mut diagnostics);
    let failed = diagnostics.worst() == Some(diagnostic::Severity::Error);
    if failed || !console.is_quiet() {
        console.diagnostics(&diagnostic::text::render(&diagnostics, console.colour()));
    }
    let configuration = configuration.filter(|_| !failed).ok_or(Failure::Configuration)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let now = now(shared, &configuration)?;
    let git = GitAccess::of(|name| std::env::var_os(name));
    let github = GithubAccess::of(
        Moment::now(),
        |name| std::env::var_os(name),
        |path| std::fs::read_to_string(path).map_err(|error| error.to_string()),
    );
    let aws = AwsAccess::of(Moment::now(), |name| std::env::var_os(name));
    let interruption = console.interruption().clone();
    Ok((Settings { git, github, aws, interruption, ..configuration.settings(folder, now) }, configuration))
}

/// The text of the configuration `file`, or why there is none. It may be as long as a descriptor: nothing
/// that sets other limits has been read yet.
pub(super) fn configuration_text(file: &Path) -> Result<String, String> {
    let limit = Limits::default().descriptor_bytes;
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > limit {
        return Err(format!("it is larger than {limit} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}

/// Whether there is a configuration in the usual places, or one that the command line names.
pub(super) fn configuration_exists(shared: &Shared) -> bool {
    configuration_file(None, shared).is_ok_and(|file| file.is_file())
}

/// The moment that the run stands for.
pub(super) fn now(shared: &Shared, configuration: &Configuration) -> Result<Moment, Failure> {
    let Some(text) = &shared.now else { return Ok(Moment::now()) };
    let zone = configuration.clock.zone.value().and_then(|name| Zone::named(name)).unwrap_or(Zone::utc());
    Moment::parse_or_day(text, &zone).ok_or_else(|| {
        Failure::Usage(format!(
            "`--now {text}` is no day or moment; write 2026-11-21 or 2026-11-21T03:00:00Z"
        ))
    })
}

/// Where `milepost.yaml` is: named, or in the catalog folder, or in the usual places.
pub(super) fn configuration_file(catalog: Option<&Path>, shared: &Shared) -> Result<PathBuf, Failure> {
    if let Some(file) = &shared.config {
        return Ok(file.clone());
    }
    if let Some(folder) = catalog {
        let file = folder.join("milepost.yaml");
        return if file.is_file() {
            Ok(file)
        } else {
            Err(Failure::Usage(format!(
                "there is no `milepost.yaml` in `{}`; `milepost init {}` writes a starter",
                folder.display(),
                folder.display()
            )))
        };
    }
    ["milepost.yaml", "catalog/milepost.yaml"].into_iter().map(PathBuf::from).find(|file| file.is_file()).ok_or_else(
        || {
            Failure::Usage(
                "there is no `milepost.yaml` here or in `catalog`; name the catalog folder, or write a starter with `milepost init`".into(),
            )
        },
    )
}
