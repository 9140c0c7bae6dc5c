//! Raw HTML in a document. It becomes text, except for the four harmless things that people write in
//! Markdown all the time, recognised letter by letter and written anew: comments, line breaks, and
//! `<details>` with its `<summary>`.

/// A line of a block of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// `<details>`
    OpenDetails,
    /// `<summary>…</summary>` with nothing but text in it.
    Summary(&'a str),
    /// `</details>`
    CloseDetails,
    /// Anything else: text.
    Text(&'a str),
}

/// The pieces of `block`, in their order.
pub(super) fn pieces(block: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = block.trim();
    // Behind the last end of a comment none is looked for, or many beginnings would each look to the end.
    let ends = rest.rfind("-->").map_or(usize::MAX, |last| rest.len() - last);
    while !rest.is_empty() {
        if rest.len() >= ends
            && let Some(after) = comment(rest)
        {
            rest = after.trim_start();
            continue;
        }
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let known = |word: &str| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if known("<details>") {
            pieces.push(Piece::OpenDetails);
            rest = rest["<details>".len()..].trim_start();
        } else if known("</details>") {
            pieces.push(Piece::CloseDetails);
            rest = rest["</details>".len()..].trim_start();
        } else if let Some((text, behind)) = summary(rest) {
            pieces.push(Piece::Summary(text));
            rest = behind.trim_start();
        } else {
            pieces.push(Piece::Text(line.trim_end()));
            rest = after.trim_start_matches(['\n', '\r']);
        }
    }
    pieces
}

/// What follows the comment that `text` begins with.
fn comment(text: &str) -> Option<&str> {
    Some(text.strip_prefix("<!--")?.split_once("-->")?.1)
}

fn summary(text: &str) -> Option<(&str, &str)> {
    let start = text.get(.."<summary>".len()).filter(|start| start.eq_ignore_ascii_case("<summary>"))?;
    let (inside, _) = text[start.len()..].split_once('<')?;
    let behind = &text[start.len() + inside.len()..];
    let end = behind.get(.."</summary>".len()).filter(|end| end.eq_ignore_ascii_case("</summary>"))?;
    Some((inside.trim(), &behind[end.len()..]))
}

/// Whether a piece of inline HTML is a line break.
pub(super) fn is_line_break(html: &str) -> bool {
    ["<br>", "<br/>", "<br />"].iter().any(|form| html.eq_ignore_ascii_case(form))
}

/// Whether a piece of inline HTML is a comment and nothing else.
pub(super) fn is_comment(html: &str) -> bool {
    comment(html.trim()).is_some_and(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_forms_mean_anything() {
        assert_eq!(
            pieces("<details><summary>More</summary>\n"),
            [Piece::OpenDetails, Piece::Summary("More")]
        );
        assert_eq!(pieces("<!-- a\n\n-->\n</DETAILS>"), [Piece::CloseDetails]);
        assert_eq!(pieces("<details open>\nx"), [Piece::Text("<details open>"), Piece::Text("x")]);
        assert_eq!(pieces("<summary><b>x</b></summary>"), [Piece::Text("<summary><b>x</b></summary>")]);
        assert_eq!(pieces("<!-- never closed"), [Piece::Text("<!-- never closed")]);
        assert!(pieces("  \n").is_empty());
        assert_eq!(pieces("<!-- a --> <!-- b\n-->\n<!-- c"), [Piece::Text("<!-- c")]);
    }

    #[test]
    fn inline_forms_are_exact_too() {
        assert!(is_line_break("<BR />") && !is_line_break("<br onload=x>"));
        assert!(is_comment("<!-- x -->") && !is_comment("<!-- x --><b>"));
    }
}
