//! A small organisation for the tests of this stage.

use crate::assess::Assessment;
use crate::catalog::Catalog;
use crate::catalog::table::Table;
use crate::catalog::testing::Organisation;
use crate::day::{Day, Length, Moment, Zone};
use crate::diagnostic::Diagnostics;
use crate::render::pages;
use crate::render::portal::{Inputs, Run};
use crate::render::templates::Templates;

/// Owns what a site borrows.
pub(crate) struct Trial {
    pub(crate) catalog: Catalog,
    pub(crate) assessment: Assessment,
    pub(crate) run: Run,
    pub(crate) templates: Templates,
}

impl Trial {
    /// An organisation that has nothing yet.
    pub(crate) fn empty() -> Self {
        let as_of = Day::parse("2026-11-21").expect("a day");
        Self {
            catalog: catalog(),
            assessment: Assessment {
                as_of,
                now: Moment::parse("2026-11-21T05:00:00Z").expect("a moment"),
                services: Vec::new(),
                golden_paths: Vec::new(),
                accounts: Vec::new(),
                exceptions: Vec::new(),
                resources: Default::default(),
                drift: Vec::new(),
                environments: Default::default(),
                rules: Vec::new(),
                diagnostics: Diagnostics::default(),
            },
            run: Run {
                as_of,
                moment: Moment::parse("2026-11-21T05:00:00Z").expect("a moment"),
                version: "0.1.0".into(),
                catalog_revision: None,
                snapshot: None,
            },
            templates: Templates::new(&pages::templates(), &Default::default()).expect("templates compile"),
        }
    }

    /// `organisation`, judged.
    pub(crate) fn of(organisation: &Organisation) -> Self {
        let empty = Self::empty();
        let catalog = organisation.resolve();
        let assessment = Assessment::of(&catalog, empty.run.as_of, empty.run.moment);
        Self { catalog, assessment, ..empty }
    }

    pub(crate) fn inputs(&self) -> Inputs<'_> {
        Inputs {
            catalog: &self.catalog,
            assessment: &self.assessment,
            run: &self.run,
            templates: &self.templates,
            comparison: None,
            packs: &[],
            audience: None,
        }
    }
}

fn catalog() -> Catalog {
    Catalog {
        organisation: "Trial & Sons".into(),
        portal_url: None,
        zone: Zone::utc(),
        vocabulary: Default::default(),
        gates: Vec::new(),
        fact_max_age: Length::from_days(2),
        files: Default::default(),
        ledger: Default::default(),
        services: Table::default(),
        teams: Table::default(),
        golden_paths: Table::default(),
        scorecards: Table::default(),
        controls: Table::default(),
        exceptions: Table::default(),
        products: Table::default(),
        capabilities: Table::default(),
        environments: Table::default(),
        accounts: Table::default(),
        metrics: Table::default(),
        tag_policy: Default::default(),
        exception_policy: Default::default(),
        exception_policy_misread: None,
        responsibilities: Default::default(),
        platform: Default::default(),
        documents: Vec::new(),
        quiet: Default::default(),
        tag_listings: Vec::new(),
        organisation_policies: Vec::new(),
        untagged: Vec::new(),
        path_hints: Vec::new(),
        claims: Default::default(),
        service_names: Default::default(),
        team_names: Default::default(),
        resources: Vec::new(),
        activities: Vec::new(),
        costs: Vec::new(),
        facts: Vec::new(),
        people: Default::default(),
        diagnostics: Diagnostics::default(),
    }
}
