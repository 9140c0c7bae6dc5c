//! The example organisation in `catalog/`, collected, resolved and judged once for all tests; and the same
//! for any other organisation.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use milepost::assess::{Assessment, ExceptionAssessment, ServiceAssessment};
use milepost::catalog::configuration;
use milepost::catalog::{Catalog, Service, descriptor};
use milepost::collect::{self, Named, Silent};
use milepost::day::Moment;
use milepost::diagnostic::Diagnostics;
use milepost::publish::memory::Memory;
use milepost::render::pages;
use milepost::render::portal::{Inputs, Run};
use milepost::render::site;
use milepost::render::templates::Templates;

/// The example as of 2026-11-21.
pub(super) struct Example {
    pub(super) catalog: Catalog,
    pub(super) assessment: Assessment,
}

/// The example, judged.
pub(super) fn example() -> &'static Example {
    static EXAMPLE: OnceLock<Example> = OnceLock::new();
    EXAMPLE.get_or_init(|| judged(&Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog")))
}

/// The organisation in the catalog folder `folder`, collected, resolved and judged.
pub(super) fn judged(folder: &Path) -> Example {
    let file = folder.join("milepost.yaml");
    let text = std::fs::read_to_string(&file).expect("it has a configuration");
    let configuration =
        configuration::read(&text, &file, &mut Diagnostics::default()).expect("which can be read");
    let now = Moment::parse("2026-11-21T00:00:00Z").expect("a moment");
    let settings = configuration.settings(folder, now);
    let limits = settings.limits;
    let formats = settings.formats;
    let named = |_: &str, text: &str| Named {
        documents: descriptor::named_documents(text, limits.into()),
        descriptors: descriptor::named_descriptors(text, limits.into(), formats),
    };
    let snapshot = collect::collect(&settings, &named, &Silent);
    let folder = collect::catalog_folder(&settings.catalog, settings.catalog_history, limits)
        .expect("it is a catalog folder");
    let catalog = Catalog::resolve(&snapshot, &folder, &configuration);
    let assessment = Assessment::of(&catalog, settings.today, settings.now);
    Example { catalog, assessment }
}

impl Example {
    /// The service called `id`, with its judgement.
    pub(super) fn service(&self, id: &str) -> (&Service, &ServiceAssessment) {
        let index = self.catalog.services.find(id).unwrap_or_else(|| panic!("the example has `{id}`"));
        (&self.catalog.services[index], &self.assessment.services[index.position()])
    }

    /// The exception called `id`, judged.
    pub(super) fn exception(&self, id: &str) -> &ExceptionAssessment {
        let index = self.catalog.exceptions.find(id).unwrap_or_else(|| panic!("the example has `{id}`"));
        &self.assessment.exceptions[index.position()]
    }
}

/// Every file of a portal, by path.
pub(super) type Site = BTreeMap<String, Vec<u8>>;

/// The example's portal.
pub(super) fn site() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| rendered(example()))
}

/// The portal of an organisation.
pub(super) fn rendered(Example { catalog, assessment }: &Example) -> Site {
    let templates = Templates::new(&pages::templates(), &BTreeMap::new()).expect("the templates compile");
    let run = Run {
        as_of: assessment.as_of,
        moment: assessment.now,
        version: env!("CARGO_PKG_VERSION").into(),
        catalog_revision: None,
        snapshot: None,
    };
    let (packs, comparison, audience) = (&[][..], None, None);
    let inputs =
        Inputs { catalog, assessment, run: &run, templates: &templates, comparison, packs, audience };
    let memory = Memory::default();
    site::Site::build(inputs).expect("it can be laid out").write(&memory).expect("it can be rendered");
    memory.into_files().into_iter().map(|(path, (_, bytes))| (path, bytes)).collect()
}
