//! Documents that cannot be read as YAML. Each costs only itself: other documents of the same file
//! are read as if it were not there.

use super::codes;

codes! {
    YAML_SYNTAX = "yaml-syntax", Error, "a document is not YAML",
        "Something here breaks the rules of YAML. The document cannot be read and is listed as unreadable; other documents of the file are read.";
    DUPLICATE_KEY = "duplicate-key", Error, "a key stands twice in one mapping",
        "A mapping has each key once. Other tools keep the first or the last value without a word, so the file would mean two things. When `apiVersion` or `kind` repeats, the `---` line between two documents is usually missing.";
    WRONG_INDENTATION = "wrong-indentation", Error, "a line is indented too little or too much",
        "YAML shows by indentation what belongs to what. Keys of one mapping begin in the same column; what lies below a key is indented further than the key.";
    TAB_INDENTATION = "tab-indentation", Error, "a tab is used for indentation",
        "YAML allows only spaces for indentation, because a tab has no fixed width. Set your editor to insert spaces in YAML files.";
    UNCLOSED_QUOTE = "unclosed-quote", Error, "a quoted text is not closed",
        "A text that begins with a quote must end with the same quote. Inside single quotes, write `''` for an apostrophe; inside double quotes, write `\\\"`.";
    UNCLOSED_BRACKET = "unclosed-bracket", Error, "a bracket is not closed",
        "A list in `[ ]` and a mapping in `{ }` must be closed, with commas between the items. Quote texts that contain brackets, commas or colons.";
    STRAY_TEXT = "stray-text", Error, "text stands where a key is expected",
        "Inside a mapping every line is `key: value`, a comment that begins with `#`, or the continuation of the value above, indented further than its key.";
    MISSING_SPACE = "missing-space", Error, "a space is missing after a colon or a dash",
        "YAML separates a key from its value by a colon and a space, and begins a list item with a dash and a space. Without the space, `key:value` is one text.";
    UNRENDERED_TEMPLATE = "unrendered-template", Error, "a template was not rendered",
        "Braces such as `{{ name }}` or `{% if %}` mean something to template engines and something else to YAML. A file that is a template as a whole is skipped; one of ours that contains such braces by accident cannot be read.";
    UNQUOTED_CHARACTER = "unquoted-character", Error, "a value begins with a character that needs quotes",
        "Some characters mean something to YAML at the beginning of a value: `@`, `` ` ``, `%`, `*`, `&`, `!`, `|`, `>`, `[`, `{`. And `: ` inside a value begins another key. Put such values in quotes.";
    BAD_ESCAPE = "bad-escape", Error, "a double-quoted text has an unknown escape",
        "Inside double quotes a backslash begins an escape such as `\\n`. Use single quotes for texts with backslashes, or double each backslash.";
    UNKNOWN_ANCHOR = "unknown-anchor", Error, "an alias names nothing",
        "`*name` repeats what `&name` marked earlier in the same document. Anchors do not reach into other documents. A text that begins with `*` needs quotes.";
    COMPLEX_KEY = "complex-key", Error, "a key is a list or a mapping",
        "Keys are text. A pair of braces such as `{{ name }}` without quotes is a mapping inside a mapping to YAML: an unrendered template, or a value that needs quotes.";
    TOO_DEEP = "too-deep", Error, "a document is nested too deeply",
        "Lists and mappings may lie at most so deep in each other (64 unless `limits.nesting` says otherwise), aliases expanded. No record needs more; deeper documents are mistakes or attacks.";
    TOO_LARGE = "too-large", Error, "a document has too many values",
        "A descriptor has at most so many values in one document (20,000 unless `limits.values` says otherwise), keys counted and aliases expanded, and a file of the catalog folder at most 200,000, so that one file cannot use up the memory of the whole run.";
}
