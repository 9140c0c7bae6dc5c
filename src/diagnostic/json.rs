//! Diagnostics for scripts: one JSON object each, with sorted keys, exact and in a stable order.

use serde_json::{Value, json};

use super::{Diagnostic, Diagnostics};

/// Every diagnostic in its order, as an array with one object per line.
pub fn render(diagnostics: &Diagnostics) -> String {
    let objects: Vec<String> =
        diagnostics.iter().map(|diagnostic| format!("  {}", object(diagnostic))).collect();
    if objects.is_empty() {
        return "[]\n".to_owned();
    }
    format!("[\n{}\n]\n", objects.join(",\n"))
}

/// One diagnostic; keys that do not apply are `null`, so that every object has the same ones.
pub fn object(diagnostic: &Diagnostic) -> Value {
    let place = diagnostic.place.as_ref();
    let counted = |number: Option<u32>| number.filter(|number| *number > 0);
    let mut object = json!({
        "code": diagnostic.code.name,
        "column": counted(place.map(|place| place.column)),
        "help": diagnostic.help,
        "length": counted(place.map(|place| place.length)),
        "line": counted(place.map(|place| place.line)),
        "message": diagnostic.message,
        "path": place.map(|place| &*place.path),
        "replacement": diagnostic.replacement.as_ref().map(|replacement| {
            let edits = replacement.edits.iter().map(|edit| {
                json!({ "column": edit.column, "length": edit.length, "line": edit.line, "text": edit.text })
            });
            json!({ "edits": edits.collect::<Vec<_>>(), "safe": replacement.is_safe() })
        }),
        "repository": place.map(|place| &*place.repository),
        "severity": diagnostic.severity().word(),
    });
    // Another crate may make the map keep the order of insertion; ours is sorted either way.
    object.sort_all_objects();
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Applicability, Place, codes};

    #[test]
    fn every_object_has_the_same_sorted_keys() {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(render(&diagnostics), "[]\n");
        diagnostics.push(
            Diagnostic::new(&codes::UNKNOWN_KEY, "a \"b\"")
                .help("c")
                .at(Place {
                    repository: "r".into(),
                    path: "p".into(),
                    line: 2,
                    column: 3,
                    length: 1,
                    quote: "q: 1".into(),
                })
                .replace_with("d", Applicability::Unsure),
        );
        diagnostics.push(Diagnostic::new(&codes::WRONG_TYPE, "e"));
        assert_eq!(
            render(&diagnostics),
            concat!(
                "[\n",
                r#"  {"code":"unknown-key","column":3,"help":"c","length":1,"line":2,"message":"a \"b\"","#,
                r#""path":"p","replacement":{"edits":[{"column":3,"length":1,"line":2,"text":"d"}],"safe":false},"repository":"r","severity":"warning"},"#,
                "\n",
                r#"  {"code":"wrong-type","column":null,"help":null,"length":null,"line":null,"message":"e","#,
                r#""path":null,"replacement":null,"repository":null,"severity":"error"}"#,
                "\n]\n"
            )
        );
    }
}
