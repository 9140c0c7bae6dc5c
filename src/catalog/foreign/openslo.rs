//! OpenSLO objectives: the target that a `SLO` promises of the service it names. An OpenSLO `Service` is
//! only a name that objectives share, so it describes no service here.
//!
//! A record holds one availability; OpenSLO knows any number of objectives of any kind. Taken is one that
//! speaks of availability, or else a ratio of good to all that is not about time; thresholds have no unit.

use super::draft::{Draft, text_of};
use super::{Entity, Objective, Says, kind, sourced};
use crate::catalog::field::Sourced;
use crate::catalog::reader::Reader;
use crate::catalog::scalar::Number;
use crate::catalog::yaml::Node;

/// Keys that say what the document is.
const FORM: &[&str] = &["apiVersion", "kind"];

/// Parts of names that speak of availability.
const AVAILABILITY: &[&str] = &["availab", "uptime", "reachab"];

/// Parts of names of ratios that speak of something else.
const OTHER: &[&str] =
    &["laten", "duration", "fresh", "apdex", "response-time", "speed", "p95", "p99", "coverage"];

pub(super) fn read(mut draft: Draft<'_>, reader: &mut Reader<'_>) -> Option<Entity> {
    let kind = kind(&draft, "SLO", reader)?;
    let name = draft.text(&["metadata", "name"], reader).and_then(text_of).unwrap_or_default();
    let objective = if kind == "SLO" { objective(&mut draft, name, reader) } else { None };
    let says = objective.map_or(Says::Other, Says::Objective);
    Some(Entity { kind: kind.into(), name: name.into(), says, not_carried: draft.not_carried(FORM) })
}

fn objective(draft: &mut Draft<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Objective> {
    let service = ["service", "serviceRef"].into_iter().find_map(|key| draft.text(&["spec", key], reader))?;
    let title = draft.peek(&["metadata", "displayName"]).and_then(text_of).unwrap_or_default();
    let about = format!("{name} {title}").to_lowercase();
    let speaks = |words: &[&str]| words.iter().any(|word| about.contains(word));
    let rank = if speaks(AVAILABILITY) {
        0
    } else if is_ratio(draft) && !speaks(OTHER) {
        1
    } else {
        return None;
    };
    let list = draft.peek(&["spec", "objectives"])?.items()?;
    let (node, availability) = list.iter().find_map(target)?;
    draft.taken(node);
    let availability = Sourced { value: availability, origin: reader.origin(node.mark) };
    Some(Objective { service: sourced(text_of(service)?, service, reader), availability, rank })
}

/// Whether the indicator counts good ones among all.
fn is_ratio(draft: &Draft<'_>) -> bool {
    let inline: [&[&str]; 3] = [
        &["spec", "indicator", "spec", "ratioMetric"],
        &["spec", "indicator", "ratioMetric"],
        &["spec", "sli", "spec", "ratioMetric"],
    ];
    let objectives = draft.peek(&["spec", "objectives"]).and_then(Node::items).unwrap_or_default();
    inline.iter().any(|path| draft.peek(path).is_some())
        || objectives.iter().any(|objective| objective.get("ratioMetrics").is_some())
}

/// The target of one objective in percent: a share of 1 as `target`, percent as `targetPercent`.
fn target(objective: &Node) -> Option<(&Node, Number)> {
    let number = |node: &Node| text_of(node)?.parse::<f64>().ok().filter(|value| value.is_finite());
    let (node, percent) = match objective.get("targetPercent") {
        Some(node) => (node, number(node)?),
        None => {
            let node = objective.get("target")?;
            (node, number(node)? * 100.0)
        }
    };
    // A share times a hundred is not exact: what is left of nine digits after the point is noise.
    let text = format!("{percent:.9}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    (0.0..=100.0).contains(&percent).then(|| (node, Number { value: percent, text: text.into() }))
}
