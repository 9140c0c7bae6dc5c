//! What cases expect of next steps and of the fixes that lift: each in one line of words.

use milepost::assess::explain::Explainer;
use milepost::assess::next_step::{NextStep, layer_fixes, rule_fixes, steps};
use milepost::assess::scorecard::Scorecards;
use milepost::catalog::Service;
use milepost::catalog::table::Index;
use milepost::catalog::yaml::Node;

use super::expectations::Checked;

impl Checked<'_> {
    /// Compares the whole list, in its order.
    pub(super) fn next_steps(&mut self, key: &str, wanted: &Node) {
        let explainer = Explainer::new(self.catalog, self.assessment);
        let scorecards = explainer.scorecards();
        let all = || self.catalog.services.indexed().map(|(index, _)| index);
        let given: Vec<String> = match key {
            "nextSteps" => {
                let steps = steps(scorecards, &self.service().subject);
                steps.iter().map(|step| self.step(scorecards, step)).collect()
            }
            "ruleFixes" => {
                let fixes = rule_fixes(scorecards, self.assessment, all());
                let line = |fix: &milepost::assess::next_step::RuleFix| {
                    let rule = &scorecards.get(fix.scorecard).rules[fix.position].id;
                    let lifts = self.names(&fix.lifts);
                    format!("{rule} lifts {lifts}, holds back {}, fails {}", fix.holds_back, fix.fails)
                };
                fixes.iter().map(line).collect()
            }
            _ => {
                let fixes = layer_fixes(self.catalog, scorecards, self.assessment, all());
                let line = |fix: &milepost::assess::next_step::LayerFix| {
                    let path = &self.catalog.golden_paths[fix.path];
                    let layer = &path.record.layers.entries[fix.layer].0;
                    let rules = fix.rules.iter();
                    let rules: Vec<&str> =
                        rules.map(|(card, at)| scorecards.get(*card).rules[*at].id.as_str()).collect();
                    format!("{} {layer} lifts {} by {}", path.id, self.names(&fix.lifts), rules.join(" "))
                };
                fixes.iter().map(line).collect()
            }
        };
        let text = |item: &Node| item.scalar().expect("a line").text.to_string();
        let wanted: Vec<String> = wanted.items().unwrap_or_default().iter().map(text).collect();
        if wanted != given {
            self.complaints.push(format!("{key}: wanted {wanted:?}, given {given:?}"));
        }
    }

    /// `under-test silver: silver-1 silver-2, unknown silver-3`.
    fn step(&self, scorecards: &Scorecards<'_>, step: &NextStep) -> String {
        let compiled = scorecards.get(step.scorecard);
        let level = compiled.record.levels.items[step.level].value.id.value().expect("levels have ids");
        let names = |rules: &[usize]| {
            let names: Vec<&str> = rules.iter().map(|at| compiled.rules[*at].id.as_str()).collect();
            if names.is_empty() { "nothing".to_owned() } else { names.join(" ") }
        };
        let mut line = format!("{} {level}: {}", compiled.id, names(&step.failing));
        if !step.is_enough() {
            line.push_str(&format!(", unknown {}", names(&step.unknown)));
        }
        line
    }

    fn names(&self, services: &[Index<Service>]) -> String {
        let names: Vec<&str> =
            services.iter().map(|service| self.catalog.services[*service].id.as_str()).collect();
        if names.is_empty() { "nothing".to_owned() } else { names.join(" ") }
    }
}
