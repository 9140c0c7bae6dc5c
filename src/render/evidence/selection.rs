//! What a pack covers: everything, or what belongs to some frameworks, controls, services and teams. What is left
//! out is counted, never dropped in silence.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalog::control::Control;
use crate::catalog::nearest::nearest;
use crate::catalog::scorecard::Rule;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Declared, Exception, Service};
use crate::words;

/// What a pack is asked to cover. An empty list asks for all of its kind; services and teams together ask for the
/// services named and those of the teams.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    /// Frameworks, as controls name them: `soc2`, `iso27001`.
    pub frameworks: BTreeSet<String>,
    /// Ids of controls.
    pub controls: BTreeSet<String>,
    /// Ids of services.
    pub services: BTreeSet<String>,
    /// Ids of teams.
    pub teams: BTreeSet<String>,
}

/// What a pack covers of one catalog.
#[derive(Debug)]
pub struct Selection {
    /// The controls, in the order of the catalog.
    pub controls: Vec<Index<Declared<Control>>>,
    /// The services, in the order of the catalog.
    pub services: Vec<Index<Service>>,
    /// The exceptions to those controls and of those services, in the order of the catalog.
    pub exceptions: Vec<Index<Exception>>,
    /// Whether all controls are covered.
    pub all_controls: bool,
    /// Whether all services are covered.
    pub all_services: bool,
    rules: BTreeSet<Box<str>>,
}

impl Asked {
    /// In words: `everything`, `framework soc2; team checkout`.
    pub fn words(&self) -> String {
        let kinds = [
            ("framework", "frameworks", &self.frameworks),
            ("control", "controls", &self.controls),
            ("service", "services", &self.services),
            ("team", "teams", &self.teams),
        ];
        let words = kinds.into_iter().filter(|(_, _, names)| !names.is_empty()).map(|(one, many, names)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("{} {}", if names.len() == 1 { one } else { many }, words::plain_list(&names))
        });
        let words: Vec<String> = words.collect();
        if words.is_empty() { "everything".to_owned() } else { words.join("; ") }
    }

    /// What stands behind the name of a pack: `soc2-checkout`, or nothing for everything.
    pub fn suffix(&self) -> String {
        let names = [&self.frameworks, &self.controls, &self.services, &self.teams];
        names.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("-")
    }

    /// What of `catalog` that is; a name that nothing has is an error, with the nearest one.
    pub fn of(&self, catalog: &Catalog) -> Result<Selection, String> {
        self.check(catalog)?;
        let all_controls = self.controls.is_empty() && self.frameworks.is_empty();
        let all_services = self.services.is_empty() && self.teams.is_empty();
        let asks_control = |control: &Declared<Control>| {
            let in_framework = |framework: &String| control.record.frameworks.get(framework).is_some();
            all_controls || self.controls.contains(&*control.id) || self.frameworks.iter().any(in_framework)
        };
        let asks_service = |service: &Service| {
            let of_team =
                || service.owner.is_some_and(|team| self.teams.contains(catalog.teams[team].id.as_str()));
            all_services || self.services.contains(service.id.as_str()) || of_team()
        };
        let controls: Vec<_> =
            catalog.controls.indexed().filter(|(_, row)| asks_control(row)).map(|(index, _)| index).collect();
        let services: Vec<_> =
            catalog.services.indexed().filter(|(_, row)| asks_service(row)).map(|(index, _)| index).collect();
        let names: BTreeSet<&str> = controls.iter().map(|control| &*catalog.controls[*control].id).collect();
        let proves =
            |rule: &&Rule| all_controls || rule.controls.values().any(|id| names.contains(id.as_str()));
        let all_rules = catalog.scorecards.iter().flat_map(|scorecard| scorecard.record.rules.values());
        let covered: Vec<&Rule> = all_rules.filter(proves).collect();
        let rules = covered.iter().filter_map(|rule| Some(rule.id.value()?.as_str().into())).collect();
        // An exception to another control that one of these rules proves waives that rule here, too.
        let touched: BTreeSet<&str> =
            covered.iter().flat_map(|rule| rule.controls.values()).map(|id| id.as_str()).collect();
        let mut selection =
            Selection { controls, services, exceptions: Vec::new(), all_controls, all_services, rules };
        selection.exceptions = catalog
            .exceptions
            .indexed()
            .filter(|(_, exception)| selection.covers_exception(exception, &touched))
            .map(|(index, _)| index)
            .collect();
        Ok(selection)
    }

    fn check(&self, catalog: &Catalog) -> Result<(), String> {
        let frameworks: BTreeSet<&str> = catalog
            .controls
            .iter()
            .flat_map(|control| control.record.frameworks.entries.iter().map(|(name, _)| &**name))
            .collect();
        check("framework", &self.frameworks, &frameworks.into_iter().collect::<Vec<_>>())?;
        check("control", &self.controls, &catalog.controls.ids().collect::<Vec<_>>())?;
        check("service", &self.services, &catalog.services.ids().collect::<Vec<_>>())?;
        check("team", &self.teams, &catalog.teams.ids().collect::<Vec<_>>())
    }
}

/// Whether every name of `asked` is one of `known`.
fn check(kind: &str, asked: &BTreeSet<String>, known: &[&str]) -> Result<(), String> {
    let Some(stranger) = asked.iter().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
    let help = match nearest(stranger, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => "the catalog has none".to_owned(),
        None => format!("there are {}", words::first(known, NAMED)),
    };
    Err(format!("no {kind} is called `{stranger}`; {help}"))
}

/// Names listed in a message.
const NAMED: usize = 12;

impl Selection {
    /// Everything that there is in `catalog`.
    pub fn everything(catalog: &Catalog) -> Self {
        Asked::default().of(catalog).expect("asking for everything names nothing that could be missing")
    }

    /// Whether the rule with this id is covered: one that proves a control that is.
    pub fn covers_rule(&self, rule: &str) -> bool {
        self.all_controls || self.rules.contains(rule)
    }

    fn covers_exception(&self, exception: &Exception, touched: &BTreeSet<&str>) -> bool {
        let in_controls = self.all_controls
            || exception.control.is_some_and(|control| self.controls.binary_search(&control).is_ok())
            || exception.record.control.value().is_some_and(|control| touched.contains(control.as_str()))
            || exception.record.rule.value().is_some_and(|rule| self.covers_rule(rule.as_str()));
        let in_services = self.all_services
            || exception.service.is_some_and(|service| self.services.binary_search(&service).is_ok());
        in_controls && in_services
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_nothing_has_is_an_error_with_the_nearest_one() {
        let known = ["iso27001", "soc2"];
        let asked = |name: &str| check("framework", &BTreeSet::from([name.to_owned()]), &known);
        assert_eq!(asked("soc2"), Ok(()));
        assert_eq!(asked("soc"), Err("no framework is called `soc`; did you mean `soc2`?".into()));
        assert_eq!(
            asked("hipaa"),
            Err("no framework is called `hipaa`; there are `iso27001` and `soc2`".into())
        );
    }
}
