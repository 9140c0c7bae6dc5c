//! The catalog folder by its layout: which file holds which records, and how they are read. A broken file
//! costs only its own records.

use rayon::prelude::*;

use super::content;
use super::filing::{CONFIGURATION, Filed, Filing};
use super::origin::{FileIndex, Origin};
use super::reader::Reader;
use super::record::Record;
use super::vocabulary::Vocabulary;
use super::yaml::{self, Document, Mark, Node, Value};
use super::{
    account, capability, control, environment, exception, golden_path, metric, policy, product, scorecard,
    team,
};
use crate::collect::snapshot::{CatalogFolder, Content};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity, codes};

/// A record with the place where it begins.
#[derive(Debug)]
pub(super) struct Raw<T> {
    pub(super) file: FileIndex,
    pub(super) mark: Mark,
    /// Whether it is all that its file holds, so that the file should carry its name.
    pub(super) alone: bool,
    pub(super) record: T,
}

impl<T> Raw<T> {
    pub(super) fn origin(&self) -> Origin {
        Origin::File { file: self.file, mark: self.mark }
    }
}

/// Defines what the folder holds: a list for each kind of record, and how its files are called.
macro_rules! layout {
    ($( $kind:ident = $word:literal, $field:ident: $type:ty, $doc:literal; )*) => {
        /// What a file of the catalog folder holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind {
            $( #[doc = $doc] $kind, )*
        }

        /// The words that files and folders are called by.
        const WORDS: &[(&str, Kind)] = &[$( ($word, Kind::$kind) ),*];

        /// Everything the catalog folder says, in the order of its files.
        #[derive(Debug, Default)]
        pub(super) struct Records {
            $( pub(super) $field: Vec<Raw<$type>>, )*
            /// Exception files in which no record can be read: they must not vanish.
            pub(super) unreadable_exceptions: Vec<FileIndex>,
            /// A file of the policy on exceptions that has mistakes: what it demands is not known.
            pub(super) misread_exception_policy: Option<FileIndex>,
        }

        impl Records {
            fn append(&mut self, mut other: Self) {
                $( self.$field.append(&mut other.$field); )*
                self.unreadable_exceptions.append(&mut other.unreadable_exceptions);
                let misread = self.misread_exception_policy.or(other.misread_exception_policy);
                self.misread_exception_policy = misread;
            }

            fn read(&mut self, kind: Kind, page: &Page<'_>, reader: &mut Reader<'_>) {
                match kind {
                    $( Kind::$kind => self.$field.extend(page.records(reader)), )*
                }
            }
        }
    };
}

layout! {
    Team = "teams", teams: team::Team, "Teams.";
    Scorecard = "scorecards", scorecards: scorecard::Scorecard, "Scorecards.";
    Control = "controls", controls: control::Control, "Controls.";
    Exception = "exceptions", exceptions: exception::Exception, "Exceptions.";
    GoldenPath = "golden-paths", golden_paths: golden_path::GoldenPath, "Golden paths.";
    Product = "products", products: product::Product, "Products.";
    Capability = "capabilities", capabilities: capability::Capability, "Capabilities.";
    Environment = "environments", environments: environment::Environment, "Environments.";
    Account = "accounts", accounts: account::Account, "Accounts.";
    Metric = "metrics", metrics: metric::Metric, "Metrics.";
    TagPolicy = "policy/tags", tag_policies: policy::TagPolicy, "The tag policy.";
    ExceptionPolicy = "policy/exceptions", exception_policies: policy::ExceptionPolicy, "The exception policy.";
    Responsibilities = "policy/responsibilities", responsibilities: policy::Responsibilities, "The responsibilities.";
    Platform = "policy/platform", platforms: policy::Platform, "What is stated of the platform.";
}

/// The words that files and folders are called by.
#[cfg(test)]
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(word, _)| *word)
}

impl Kind {
    /// What the file at `path` holds: `teams/web.yaml` and `teams.yaml` hold teams.
    pub(super) fn of(path: &str) -> Option<Self> {
        let stem = stem(path)?;
        let named =
            |word: &str| stem.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        WORDS.iter().find(|(word, _)| named(word)).map(|(_, kind)| *kind)
    }

    /// Whether a file holds one record and no list of them.
    fn is_policy(self) -> bool {
        matches!(self, Self::TagPolicy | Self::ExceptionPolicy | Self::Responsibilities | Self::Platform)
    }
}

/// The path without the end of YAML files; `None` for other files.
fn stem(path: &str) -> Option<&str> {
    path.strip_suffix(".yaml").or_else(|| path.strip_suffix(".yml"))
}

/// The folder or file name that `path` was probably meant to have.
fn meant(path: &str) -> Option<&'static str> {
    let stem = stem(path)?;
    let words = || WORDS.iter().map(|(word, _)| *word);
    super::nearest::nearest(stem, words())
        .or_else(|| super::nearest::nearest(stem.split_once('/')?.0, words()))
}

/// The node of one record, and whether it is alone in its file.
struct Page<'n> {
    node: &'n Node,
    file: FileIndex,
    alone: bool,
}

impl Page<'_> {
    /// The record of a mapping, the records of a list.
    fn records<T: Record>(&self, reader: &mut Reader<'_>) -> Vec<Raw<T>> {
        let nodes = match &self.node.value {
            Value::Null => &[],
            Value::Sequence(items) => items.as_slice(),
            Value::Mapping(_) | Value::Scalar(_) => std::slice::from_ref(self.node),
        };
        let alone = self.alone && matches!(self.node.value, Value::Mapping(_));
        let read = |node: &Node| {
            let record = T::read_node(node, reader)?;
            Some(Raw { file: self.file, mark: node.mark, alone, record })
        };
        nodes.iter().filter(|node| !node.is_null()).filter_map(read).collect()
    }
}

/// Reads every file of the folder; `sources` are the paths inside it that belong to sources.
pub(super) fn read(
    filing: &Filing<'_>,
    sources: &[&str],
    vocabulary: &Vocabulary,
    limits: yaml::Limits,
    diagnostics: &mut Diagnostics,
) -> Records {
    let files: Vec<Filed<'_>> = filing
        .catalog()
        .filter(|filed| *filed.file.path != *CONFIGURATION && stem(&filed.file.path).is_some())
        .filter(|filed| !sources.iter().any(|source| lies_in(&filed.file.path, source)))
        .collect();
    let read: Vec<(Records, Diagnostics)> =
        files.par_iter().map(|filed| file(filing, *filed, vocabulary, limits)).collect();
    let mut records = Records::default();
    for (of_file, found) in read {
        records.append(of_file);
        diagnostics.append(found);
    }
    records
}

/// Whether `path` is `folder` or lies in it.
fn lies_in(path: &str, folder: &str) -> bool {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn file(
    filing: &Filing<'_>,
    filed: Filed<'_>,
    vocabulary: &Vocabulary,
    limits: yaml::Limits,
) -> (Records, Diagnostics) {
    let mut records = Records::default();
    let mut diagnostics = Diagnostics::default();
    let Some(kind) = Kind::of(&filed.file.path) else {
        // What is neither near a name of ours nor among our policies is somebody else's.
        if meant(&filed.file.path).is_some() || filed.file.path.starts_with("policy/") {
            diagnostics.push(unread(&filed.file.path, filing.source(filed.index, "").whole()));
        }
        return (records, diagnostics);
    };
    let text = match &filed.file.content {
        Content::Text(text) => text.read(),
        other => {
            let place = filing.source(filed.index, "").whole();
            if let Some(problem) = content::problem(other, place) {
                diagnostics.push(problem);
            }
            match kind {
                Kind::Exception => records.unreadable_exceptions.push(filed.index),
                Kind::ExceptionPolicy => records.misread_exception_policy = Some(filed.index),
                _ => {}
            }
            return (records, diagnostics);
        }
    };
    let source = filing.source(filed.index, &text);
    let documents = yaml::parse(&text, limits);
    let alone = documents.len() == 1;
    for (number, document) in documents.into_iter().enumerate() {
        match document {
            Ok(Document { root, .. }) => {
                let mut reader = Reader { source: &source, vocabulary, diagnostics: &mut diagnostics };
                if kind.is_policy() && (number > 0 || root.items().is_some()) {
                    let message = "a policy is one mapping, and this is more";
                    reader.report(&root, &codes::WRONG_TYPE, message, "merge it into one mapping");
                    continue;
                }
                let page = Page { node: &root, file: filed.index, alone };
                records.read(kind, &page, &mut reader);
            }
            Err(broken) => diagnostics.push(broken.diagnostic(&source)),
        }
    }
    if kind == Kind::Exception && records.exceptions.is_empty() {
        records.unreadable_exceptions.push(filed.index);
    }
    if kind == Kind::ExceptionPolicy && diagnostics.iter().any(|found| found.severity() > Severity::Note) {
        records.misread_exception_policy = Some(filed.index);
    }
    (records, diagnostics)
}

/// Reports folders that are misnamed: everything in them would silently not count.
pub(super) fn misnamed(folder: &CatalogFolder, sources: &[&str], diagnostics: &mut Diagnostics) {
    for name in folder.other_folders.iter().filter(|name| !sources.iter().any(|source| lies_in(source, name)))
    {
        if meant(&format!("{name}/any.yaml")).is_some() {
            let place = Place {
                repository: folder.repository.name.clone(),
                path: name.clone(),
                line: 0,
                column: 0,
                length: 0,
                quote: Box::default(),
            };
            diagnostics.push(unread(&format!("{name}/any.yaml"), place));
        }
    }
}

/// The report that nothing reads the file or folder at `place`.
fn unread(path: &str, place: Place) -> Diagnostic {
    let message = format!("nothing reads `{}`", place.path);
    let diagnostic = Diagnostic::new(&codes::UNREAD_FILE, message).at(place);
    diagnostic.help(match meant(path) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "move it into one of the folders of the catalog, or out of it".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, lies_in, meant};

    #[test]
    fn files_are_known_by_their_folder_or_name() {
        assert_eq!(Kind::of("teams/web.yaml"), Some(Kind::Team));
        assert_eq!(Kind::of("accounts.yml"), Some(Kind::Account));
        assert_eq!(Kind::of("policy/tags.yaml"), Some(Kind::TagPolicy));
        for other in ["team/web.yaml", "teams/README.md", "teamsters.yaml", "policy/colours.yaml"] {
            assert_eq!(Kind::of(other), None, "{other}");
        }
    }

    #[test]
    fn a_misnamed_file_is_not_passed_over() {
        assert_eq!(meant("team/web.yaml"), Some("teams"));
        assert_eq!(meant("policy/tag.yaml"), Some("policy/tags"));
        assert_eq!(meant("something/else.yaml"), None);
    }

    #[test]
    fn folders_of_sources_are_left_to_them() {
        assert!(lies_in("repositories/web/service.yaml", "./repositories/"));
        assert!(!lies_in("repositories-old/web.yaml", "repositories"));
    }
}
