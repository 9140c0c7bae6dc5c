//! What little is known of each language: enough to find comments, texts, keys and keywords.

/// How keys are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Properties {
    /// There are none.
    None,
    /// A word before `:`.
    Colon,
    /// A quoted text before `:`.
    QuotedColon,
    /// A word before `=`.
    Equals,
    /// A word after `-` or `--`.
    Flags,
}

/// One language.
#[derive(Debug)]
pub(super) struct Language {
    names: &'static [&'static str],
    pub(super) label: &'static str,
    pub(super) comments: &'static [&'static str],
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    pub(super) quotes: &'static [char],
    /// Whether three quotes begin a text of many lines.
    pub(super) long_quotes: bool,
    pub(super) properties: Properties,
    pub(super) keywords: &'static [&'static str],
    /// Whether keywords may be written in upper case.
    pub(super) any_case: bool,
}

const PLAIN: Language = Language {
    names: &[],
    label: "",
    comments: &["#"],
    block_comment: None,
    quotes: &['"', '\''],
    long_quotes: false,
    properties: Properties::None,
    keywords: &[],
    any_case: false,
};

const BRACES: Language =
    Language { comments: &["//"], block_comment: Some(("/*", "*/")), quotes: &['"', '\'', '`'], ..PLAIN };

static LANGUAGES: &[Language] = &[
    Language {
        names: &["bash", "sh", "shell", "zsh", "console", "shell-session", "shellscript"],
        label: "shell",
        properties: Properties::Flags,
        keywords: &[
            "if", "then", "else", "elif", "fi", "for", "in", "while", "until", "do", "done", "case", "esac",
            "function", "return", "export", "local", "set", "exit", "source", "trap",
        ],
        ..PLAIN
    },
    Language {
        names: &["yaml", "yml"],
        label: "YAML",
        properties: Properties::Colon,
        keywords: &["true", "false", "null"],
        ..PLAIN
    },
    Language {
        names: &["json", "jsonc", "json5"],
        label: "JSON",
        comments: &["//"],
        quotes: &['"'],
        properties: Properties::QuotedColon,
        keywords: &["true", "false", "null"],
        ..PLAIN
    },
    Language {
        names: &["sql", "psql", "postgresql", "mysql"],
        label: "SQL",
        comments: &["--"],
        block_comment: Some(("/*", "*/")),
        any_case: true,
        keywords: &[
            "select", "from", "where", "and", "or", "not", "in", "is", "null", "as", "on", "join", "left",
            "right", "inner", "outer", "group", "by", "order", "having", "limit", "insert", "into", "values",
            "update", "set", "delete", "create", "alter", "drop", "table", "index", "view", "with", "union",
            "case", "when", "then", "else", "end", "begin", "commit", "rollback", "distinct", "exists",
            "between", "like", "desc", "asc", "explain", "analyze",
        ],
        ..PLAIN
    },
    Language {
        names: &["python", "py", "python3"],
        label: "Python",
        long_quotes: true,
        keywords: &[
            "def", "class", "return", "if", "elif", "else", "for", "while", "in", "not", "and", "or", "is",
            "import", "from", "as", "with", "try", "except", "finally", "raise", "yield", "lambda", "pass",
            "break", "continue", "async", "await", "global", "assert", "del", "None", "True", "False",
        ],
        ..PLAIN
    },
    Language {
        names: &["hcl", "terraform", "tf", "tfvars"],
        label: "Terraform",
        comments: &["#", "//"],
        block_comment: Some(("/*", "*/")),
        quotes: &['"'],
        properties: Properties::Equals,
        keywords: &[
            "resource",
            "data",
            "module",
            "variable",
            "output",
            "locals",
            "provider",
            "terraform",
            "for",
            "in",
            "if",
            "true",
            "false",
            "null",
            "moved",
            "import",
        ],
        ..PLAIN
    },
    Language {
        names: &["toml"],
        label: "TOML",
        long_quotes: true,
        properties: Properties::Equals,
        keywords: &["true", "false"],
        ..PLAIN
    },
    Language {
        names: &["ini", "cfg", "conf", "properties", "dotenv", "env", "systemd"],
        label: "settings",
        comments: &["#", ";"],
        properties: Properties::Equals,
        ..PLAIN
    },
    Language {
        names: &["dockerfile", "docker", "containerfile"],
        label: "Dockerfile",
        properties: Properties::Flags,
        keywords: &[
            "FROM",
            "RUN",
            "CMD",
            "COPY",
            "ADD",
            "ENV",
            "ARG",
            "WORKDIR",
            "USER",
            "EXPOSE",
            "ENTRYPOINT",
            "VOLUME",
            "LABEL",
            "HEALTHCHECK",
            "SHELL",
            "AS",
        ],
        ..PLAIN
    },
    Language {
        names: &["rust", "rs"],
        label: "Rust",
        quotes: &['"'],
        keywords: &[
            "fn", "let", "mut", "pub", "struct", "enum", "impl", "trait", "use", "mod", "match", "if",
            "else", "for", "in", "while", "loop", "return", "async", "await", "move", "where", "self",
            "Self", "const", "static", "type", "unsafe", "as", "ref", "true", "false", "crate", "dyn",
        ],
        ..BRACES
    },
    Language {
        names: &["go", "golang"],
        label: "Go",
        keywords: &[
            "package",
            "import",
            "func",
            "var",
            "const",
            "type",
            "struct",
            "interface",
            "map",
            "chan",
            "go",
            "defer",
            "return",
            "if",
            "else",
            "for",
            "range",
            "switch",
            "case",
            "default",
            "select",
            "break",
            "continue",
            "nil",
            "true",
            "false",
        ],
        ..BRACES
    },
    Language {
        names: &["javascript", "js", "jsx", "mjs", "typescript", "ts", "tsx", "node"],
        label: "JavaScript",
        keywords: &[
            "const",
            "let",
            "var",
            "function",
            "return",
            "if",
            "else",
            "for",
            "of",
            "in",
            "while",
            "class",
            "extends",
            "new",
            "this",
            "import",
            "from",
            "export",
            "default",
            "async",
            "await",
            "try",
            "catch",
            "finally",
            "throw",
            "typeof",
            "null",
            "undefined",
            "true",
            "false",
            "interface",
            "type",
        ],
        ..BRACES
    },
    Language {
        names: &[
            "java", "kotlin", "kt", "scala", "groovy", "c", "cpp", "c++", "csharp", "cs", "c#", "swift",
            "php",
        ],
        label: "code of its kind",
        keywords: &[
            "class",
            "interface",
            "public",
            "private",
            "protected",
            "static",
            "final",
            "void",
            "return",
            "if",
            "else",
            "for",
            "while",
            "switch",
            "case",
            "new",
            "this",
            "import",
            "package",
            "try",
            "catch",
            "finally",
            "throw",
            "null",
            "true",
            "false",
            "fun",
            "val",
            "var",
            "def",
        ],
        ..BRACES
    },
];

/// The language called `name`.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.names.contains(&name))
}
