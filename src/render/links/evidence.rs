//! Addresses of evidence: its pages, the tables to download, and the packs.

use std::borrow::Cow;

use super::{page, segment};

/// A page or a file below `evidence/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence<'a> {
    /// The first page.
    All,
    /// One framework.
    Framework(&'a str),
    /// What proves its ids, for a spreadsheet.
    Proofs(&'a str),
    /// A population by its name, with the ending of the file; both are ours.
    Population(&'a str, &'a str),
    /// A pack, by its name.
    Pack(&'a str),
}

impl Evidence<'_> {
    pub(super) fn path(self) -> String {
        match self {
            Self::All => page(&["evidence"]),
            Self::Framework(name) => page(&["evidence", &framework(name)]),
            Self::Proofs(name) => format!("evidence/{}/proofs.csv", framework(name)),
            Self::Population(name, ending) => format!("evidence/population/{name}.{ending}"),
            Self::Pack(name) => format!("evidence/packs/{}.zip", segment(name)),
        }
    }
}

/// The framework called `name` as one part of a path. The one of ours that is written in two cases gets a readable
/// part; what has that very name gets another, as reserved names do.
pub fn framework(name: &str) -> Cow<'_, str> {
    match name {
        "pciDss" => "pci-dss".into(),
        "pci-dss" => "pci-dss-".into(),
        _ => segment(name),
    }
}

#[cfg(test)]
mod tests {
    use super::framework;

    #[test]
    fn frameworks_have_parts_of_their_own() {
        let names =
            ["soc2", "iso27001", "pciDss", "nist80053", "pci-dss", "PCIDSS", "SOC2", "SOC 2", "index"];
        let mut parts: Vec<String> = names.iter().map(|name| framework(name).to_lowercase()).collect();
        assert_eq!(parts[..4], ["soc2", "iso27001", "pci-dss", "nist80053"]);
        parts.sort();
        parts.dedup();
        assert_eq!(parts.len(), names.len());
    }
}
