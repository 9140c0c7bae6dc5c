//! Sentences that platform engineers and our own messages write: plain text in which only code between
//! backticks is marked.

use super::escape;
use super::templates::Html;

/// `text` with everything between backticks as code, and all else as text.
pub fn prose(text: &str) -> Html {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, behind)) = after.split_once('`').filter(|(code, _)| !code.is_empty()) else { break };
        escape::push(&mut out, before);
        out.push_str("<code>");
        escape::push(&mut out, code);
        out.push_str("</code>");
        rest = behind;
    }
    escape::push(&mut out, rest);
    Html::vouch(out)
}

/// `text` without the backticks that mark code, for where there is no markup.
pub fn plain(text: &str) -> String {
    text.replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_backticks_mean_anything() {
        for (text, markup) in [
            ("Add `ownerTeam:` here.", "Add <code>ownerTeam:</code> here."),
            ("*not* <b>bold</b>", "*not* &lt;b&gt;bold&lt;/b&gt;"),
            ("`<script>`", "<code>&lt;script&gt;</code>"),
            ("one ` alone", "one ` alone"),
            ("two `` together", "two `` together"),
        ] {
            assert_eq!(prose(text).as_str(), markup);
        }
    }
}
