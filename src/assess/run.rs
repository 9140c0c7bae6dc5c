//! The run: judges every service, golden path and account of a catalog, then its exceptions, and counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use rayon::prelude::*;

use super::context::{AccountView, GoldenPathView, LeftOut, ServiceView, Setting, service_counts};
use super::exceptions::{self, Register};
use super::expression::{Context, Trace};
use super::judge::{judge, judge_rule};
use super::misfits::Misfits;
use super::outcome::Outcome;
use super::readiness::{self, Readiness};
use super::resources::ResourceTotals;
use super::scorecard::{CompiledRule, Scorecards};
use super::statistics::statistics;
use super::tier::Ladder;
use super::waivers::{Waived, Waivers};
use super::{
    AccountAssessment, Assessment, ServiceAssessment, SubjectAssessment, findings, people, questions,
    rule_tests,
};
use crate::catalog::scorecard::Subject;
use crate::catalog::table::Index;
use crate::catalog::{Account, Catalog, Service};
use crate::day::{Day, Moment};
use crate::diagnostic::{Diagnostics, codes};

/// Why nothing is said of a service in conflict.
const CONFLICT: &str = "several documents claim this id, so nothing is judged until one is left";

impl Assessment {
    /// Judges `catalog` on `today`; `now` is the moment to which the age of facts is counted.
    pub fn of(catalog: &Catalog, today: Day, now: Moment) -> Self {
        Self::of_change(catalog, today, now, &BTreeSet::new())
    }

    /// Judges `catalog` as a change would leave it. The exceptions in `added`, which that very change
    /// adds or extends, waive nothing: a change cannot exempt itself.
    pub fn of_change(catalog: &Catalog, today: Day, now: Moment, added: &BTreeSet<Box<str>>) -> Self {
        let mut diagnostics = Diagnostics::default();
        let scorecards = Scorecards::compile(catalog, &mut diagnostics);
        let setting = Setting { catalog, today, now };
        let register = Register::of(setting, &scorecards, added);
        let resources = ResourceTotals::of(catalog, today);
        let run = Run {
            setting,
            resources: &resources,
            scorecards: &scorecards,
            register: &register,
            ladder: Ladder::of(catalog, &scorecards, &register, today),
            clashes: Mutex::default(),
        };
        let mut services: Vec<_> = catalog
            .services
            .rows()
            .par_iter()
            .enumerate()
            .map(|(position, service)| run.service(Index::new(position), service))
            .collect();
        let golden_paths = run.golden_paths();
        let accounts = run.accounts();
        let tests = rule_tests::try_all(run.setting, &scorecards, &mut diagnostics);
        let rules = statistics(&scorecards, &services, &golden_paths, &accounts, &tests);
        run.report_clashes(&mut diagnostics);
        diagnostics.append(run.misfits(&services, &golden_paths, &accounts));
        drop(run);
        let (drift, environments) =
            findings::judge(catalog, &resources, &mut services, today, &mut diagnostics);
        let exceptions =
            exceptions::assess(catalog, &scorecards, register, &services, today, &mut diagnostics);
        people::judge(catalog, now, &mut diagnostics);
        diagnostics.sort();
        Self {
            as_of: today,
            now,
            services,
            golden_paths,
            accounts,
            exceptions,
            rules,
            resources,
            drift,
            environments,
            diagnostics,
        }
    }
}

struct Run<'a> {
    setting: Setting<'a>,
    scorecards: &'a Scorecards<'a>,
    register: &'a Register,
    ladder: Ladder<'a>,
    resources: &'a ResourceTotals,
    /// Pairs of readiness scorecards that met at one subject, with the first subject by name.
    clashes: Mutex<BTreeMap<(usize, usize), String>>,
}

impl<'a> Run<'a> {
    fn service(&self, index: Index<Service>, service: &'a Service) -> ServiceAssessment {
        let exceptions = self.register.of_service(index).to_vec();
        if !service.conflict.is_empty() {
            let questions = questions::withheld(CONFLICT);
            let subject = SubjectAssessment::default();
            return ServiceAssessment {
                subject,
                tier: None,
                questions,
                tags: None,
                exceptions,
                findings: Vec::new(),
                open_questions: Vec::new(),
            };
        }
        let tags = self.resources.services.get(&Some(index)).map(|tally| &tally.tags);
        let view = ServiceView::new(self.setting, service).judged(tags);
        let waivers = Waivers::of(self.setting.catalog, self.register, index);
        let subject = self.subject(Subject::Service, service.id.as_str(), &view.context(), &mut |rule| {
            waivers.apply(rule, service, |left_out| self.passes_without(rule, service, left_out))
        });
        ServiceAssessment {
            tier: Some(self.ladder.tier(index, service, &subject, view.facts())),
            questions: questions::of_service(self.setting, service, view.facts()),
            tags: view.into_verdicts(),
            subject,
            exceptions,
            findings: Vec::new(),
            open_questions: Vec::new(),
        }
    }

    /// Whether `rule` would pass or not apply if a part of the service were left out: then every input
    /// that it fails on lies in that part.
    fn passes_without(&self, rule: &CompiledRule<'_>, service: &Service, left_out: LeftOut<'_>) -> bool {
        let record = left_out.of(&service.record);
        let view = ServiceView::without(self.setting, service, &record, left_out);
        let judgement = judge_rule(rule, &view.context(), &mut Trace::off());
        matches!(judgement.outcome, Outcome::Pass | Outcome::NotApplicable)
    }

    fn golden_paths(&self) -> Vec<SubjectAssessment> {
        let catalog = self.setting.catalog;
        let counts = service_counts(catalog, self.setting.today);
        catalog
            .golden_paths
            .iter()
            .zip(counts)
            .map(|(path, counts)| {
                let view = GoldenPathView::new(self.setting, path, counts);
                self.subject(Subject::GoldenPath, &path.id, &view.context(), &mut stays_failed)
            })
            .collect()
    }

    fn accounts(&self) -> Vec<AccountAssessment> {
        let catalog = self.setting.catalog;
        let claimants = catalog.claimants();
        let accounts = catalog.accounts.rows();
        let judge = |(position, account): (usize, &'a Account)| {
            let id = account.id.as_str();
            let view = AccountView::new(self.setting, account, self.resources);
            let services: Vec<_> = claimants.in_account(id).iter().map(|known| known.service).collect();
            AccountAssessment {
                subject: self.subject(Subject::Account, id, &view.context(), &mut stays_failed),
                questions: questions::of_account(self.setting, account, &services, view.facts()),
                account: Index::new(position),
            }
        };
        accounts.par_iter().enumerate().map(judge).collect()
    }

    fn subject(
        &self,
        kind: Subject,
        name: &str,
        context: &Context<'_>,
        waive: &mut dyn FnMut(&CompiledRule<'_>) -> Waived,
    ) -> SubjectAssessment {
        let mut results = Vec::new();
        let mut applicable = Vec::new();
        for scorecard in self.scorecards.all.iter().filter(|scorecard| scorecard.subject == kind) {
            if let Some(result) = judge(scorecard, context, waive) {
                results.push(result);
                applicable.push(scorecard);
            }
        }
        let readiness = match readiness::choose(applicable.iter().copied()) {
            Readiness::None => None,
            Readiness::One(position) => Some(position),
            Readiness::Ambiguous(first, second) => {
                let pair = (applicable[first].index.position(), applicable[second].index.position());
                let mut clashes = self.clashes.lock().expect("no judge panics while it notes a clash");
                let first = clashes.entry(pair).or_insert_with(|| name.to_owned());
                if name < first.as_str() {
                    name.clone_into(first);
                }
                None
            }
        };
        SubjectAssessment { scorecards: results, readiness }
    }

    /// Rules that have no answer though everything they read is there.
    fn misfits(
        &self,
        services: &[ServiceAssessment],
        golden_paths: &[SubjectAssessment],
        accounts: &[AccountAssessment],
    ) -> Diagnostics {
        let catalog = self.setting.catalog;
        let mut misfits = Misfits::new(catalog, self.scorecards);
        for (service, assessment) in catalog.services.iter().zip(services) {
            misfits.look(service.id.as_str(), &assessment.subject, &mut |examine| {
                examine(&ServiceView::new(self.setting, service).context());
            });
        }
        let counts = service_counts(catalog, self.setting.today);
        for ((path, assessment), counts) in catalog.golden_paths.iter().zip(golden_paths).zip(counts) {
            misfits.look(&path.id, assessment, &mut |examine| {
                examine(&GoldenPathView::new(self.setting, path, counts).context());
            });
        }
        for (account, assessment) in catalog.accounts.iter().zip(accounts) {
            misfits.look(account.id.as_str(), &assessment.subject, &mut |examine| {
                examine(&AccountView::new(self.setting, account, self.resources).context());
            });
        }
        misfits.into_diagnostics()
    }

    fn report_clashes(&self, diagnostics: &mut Diagnostics) {
        let met = self.clashes.lock().expect("no judge panics while it notes a clash");
        let certain = readiness::certain_clashes(self.scorecards);
        let pairs: BTreeSet<(usize, usize)> = met.keys().copied().chain(certain).collect();
        for pair @ (first, second) in pairs {
            let (first, second) = (&self.scorecards.all[first], &self.scorecards.all[second]);
            let whom = met.get(&pair).map_or_else(String::new, |name| format!(", both to `{name}`"));
            let message = format!(
                "`{}` and `{}` are both marked `readiness: true` and apply with equal rank{whom}",
                first.id, second.id
            );
            let origin = second.record.readiness.origin();
            let origin = origin.unwrap_or(self.setting.catalog.scorecards[second.index].origin);
            diagnostics.push(
                exceptions::diagnostic(self.setting.catalog, &codes::AMBIGUOUS_READINESS, message, origin)
                    .help("narrow the `appliesTo` of one of them"),
            );
        }
    }
}

/// Exceptions name services: nothing waives what a golden path or an account fails.
fn stays_failed(_: &CompiledRule<'_>) -> Waived {
    Waived { outcome: Outcome::Fail, exception: None }
}
