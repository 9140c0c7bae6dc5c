//! Diagnostics as workflow commands of GitHub Actions: an annotation beside each line, and a summary that
//! folds away in the log.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::location::{Locate, Location};
use super::text::{harmless, summary};
use super::{Diagnostic, Diagnostics, Place, Severity};

/// One annotation for each diagnostic in its order, and how many there are of which kind.
pub fn render(diagnostics: &Diagnostics, locate: &Locate<'_>) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.iter() {
        annotation(diagnostic, locate, &mut text);
    }
    let mut kinds: BTreeMap<(std::cmp::Reverse<Severity>, &str), usize> = BTreeMap::new();
    for diagnostic in diagnostics.iter() {
        *kinds.entry((std::cmp::Reverse(diagnostic.severity()), diagnostic.code.name)).or_default() += 1;
    }
    let _ = writeln!(text, "::group::Milepost: {}", summary(diagnostics));
    for ((severity, code), number) in kinds {
        let _ = writeln!(text, "{:7} {code}: {number}", severity.0.word());
    }
    text.push_str("::endgroup::\n");
    text
}

fn annotation(diagnostic: &Diagnostic, locate: &Locate<'_>, text: &mut String) {
    let command = match diagnostic.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let _ = write!(text, "::{command} ");
    if let Some(place) = &diagnostic.place {
        position(place, locate, text);
    }
    let _ = write!(text, "title={}::{}", property(diagnostic.code.name), data(&diagnostic.message));
    if let Some(help) = &diagnostic.help {
        // The only line break of a message is ours.
        let _ = write!(text, "%0A{}", data(help));
    }
    text.push('\n');
}

fn position(place: &Place, locate: &Locate<'_>, text: &mut String) {
    // A file outside the work space has no page to be shown on: its name goes along all the same.
    let file = match locate(place) {
        Location::Inside(path) => path,
        Location::Elsewhere(repository, path) => format!("{repository}/{path}"),
    };
    let _ = write!(text, "file={},", property(&file));
    if place.line > 0 {
        let _ = write!(text, "line={0},endLine={0},", place.line);
    }
    if place.line > 0 && place.column > 0 {
        let end = place.column.saturating_add(place.length.max(1));
        let _ = write!(text, "col={},endColumn={end},", place.column);
    }
}

/// The message of a command, escaped as the runner undoes it.
fn data(text: &str) -> String {
    harmless(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command, likewise.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;

    fn rendered(diagnostic: Diagnostic) -> String {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(diagnostic);
        render(&diagnostics, &|place| Location::Inside(place.path.to_string()))
    }

    #[test]
    fn an_annotation_names_file_lines_and_columns() {
        let place = Place {
            repository: "shop".into(),
            path: "a,b:c/100%.yaml".into(),
            line: 3,
            column: 5,
            length: 4,
            quote: "key: nope".into(),
        };
        let text = rendered(
            Diagnostic::new(&codes::NOT_A_BOOLEAN, "`50%` is no: boolean").at(place).help("say, so"),
        );
        assert_eq!(
            text,
            "::error file=a%2Cb%3Ac/100%25.yaml,line=3,endLine=3,col=5,endColumn=9,title=not-a-boolean\
             ::`50%25` is no: boolean%0Asay, so\n\
             ::group::Milepost: 1 error\nerror   not-a-boolean: 1\n::endgroup::\n"
        );
    }

    #[test]
    fn nothing_from_a_file_becomes_a_command() {
        let text = rendered(Diagnostic::new(
            &codes::UNKNOWN_KEY,
            "x\n::set-output name=a::b\r\n##[add-path]/tmp\n::stop-commands::z",
        ));
        let commands: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with("::")).collect();
        assert_eq!(commands.len(), 3, "{text}");
        assert!(!text.contains("##[") && !text.contains('\r'), "{text}");
    }

    #[test]
    fn without_problems_there_is_only_the_summary() {
        let text = render(&Diagnostics::default(), &|_| Location::Inside(String::new()));
        assert_eq!(text, "::group::Milepost: no problems\n::endgroup::\n");
    }
}
