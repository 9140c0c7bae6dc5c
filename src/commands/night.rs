//! The inputs of one judged run, kept together so that they can be compared with those of another and
//! judged again in any mix: what `build --previous`, `diff` and `preview` start from.

use std::path::Path;
use std::rc::Rc;

use super::Failure;
use crate::assess::Assessment;
use crate::assess::change::{self, Cause, Comparison, Judged, Mix, Standings};
use crate::catalog::Catalog;
use crate::catalog::configuration::{self, Configuration};
use crate::collect::snapshot::{CatalogFolder, Content, Repository, Snapshot};
use crate::collect::snapshot_file::{self, SnapshotFileError};
use crate::day::{Day, Moment};
use crate::diagnostic::Diagnostics;

/// The inputs of one judged run.
#[derive(Clone)]
pub(super) struct Night {
    pub(super) snapshot: Rc<Snapshot>,
    pub(super) folder: Rc<CatalogFolder>,
    pub(super) configuration: Rc<Configuration>,
    pub(super) now: Moment,
}

impl Night {
    /// The saved snapshot in `dir`, judged by the catalog folder saved beside it; `None` for the folder
    /// when none was.
    pub(super) fn saved(dir: &Path) -> Result<(Snapshot, Option<(CatalogFolder, Configuration)>), Failure> {
        let unusable = |error: SnapshotFileError| {
            Failure::Usage(format!("the snapshot in `{}` cannot be used: {error}", dir.display()))
        };
        let snapshot = snapshot_file::load(dir).map_err(unusable)?;
        let folder = match snapshot_file::load_catalog(dir) {
            Ok(folder) => folder,
            Err(SnapshotFileError::Missing(_)) => return Ok((snapshot, None)),
            Err(error) => return Err(unusable(error)),
        };
        let configuration = configuration_of(&folder).ok_or_else(|| {
            Failure::Usage(format!(
                "the catalog folder saved in `{}` has no usable `milepost.yaml`",
                dir.display()
            ))
        })?;
        Ok((snapshot, Some((folder, configuration))))
    }

    /// The night of a saved snapshot. Where no catalog folder was saved with it, that of `other` stands in.
    pub(super) fn before(dir: &Path, other: &Self) -> Result<Self, Failure> {
        let (snapshot, kept) = Self::saved(dir)?;
        let now = snapshot.collected_at.unwrap_or(other.now);
        let (folder, configuration) = match kept {
            Some((folder, configuration)) => (Rc::new(folder), Rc::new(configuration)),
            None => (other.folder.clone(), other.configuration.clone()),
        };
        Ok(Self { snapshot: Rc::new(snapshot), folder, configuration, now })
    }

    /// Its day.
    pub(super) fn today(&self) -> Day {
        Day::of(self.now, &self.configuration.zone())
    }

    /// Resolves and judges it.
    pub(super) fn judge(&self) -> (Catalog, Assessment) {
        let catalog = Catalog::resolve(&self.snapshot, &self.folder, &self.configuration);
        let assessment = Assessment::of(&catalog, self.today(), self.now);
        (catalog, assessment)
    }

    /// The inputs that are not the same in `other`.
    fn differing(&self, other: &Self) -> Vec<Cause> {
        let (a, b) = (&self.snapshot, &other.snapshot);
        let differs = |cause: &Cause| match cause {
            // That a record is carried over is no change of it.
            Cause::Descriptor => {
                let same = a.repositories.iter().map(Repository::as_seen);
                !same.eq(b.repositories.iter().map(Repository::as_seen)) || a.files != b.files
            }
            Cause::Rule => self.folder.files != other.folder.files,
            Cause::Clock => self.now != other.now,
            Cause::Facts => {
                a.tag_listings != b.tag_listings
                    || a.accounts != b.accounts
                    || a.tag_policies != b.tag_policies
                    || a.untagged != b.untagged
                    || a.facts != b.facts
                    || a.costs != b.costs
                    || a.activities != b.activities
                    || a.sources != b.sources
                    || a.quiet != b.quiet
                    || a.reviews != b.reviews
            }
        };
        Cause::ALL.into_iter().filter(differs).collect()
    }

    /// This night with those inputs of `after` that `mix` takes.
    fn mixed(&self, after: &Self, mix: &Mix) -> Self {
        let of = |cause: Cause| if mix.takes(cause) { after } else { self };
        let (descriptors, facts, rules) = (of(Cause::Descriptor), of(Cause::Facts), of(Cause::Rule));
        let snapshot = if mix.takes(Cause::Descriptor) == mix.takes(Cause::Facts) {
            facts.snapshot.clone()
        } else {
            Rc::new(Snapshot {
                collected_at: facts.snapshot.collected_at,
                sources: facts.snapshot.sources.clone(),
                tag_listings: facts.snapshot.tag_listings.clone(),
                accounts: facts.snapshot.accounts.clone(),
                tag_policies: facts.snapshot.tag_policies.clone(),
                untagged: facts.snapshot.untagged.clone(),
                facts: facts.snapshot.facts.clone(),
                costs: facts.snapshot.costs.clone(),
                activities: facts.snapshot.activities.clone(),
                directories: facts.snapshot.directories.clone(),
                quiet: facts.snapshot.quiet.clone(),
                reviews: facts.snapshot.reviews.clone(),
                repositories: descriptors.snapshot.repositories.clone(),
                files: descriptors.snapshot.files.clone(),
            })
        };
        Self {
            snapshot,
            folder: rules.folder.clone(),
            configuration: rules.configuration.clone(),
            now: of(Cause::Clock).now,
        }
    }

    /// What moved from this night to `after`, whose judgement is `judged`, and why.
    pub(super) fn compare(&self, after: &Self, judged: Judged<'_>, with: &str, supposed: bool) -> Comparison {
        let (catalog, assessment) = self.judge();
        let before = Judged { catalog: &catalog, assessment: &assessment };
        let differing = self.differing(after);
        let judge = |mix: &Mix| {
            let (catalog, assessment) = self.mixed(after, mix).judge();
            Standings::of(Judged { catalog: &catalog, assessment: &assessment })
        };
        let changes = change::changes(before, judged, &differing, &judge);
        let (from, to) = (self.today(), after.today());
        Comparison { with: with.into(), supposed, from, to, differing, changes }
    }
}

/// The configuration of a catalog folder that is not on the disk as such.
pub(super) fn configuration_of(folder: &CatalogFolder) -> Option<Configuration> {
    let file = folder.files.iter().find(|file| &*file.path == "milepost.yaml")?;
    let Content::Text(text) = &file.content else { return None };
    let path = Path::new(&*folder.repository.name).join("milepost.yaml");
    configuration::read(&text.read(), &path, &mut Diagnostics::default())
}
