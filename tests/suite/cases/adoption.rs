//! What cases expect of the adoption page's figures and of the lists behind them.

use milepost::assess::adoption::{Adoption, Proof, reached};
use milepost::assess::explain::Explainer;
use milepost::assess::metrics::{Figure, Measure};
use milepost::catalog::Service;
use milepost::catalog::resource::FactValue;
use milepost::catalog::table::Index;
use milepost::catalog::yaml::Node;

use super::expectations::Checked;

impl Checked<'_> {
    /// Compares entry by entry, or the whole list in its order.
    pub(super) fn adoption(&mut self, key: &str, wanted: &Node) {
        let explainer = Explainer::new(self.catalog, self.assessment);
        let adoption = Adoption::of(self.catalog, self.assessment, explainer.scorecards());
        match key {
            "figures" | "behind" => {
                for entry in wanted.entries().expect("figures by id") {
                    let figure = adoption.figures.iter().find(|figure| *figure.id == *entry.key);
                    let figure = figure.unwrap_or_else(|| panic!("no figure `{}`", entry.key));
                    let given = if key == "figures" { value(figure) } else { self.behind(figure) };
                    self.same(&entry.key, &entry.value, &given);
                }
            }
            "maturity" => {
                let items = || adoption.maturity.iter().flat_map(|stage| &stage.items);
                for entry in wanted.entries().expect("items by id") {
                    let item = items().find(|item| *item.id == *entry.key).expect("an item");
                    let proof = match &item.proof {
                        Proof::Shown(what) => format!("shown: {what}"),
                        Proof::Attested(_) => "attested".to_owned(),
                        Proof::Lapsed(_, why) => format!("lapsed: {why}"),
                        Proof::Missing(_) => "missing".to_owned(),
                    };
                    self.same(&entry.key, &entry.value, &proof);
                }
            }
            "stage" => {
                let stage = reached(&adoption.maturity).map_or("none", |stage| stage.name);
                self.same(key, wanted, &stage);
            }
            _ => {
                let given = self.list(key, &adoption);
                self.same(key, wanted, &format!("[{}]", given.join(", ")));
            }
        }
    }

    fn list(&self, key: &str, adoption: &Adoption<'_>) -> Vec<String> {
        match key {
            "notMeasured" => {
                adoption.not_measured(false).iter().map(|silent| silent.title.to_owned()).collect()
            }
            "tierSizes" => {
                let tiers = adoption.tiers.iter().filter(|(_, services)| !services.is_empty());
                tiers.map(|(tier, services)| format!("{} {}", services.len(), tier.word())).collect()
            }
            "outside" => adoption.outside.iter().map(|service| self.id_of(*service)).collect(),
            "versions" => {
                let line = |used: &milepost::assess::adoption::VersionUse| {
                    let path = &self.catalog.golden_paths[used.path];
                    let version = used.version.map(|position| &path.record.versions.items[position].value);
                    let version =
                        version.map_or("none", |version| version.version.value().expect("a number"));
                    format!("{}@{version} {}", path.id, used.services.len())
                };
                adoption.versions.iter().map(line).collect()
            }
            "exceptionCells" => {
                let cells = adoption.exceptions.iter();
                cells
                    .map(|((risk, state), exceptions)| {
                        let risk = risk.map_or("none", |risk| risk.word());
                        format!("{risk} {} {}", state.word(), exceptions.len())
                    })
                    .collect()
            }
            _ => {
                let line = |control: &milepost::assess::adoption::WaivedControl<'_>| {
                    let by = control.exceptions().len();
                    format!("{} for {} by {by}", control.control, control.services())
                };
                adoption.waived.iter().map(line).collect()
            }
        }
    }

    /// What each service adds: `[pay 0 of 1, quote 1 of 1]`.
    fn behind(&self, figure: &Figure<'_>) -> String {
        let Measure::Counted(tally) = &figure.measure else { panic!("`{}` counts nothing", figure.id) };
        let lines = tally.services().iter();
        let lines: Vec<String> =
            lines.map(|row| format!("{} {} of {}", self.id_of(row.service), row.part, row.whole)).collect();
        format!("[{}]", lines.join(", "))
    }

    fn id_of(&self, service: Index<Service>) -> String {
        self.catalog.services[service].id.to_string()
    }
}

/// `1 of 2, missed`, or what each subject says, or why there is no value.
fn value(figure: &Figure<'_>) -> String {
    let judged = |met: Option<bool>| match met {
        Some(true) => ", met",
        Some(false) => ", missed",
        None => "",
    };
    match &figure.measure {
        Measure::Counted(tally) => {
            let share = tally.share().expect("something is counted");
            format!("{} of {}{}", share.part, share.whole, judged(figure.meets_share(share)))
        }
        Measure::Observed(facts) => {
            let line = |fact: &&milepost::catalog::resource::Fact| match fact.value {
                FactValue::Number(value) => {
                    format!("{} {value}{}", fact.subject, judged(figure.meets(value)))
                }
                _ => panic!("only numbers are measured"),
            };
            facts.iter().map(line).collect::<Vec<_>>().join("; ")
        }
        Measure::Combined(combined) => {
            let share = combined
                .share
                .map(|share| format!(", {} of {}", share.part, share.whole))
                .unwrap_or_default();
            let met = judged(figure.meets_combined(combined));
            let left_out = match combined.left_out {
                0 => String::new(),
                some => format!(", {some} left out"),
            };
            format!("{}{share} from {}{left_out}{met}", combined.value, combined.facts.len())
        }
        Measure::NotMeasured(why) => format!("not measured: {why}"),
    }
}
