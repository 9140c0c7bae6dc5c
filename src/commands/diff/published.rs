//! A portal that was built, read back from its static JSON: where everything stood, and on request what
//! one service or exception says of itself.

use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::documents::{Contents, Exception, Exceptions, GoldenPath, Scorecard, Service, Services};
use crate::assess::change::{OnScorecard, Standing, Standings};
use crate::assess::outcome::{Outcome, Share};
use crate::assess::{ExceptionState, Tier};
use crate::commands::Failure;
use crate::day::Day;
use crate::render::data::v1::SCHEMA_VERSION;
use crate::render::links::Place;

/// Largest document that is read.
const LARGEST: u64 = 256 << 20;

/// A portal that was built.
#[derive(Debug)]
pub(super) struct Published {
    root: PathBuf,
    /// The day it was judged on.
    pub(super) today: Day,
    /// The catalog folder and its revision.
    pub(super) catalog_revision: Option<String>,
    /// Digest of what was collected.
    pub(super) snapshot: Option<String>,
    /// Where everything stands.
    pub(super) standings: Standings,
    /// Scorecards that judge services, by id.
    pub(super) scorecards: BTreeMap<String, Scorecard>,
    /// Digests of what each service declares, and of what was observed of it.
    pub(super) inputs: BTreeMap<String, Inputs>,
}

/// Digests of what a service was judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inputs {
    pub(super) declared: u64,
    pub(super) observed: u64,
}

/// Whether a portal was built into `root`.
pub(super) fn is_portal(root: &Path) -> bool {
    root.join(Place::Data(&["index"]).path().as_str()).is_file()
}

impl Published {
    /// Reads the portal in `root`.
    pub(super) fn read(root: &Path) -> Result<Self, Failure> {
        let reader = Reader { root };
        let contents: Contents = reader.document(&["index"])?;
        let major = |version: &str| version.split('.').next().map(str::to_owned);
        if major(&contents.schema_version) != major(SCHEMA_VERSION) {
            return Err(Failure::Usage(format!(
                "the portal in `{}` has documents of version {}; this Milepost reads version {SCHEMA_VERSION}",
                root.display(),
                contents.schema_version
            )));
        }
        let today = Day::parse(&contents.generated_for)
            .ok_or_else(|| reader.unusable(&["index"], &"`generatedFor` is no day"))?;
        let mut published = Self {
            root: root.to_owned(),
            today,
            catalog_revision: contents.catalog_revision,
            snapshot: contents.snapshot,
            standings: Standings::default(),
            scorecards: BTreeMap::new(),
            inputs: BTreeMap::new(),
        };
        published.services(&reader)?;
        published.exceptions(&reader)?;
        Ok(published)
    }

    fn services(&mut self, reader: &Reader<'_>) -> Result<(), Failure> {
        let first: Services = reader.document(&["services/index"])?;
        let pages = first.pages.len();
        let mut rows = first.services;
        for page in 2..=pages {
            rows.extend(reader.document::<Services>(&[&format!("services/_{page}")])?.services);
        }
        for row in rows {
            let service: Service = reader.document(&["services", &row.id])?;
            let mut standing = Standing {
                team: row.team.unwrap_or_default().into(),
                tier: row.tier.map(|word| reader.tier(&row.id, &word)).transpose()?,
                scorecards: BTreeMap::new(),
            };
            for (id, result) in &service.scorecards {
                let known = self.scorecard(reader, id)?;
                let level = result.level_with_exceptions.as_ref().and_then(|level| {
                    let position = known.levels.iter().position(|known| known.id == *level)?;
                    Some((position, level.as_str().into()))
                });
                let share = result.with_exceptions.as_ref();
                let outcomes = result.rules.iter().map(|rule| reader.outcome(&row.id, &rule.outcome));
                let on = OnScorecard {
                    level,
                    score: share.and_then(|share| Share::of(share.part, share.whole)),
                    outcomes: outcomes.collect::<Result<_, _>>()?,
                };
                let rules = result.rules.iter().map(|rule| rule.id.as_str().into());
                standing.scorecards.insert(self.standings.rules_of(id, rules), on);
            }
            self.inputs.insert(row.id.clone(), Inputs::of(&service));
            self.standings.add_service(&row.id, standing);
        }
        Ok(())
    }

    fn scorecard(&mut self, reader: &Reader<'_>, id: &str) -> Result<&Scorecard, Failure> {
        if !self.scorecards.contains_key(id) {
            self.scorecards.insert(id.to_owned(), reader.document(&["scorecards", id])?);
        }
        Ok(&self.scorecards[id])
    }

    fn exceptions(&mut self, reader: &Reader<'_>) -> Result<(), Failure> {
        let register: Exceptions = reader.document(&["exceptions/index"])?;
        for row in register.exceptions {
            let state = reader.state(&row.id, &row.state)?;
            self.standings.add_exception(&row.id, state, row.service.as_deref().unwrap_or_default());
        }
        Ok(())
    }

    /// What the service called `id` says of itself.
    pub(super) fn service(&self, id: &str) -> Result<Service, Failure> {
        Reader { root: &self.root }.document(&["services", id])
    }

    /// What is written in the exception called `id`.
    pub(super) fn exception(&self, id: &str) -> Result<Exception, Failure> {
        Reader { root: &self.root }.document(&["exceptions", id])
    }

    /// What is written of the golden path called `id`; nothing when the portal has none of that name.
    pub(super) fn golden_path(&self, id: &str) -> Option<GoldenPath> {
        Reader { root: &self.root }.document(&["golden-paths", id]).ok()
    }
}

impl Inputs {
    fn of(service: &Service) -> Self {
        let (mut declared, mut observed) = (DefaultHasher::new(), DefaultHasher::new());
        for (key, field) in &service.fields {
            (key, field.value.to_string()).hash(&mut declared);
        }
        service.documents.hash(&mut declared);
        for rule in service.scorecards.values().flat_map(|result| &result.rules) {
            for input in rule.inputs.iter().filter(|input| input.is_observed()) {
                (&input.path, &input.value).hash(&mut observed);
            }
        }
        service.resources.as_ref().map(Value::to_string).hash(&mut observed);
        Self { declared: declared.finish(), observed: observed.finish() }
    }
}

/// Reads documents of one portal.
struct Reader<'a> {
    root: &'a Path,
}

impl Reader<'_> {
    fn document<T: DeserializeOwned>(&self, parts: &[&str]) -> Result<T, Failure> {
        let path = self.path(parts);
        // Opening anything else, such as a pipe, might never end.
        if !path.is_file() {
            return Err(self.unusable(parts, &"there is no such file"));
        }
        let file = File::open(&path).map_err(|error| self.unusable(parts, &error))?;
        let mut text = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut text).map_err(|error| self.unusable(parts, &error))?;
        if text.len() as u64 > LARGEST {
            return Err(self.unusable(parts, &format!("it is larger than {} MiB", LARGEST >> 20)));
        }
        serde_json::from_slice(&text).map_err(|error| self.unusable(parts, &error))
    }

    /// Ids become parts of paths as they did when the portal was built, so none leads out of it.
    fn path(&self, parts: &[&str]) -> PathBuf {
        self.root.join(Place::Data(parts).path().as_str())
    }

    fn unusable(&self, parts: &[&str], why: &dyn std::fmt::Display) -> Failure {
        let path = self.path(parts);
        Failure::Usage(format!("`{}` cannot be used: {why}; build the portal again", path.display()))
    }

    fn tier(&self, service: &str, word: &str) -> Result<Tier, Failure> {
        self.known(&["services", service], word, Tier::ALL.into_iter().find(|tier| tier.word() == word))
    }

    fn outcome(&self, service: &str, word: &str) -> Result<Outcome, Failure> {
        let known = Outcome::ALL.into_iter().find(|outcome| outcome.word() == word);
        self.known(&["services", service], word, known)
    }

    fn state(&self, exception: &str, word: &str) -> Result<ExceptionState, Failure> {
        let known = ExceptionState::ALL.into_iter().find(|state| state.word() == word);
        self.known(&["exceptions", exception], word, known)
    }

    fn known<T>(&self, parts: &[&str], word: &str, known: Option<T>) -> Result<T, Failure> {
        known.ok_or_else(|| self.unusable(parts, &format!("`{word}` is no word of this version")))
    }
}
