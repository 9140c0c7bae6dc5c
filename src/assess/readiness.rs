//! Readiness: which of the scorecards that apply to a subject its readiness is the score of
//! (semantics §2).

use super::scorecard::{CompiledScorecard, Scorecards};

/// How closely a readiness scorecard fits; the closest one is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// It speaks of neither.
    General,
    /// Its `appliesTo` speaks of the type of the service.
    ForType,
    /// Its `appliesTo` speaks of the golden path.
    ForGoldenPath,
}

/// The readiness scorecard of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// None applies.
    None,
    /// This one: position among the scorecards that apply.
    One(usize),
    /// Two of equal rank apply, so neither is used.
    Ambiguous(usize, usize),
}

/// Chooses among the scorecards that apply to one subject.
pub fn choose<'a>(applicable: impl Iterator<Item = &'a CompiledScorecard<'a>>) -> Readiness {
    let mut best: Option<(Rank, usize)> = None;
    let mut tied = None;
    for (position, scorecard) in applicable.enumerate() {
        if scorecard.record.readiness.value() != Some(&true) {
            continue;
        }
        let rank = rank(scorecard);
        match best {
            Some((found, first)) if found == rank => tied = tied.or(Some((first, position))),
            Some((found, _)) if found > rank => {}
            _ => {
                best = Some((rank, position));
                tied = None;
            }
        }
    }
    match (best, tied) {
        (_, Some((first, second))) => Readiness::Ambiguous(first, second),
        (Some((_, position)), None) => Readiness::One(position),
        (None, None) => Readiness::None,
    }
}

/// The rank of a scorecard, from what its `appliesTo` speaks of.
pub fn rank(scorecard: &CompiledScorecard<'_>) -> Rank {
    let Some(text) = scorecard.record.applies_to.value() else { return Rank::General };
    let names = names(text);
    let speaks_of = |wanted: &str| {
        names
            .iter()
            .any(|name| name == wanted || name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.')))
    };
    if ["goldenPath", "goldenPathVersion", "service.goldenPath"].into_iter().any(speaks_of) {
        Rank::ForGoldenPath
    } else if speaks_of("service.type") {
        Rank::ForType
    } else {
        Rank::General
    }
}

/// The dotted names in an expression, text literals left out.
fn names(expression: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut quote = None;
    for c in expression.chars() {
        let in_name = c.is_alphanumeric() || c == '_' || c == '.';
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if in_name => names.last_mut().expect("there is always one").push(c),
            None => names.push(String::new()),
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Pairs of readiness scorecards that certainly apply together: they judge the same kind of subject,
/// under the same condition.
pub fn certain_clashes(scorecards: &Scorecards<'_>) -> Vec<(usize, usize)> {
    let mut clashes = Vec::new();
    let readiness = |position: &usize| scorecards.all[*position].record.readiness.value() == Some(&true);
    let positions: Vec<usize> = (0..scorecards.all.len()).filter(readiness).collect();
    for (nth, &first) in positions.iter().enumerate() {
        for &second in &positions[nth + 1..] {
            let (a, b) = (&scorecards.all[first], &scorecards.all[second]);
            let condition = |scorecard: &CompiledScorecard<'_>| {
                scorecard.record.applies_to.value().map(|text| text.split_whitespace().collect::<String>())
            };
            if a.subject == b.subject && condition(a) == condition(b) {
                clashes.push((first, second));
            }
        }
    }
    clashes
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_in_text_literals_are_no_names() {
        assert_eq!(names(r#"service.type == "goldenPath" and x"#), ["service.type", "and", "x"]);
        assert_eq!(names("goldenPath is defined"), ["goldenPath", "is", "defined"]);
    }
}
