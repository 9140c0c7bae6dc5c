//! Which format of another tool a document is in: those that can be read when they are switched on. The
//! same file name means other things to other tools (`compass.yml`, `cortex.yaml`, `score.yaml`), so the
//! shape decides, and the name only helps.

use std::sync::Arc;

use super::foreign::{self, text};
use super::template;
use crate::catalog::yaml::Node;
use crate::settings::Format;

/// Names of files, without the end of YAML files, that only one tool gives.
const FILES: &[(&str, Format)] = &[
    ("catalog-info", Format::Backstage),
    ("service.datadog", Format::Datadog),
    ("entity.datadog", Format::Datadog),
    ("opslevel", Format::OpsLevel),
    ("cortex", Format::Cortex),
    ("compass", Format::Compass),
    ("score", Format::Score),
];

/// What OpsLevel's files hold one of.
const OPSLEVEL_KEYS: &[&str] = &["service", "component", "repository", "system", "domain", "team"];

/// The format that goes by the name of the file at `path`.
pub fn goes_by(path: &str) -> Option<Format> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))?;
    FILES.iter().find(|(known, _)| *known == stem).map(|(_, format)| *format)
}

/// The format whose documents have this `apiVersion`.
pub(super) fn of_version(version: &str) -> Option<Format> {
    let group = version.split('/').next().unwrap_or(version);
    match group {
        "openslo" => Some(Format::OpenSlo),
        "openslo.com" => Some(Format::OpenSlo),
        "score.dev" => Some(Format::Score),
        "v3" => Some(Format::Datadog),
        _ if group == "backstage.io" || group.ends_with(".backstage.io") => Some(Format::Backstage),
        _ => None,
    }
}

/// The format of a document, and what it is in words.
pub(super) fn of(path: &str, root: &Node) -> Option<(Format, Arc<str>)> {
    if let Some(objects) = root.items() {
        return is_openslo_list(objects).then(|| (Format::OpenSlo, "list of OpenSLO objects".into()));
    }
    let name = goes_by(path);
    let has = |key: &str| root.get(key).is_some();
    let kind = text(root, "kind").map(str::trim).filter(|kind| !kind.is_empty());
    if let Some(format) = text(root, "apiVersion").and_then(of_version) {
        return match (format, kind) {
            (Format::Score, _) => Some((format, "Score workload".into())),
            (_, Some(kind)) => Some((format, format!("{} {kind}", format.title()).into())),
            // Whoever forgot the kind is told so; what has no metadata either is something else.
            (_, None) if has("metadata") && (format != Format::Datadog || name == Some(format)) => {
                Some((format, format!("{} object without a kind", format.title()).into()))
            }
            (_, None) => None,
        };
    }
    // Organisations have versions of their own for their own kinds, in files of the usual name.
    let is_named = || root.get("metadata").is_some_and(|metadata| metadata.get("name").is_some());
    let version = text(root, "apiVersion").filter(|version| foreign::owner(version).is_none());
    if name == Some(Format::Backstage) && version.is_some() && is_named() {
        return kind.map(|kind| (Format::Backstage, format!("Backstage {kind}").into()));
    }
    let is_v1 = || root.get("info").is_some_and(|info| info.get("dd-service").is_some());
    let is_named_so = has("schema-version") && name == Some(Format::Datadog);
    if has("dd-service") || has("dd-team") || is_v1() || is_named_so {
        return Some((Format::Datadog, "Datadog service definition".into()));
    }
    if root.get("info").is_some_and(is_cortex) {
        return Some((Format::Cortex, "Cortex entity".into()));
    }
    if name == Some(Format::OpsLevel) || is_opslevel(root) {
        let kind = OPSLEVEL_KEYS.iter().find(|key| has(key))?;
        return Some((Format::OpsLevel, format!("OpsLevel {kind}").into()));
    }
    let is_compass = || {
        let id = text(root, "id").is_some_and(|id| id.starts_with("ari:cloud:compass:"));
        id || has("typeId") || has("configVersion") || has("ownerId")
    };
    (name == Some(Format::Compass) && is_compass()).then(|| (Format::Compass, "Compass component".into()))
}

/// OpenSLO's own tools read and write lists of objects too.
fn is_openslo_list(objects: &[Node]) -> bool {
    let is_openslo = |object: &Node| text(object, "apiVersion").and_then(of_version) == Some(Format::OpenSlo);
    !objects.is_empty() && objects.iter().all(is_openslo)
}

/// OpsLevel nests its service as we do, and numbers its format at the top, which we do not.
pub(super) fn is_opslevel(root: &Node) -> bool {
    text(root, "version") == Some("1") && root.get("service").is_some_and(|node| node.entries().is_some())
}

fn is_cortex(info: &Node) -> bool {
    info.entries().unwrap_or_default().iter().any(|entry| entry.key.starts_with("x-cortex-"))
}

/// Keys whose values name the subject of a document.
const NAMES: &[&str] = &["name", "dd-service", "x-cortex-tag"];

/// The mark of a template engine in what identifies or owns the document's subject. Elsewhere braces may be
/// meant: alerts, inline interfaces and the templates of a scaffolder are full of them.
pub(super) fn template_mark<'n>(path: &str, format: Format, root: &'n Node) -> Option<&'n str> {
    let at = |path: &[&str]| path.iter().try_fold(root, |node, key| node.get(key));
    let places: &[&[&str]] = match format {
        Format::Backstage => &[
            &["kind"],
            &["metadata", "name"],
            &["metadata", "namespace"],
            &["spec", "owner"],
            &["spec", "type"],
            &["spec", "lifecycle"],
            &["spec", "system"],
        ],
        Format::Datadog => &[
            &["metadata", "name"],
            &["metadata", "owner"],
            &["dd-service"],
            &["team"],
            &["dd-team"],
            &["spec", "lifecycle"],
            &["lifecycle"],
        ],
        Format::OpsLevel => &[&["service", "name"], &["component", "name"], &["service", "owner"]],
        Format::Cortex => &[&["info", "x-cortex-tag"], &["info", "title"]],
        Format::Compass => &[&["name"], &["id"]],
        Format::Score => &[&["metadata", "name"]],
        Format::OpenSlo => &[&["metadata", "name"], &["spec", "service"]],
        Format::Codeowners => &[],
    };
    // In a name nothing is meant; an owner in angle brackets is one that nobody chose, which is said apart.
    let marked = |path: &&[&str]| {
        let text = &*at(path)?.scalar()?.text;
        let is_name = path.last().is_some_and(|key| NAMES.contains(key));
        if is_name { template::placeholder(text) } else { template::marks(text) }
    };
    let mark = places.iter().find_map(marked);
    let kept = || template::is_kept_in(path).then(|| template::marks_below(root)).flatten();
    let is_scaffolder = format == Format::Backstage && text(root, "kind") == Some("Template");
    mark.or_else(|| if is_scaffolder { None } else { kept() })
}
