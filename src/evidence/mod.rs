//! Evidence: packs that an auditor can verify without us. A pack is a bag of tables, records and inputs in one
//! archive (`archive`, `bag`); it is made of a judged night (`pack`), and opened again (`opened`) to be verified,
//! judged anew, sampled and replayed.

pub mod archive;
pub mod bag;
pub mod changes;
mod controls;
mod exceptions;
mod exclusions;
pub mod inputs;
pub mod ledger;
mod names;
pub mod opened;
mod oscal;
pub mod pack;
mod period;
mod population;
mod readme;
mod results;
pub mod sample;
pub mod signature;
mod sources;
mod statement;
mod summary;
mod table;
pub mod time_stamp;
pub mod verify;

use crate::render::evidence::pointer;
pub use crate::render::evidence::selection;

/// Files of the payload that more than one part of a pack speaks of.
pub mod paths {
    /// What the pack is, and how to verify it.
    pub const README: &str = "data/README.txt";
    /// The same for reading and for print.
    pub const SUMMARY: &str = "data/summary.html";
    /// Its style.
    pub const SUMMARY_STYLE: &str = "data/summary.css";
    /// What the pack was asked for: what has to be known to make it again.
    pub const REQUEST: &str = "data/pack.json";
    /// Every source asked.
    pub const SCOPE: &str = "data/scope.json";
    /// Everything left out.
    pub const EXCLUSIONS: &str = "data/exclusions";
    /// The folder of the populations.
    pub const POPULATIONS: &str = "data/population/";
    /// The list of the populations.
    pub const POPULATION_INDEX: &str = "data/population/index";
    /// The days of a period, with the runs of each.
    pub const PERIOD: &str = "data/period";
    /// What moved since an earlier pack.
    pub const CHANGES: &str = "data/changes";
    /// Controls with what proves them.
    pub const CONTROLS: &str = "data/controls/index";
    /// One row for each rule and subject.
    pub const RESULTS: &str = "data/results/results";
    /// The folder of the exceptions.
    pub const EXCEPTIONS: &str = "data/exceptions/";
    /// What is assessed and how, in OSCAL.
    pub const OSCAL_PLAN: &str = "data/oscal/assessment-plan.json";
    /// What came of it, in OSCAL.
    pub const OSCAL_RESULTS: &str = "data/oscal/assessment-results.json";
    /// The statement of the run.
    pub const STATEMENT: &str = "data/run.intoto.json";
    /// The chain of the runs before.
    pub const LEDGER: &str = "data/ledger.jsonl";
    /// The folder of the inputs.
    pub const INPUTS: &str = "data/inputs/";
}
