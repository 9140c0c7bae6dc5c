//! `import`: native files from the descriptors of other tools, and a list of what could not be carried. The
//! descriptors are read as `check` reads them; nothing that is there is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::new_files::{New, write_new};
use super::organisation::{self, Organisation};
use super::whereabouts::Whereabouts;
use super::{Console, Failure};
use crate::catalog::configuration::Configuration;
use crate::catalog::origin::{FileIndex, Origin};
use crate::catalog::record::Fields;
use crate::catalog::{Catalog, native, schema};
use crate::cli;
use crate::collect::snapshot::CatalogFolder;
use crate::diagnostic::text;
use crate::exit_code::ExitCode;
use crate::render::links::{Href, Place as Published};
use crate::settings::{Formats, Repositories, Source, SourceKind};
use crate::words;

/// The descriptor that is written beside those of other tools.
const DESCRIPTOR: &str = "service.yaml";

/// The same under its other name, which would be read beside it.
const OTHER_DESCRIPTOR: &str = "service.yml";

/// What is between documents of one file.
const NEXT_DOCUMENT: &str = "---\n";

pub(super) fn run(
    arguments: &cli::Import,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let organisation = read(arguments, shared, console)?;
    let mut import = Import::of(&organisation, arguments.catalog.as_deref());
    import.services()?;
    import.records();
    let Import { new, left, written, whereabouts, .. } = &import;
    write_new(new)?;
    let diagnostics = organisation.diagnostics();
    console.diagnostics(&text::render(&whereabouts.shown(&diagnostics), console.colour()));
    for new in new {
        console.say(&format!("wrote `{}`", text::harmless(&new.dir.join(&new.path).display().to_string())));
    }
    left.iter().for_each(|line| console.say(&text::harmless(line)));
    let not_carried = not_carried(&organisation.catalog, written, whereabouts);
    if !not_carried.is_empty() {
        console.data(&not_carried.join("\n"))?;
    }
    console.say(&format!(
        "imported {}; {} not carried",
        words::count(import.services, "service", "services"),
        words::count(not_carried.len(), "value is", "values are")
    ));
    Ok(ExitCode::Done)
}

/// What the descriptors say, in every format there is, whatever the configuration switches on.
fn read(arguments: &cli::Import, shared: &cli::Shared, console: &Console) -> Result<Organisation, Failure> {
    if let Some(path) = arguments.paths.iter().find(|path| !path.exists()) {
        return Err(Failure::Usage(format!("there is no `{}`", path.display())));
    }
    let configuration = if organisation::configuration_exists(shared) {
        organisation::settings(None, shared, console)?.1
    } else {
        Configuration::default()
    };
    let configuration = configuration.reading(Formats::ALL);
    let now = organisation::now(shared, &configuration)?;
    let mut settings = configuration.settings(Path::new("."), now);
    let source = |path: &PathBuf| Source {
        name: path.to_string_lossy().into(),
        kind: SourceKind::Folder(Repositories::Own),
        path: path.clone(),
        remotes: Vec::new(),
        exclude: Vec::new(),
    };
    settings.sources = arguments.paths.iter().map(source).collect();
    Ok(Organisation::collect(settings, &configuration, &CatalogFolder::none(), console))
}

/// The files to write.
struct Import<'a> {
    catalog: &'a Catalog,
    /// Where teams, products and capabilities go.
    folder: Option<&'a Path>,
    whereabouts: Whereabouts,
    new: Vec<New>,
    /// Schemas among them.
    schemas: BTreeSet<PathBuf>,
    services: usize,
    /// What is not written, and why.
    left: Vec<String>,
    /// Lines of the values that are written, by file.
    written: BTreeMap<FileIndex, BTreeSet<u32>>,
}

impl<'a> Import<'a> {
    fn of(organisation: &'a Organisation, folder: Option<&'a Path>) -> Self {
        let mut whereabouts = Whereabouts::around(Path::new("."));
        whereabouts.learn(&organisation.repositories);
        Self {
            catalog: &organisation.catalog,
            folder,
            whereabouts,
            new: Vec::new(),
            schemas: BTreeSet::new(),
            services: 0,
            left: Vec::new(),
            written: BTreeMap::new(),
        }
    }

    /// Services go beside the descriptor that names them, those of one folder into one file: so links stay
    /// what they are.
    fn services(&mut self) -> Result<(), Failure> {
        let mut folders: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
        for service in self.catalog.services.iter() {
            if self.catalog.files.format(service.origin).is_none() {
                self.left.push(format!("`{}` has a native descriptor, and is left alone", service.id));
                continue;
            }
            if !service.conflict.is_empty() {
                self.left.push(format!("`{}` is not written: several documents claim it", service.id));
                continue;
            }
            let file =
                self.catalog.files.place(service.origin).and_then(|place| self.whereabouts.path(&place));
            let Some(file) = file else {
                self.left.push(format!("`{}` is not written: it is not known where its file is", service.id));
                continue;
            };
            let folder = Path::new(&file).parent().map_or_else(PathBuf::new, Path::to_path_buf);
            let text = self.text(|behind| native::service(&service.record, behind));
            folders.entry(folder).or_default().push(text);
            self.services += 1;
        }
        for (dir, documents) in folders {
            let dir = if dir.as_os_str().is_empty() { PathBuf::from(".") } else { dir };
            if dir.join(OTHER_DESCRIPTOR).symlink_metadata().is_ok() {
                let other = dir.join(OTHER_DESCRIPTOR);
                return Err(Failure::Refused(format!(
                    "`{}` is in the way; nothing was written",
                    other.display()
                )));
            }
            self.add(&dir, DESCRIPTOR, "service", &documents.join(NEXT_DOCUMENT));
        }
        Ok(())
    }

    /// Teams, products and capabilities go to the catalog folder.
    fn records(&mut self) {
        let catalog = self.catalog;
        for team in catalog.teams.iter() {
            self.record("teams", "team", team.id.as_str(), team.origin, &team.record);
        }
        for product in catalog.products.iter() {
            self.record("products", "product", &product.id, product.origin, &product.record);
        }
        for capability in catalog.capabilities.iter() {
            let (id, origin) = (&capability.id, capability.origin);
            self.record("capabilities", "capability", id, origin, &capability.record);
        }
    }

    fn record(&mut self, folder: &str, kind: &str, id: &str, origin: Origin, record: &dyn Fields) {
        if self.catalog.files.format(origin).is_none() {
            return;
        }
        let Some(catalog) = self.folder else {
            self.left.push(format!("{kind} `{id}` is not written: `--catalog DIR` says where to"));
            return;
        };
        let text = self.text(|behind| native::text(record, behind));
        self.add(catalog, &format!("{folder}/{id}.yaml"), kind, &text);
    }

    /// What `write` writes, each line with the place that it was read from. What no document says, but the
    /// repository or its history, is found there again and left out.
    fn text(&mut self, write: impl FnOnce(&native::Behind<'_>) -> String) -> String {
        let (catalog, written) = (self.catalog, std::cell::RefCell::new(&mut self.written));
        write(&|origin| {
            let Origin::File { file, mark } = origin else { return None };
            written.borrow_mut().entry(file).or_default().insert(mark.line);
            let path = &catalog.files[file].path;
            Some(format!("{}:{}", path.rsplit('/').next().unwrap_or(path), mark.line))
        })
    }

    /// Adds a file, with the line by which editors find its schema, and that schema when no portal serves it.
    fn add(&mut self, dir: &Path, path: &str, kind: &str, text: &str) {
        let published = schema::published(kind);
        let portal = self.catalog.portal_url.as_deref();
        let address =
            Href::published(portal, Published::Schema(&published)).map(|address| address.to_string());
        let address = address.unwrap_or_else(|| {
            let own = format!(".milepost/schema/{published}.json");
            let is_new = self.schemas.insert(dir.join(&own));
            if is_new && dir.join(&own).symlink_metadata().is_err() {
                let text = schema::file(kind).expect("there is one");
                self.new.push(New { dir: dir.to_owned(), path: own.clone(), text });
            }
            "../".repeat(path.matches('/').count()) + &own
        });
        let text = schema::header(&address) + text;
        self.new.push(New { dir: dir.to_owned(), path: path.to_owned(), text });
    }
}

/// A line for each value that no file of ours holds, and for each document of which nothing was written.
fn not_carried(
    catalog: &Catalog,
    written: &BTreeMap<FileIndex, BTreeSet<u32>>,
    whereabouts: &Whereabouts,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut begins: BTreeMap<FileIndex, BTreeSet<u32>> = BTreeMap::new();
    for document in &catalog.ledger.foreign {
        if let Origin::File { file, mark } = document.origin {
            begins.entry(file).or_default().insert(mark.line);
        }
    }
    for document in &catalog.ledger.foreign {
        let Origin::File { file, mark } = document.origin else { continue };
        let Some(place) = catalog.files.place(document.origin) else { continue };
        let path = whereabouts.path(&place).unwrap_or_else(|| format!("{}/{}", place.repository, place.path));
        let next = begins.get(&file).and_then(|lines| lines.range(mark.line + 1..).next());
        let end = next.copied().unwrap_or(u32::MAX);
        let is_written = written.get(&file).is_some_and(|lines| lines.range(mark.line..end).next().is_some());
        if !is_written {
            lines.push(format!("{path}:{}: {} `{}`", mark.line, document.kind, document.name));
            continue;
        }
        let values = document.not_carried.iter();
        lines.extend(values.map(|value| format!("{path}:{}: {}", value.mark.line, value.path)));
    }
    lines.iter().map(|line| text::harmless(line).into_owned()).collect()
}
