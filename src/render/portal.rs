//! What every page may look at: the inputs of the stage and what is derived from them once.

use super::assets::Assets;
use super::carried;
use super::digest::Digest;
use super::documents::Documents;
use super::evidence::frameworks::Framework;
use super::evidence::packs::Pack;
use super::frame::{Navigation, Section};
use super::origin::{Addresses, Brief, Provenance};
use super::parts::When;
use super::populations::Populations;
use super::relations::Relations;
use super::rules::RuleTexts;
use super::site::Entry;
use super::templates::{TemplateError, Templates};
use super::who;
use crate::assess::Assessment;
use crate::assess::adoption::Adoption;
use crate::assess::blind_spot::BlindSpot;
use crate::assess::change::{Change, Comparison, Judged, Moved};
use crate::assess::explain::Explainer;
use crate::assess::inventory::Inventory;
use crate::audience::Audience;
use crate::catalog::Catalog;
use crate::catalog::origin::Origin;
use crate::day::{Day, Moment};

/// Facts about the run that pages print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The assessment date D.
    pub as_of: Day,
    /// The moment the run stands for: `--now`, else the wall clock, read once.
    pub moment: Moment,
    /// Version of Milepost.
    pub version: Box<str>,
    /// The catalog folder and its revision: `repository@4c1f0a2`.
    pub catalog_revision: Option<Box<str>>,
    /// Digest of the snapshot.
    pub snapshot: Option<Digest>,
}

/// What a site is made of.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The organisation.
    pub catalog: &'a Catalog,
    /// What is judged of it.
    pub assessment: &'a Assessment,
    /// The run.
    pub run: &'a Run,
    /// The templates.
    pub templates: &'a Templates,
    /// What moved since an earlier run, when it was compared with one.
    pub comparison: Option<&'a Comparison>,
    /// Packs of evidence that were sealed and are offered, the newest first.
    pub packs: &'a [Pack],
    /// For whom it is made and what they do not see, when it is not the full one.
    pub audience: Option<&'a Audience>,
}

/// What every page may look at.
#[derive(Debug)]
pub struct Portal<'a> {
    /// The organisation.
    pub catalog: &'a Catalog,
    /// What is judged of it.
    pub assessment: &'a Assessment,
    /// The run.
    pub run: &'a Run,
    /// The templates.
    pub templates: &'a Templates,
    /// What moved since an earlier run, when it was compared with one.
    pub comparison: Option<&'a Comparison>,
    /// Packs of evidence that were sealed and are offered, the newest first.
    pub packs: &'a [Pack],
    /// The frameworks that controls name, with what proves their ids.
    pub frameworks: Vec<Framework<'a>>,
    /// For whom it is made and what they do not see, when it is not the full one.
    pub audience: Option<&'a Audience>,
    /// Which page shows which document.
    pub documents: Documents<'a>,
    /// Style sheet, scripts and icon.
    pub assets: Assets,
    /// What belongs to what.
    pub relations: Relations<'a>,
    /// Who is where.
    pub populations: Populations,
    /// How far the organisation has come.
    pub adoption: Adoption<'a>,
    /// What lies where, and how it is tagged.
    pub inventory: Inventory<'a>,
    /// Whose things are, by what somebody may ask.
    pub whose: who::Index<'a>,
    /// What never carried a tag, as far as anybody counted.
    pub blind_spot: BlindSpot<'a>,
    /// Why results came out as they did.
    pub explainer: Explainer<'a>,
    /// Rules in the words that pages share.
    pub rules: RuleTexts,
    addresses: Addresses,
    pub(super) navigation: Navigation,
    /// How much is shown as an earlier run saw it, when anything is.
    pub(super) carried: Option<String>,
    /// Sections that this site has, in the order of the navigation.
    pub sections: Vec<Section>,
}

impl<'a> Portal<'a> {
    pub(super) fn new(inputs: Inputs<'a>) -> Result<Self, TemplateError> {
        let Inputs { catalog, assessment, run, templates, comparison, packs, audience } = inputs;
        let relations = Relations::new(catalog, assessment);
        let explainer = Explainer::new(catalog, assessment);
        let mut portal = Self {
            catalog,
            assessment,
            run,
            templates,
            comparison,
            packs,
            frameworks: Framework::all(Judged { catalog, assessment }),
            audience,
            documents: Documents::of(catalog),
            assets: Assets::embedded(),
            relations,
            adoption: Adoption::of(catalog, assessment, explainer.scorecards()),
            inventory: Inventory::of(catalog, assessment.as_of),
            whose: who::Index::of(catalog, assessment),
            blind_spot: BlindSpot::of(catalog, &assessment.resources),
            populations: Populations::new(catalog, assessment, &explainer),
            rules: RuleTexts::new(explainer.scorecards(), templates)?,
            explainer,
            addresses: Addresses::of(catalog),
            navigation: Navigation::default(),
            carried: None,
            sections: Vec::new(),
        };
        portal.carried = carried::in_brief(&portal);
        Ok(portal)
    }

    /// The judgement with what it judged.
    pub fn judged(&self) -> Judged<'a> {
        Judged { catalog: self.catalog, assessment: self.assessment }
    }

    /// Offers only sections whose first page exists.
    pub(super) fn find_sections(&mut self, entries: &[Entry<'_>]) {
        let exists = |section: &Section| {
            let path = section.place().path();
            entries.iter().any(|entry| entry.path == path)
        };
        self.sections = Section::ALL.into_iter().filter(exists).collect();
    }

    /// What moved of the service `id` since the run that this one is compared with.
    pub fn changes_of(&self, id: &str) -> impl Iterator<Item = &'a Change> {
        let changes = self.comparison.map_or(&[][..], |comparison| &comparison.changes);
        // Services come first in a comparison, sorted by id.
        let services = changes.partition_point(|change| matches!(change.subject, Moved::Service(_)));
        let changes = &changes[..services];
        let from = changes.partition_point(|change| change.subject.id() < id);
        let to = changes.partition_point(|change| change.subject.id() <= id);
        changes[from..to].iter()
    }

    /// A day, seen from the assessment day.
    pub fn when(&self, day: Day) -> When {
        When::new(day, self.run.as_of)
    }

    /// The day of a moment, seen from the assessment day.
    pub fn when_of(&self, moment: Moment) -> When {
        When::of(moment, &self.catalog.zone, self.run.as_of)
    }

    /// An origin in as few words as fit beside the value.
    pub fn brief(&self, origin: Origin) -> Brief {
        Brief::new(self.catalog, &self.addresses, origin)
    }

    /// An origin in words, with its link.
    pub fn provenance(&self, origin: Origin) -> Provenance {
        Provenance::new(self.catalog, origin)
    }
}
