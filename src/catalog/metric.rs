//! Metrics as the platform team declares them: targets and sources. The values are computed.

use super::field::Field;
use super::id::MetricId;
use super::record::record;
use super::scalar::{Duration, Number, choice};

choice! {
    /// Which way is better.
    pub enum Direction called "a direction" {
        /// More is better.
        Up = "up",
        /// Less is better.
        Down = "down",
    }
}

record! {
    /// One metric.
    pub struct Metric called "metric" {
        /// Names the metric.
        "metricId" => metric_id: Field<MetricId>,
        /// What people call it.
        #[example("Deployment frequency")]
        "title" => title: Field<Box<str>>,
        /// How it is computed, in words.
        #[example("deployments ÷ days")]
        "formula" => formula: Field<Box<str>>,
        /// The fact it is read from, when the catalog alone cannot tell.
        #[example("deployments-per-day")]
        "fact" => fact: Field<Box<str>>,
        /// What is aimed at.
        "target" => target: Field<Number>,
        /// Which way is better.
        "direction" => direction: Field<Direction>,
        /// Its unit.
        #[example("per day")]
        "unit" => unit: Field<Box<str>>,
        /// The team that answers for it.
        #[example("platform")]
        "owner" => owner: Field<Box<str>>,
        /// How old its fact may be.
        "maxAge" => max_age: Field<Duration>,
    }
}
