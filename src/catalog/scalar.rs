//! Single values of records: text, numbers, days, lengths of time, choices. Each refuses what would
//! be misread, with the exact fix, and those that are printed keep their source text.

use std::borrow::Cow;
use std::fmt;

use super::meant::{self, Meant};
use super::nearest;
use super::origin::Origin;
use super::reader::Reader;
use super::record::{Readable, Shape, View};
use super::yaml::{Node, Scalar, Value};
use crate::day::{Day, Length, Moment, Zone};
use crate::diagnostic::{Applicability, Code, Diagnostic, codes};

/// The scalar of `node`, or a report that `wanted` was expected.
pub(super) fn scalar<'n>(node: &'n Node, wanted: &str, reader: &mut Reader<'_>) -> Option<&'n Scalar> {
    match &node.value {
        Value::Scalar(scalar) => Some(scalar),
        other => {
            let found = if matches!(other, Value::Null) { "nothing" } else { node.kind() };
            reader.report(
                node,
                &codes::WRONG_TYPE,
                format!("expected {wanted}, found {found}"),
                format!("write {wanted} here"),
            );
            None
        }
    }
}

/// Reports a value that cannot be read, with what was probably meant when that is known.
pub(super) fn report_meant(
    node: &Node,
    code: &'static Code,
    message: String,
    help: &str,
    meant: Option<Meant>,
    reader: &mut Reader<'_>,
) {
    let diagnostic = Diagnostic::new(code, message).at(reader.source.place(node.mark, node.length));
    reader.diagnostics.push(match meant {
        Some(Meant { text, applicability }) => {
            let help = match applicability {
                Applicability::Safe => format!("write `{text}`"),
                Applicability::Unsure => format!("did you mean `{text}`?"),
            };
            diagnostic.help(help).replace_with(text, applicability)
        }
        None => diagnostic.help(help),
    });
}

/// Warns of unquoted text that other tools take for a number or a boolean.
pub(super) fn warn_if_misread(node: &Node, scalar: &Scalar, reader: &mut Reader<'_>) {
    let Some(misread) = meant::misread(&scalar.text).filter(|_| !scalar.quoted) else { return };
    let quoted = format!("\"{}\"", scalar.text);
    reader.diagnostics.push(
        Diagnostic::new(
            &codes::UNQUOTED_TEXT,
            format!("`{}` is text here, and other tools read it as {misread}", scalar.text),
        )
        .at(reader.source.place(node.mark, node.length))
        .help(format!("write `{quoted}`"))
        .replace_with(quoted, Applicability::Safe),
    );
}

fn report_boolean(node: &Node, scalar: &Scalar, reader: &mut Reader<'_>) {
    let meant = match scalar.text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" | "true" => Some("true"),
        "no" | "off" | "n" | "false" => Some("false"),
        _ => None,
    };
    let diagnostic =
        Diagnostic::new(&codes::NOT_A_BOOLEAN, format!("`{}` is text, not a boolean", scalar.text))
            .at(reader.source.place(node.mark, node.length));
    reader.diagnostics.push(match meant {
        Some(meant) => diagnostic.help(format!("write `{meant}`")).replace_with(meant, Applicability::Safe),
        None => diagnostic.help("write `true` or `false`"),
    });
}

impl Readable for Box<str> {
    const SHAPE: Shape = Shape::Text;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = scalar(node, "text", reader)?;
        warn_if_misread(node, scalar, reader);
        Some(scalar.text.clone())
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Text(Cow::Borrowed(self), origin)
    }
}

impl Readable for bool {
    const SHAPE: Shape = Shape::Bool;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = scalar(node, "`true` or `false`", reader)?;
        match (&*scalar.text, scalar.quoted) {
            ("true" | "True" | "TRUE", false) => Some(true),
            ("false" | "False" | "FALSE", false) => Some(false),
            _ => {
                report_boolean(node, scalar, reader);
                None
            }
        }
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Bool(*self, origin)
    }
}

/// A number with the text it was written as.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Its value, always finite.
    pub value: f64,
    /// As written.
    pub text: Box<str>,
}

impl Readable for Number {
    const SHAPE: Shape = Shape::Number;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = scalar(node, "a number", reader)?;
        let digits = scalar.text.strip_suffix('%').unwrap_or(&scalar.text).trim();
        let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
        // `010` is eight to some tools and ten to others.
        let ambiguous = meant::misread(digits).is_some_and(|_| digits.starts_with(['0', '-']));
        match digits.parse::<f64>() {
            Ok(value) if plain && value.is_finite() && !ambiguous => {
                Some(Self { value, text: scalar.text.clone() })
            }
            _ => {
                report_meant(
                    node,
                    &codes::NOT_A_NUMBER,
                    format!("`{}` is not a plain number", scalar.text),
                    "write a plain number, such as `99.9` or `300`",
                    meant::number(&scalar.text, reader.source.key_before(node.mark)),
                    reader,
                );
                None
            }
        }
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Number(self.value, origin)
    }
}

impl Readable for Day {
    const SHAPE: Shape = Shape::Day;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = scalar(node, "a date", reader)?;
        let day = Day::parse(&scalar.text)
            .or_else(|| Moment::parse(&scalar.text).map(|moment| Day::of(moment, &Zone::utc())));
        if day.is_none() {
            report_meant(
                node,
                &codes::NOT_A_DATE,
                format!("`{}` is not a date", scalar.text),
                "write it as year-month-day, such as `2026-11-21`",
                meant::day(&scalar.text),
                reader,
            );
        }
        day
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Day(*self, origin)
    }
}

/// A length of time with the text it was written as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration {
    /// How long.
    pub length: Length,
    /// As written.
    pub text: Box<str>,
}

impl Readable for Duration {
    const SHAPE: Shape = Shape::Length;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = scalar(node, "a length of time", reader)?;
        let length = Length::parse_cadence(&scalar.text);
        if length.is_none() {
            report_meant(
                node,
                &codes::NOT_A_DURATION,
                format!("`{}` is not a length of time", scalar.text),
                "write a number and a unit: `30s`, `15m`, `4h`, `7d`, `2w`, or together: `1h30m`",
                meant::length(&scalar.text),
                reader,
            );
        }
        length.map(|length| Self { length, text: scalar.text.clone() })
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Length(self.length, origin)
    }
}

/// Something declared as a boolean, an id, an address or a mapping: that it is there is what counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// Whether it is declared and not false.
    pub declared: bool,
    /// The id, address or other text, when there is one.
    pub text: Option<Box<str>>,
}

impl Readable for Declaration {
    const SHAPE: Shape = Shape::Declaration;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Some(match &node.value {
            Value::Scalar(scalar)
                if !scalar.quoted
                    && matches!(&*scalar.text.to_ascii_lowercase(), "yes" | "no" | "on" | "off") =>
            {
                report_boolean(node, scalar, reader);
                return None;
            }
            Value::Scalar(scalar) if !scalar.quoted && scalar.text.eq_ignore_ascii_case("false") => {
                Self { declared: false, text: None }
            }
            Value::Scalar(scalar) if !scalar.quoted && scalar.text.eq_ignore_ascii_case("true") => {
                Self { declared: true, text: None }
            }
            Value::Scalar(scalar) => {
                let refused =
                    matches!(&*scalar.text.to_ascii_lowercase(), "" | "no" | "off" | "none" | "false");
                Self { declared: !refused, text: Some(scalar.text.clone()) }
            }
            Value::Null => Self { declared: false, text: None },
            Value::Sequence(items) => Self { declared: !items.is_empty(), text: None },
            Value::Mapping(entries) => {
                let text = ["url", "id", "name", "value", "type"]
                    .into_iter()
                    .find_map(|key| node.get(key)?.scalar().map(|scalar| scalar.text.clone()));
                Self { declared: !entries.is_empty(), text }
            }
        })
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Declaration(self, origin)
    }
}

/// Defines a closed list of words: an enum that reads itself and names the nearest word otherwise.
macro_rules! choice {
    (
        $(#[doc = $choice_doc:literal])*
        pub enum $name:ident called $title:literal {
            $( $(#[doc = $doc:literal])* $variant:ident = $word:literal $(| $alias:literal)*, )*
        }
    ) => {
        $(#[doc = $choice_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[doc = $doc])* $variant, )*
        }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word for it.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }

            /// The one that `word` means, other spellings included.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $( $word $(| $alias)* => Some(Self::$variant), )*
                    _ => None,
                }
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::catalog::schema::words(
                    concat!($($choice_doc),*),
                    &[$( (concat!($($doc),*), $word), $( (concat!("The same as `", $word, "`."), $alias), )* )*],
                )
            }
        }

        impl $crate::catalog::record::Readable for $name {
            const SHAPE: $crate::catalog::record::Shape =
                $crate::catalog::record::Shape::Choice(&[$($word),*]);

            fn read(
                node: &$crate::catalog::yaml::Node,
                reader: &mut $crate::catalog::reader::Reader<'_>,
            ) -> Option<Self> {
                let scalar = $crate::catalog::scalar::scalar(node, $title, reader)?;
                let found = Self::parse(&scalar.text);
                if found.is_none() {
                    $crate::catalog::scalar::report_unknown_word(node, &scalar.text, $title, &[$($word),*], reader);
                }
                found
            }

            fn view(&self, origin: $crate::catalog::origin::Origin) -> $crate::catalog::record::View<'_> {
                $crate::catalog::record::View::Text(self.word().into(), origin)
            }
        }
    };
}
pub(crate) use choice;

/// Reports a word that is not in a closed list.
pub(super) fn report_unknown_word(
    node: &Node,
    text: &str,
    title: &str,
    words: &[&str],
    reader: &mut Reader<'_>,
) {
    let place = reader.source.place(node.mark, node.length);
    let mut diagnostic = Diagnostic::new(&codes::UNKNOWN_WORD, format!("`{text}` is not {title}")).at(place);
    diagnostic = match nearest::nearest(text, words.iter().copied()) {
        Some(word) => {
            let applicability = nearest::applicability(text, word, words.iter().copied());
            diagnostic
                .help(format!("did you mean `{word}`?"))
                .replace_with(reader.source.in_quotes_of(node, word), applicability)
        }
        None => diagnostic.help(format!("write one of {}", crate::words::alternatives(words))),
    };
    reader.diagnostics.push(diagnostic);
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
