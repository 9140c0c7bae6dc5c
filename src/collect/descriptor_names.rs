//! Which files are descriptors by their name, and which folders are never entered: the one place to add
//! a name to.

use super::snapshot::FileRole;
use crate::settings::{Format, Formats};

/// File names that are descriptors in any folder.
const NAMES: [&[u8]; 2] = [b"service.yaml", b"service.yml"];

/// A folder whose files with [`OWN_EXTENSION`] are descriptors whatever they are called.
const OWN_FOLDER: &[u8] = b".milepost";

/// The extension that counts in [`OWN_FOLDER`].
const OWN_EXTENSION: &[u8] = b".yaml";

/// Names of other tools' files in any folder, without the end of YAML files.
const FOREIGN_NAMES: [(Format, &[u8]); 9] = [
    (Format::Backstage, b"catalog-info"),
    (Format::Datadog, b"service.datadog"),
    (Format::Datadog, b"entity.datadog"),
    (Format::OpsLevel, b"opslevel"),
    (Format::Cortex, b"cortex"),
    (Format::Compass, b"compass"),
    (Format::Score, b"score"),
    (Format::OpenSlo, b"openslo"),
    (Format::OpenSlo, b"slo"),
];

/// Folders whose YAML files are objectives: OpenSLO has no file name of its own.
const OPENSLO_FOLDERS: [&[u8]; 6] = [b"openslo", b"openslos", b".openslo", b"slo", b"slos", b".slo"];

/// The name of the file that says who reviews what.
pub(super) const CODEOWNERS: &[u8] = b"CODEOWNERS";

/// Where in a repository GitHub looks for [`CODEOWNERS`].
const CODEOWNERS_FOLDERS: [&[u8]; 3] = [b".github", b"", b"docs"];

/// Folders that hold what others wrote or machines made.
const NEVER_ENTERED: [&[u8]; 4] = [b".git", b"node_modules", b"vendor", b"target"];

/// Whether a file called `name` in a folder of the repository is a descriptor.
pub(super) fn is_descriptor(folder: &[u8], name: &[u8], formats: Formats) -> bool {
    let parent = folder.rsplit(|byte| *byte == b'/').next().unwrap_or(folder);
    NAMES.contains(&name)
        || (parent == OWN_FOLDER && name.len() > OWN_EXTENSION.len() && name.ends_with(OWN_EXTENSION))
        || (formats != Formats::NONE && is_foreign(folder, parent, name, formats))
}

fn is_foreign(folder: &[u8], parent: &[u8], name: &[u8], formats: Formats) -> bool {
    if name == CODEOWNERS {
        return formats.has(Format::Codeowners) && CODEOWNERS_FOLDERS.contains(&folder);
    }
    let Some(stem) = name.strip_suffix(b".yaml").or_else(|| name.strip_suffix(b".yml")) else { return false };
    FOREIGN_NAMES.iter().any(|(format, known)| stem == *known && formats.has(*format))
        || (formats.has(Format::OpenSlo)
            && !stem.is_empty()
            && (stem.ends_with(b".openslo") || OPENSLO_FOLDERS.contains(&parent)))
}

/// Why a descriptor at `path` is taken.
pub(super) fn role(path: &str) -> FileRole {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.as_bytes() == CODEOWNERS { FileRole::Owners } else { FileRole::Descriptor }
}

/// Whether a folder called `name` holds descriptors whatever they are called.
pub(super) fn is_descriptor_folder(name: &[u8]) -> bool {
    name == OWN_FOLDER
}

/// Whether `folder` is one in which GitHub looks for the file that says who reviews what.
#[cfg(feature = "github")]
pub(super) fn is_codeowners_folder(folder: &[u8]) -> bool {
    CODEOWNERS_FOLDERS.contains(&folder)
}

/// Whether a folder called `name` is entered.
pub(super) fn is_entered(name: &[u8]) -> bool {
    !NEVER_ENTERED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(path: &str, formats: Formats) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        is_descriptor(folder.as_bytes(), name.as_bytes(), formats)
    }

    #[test]
    fn descriptors_are_known_by_name() {
        for path in ["service.yaml", "quote/service.yml", ".milepost/anything.yaml"] {
            assert!(known(path, Formats::NONE), "{path}");
        }
        for path in
            ["Service.yaml", "service.json", ".milepost/notes.md", "my-service.yaml", ".milepost/.yaml"]
        {
            assert!(!known(path, Formats::ALL), "{path}");
        }
    }

    #[test]
    fn files_of_other_tools_are_known_when_their_format_is_on() {
        for (path, format) in [
            ("a/b/catalog-info.yml", Format::Backstage),
            ("service.datadog.yaml", Format::Datadog),
            ("x/entity.datadog.yaml", Format::Datadog),
            ("opslevel.yml", Format::OpsLevel),
            ("cortex.yaml", Format::Cortex),
            ("compass.yml", Format::Compass),
            ("score.yaml", Format::Score),
            ("slos/checkout.yaml", Format::OpenSlo),
            ("checkout.openslo.yml", Format::OpenSlo),
            ("CODEOWNERS", Format::Codeowners),
            (".github/CODEOWNERS", Format::Codeowners),
            ("docs/CODEOWNERS", Format::Codeowners),
        ] {
            assert!(known(path, Formats::NONE.with(format)), "{path}");
            let others = Format::ALL.into_iter().filter(|other| *other != format);
            assert!(!known(path, others.fold(Formats::NONE, Formats::with)), "{path}");
        }
        for path in ["a/CODEOWNERS", "a/docs/CODEOWNERS", "catalog-info.json", "slos/.yaml", "slos/a.md"] {
            assert!(!known(path, Formats::ALL), "{path}");
        }
    }
}
