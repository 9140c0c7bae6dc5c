//! Technologies that their vendor has switched off, and the records that still name them.

use super::references::Registers;
use super::remarks::Remarks;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::origin::Origin;
use crate::diagnostic::codes;

/// A technology that has ended.
struct Retired {
    /// The word that names it.
    word: &'static str,
    name: &'static str,
    /// Its last day.
    ended: &'static str,
}

const RETIRED: &[Retired] = &[Retired { word: "proton", name: "AWS Proton", ended: "2026-10-07" }];

/// Flags golden paths and services that name one.
pub(super) fn flag(registers: &Registers, remarks: &mut Remarks) {
    for path in registers.golden_paths.table.iter() {
        let record = &path.record;
        let named_by_id =
            record.golden_path_id.origin().is_some_and(|origin| mention(&path.id, origin, remarks));
        if !named_by_id {
            for Sourced { value, origin } in &record.runtimes.items {
                mention(value, *origin, remarks);
            }
        }
    }
    for service in registers.services.table.iter() {
        if let Field::Known(runtime) = &service.record.runtime {
            mention(&runtime.value, runtime.origin, remarks);
        }
        if let Field::Known(reference) = &service.record.golden_path {
            mention(reference.value.path.as_str(), reference.origin, remarks);
        }
    }
}

fn mention(name: &str, origin: Origin, remarks: &mut Remarks) -> bool {
    let Some(retired) = find(name) else { return false };
    let message = format!("`{name}` names {}, whose support ended on {}", retired.name, retired.ended);
    let help = "move what still uses it, or mend the name";
    remarks.add(&codes::RETIRED_TECHNOLOGY, origin, name, message, help);
    true
}

fn find(name: &str) -> Option<&'static Retired> {
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.find_map(|word| RETIRED.iter().find(|retired| word.eq_ignore_ascii_case(retired.word)))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_retired_technology_is_known_by_its_word() {
        assert!(find("proton-fargate-service").is_some());
        assert!(find("AWS Proton").is_some());
        assert!(find("protonated").is_none());
    }
}
