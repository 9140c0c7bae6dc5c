//! What to do next: the rules and the layers of golden paths that lift most services.

use serde::Serialize;

use crate::assess::next_step::{LayerFix, RuleFix};
use crate::render::links::{Here, Href};
use crate::render::pages::adoption_list::{List, layer};
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::templates::Html;
use crate::words;

/// How many of each are shown.
const SHOWN: usize = 10;

/// What lifts most.
#[derive(Debug, Serialize)]
pub(super) struct Fixes {
    rules: Vec<Rule>,
    rules_caption: String,
    layers: Vec<Layer>,
    layers_caption: String,
}

#[derive(Debug, Serialize)]
struct Rule {
    title: Html,
    href: Href,
    lifts: Link,
    holds_back: usize,
    fails: usize,
}

#[derive(Debug, Serialize)]
struct Layer {
    name: String,
    lifts: Link,
    rules: Vec<Mended>,
}

/// A rule that a layer mends.
#[derive(Debug, Serialize)]
struct Mended {
    title: Html,
    href: Href,
}

impl Fixes {
    pub(super) fn new(portal: &Portal<'_>, here: Here<'_>) -> Self {
        let adoption = &portal.adoption;
        let rules = adoption.rule_fixes.iter().enumerate().take(SHOWN);
        let layers = adoption.layer_fixes.iter().enumerate().take(SHOWN);
        Self {
            rules: rules.map(|(position, fix)| rule(portal, here, position, fix)).collect(),
            rules_caption: caption(adoption.rule_fixes.len(), "rule", "rules"),
            layers: layers.map(|(position, fix)| golden_path_layer(portal, here, position, fix)).collect(),
            layers_caption: caption(adoption.layer_fixes.len(), "layer", "layers"),
        }
    }
}

fn caption(count: usize, one: &str, many: &str) -> String {
    let all = words::count(count, one, many);
    let lifts = if count == 1 { "lifts" } else { "lift" };
    match count {
        0..=SHOWN => format!("{all} that alone {lifts} services to their next level, most services first"),
        _ => format!("The first {SHOWN} of {all} that alone lift services to their next level"),
    }
}

fn lifts(portal: &Portal<'_>, here: Here<'_>, count: usize, list: List) -> Link {
    Link::new(words::count(count, "service", "services"), list.href(portal, here, 1))
}

fn rule(portal: &Portal<'_>, here: Here<'_>, position: usize, fix: &RuleFix) -> Rule {
    let text = portal.rules.text(fix.scorecard, fix.position);
    Rule {
        title: text.title.clone(),
        href: text.href.clone(),
        lifts: lifts(portal, here, fix.lifts.len(), List::LiftedByRule(position)),
        holds_back: fix.holds_back,
        fails: fix.fails,
    }
}

fn golden_path_layer(portal: &Portal<'_>, here: Here<'_>, position: usize, fix: &LayerFix) -> Layer {
    let rule = |(scorecard, position): &(_, usize)| {
        let text = portal.rules.text(*scorecard, *position);
        Mended { title: text.title.clone(), href: text.href.clone() }
    };
    Layer {
        name: layer(portal, fix),
        lifts: lifts(portal, here, fix.lifts.len(), List::LiftedByLayer(position)),
        rules: fix.rules.iter().map(rule).collect(),
    }
}
