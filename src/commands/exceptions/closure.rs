//! Adds `closure` to a record in a file of YAML and leaves every other byte as it is. Where to put the lines
//! is a guess; that they say what they should, and nothing else changed, is then checked by reading both.

use super::draft::scalar;
use crate::catalog::yaml::{self, Document, Entry, Node, Value};
use crate::day::Day;

/// The closure of an exception.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closure<'a> {
    pub(super) at: Day,
    pub(super) state: Option<&'a str>,
    pub(super) why: &'a str,
}

/// Why a file stays as it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The file cannot be read as YAML.
    Unreadable,
    /// No record has the id, or several do.
    Records(usize),
    /// The record has a closure, in this line.
    Closed(u32),
    /// The record is written in a way that lines cannot be added to.
    Layout,
}

impl Closure<'_> {
    /// Its lines below `indent`, each ended by `ending`.
    fn lines(&self, indent: &str, ending: &str) -> String {
        let mut lines = format!("{indent}closure:{ending}{indent}  at: {}{ending}", self.at);
        if let Some(state) = self.state {
            lines.push_str(&format!("{indent}  state: {state}{ending}"));
        }
        lines.push_str(&format!("{indent}  why: {}{ending}", scalar(self.why)));
        lines
    }

    /// What somebody adds by hand where lines cannot be added.
    pub(super) fn by_hand(&self) -> String {
        let state = self.state.map_or_else(String::new, |state| format!("state: {state}, "));
        format!("closure: {{at: {}, {state}why: {}}}", self.at, scalar(self.why))
    }

    fn is(&self, node: &Node) -> bool {
        let text = |key| node.get(key).and_then(Node::scalar).map(|scalar| &*scalar.text);
        text("at") == Some(self.at.to_string().as_str())
            && text("state") == self.state
            && text("why") == Some(self.why)
            && node.entries().is_some_and(|entries| entries.len() == 2 + usize::from(self.state.is_some()))
    }
}

/// `text` with the closure of the exception called `id`.
pub(super) fn close(
    text: &str,
    id: &str,
    closure: &Closure<'_>,
    limits: yaml::Limits,
) -> Result<String, Refusal> {
    let before = read(text, limits).ok_or(Refusal::Unreadable)?;
    let records: Vec<&Node> =
        before.iter().flat_map(records).filter(|record| is_called(record, id)).collect();
    let [record] = records.as_slice() else { return Err(Refusal::Records(records.len())) };
    let entries = record.entries().unwrap_or_default();
    if let Some(entry) = entries.iter().find(|entry| &*entry.key == "closure") {
        return Err(Refusal::Closed(entry.mark.line));
    }
    let (Some(last), Some(first)) = (entries.last(), entries.first()) else { return Err(Refusal::Layout) };
    let indent = " ".repeat(last.mark.column.saturating_sub(1) as usize);
    // Below the last value where that has one line, else above the last key: its line is a key's alone.
    let below = last_line(&last.value).max(last.mark.line);
    let places = [below, last.mark.line.saturating_sub(1)];
    let fits = |line: &u32| *line >= first.mark.line;
    let changed = places.into_iter().filter(fits).map(|line| insert(text, line, closure, &indent));
    changed
        .into_iter()
        .find(|changed| adds_only(&before, changed, id, closure, limits))
        .ok_or(Refusal::Layout)
}

fn read(text: &str, limits: yaml::Limits) -> Option<Vec<Document>> {
    yaml::parse(text.strip_prefix('\u{feff}').unwrap_or(text), limits).into_iter().map(Result::ok).collect()
}

/// The records of a document: the mapping it is, or those of the list it is.
fn records(document: &Document) -> &[Node] {
    document.root.items().unwrap_or(std::slice::from_ref(&document.root))
}

fn is_called(record: &Node, id: &str) -> bool {
    record.get("exceptionId").and_then(Node::scalar).is_some_and(|own| &*own.text == id)
}

/// The last line on which anything in `node` begins.
fn last_line(node: &Node) -> u32 {
    let within = match &node.value {
        Value::Sequence(items) => items.iter().map(last_line).max(),
        Value::Mapping(entries) => entries.iter().map(|entry| last_line(&entry.value)).max(),
        Value::Null | Value::Scalar(_) => None,
    };
    within.unwrap_or(0).max(node.mark.line)
}

/// `text` with the closure after line `line`, in the way its lines end.
fn insert(text: &str, line: u32, closure: &Closure<'_>, indent: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = (line as usize).min(lines.len());
    let ending = if lines.first().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
    let (above, below) = (lines[..at].concat(), lines[at..].concat());
    let mut added = closure.lines(indent, ending);
    if !above.ends_with('\n') {
        // The file does not end its last line, and does not begin to now.
        added = format!("{ending}{}", added.trim_end_matches(['\r', '\n']));
    }
    format!("{above}{added}{below}")
}

/// Whether `changed` says all that was said before, the closure of one record, and nothing else.
fn adds_only(
    before: &[Document],
    changed: &str,
    id: &str,
    closure: &Closure<'_>,
    limits: yaml::Limits,
) -> bool {
    let Some(mut after) = read(changed, limits) else { return false };
    let mut added = 0;
    for document in &mut after {
        let records = match &mut document.root.value {
            Value::Sequence(items) => items.as_mut_slice(),
            _ => std::slice::from_mut(&mut document.root),
        };
        for record in records.iter_mut().filter(|record| is_called(record, id)) {
            if let Value::Mapping(entries) = &mut record.value {
                let all = entries.len();
                entries.retain(|entry| !(&*entry.key == "closure" && closure.is(&entry.value)));
                added += all - entries.len();
            }
        }
    }
    let same_roots = |(a, b): (&Document, &Document)| same(&a.root, &b.root);
    added == 1 && before.len() == after.len() && before.iter().zip(&after).all(same_roots)
}

/// Whether two nodes say the same, wherever they stand.
fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Null, Value::Null) => true,
        (Value::Scalar(a), Value::Scalar(b)) => a == b,
        (Value::Sequence(a), Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Mapping(a), Value::Mapping(b)) => {
            let entry = |(a, b): (&Entry, &Entry)| a.key == b.key && same(&a.value, &b.value);
            a.len() == b.len() && a.iter().zip(b).all(entry)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closure() -> Closure<'static> {
        let at = Day::parse("2026-11-21").expect("a day");
        Closure { at, state: Some("fixed"), why: "live: all of it" }
    }

    fn closed(text: &str) -> Result<String, Refusal> {
        close(text, "EX-2026-0001", &closure(), yaml::Limits::default())
    }

    const ADDED: &str = "closure:\n  at: 2026-11-21\n  state: fixed\n  why: \"live: all of it\"\n";

    #[test]
    fn lines_are_added_and_every_other_byte_stays() {
        // `@` stands where the closure is to appear.
        for layout in [
            "exceptionId: EX-2026-0001\nrisk: low\n@",
            "# a comment\nexceptionId: EX-2026-0001   # odd\n\nrisk:   low # why\n@\n# the end\n",
            "exceptionId: EX-2026-0001\nreviews:\n  - {at: 2026-11-17, by: \"@sable\"}\n  - at: 2026-11-18\n    by: x\n@",
            "exceptionId: EX-2026-0001\n@reason: >-\n  two\n  lines\n",
            "exceptionId: EX-2026-0001\n@reason: two\n  lines\n\n",
            "exceptionId: EX-2026-0001\n@reason: |+\n  kept\n\n",
            "exceptionId: EX-2026-0001\n@approvers: [a,\n  b\n]\n",
            "---\nexceptionId: EX-2026-0001\nrisk: low\n@...\n",
            "exceptionId: EX-2026-0002\nrisk: low\n---\nexceptionId: EX-2026-0001\nrisk: low\n@---\nexceptionId: EX-2026-0003\nrisk: low\n",
        ] {
            let wanted = layout.replace('@', ADDED).replace(&format!("\"{ADDED}sable"), "\"@sable");
            let text = layout.replace("\"@sable", "\"%sable").replace('@', "").replace('%', "@");
            assert_eq!(closed(&text).as_deref(), Ok(wanted.as_str()), "{text}");
        }
    }

    #[test]
    fn records_of_a_list_are_closed_in_their_own_indentation() {
        let text = "- exceptionId: EX-2026-0001\n  risk: low\n- exceptionId: EX-2026-0002\n  risk: low\n";
        let closed = closed(text).expect("it is closed");
        let wanted =
            "  risk: low\n  closure:\n    at: 2026-11-21\n    state: fixed\n    why: \"live: all of it\"\n- ";
        assert!(closed.contains(wanted), "{closed}");
    }

    #[test]
    fn lines_end_as_they_did() {
        let text = "\u{feff}exceptionId: EX-2026-0001\r\nrisk: low";
        let wanted = "\u{feff}exceptionId: EX-2026-0001\r\nrisk: low\r\nclosure:\r\n  at: 2026-11-21\r\n  state: fixed\r\n  why: \"live: all of it\"";
        assert_eq!(closed(text).as_deref(), Ok(wanted));
    }

    #[test]
    fn what_cannot_be_closed_stays_as_it_is() {
        for (text, refusal) in [
            ("exceptionId: [", Refusal::Unreadable),
            ("exceptionId: EX-2026-0002\n", Refusal::Records(0)),
            ("- {exceptionId: EX-2026-0001}\n- {exceptionId: EX-2026-0001}\n", Refusal::Records(2)),
            ("exceptionId: EX-2026-0001\nclosure: {at: 2026-11-01}\n", Refusal::Closed(2)),
            ("{exceptionId: EX-2026-0001, risk: low}\n", Refusal::Layout),
            ("{\n  exceptionId: EX-2026-0001,\n  risk: low\n}\n", Refusal::Layout),
        ] {
            assert_eq!(closed(text), Err(refusal), "{text}");
        }
    }

    #[test]
    fn what_is_added_by_hand_says_the_same() {
        let text = format!("exceptionId: EX-2026-0001\n{}\n", closure().by_hand());
        let documents = read(&text, yaml::Limits::default()).expect("it is YAML");
        assert!(closure().is(documents[0].root.get("closure").expect("it is there")));
    }
}
