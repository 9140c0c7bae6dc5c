//! `milepost.yaml` to settings: the record's fields become plain values, defaults filled in. What cannot
//! be used was reported and removed when the file was read, so nothing fails here.

use std::path::{Path, PathBuf};

use super::{
    Also, AwsResources, CatalogHistory, Configuration, FormatList, Repositories, SourceKind, SourceRecord,
    Visibility,
};
use crate::catalog::field::{Field, List};
use crate::catalog::origin::Origin;
use crate::catalog::scalar::Number;
use crate::catalog::vocabulary::Vocabulary;
use crate::day::{Day, Length, Moment, Zone};
use crate::settings::{
    self, AwsAccess, Formats, GITHUB, GitAccess, GithubAccess, GithubApi, Interruption, Limits, Settings,
};

/// Where git keeps what it fetched, unless the configuration says so.
const MIRRORS: &str = ".milepost/mirrors";

/// Where a GitHub source keeps what it read, unless the configuration says so.
const READ_BEFORE: &str = ".milepost/github";

/// Where an AWS source keeps how much it read, unless the configuration says so.
const SIZES: &str = ".milepost/aws";

/// How long a fact may be used when neither it nor the configuration says.
const FACT_MAX_AGE: Length = Length::from_seconds(48 * 60 * 60);

impl Configuration {
    /// What a run over the catalog folder `catalog` at `now` is told.
    pub fn settings(&self, catalog: &Path, now: Moment) -> Settings {
        let zone = self.zone();
        Settings {
            now,
            today: Day::of(now, &zone),
            zone,
            catalog: catalog.to_owned(),
            catalog_history: self.catalog_history.value() != Some(&CatalogHistory::Digest),
            sources: self.sources.values().filter_map(|source| source.settings(catalog)).collect(),
            limits: self.run_limits(),
            formats: self.formats(),
            git: GitAccess::default(),
            github: GithubAccess::nobody(now),
            aws: AwsAccess::nobody(now),
            interruption: Interruption::default(),
        }
    }

    /// Where a day begins.
    pub fn zone(&self) -> Zone {
        self.clock.zone.value().and_then(|name| Zone::named(name)).unwrap_or_else(Zone::utc)
    }

    /// What an input may cost at most.
    pub fn run_limits(&self) -> Limits {
        let mut limits = Limits::default();
        if let Some(bytes) = whole(&self.limits.descriptor_bytes) {
            limits.descriptor_bytes = bytes;
        }
        if let Some(bytes) = whole(&self.limits.document_bytes) {
            limits.document_bytes = bytes;
        }
        if let Some(nesting) = whole(&self.limits.nesting).and_then(|nesting| u32::try_from(nesting).ok()) {
            limits.nesting = nesting;
        }
        if let Some(values) = whole(&self.limits.values).and_then(|values| u32::try_from(values).ok()) {
            limits.values = values;
        }
        limits
    }

    /// The house's defaults, and these formats of other tools.
    pub fn with_formats(formats: Formats) -> Self {
        Self::default().reading(formats)
    }

    /// The same, with these formats of other tools switched on and no others.
    #[must_use]
    pub fn reading(mut self, formats: Formats) -> Self {
        self.descriptors.formats = Field::known(FormatList(formats), Origin::Default);
        self
    }

    /// Formats of other tools whose descriptors are read.
    pub fn formats(&self) -> Formats {
        self.descriptors.formats.value().map_or(Formats::NONE, |list| list.0)
    }

    /// The organisation's words, the house's where it says nothing.
    pub fn words(&self) -> Vocabulary {
        let mut words = Vocabulary::default();
        replace(&mut words.data_classifications, &self.vocabulary.data_classifications);
        replace(&mut words.placeholder_owners, &self.placeholders.owners);
        replace(&mut words.placeholder_texts, &self.placeholders.texts);
        if let Some(environments) = self.vocabulary.environments.value() {
            words.environments.clone_from(&environments.0);
        }
        if self.vocabulary.criticality.origin.is_some() {
            words.criticality = self
                .vocabulary
                .criticality
                .entries
                .iter()
                .map(|(word, tier)| (word.clone(), tier.value.clone()))
                .collect();
        }
        let fields = self.descriptors.free_keys.entries.iter();
        words.free_keys = fields.map(|(field, keys)| (field.clone(), keys.value.0.clone())).collect();
        words
    }

    /// Where the source called `name` lies, as written.
    pub fn place_of(&self, name: &str) -> Option<&str> {
        let source =
            self.sources.values().find(|source| source.name.value().is_some_and(|own| **own == *name))?;
        source.path.value().map(|path| &**path)
    }

    /// How long a fact may be used when it does not say.
    pub fn fact_max_age(&self) -> Length {
        self.facts.max_age.value().map_or(FACT_MAX_AGE, |age| age.length)
    }
}

impl SourceRecord {
    fn settings(&self, catalog: &Path) -> Option<settings::Source> {
        let kind = match self.kind.value()? {
            SourceKind::Folder => {
                settings::SourceKind::Folder(match self.repositories.value().unwrap_or(&Repositories::Auto) {
                    Repositories::Auto => settings::Repositories::Auto,
                    Repositories::Children => settings::Repositories::Children,
                    Repositories::Own => settings::Repositories::Own,
                })
            }
            SourceKind::Git => settings::SourceKind::Git,
            SourceKind::Github => settings::SourceKind::Github(Box::new(self.github()?)),
            SourceKind::Aws => settings::SourceKind::Aws(Box::new(self.aws()?)),
            SourceKind::AwsRecorded => settings::SourceKind::AwsRecorded,
            SourceKind::AwsTagReport => settings::SourceKind::AwsTagReport,
            SourceKind::Focus => settings::SourceKind::Focus,
            SourceKind::Facts => settings::SourceKind::Facts,
        };
        let exclude = self.exclude.values().filter_map(|exclusion| {
            Some(settings::Exclusion {
                repository: exclusion.repository.value()?.clone(),
                reason: exclusion.reason.value()?.clone(),
                by: exclusion.by.value().cloned(),
                until: exclusion.until.value().copied(),
            })
        });
        Some(settings::Source {
            name: self.name.value()?.clone(),
            kind,
            path: match (self.path.value(), self.kind.value()?) {
                (Some(path), _) => catalog.join(&**path),
                (None, SourceKind::Github) => PathBuf::from(READ_BEFORE),
                (None, SourceKind::Aws) => PathBuf::from(SIZES),
                (None, _) if !self.remotes.items.is_empty() => PathBuf::from(MIRRORS),
                (None, _) => return None,
            },
            remotes: self.remotes(catalog).filter_map(Result::ok).collect(),
            exclude: exclude.collect(),
        })
    }
}

impl SourceRecord {
    fn github(&self) -> Option<settings::Github> {
        let texts = |list: &List<Box<str>>| list.values().cloned().collect::<Vec<_>>();
        let visibility = self.visibility.values().map(|word| match word {
            Visibility::Public => settings::Visibility::Public,
            Visibility::Private => settings::Visibility::Private,
            Visibility::Internal => settings::Visibility::Internal,
        });
        let also = self.also.values().filter_map(|word| match word {
            Also::People => Some(settings::Also::People),
            Also::Builds => Some(settings::Also::Builds),
            Also::Deployments => Some(settings::Also::Deployments),
            Also::Reviews => Some(settings::Also::Reviews),
            Also::Policies | Also::Untagged => None,
        });
        Some(settings::Github {
            organisations: texts(&self.organisations),
            include: texts(&self.include),
            topics: texts(&self.topics),
            visibility: visibility.collect(),
            archived: self.archived.value().is_some_and(|archived| *archived),
            forks: self.forks.value().is_some_and(|forks| *forks),
            folders: match self.folders.origin {
                Some(_) => texts(&self.folders),
                None => settings::Github::FOLDERS.map(Box::from).to_vec(),
            },
            also: also.collect(),
            production: match self.production_environments.origin {
                Some(_) => texts(&self.production_environments),
                None => settings::Github::PRODUCTION.map(Box::from).to_vec(),
            },
            sweep: self.sweep.value().map(|sweep| sweep.length),
            api: self.api().ok()?,
        })
    }

    fn aws(&self) -> Option<settings::Aws> {
        let exclude = self.accounts.exclude.values().filter_map(|exclusion| {
            Some(settings::AccountExclusion {
                account: exclusion.account.value()?.clone(),
                reason: exclusion.reason.value()?.clone(),
                by: exclusion.by.value().cloned(),
                until: exclusion.until.value().copied(),
            })
        });
        let mut also: Vec<settings::AwsAlso> = self.also.values().filter_map(|word| word.of_aws()).collect();
        also.sort();
        also.dedup();
        let mut regions: Vec<Box<str>> = self.regions.values().cloned().collect();
        regions.sort();
        regions.dedup();
        Some(settings::Aws {
            role: self.role.value().cloned(),
            member_role: self.member_role.value().map_or(settings::Aws::MEMBER_ROLE.into(), Clone::clone),
            external_id: self.external_id.value().cloned(),
            regions,
            resources: match self.resources.value().unwrap_or(&AwsResources::Accounts) {
                AwsResources::Accounts => settings::AwsResources::Accounts,
                AwsResources::Report => settings::AwsResources::Report,
            },
            include: self.accounts.include.values().cloned().collect(),
            exclude: exclude.collect(),
            also,
            endpoint: self.endpoint().ok()?,
        })
    }

    /// The emulator that is asked, or what is wrong with its address and what to do.
    pub(super) fn endpoint(&self) -> Result<Option<settings::AwsEndpoint>, (String, &'static str)> {
        let loopback = self.loopback.value().is_some_and(|loopback| *loopback);
        self.endpoint.value().map(|text| settings::AwsEndpoint::parse(text, loopback)).transpose()
    }

    /// Whether it cannot be asked without being told where it lies.
    pub(super) fn needs_path(&self) -> bool {
        self.remotes.items.is_empty()
            && !matches!(self.kind.value(), Some(SourceKind::Github | SourceKind::Aws))
    }

    /// Where GitHub answers, or what is wrong with the address and what to do.
    pub(super) fn api(&self) -> Result<GithubApi, (String, &'static str)> {
        let loopback = self.loopback.value().is_some_and(|loopback| *loopback);
        GithubApi::parse(self.api.value().map_or(GITHUB, |api| api), loopback)
    }

    /// What it fetches, or what is wrong with an address and what to do.
    pub(super) fn remotes(
        &self,
        catalog: &Path,
    ) -> impl Iterator<Item = Result<settings::Remote, (String, &'static str)>> {
        let loopback = self.loopback.value().is_some_and(|loopback| *loopback);
        self.remotes.values().map(move |text| settings::Remote::parse(text, catalog, loopback))
    }
}

impl Also {
    /// What it means to a source of AWS; nothing, when only GitHub is asked for it.
    pub(super) const fn of_aws(self) -> Option<settings::AwsAlso> {
        match self {
            Self::Policies => Some(settings::AwsAlso::Policies),
            Self::Untagged => Some(settings::AwsAlso::Untagged),
            Self::People | Self::Builds | Self::Deployments | Self::Reviews => None,
        }
    }
}

/// A whole number from 1.
pub(super) fn whole(field: &Field<Number>) -> Option<u64> {
    let value = field.value()?.value;
    // Beyond 2^53 a float no longer names one whole number.
    (value.fract() == 0.0 && (1.0..9_007_199_254_740_992.0).contains(&value)).then_some(value as u64)
}

fn replace(words: &mut Vec<Box<str>>, declared: &List<Box<str>>) {
    if declared.origin.is_some() {
        *words = declared.values().cloned().collect();
    }
}
