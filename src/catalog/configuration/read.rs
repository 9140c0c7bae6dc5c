//! Reads `milepost.yaml`. Stricter than any other file: an unknown key is an error, because a slip here
//! would silently change what the portal covers; what cannot be used is reported and taken out.

mod aws;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::settings::whole;
use super::{Audience, Configuration, Exclusion, LimitsRecord, Removable, SourceKind, SourceRecord};
use crate::catalog::field::{Field, List, Named, Sourced};
use crate::catalog::files::FileTable;
use crate::catalog::id::is_slug;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::catalog::reader::{Reader, Source};
use crate::catalog::record::{FieldShape, Record, Shape};
use crate::catalog::scalar::Number;
use crate::catalog::service::ServiceRecord;
use crate::catalog::service_values::CRITICALITY_WORDS;
use crate::catalog::text_list::TextList;
use crate::catalog::vocabulary::Vocabulary;
use crate::catalog::yaml;
use crate::day::Zone;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, codes};
use crate::secrets;
use crate::settings::{CREDENTIALS, GITHUB_CREDENTIALS};

/// Deepest nesting that a configuration may allow: what the stack of a thread bears many times over.
const DEEPEST_NESTING: u64 = 512;

/// Most values of one document that a configuration may allow.
const MOST_VALUES: u64 = 10_000_000;

/// Reads the text of the configuration at `path`; `None` when nothing of it can be read.
pub fn read(text: &str, path: &Path, diagnostics: &mut Diagnostics) -> Option<Configuration> {
    let name = |name: Option<&std::ffi::OsStr>, otherwise: &str| -> Arc<str> {
        name.and_then(|name| name.to_str()).unwrap_or(otherwise).into()
    };
    let folder = name(path.parent().and_then(Path::file_name), "catalog");
    // As for every other file: the same text gives the same places, and no message quotes a credential.
    let text = &*secrets::removed(text);
    let source = Source::new(FileTable::CONFIGURATION, folder, name(path.file_name(), "milepost.yaml"), text);
    let mut documents = Vec::new();
    for document in yaml::parse(text, yaml::Limits::default().for_catalog_folder()) {
        match document {
            Ok(document) => documents.push(document),
            Err(broken) => {
                diagnostics.push(broken.diagnostic(&source));
                return None;
            }
        }
    }
    let mut found = Diagnostics::default();
    let vocabulary = Vocabulary::default();
    let mut reader = Reader { source: &source, vocabulary: &vocabulary, diagnostics: &mut found };
    let mut configuration = match documents.as_slice() {
        [] => Some(Configuration::default()),
        [document, rest @ ..] => {
            if let Some(second) = rest.first() {
                reader.report(
                    &second.root,
                    &codes::WRONG_TYPE,
                    "a second document in a file that holds one",
                    "put all settings into one document; this one is not read",
                );
            }
            Configuration::read_node(&document.root, &mut reader)
        }
    };
    if let Some(configuration) = &mut configuration {
        Check { source: &source, diagnostics: &mut found }.configuration(configuration);
    }
    for mut diagnostic in found {
        if diagnostic.code == &codes::UNKNOWN_KEY {
            diagnostic.code = &codes::UNKNOWN_SETTING;
        }
        diagnostics.push(diagnostic);
    }
    configuration
}

/// Reports what is there and cannot be used.
struct Check<'a> {
    source: &'a Source<'a>,
    diagnostics: &'a mut Diagnostics,
}

impl Check<'_> {
    fn configuration(&mut self, configuration: &mut Configuration) {
        if let Some(zone) =
            configuration.clock.zone.sourced().filter(|zone| Zone::named(&zone.value).is_none())
        {
            let message = format!("`{}` is not a time zone", zone.value);
            let help = "write the name of an IANA zone, such as `Europe/Berlin`, or `UTC`";
            self.report(&codes::UNKNOWN_ZONE, zone.origin, message, help);
            configuration.clock.fields.zone = Field::Unreadable(zone.origin);
        }
        self.limits(&mut configuration.limits.fields);
        self.criticality(configuration);
        self.free_keys(&mut configuration.descriptors.free_keys);
        self.sources(&mut configuration.sources);
        self.audiences(&configuration.audiences);
    }

    /// A profile that removes nothing was meant to remove something. Packs are named after profiles.
    fn audiences(&mut self, audiences: &Named<Audience>) {
        for (name, audience) in &audiences.entries {
            if !is_slug(name) {
                let message = format!("`{}` is no name of an audience", name.escape_debug());
                let help = "use lower-case letters, digits and `-`";
                self.report(&codes::INVALID_ID, audience.origin, message, help);
            }
            if audience.value.remove.is_empty() && audience.value.remove.refused.is_empty() {
                let message = format!("the audience `{name}` removes nothing");
                let help = format!("add `remove:` with some of {}", crate::words::list(&Removable::WORDS));
                self.report(&codes::EMPTY_AUDIENCE, audience.origin, message, help);
            }
        }
    }

    fn limits(&mut self, limits: &mut LimitsRecord) {
        let fields: [(&str, &mut Field<Number>, u64); 4] = [
            ("descriptorBytes", &mut limits.descriptor_bytes, 1 << 30),
            ("documentBytes", &mut limits.document_bytes, 1 << 30),
            ("nesting", &mut limits.nesting, DEEPEST_NESTING),
            ("values", &mut limits.values, MOST_VALUES),
        ];
        for (key, field, most) in fields {
            let Some(Sourced { value, origin }) = field.sourced() else { continue };
            if whole(field).is_none_or(|number| number > most) {
                let message = format!("`{}` is no limit for `{key}`", value.text);
                let help = format!("write a whole number from 1 to {most}");
                self.report(&codes::INVALID_LIMIT, *origin, message, help);
                *field = Field::Unreadable(*origin);
            }
        }
    }

    fn criticality(&mut self, configuration: &mut Configuration) {
        configuration.vocabulary.fields.criticality.entries.retain(|(word, tier)| {
            let known = CRITICALITY_WORDS.contains(&&*tier.value);
            if !known {
                let message = format!("`{word}` stands for `{}`, which is not a criticality", tier.value);
                let help = format!("write one of {}", crate::words::alternatives(&CRITICALITY_WORDS));
                self.report(&codes::UNKNOWN_WORD, tier.origin, message, help);
            }
            known
        });
    }

    /// Fields that labels may give are those that hold one value.
    fn free_keys(&mut self, fields: &mut Named<TextList>) {
        let single =
            |field: &&FieldShape| !matches!(field.shape, Shape::Record(_) | Shape::List(_) | Shape::Named(_));
        let known = || ServiceRecord::SHAPE.fields.iter().filter(single).map(|field| field.key);
        fields.entries.retain(|(field, keys)| {
            let is_known = known().any(|known| *known == **field);
            if !is_known {
                let message = format!("`{field}` is no field of a service that holds one value");
                let help = match nearest(field, known()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => {
                        "write a field such as `costCenter`, `dataClassification` or `criticality`".to_owned()
                    }
                };
                self.report(&codes::UNKNOWN_SETTING, keys.origin, message, help);
            }
            is_known
        });
    }

    fn sources(&mut self, sources: &mut List<SourceRecord>) {
        let mut names = BTreeSet::new();
        sources.items.retain_mut(|source| {
            let record = &mut source.value;
            for (key, absent) in [
                ("name", record.name.is_absent()),
                ("kind", record.kind.is_absent()),
                ("path", record.needs_path() && record.path.is_absent()),
            ] {
                if absent {
                    let message = format!("a source has no `{key}`, so it is not asked");
                    let help = format!("add `{key}:`");
                    self.report(&codes::INCOMPLETE_SOURCE, source.origin, message, help);
                }
            }
            let (Some(name), Some(kind)) = (record.name.sourced().cloned(), record.kind.value().copied())
            else {
                return false;
            };
            if record.path.value().is_none() && record.needs_path() {
                return false;
            }
            if kind == SourceKind::Github && !self.github(record, &name) {
                return false;
            }
            if kind != SourceKind::Github {
                self.only_github(record, &name.value, source.origin);
            }
            self.also(record, kind);
            if kind != SourceKind::Aws {
                self.only_aws(record, &name.value, source.origin);
            } else if !self.aws(record, &name) {
                return false;
            }
            if kind != SourceKind::Git && !record.remotes.items.is_empty() {
                let message = format!("`remotes` of the source `{}` are not fetched", name.value);
                let help = "only a source of `kind: git` fetches";
                self.report(&codes::INCOMPLETE_SOURCE, source.origin, message, help);
                return record.path.value().is_some();
            }
            let had_remotes = !record.remotes.items.is_empty();
            self.remotes(record, name.origin);
            if had_remotes && record.remotes.items.is_empty() {
                return false;
            }
            if !names.insert(name.value.clone()) {
                let message = format!("a second source is called `{}`", name.value);
                self.report(
                    &codes::DUPLICATE_SOURCE,
                    name.origin,
                    message,
                    "give it a name of its own; this one is not asked",
                );
                return false;
            }
            record.exclude.items.retain(|exclusion| self.exclusion(&exclusion.value, exclusion.origin));
            true
        });
        self.left_to_the_report(sources);
    }

    /// Whether a source of GitHub can be asked: it names organisations, and an address that a token may be
    /// sent to.
    fn github(&mut self, source: &mut SourceRecord, name: &Sourced<Box<str>>) -> bool {
        let had_none = source.organisations.is_empty();
        source.organisations.items.retain(|organisation| {
            let login = &*organisation.value;
            let is_login = !login.is_empty()
                && login.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            if !is_login {
                let message = format!("`{}` is no organisation on GitHub", login.escape_debug());
                let help = "write the name that stands in its address, without the host";
                self.report(&codes::INCOMPLETE_SOURCE, organisation.origin, message, help);
            }
            is_login
        });
        if had_none {
            let message = format!("the source `{}` names no organisation, so it is not asked", name.value);
            let help = "add `organisations:` with the names of those whose repositories are read";
            self.report(&codes::INCOMPLETE_SOURCE, name.origin, message, help);
        }
        if source.organisations.is_empty() {
            return false;
        }
        let Err((message, help)) = source.api() else { return true };
        let origin = source.api.origin().filter(|_| help != GITHUB_CREDENTIALS).unwrap_or(name.origin);
        self.report(&codes::UNSAFE_API, origin, message, help);
        false
    }

    /// Reports what only a source of GitHub heeds.
    fn only_github(&mut self, source: &SourceRecord, name: &str, origin: Origin) {
        for (key, is_there) in [
            ("organisations", source.organisations.origin.is_some()),
            ("include", source.include.origin.is_some()),
            ("topics", source.topics.origin.is_some()),
            ("visibility", source.visibility.origin.is_some()),
            ("also", source.also.origin.is_some() && source.kind.value() != Some(&SourceKind::Aws)),
            ("productionEnvironments", source.production_environments.origin.is_some()),
            ("archived", !source.archived.is_absent()),
            ("forks", !source.forks.is_absent()),
            ("folders", source.folders.origin.is_some()),
            ("sweep", !source.sweep.is_absent()),
            ("api", !source.api.is_absent()),
        ] {
            if is_there {
                let message = format!("`{key}` of the source `{name}` is not heeded");
                self.report(
                    &codes::INCOMPLETE_SOURCE,
                    origin,
                    message,
                    "only a source of `kind: github` heeds it",
                );
            }
        }
    }

    /// Takes out the addresses that git must not be given. Of one with credentials the line is not quoted,
    /// for what is printed here is kept in the logs of CI: the source at `name` is pointed at instead.
    fn remotes(&mut self, source: &mut SourceRecord, name: Origin) {
        let wrong: Vec<_> = source.remotes(Path::new("")).map(Result::err).collect();
        let mut wrong = wrong.into_iter();
        source.remotes.items.retain(|remote| {
            let Some(Some((message, help))) = wrong.next() else { return true };
            let origin = if help == CREDENTIALS { name } else { remote.origin };
            self.report(&codes::UNSAFE_REMOTE, origin, message, help);
            false
        });
    }

    fn exclusion(&mut self, exclusion: &Exclusion, origin: Origin) -> bool {
        let Some(repository) = exclusion.repository.value() else {
            let message = "an exclusion names no repository, so it leaves out nothing";
            self.report(&codes::INCOMPLETE_EXCLUSION, origin, message, "add `repository:`");
            return false;
        };
        if exclusion.reason.value().is_none_or(|reason| reason.trim().is_empty()) {
            let message = format!("`{repository}` is excluded without a reason, so it is not left out");
            let help = "add `reason:`, which the coverage page shows";
            self.report(&codes::INCOMPLETE_EXCLUSION, origin, message, help);
            return false;
        }
        if exclusion.until.is_absent() {
            let message = format!("`{repository}` is excluded without an end");
            let help = "add `until:` with the day on which somebody looks at it again";
            self.report(&codes::ENDLESS_EXCLUSION, origin, message, help);
        }
        true
    }

    fn report(
        &mut self,
        code: &'static Code,
        origin: Origin,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = match origin {
            Origin::File { mark, .. } => self.source.place(mark, 0),
            _ => self.source.whole(),
        };
        self.diagnostics.push(Diagnostic::new(code, message).at(place).help(help));
    }
}
