//! What the parser says, in a newcomer's words: what is wrong, where, and how to mend it.

mod line;
mod value;

use granit_parser::ErrorKind;

use super::Limits;
use super::refusal::Refusal;
use super::scene::{Scene, characters};
use crate::diagnostic::codes;

/// Why the document is refused whose parser stopped at `scene` with an error of `kind`.
pub(super) fn explain(kind: &ErrorKind, scene: &Scene<'_>, limits: Limits) -> Refusal {
    use ErrorKind as Kind;
    if let Some(refusal) = template(scene) {
        return refusal;
    }
    match kind {
        Kind::RecursionLimitExceeded => Refusal::too_deep(scene.mark, limits.nesting),
        Kind::TabNotAllowed
        | Kind::TabInBlockIndentation
        | Kind::TabInIndentation
        | Kind::TabAtBlockScalarStart
        | Kind::TabInPlainScalar => line::tab(scene),
        Kind::InvalidQuotedScalarIndent
        | Kind::UnclosedQuotedScalar
        | Kind::DocumentIndicatorInQuotedScalar => value::unclosed_quote(scene),
        Kind::InvalidTrailingSingleQuotedScalar => value::after_quote(scene, '\''),
        Kind::InvalidTrailingDoubleQuotedScalar => value::after_quote(scene, '"'),
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => value::bad_escape(scene),
        Kind::UnclosedFlowCollection { open } => value::unclosed_bracket(scene, scene.mark, *open),
        Kind::MismatchedFlowCollectionEnd { open, close } => value::wrong_bracket(scene, *open, *close),
        Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::ExpectedFlowMappingSeparator
        | Kind::ExpectedFlowSequenceSeparator
        | Kind::InvalidColonPlacement
        | Kind::InvalidFlowScalarIndent
        | Kind::BlockEntryInFlowCollection => value::bracket(scene),
        Kind::MisplacedFlowCollectionEnd => Refusal::new(
            scene.mark,
            &codes::UNCLOSED_BRACKET,
            format!("`{}` closes a bracket that was never opened", first(scene)),
            "remove it, open the bracket before it, or put the value in quotes",
        )
        .long(1),
        Kind::FlowMappingValueAdjacentCollection | Kind::InvalidMappingValueWhitespace => {
            line::colon_before_bracket(scene)
        }
        Kind::UnexpectedEofBlockMapping
        | Kind::UnexpectedEofBlockSequence
        | Kind::UnexpectedEof
        | Kind::ExpectedNodeContent
        | Kind::UnexpectedEndOfPlainScalar
        | Kind::PlainScalarStartsWithDashFlowIndicator
            if scene.text_at(scene.mark).starts_with([',', '-', '?', ':', ']', '}']) =>
        {
            value::needs_quotes(scene, scene.mark)
        }
        Kind::MappingValueNotAllowed => line::second_colon(scene),
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey | Kind::MappingKeyNotAllowed => line::no_key(scene),
        Kind::ExpectedBlockMappingKey | Kind::ExpectedBlockSequenceEntry | Kind::InvalidIndentation => {
            line::indentation(scene)
        }
        Kind::BlockSequenceEntryNotAllowed => Refusal::new(
            scene.mark,
            &codes::WRONG_INDENTATION,
            "a list cannot begin on the line of its key",
            "begin the first `- ` on a line of its own, below the key, or put the value in quotes",
        )
        .long(1),
        Kind::UnexpectedCharacter { character } => value::unexpected(scene, *character),
        Kind::UnknownAnchor => value::unknown_anchor(scene),
        Kind::MissingAnchorOrAliasName
        | Kind::UndeclaredTagHandle
        | Kind::ExpectedTagBang
        | Kind::MissingTagUri
        | Kind::InvalidTagTerminator
        | Kind::UnclosedVerbatimTag
        | Kind::InvalidGlobalTagCharacter
        | Kind::InvalidTagEscape
        | Kind::InvalidTagUtf8
        | Kind::InvalidTagUtf8LeadingByte
        | Kind::InvalidTagUtf8TrailingByte => value::needs_quotes(scene, scene.mark),
        Kind::ZeroBlockScalarIndent | Kind::InvalidBlockScalarHeader => value::block_header(scene),
        Kind::InvalidBlockScalarIndent => Refusal::new(
            scene.here().mark(),
            &codes::WRONG_INDENTATION,
            "the empty lines before this text are indented further than the text itself",
            "indent the first line of the text like the others, or remove the blanks before it",
        ),
        Kind::CommentInterceptedScalar => Refusal::new(
            scene.here().mark(),
            &codes::STRAY_TEXT,
            "a comment stands inside a value of several lines",
            "move the comment above the key, or put the value in quotes",
        ),
        Kind::CommentNotSeparated => Refusal::new(
            scene.mark,
            &codes::YAML_SYNTAX,
            "a comment begins without a space before its `#`",
            "write a space before the `#`, or put the value in quotes if the `#` belongs to it",
        ),
        Kind::ExpectedDocumentStart | Kind::InvalidDocumentEnd => line::after_document(scene),
        _ => other(scene),
    }
}

/// An unquoted `{{` or `{%` near the place explains every error better than its kind does.
pub(super) fn template(scene: &Scene<'_>) -> Option<Refusal> {
    let near = [Some(scene.here()), scene.before(scene.mark.line)];
    let (line, at) = near.into_iter().flatten().find_map(|line| {
        let at = ["{{", "{%", "<%"].into_iter().filter_map(|mark| line.text.find(mark)).min()?;
        let quoted = line.text[..at].contains(['"', '\'', '#']);
        (!quoted).then_some((line, at))
    })?;
    let head = &line.text[at..at + 2];
    Some(
        Refusal::new(
            line.mark_at(at),
            &codes::UNRENDERED_TEMPLATE,
            format!("`{head}` stands here without quotes, as in a template that nobody rendered"),
            "render the template before you commit its result, or put the value in quotes",
        )
        .long(2),
    )
}

fn other(scene: &Scene<'_>) -> Refusal {
    let line = scene.here();
    if line.text.starts_with('%') && line.indent == 0 {
        return Refusal::new(
            line.mark(),
            &codes::YAML_SYNTAX,
            "a line that begins with `%` is an instruction to the reader, and this one is not known",
            "remove the line; `%YAML 1.2` is the only one of use, and is never needed",
        )
        .long(line.text.chars().count());
    }
    Refusal::new(
        if line.number == scene.mark.line { scene.mark } else { line.mark() },
        &codes::YAML_SYNTAX,
        "this cannot be read as YAML",
        "look at the indentation, quotes and brackets of this line and the one above it",
    )
}

fn first(scene: &Scene<'_>) -> char {
    scene.text_at(scene.mark).chars().next().unwrap_or(' ')
}

/// `value` as a quoted text, for help lines.
fn quoted(value: &str) -> String {
    in_quotes(&shortened(value))
}

/// `value` as a quoted text, whole.
fn in_quotes(value: &str) -> String {
    if value.contains(['"', '\\']) {
        format!("'{}'", value.replace('\'', "''"))
    } else {
        format!("\"{value}\"")
    }
}

/// `text`, cut to what fits into a message.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let text = text.trim();
    if characters(text) as usize <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST).collect();
    format!("{head}…")
}
