//! What the paths of a check lead to: catalog folders with their organisations, and descriptors on their own.

use std::path::{Path, PathBuf};

use super::super::organisation::{self, Organisation, Request};
use super::super::{Console, Failure};
use crate::catalog::configuration::{self, Configuration};
use crate::cli::Shared;
use crate::collect::base::Base;
use crate::collect::snapshot::CatalogFolder;
use crate::diagnostic::{Diagnostics, Severity};
use crate::settings::{Formats, Repositories, Settings, Source, SourceKind};

/// Something to check as a whole.
#[derive(Debug)]
pub(super) enum Subject {
    /// An organisation: by its catalog folder, else that of the configuration.
    Organisation(Option<PathBuf>),
    /// Descriptors, and folders of them: judged by the catalog that `--config` names, else by none.
    Descriptors(Vec<PathBuf>),
}

/// One organisation for each catalog folder among `paths`, and all other paths together.
pub(super) fn subjects(paths: &[PathBuf], shared: &Shared) -> Result<Vec<Subject>, Failure> {
    if paths.is_empty() && organisation::configuration_exists(shared) {
        return Ok(vec![Subject::Organisation(None)]);
    }
    let mut subjects = Vec::new();
    let mut descriptors = Vec::new();
    for path in named(paths) {
        if !path.exists() {
            return Err(Failure::Usage(format!("there is no `{}`", path.display())));
        }
        if path.is_dir() && path.join("milepost.yaml").is_file() {
            subjects.push(Subject::Organisation(Some(path.clone())));
        } else if path.file_name().is_some_and(|name| name == "milepost.yaml") {
            subjects.push(Subject::Organisation(Some(folder_of(path).to_owned())));
        } else {
            descriptors.push(path.clone());
        }
    }
    if !descriptors.is_empty() {
        subjects.push(Subject::Descriptors(descriptors));
    }
    Ok(subjects)
}

/// `paths`, else the working directory.
pub(super) fn named(paths: &[PathBuf]) -> impl Iterator<Item = &PathBuf> {
    static HERE: std::sync::LazyLock<PathBuf> = std::sync::LazyLock::new(|| PathBuf::from("."));
    paths.iter().chain(paths.is_empty().then(|| &*HERE))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Subject {
    /// The subject as it is.
    pub(super) fn load(&self, shared: &Shared, console: &Console) -> Result<Organisation, Failure> {
        match self {
            Self::Organisation(folder) => {
                let request = Request { catalog: folder.as_deref(), ..Request::default() };
                Organisation::load(request, shared, console)
            }
            Self::Descriptors(paths) if shared.config.is_some() => {
                let (mut settings, configuration) = organisation::settings(None, shared, console)?;
                settings.sources = sources(paths, |path| Some(path.to_owned()));
                let folder = organisation::catalog_folder(&settings)?;
                Ok(Organisation::collect(settings, &configuration, &folder, console))
            }
            // References are not checked then, for nobody knows what exists.
            Self::Descriptors(paths) => {
                without_catalog(sources(paths, |path| Some(path.to_owned())), shared, console)
            }
        }
    }

    /// The subject as it was at `base`; `None` when it was not there, or could not be used.
    pub(super) fn load_at(
        &self,
        base: &Base,
        shared: &Shared,
        console: &Console,
    ) -> Result<Option<Organisation>, Failure> {
        let (folder, paths) = match self {
            Self::Organisation(folder) => (folder.as_deref(), None),
            Self::Descriptors(paths) => (None, Some(paths)),
        };
        let then = |path: &Path| base.at(path);
        if let Some(paths) = paths.filter(|_| shared.config.is_none()) {
            return without_catalog(sources(paths, then), shared, console).map(Some);
        }
        let file = organisation::configuration_file(folder, shared)?;
        let Some((mut settings, configuration)) = settings_at(base, &file, shared)? else { return Ok(None) };
        if let Some(paths) = paths {
            settings.sources = sources(paths, then);
        }
        let folder = organisation::catalog_folder(&settings)?;
        Ok(Some(Organisation::collect(settings, &configuration, &folder, console)))
    }
}

/// What the configuration `file` said at `base`; `None` when it was not there, or could not be used.
fn settings_at(
    base: &Base,
    file: &Path,
    shared: &Shared,
) -> Result<Option<(Settings, Configuration)>, Failure> {
    let Some(text) = base.at(file).and_then(|then| organisation::configuration_text(&then).ok()) else {
        return Ok(None);
    };
    let mut diagnostics = Diagnostics::default();
    let read = configuration::read(&text, file, &mut diagnostics);
    let Some(configuration) = read.filter(|_| diagnostics.worst() != Some(Severity::Error)) else {
        return Ok(None);
    };
    let now = organisation::now(shared, &configuration)?;
    let mut settings = configuration.settings(folder_of(file), now);
    let Some(catalog) = base.at(&settings.catalog) else { return Ok(None) };
    settings.catalog = catalog;
    settings.sources.retain_mut(|source| {
        let then = base.source_at(&source.path);
        then.map(|path| source.path = path).is_some()
    });
    Ok(Some((settings, configuration)))
}

fn without_catalog(
    sources: Vec<Source>,
    shared: &Shared,
    console: &Console,
) -> Result<Organisation, Failure> {
    // Whoever names files wants to hear about them, whatever tool they are for.
    let configuration = Configuration::with_formats(Formats::ALL);
    let now = organisation::now(shared, &configuration)?;
    let settings = Settings { sources, ..configuration.settings(Path::new("."), now) };
    Ok(Organisation::collect(settings, &configuration, &CatalogFolder::none(), console))
}

/// `paths` as sources, each where `place` says it is; those that are nowhere are left out.
fn sources(paths: &[PathBuf], place: impl Fn(&Path) -> Option<PathBuf>) -> Vec<Source> {
    let source = |path: &PathBuf| {
        Some(Source {
            name: path.to_string_lossy().into(),
            kind: SourceKind::Folder(Repositories::Own),
            path: place(path)?,
            remotes: Vec::new(),
            exclude: Vec::new(),
        })
    };
    paths.iter().filter_map(source).collect()
}
