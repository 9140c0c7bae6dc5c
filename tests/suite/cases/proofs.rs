//! `tests/cases/README.md` names what proves each sentence of the contract; here it is held to the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use milepost::catalog::yaml::{Node, Value};

use super::documents;
use super::overlay::text;

/// Words of a row that has no proof yet.
const NOT_BUILT: &str = "not built";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A row of the page: its line, and what it cites by file. A folder is cited without a name.
struct Row {
    line: usize,
    cited: Vec<(String, Option<String>)>,
    has_no_proof: bool,
}

/// Every row of every table of the page.
fn rows() -> Vec<Row> {
    let page = read("tests/cases/README.md");
    let lines = page.lines().enumerate().filter(|(_, line)| line.starts_with("| "));
    let rows = lines.filter(|(_, line)| !line.starts_with("| Statement ") && !line.starts_with("| ---"));
    rows.map(|(number, line)| {
        let cells = line.trim_start_matches("| ").split_once(" | ").expect("a row has a statement").1;
        Row { line: number + 1, cited: cited(cells), has_no_proof: cells.starts_with(NOT_BUILT) }
    })
    .collect()
}

/// Files stand in backticks, what is cited of them in quotation marks behind them. Names of cases have
/// backticks of their own.
fn cited(cells: &str) -> Vec<(String, Option<String>)> {
    let mut cited: Vec<(String, Option<String>)> = Vec::new();
    let mut rest = cells;
    while let Some(at) = rest.find(['`', '“']) {
        let close = if rest[at..].starts_with('`') { '`' } else { '”' };
        let inner = &rest[at..][if close == '`' { 1 } else { '“'.len_utf8() }..];
        let end = inner.find(close).expect("what is opened is closed");
        let word = inner[..end].to_owned();
        if close == '`' {
            cited.push((word, None));
        } else if let Some((file, name)) = cited.last_mut() {
            match name {
                None => *name = Some(word),
                Some(_) => {
                    let file = file.clone();
                    cited.push((file, Some(word)));
                }
            }
        }
        rest = &inner[end + close.len_utf8()..];
    }
    cited
}

/// What the tables have: by file, each name with the sentence that it belongs to.
fn tables() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut tables = BTreeMap::new();
    for entry in fs::read_dir(root().join("tests/cases")).expect("the tables") {
        let file = entry.expect("a file").file_name().into_string().expect("a name");
        let Some(table) = file.strip_suffix(".yaml").filter(|table| *table != "given") else { continue };
        let mut names = BTreeMap::new();
        for document in documents(table) {
            match &document.value {
                // A list without sentences: every case stands for itself, and the table for all of them.
                Value::Sequence(cases) => {
                    names.extend(cases.iter().map(|case| (name(case, "what"), table.to_owned())))
                }
                _ => {
                    let sentence = name(&document, "contract");
                    let cases = document.get("cases").and_then(Node::items).expect("cases");
                    let named = cases.iter().filter_map(|case| text(case, "case"));
                    names.extend(named.map(|case| (case.to_owned(), sentence.clone())));
                    names.insert(sentence.clone(), sentence);
                }
            }
        }
        tables.insert(file, names);
    }
    tables
}

fn name(node: &Node, key: &str) -> String {
    text(node, key).unwrap_or_else(|| panic!("{}: no `{key}`", node.mark)).to_owned()
}

#[test]
fn what_the_page_cites_exists() {
    let tables = tables();
    for row in rows() {
        for (file, name) in &row.cited {
            let known = match (tables.get(file), name) {
                (Some(names), Some(name)) => names.contains_key(name),
                (None, Some(name)) => read(file).contains(&format!("fn {name}(")),
                (None, None) => root().join(file).is_dir(),
                (Some(_), None) => false,
            };
            let name = name.as_deref().unwrap_or("a folder");
            assert!(known, "tests/cases/README.md:{}: {file} has no “{name}”", row.line);
        }
    }
}

#[test]
fn every_statement_has_a_proof_or_says_that_it_has_none() {
    for row in rows() {
        let has_proof = !row.cited.is_empty() && !row.has_no_proof;
        assert!(has_proof || row.has_no_proof, "tests/cases/README.md:{}: a row without a proof", row.line);
    }
}

#[test]
fn every_sentence_of_every_table_is_cited() {
    let rows = rows();
    for (file, names) in tables() {
        let of_file = rows.iter().flat_map(|row| &row.cited).filter(|(cited, _)| *cited == file);
        let cited: BTreeSet<&String> = of_file.filter_map(|(_, name)| names.get(name.as_ref()?)).collect();
        let all: BTreeSet<&String> = names.values().collect();
        let missing: Vec<_> = all.difference(&cited).collect();
        assert!(missing.is_empty(), "{file}: nothing cites {missing:#?}");
    }
}
