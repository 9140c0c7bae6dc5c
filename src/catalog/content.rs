//! Files that could not be taken as text: what is wrong with them, in words.

use crate::collect::snapshot::Content;
use crate::diagnostic::{Diagnostic, Place, codes};

/// Why `content` is not text, in a line; `None` when it is.
pub(super) fn reason(content: &Content) -> Option<String> {
    match content {
        Content::Text(_) => None,
        Content::TooLarge { limit } => Some(format!("larger than {limit} bytes")),
        Content::NotText { looks_like } => Some(format!("{looks_like}, not UTF-8 text")),
        Content::Missing => Some("not there".to_owned()),
        Content::Unreadable { reason } => Some(format!("cannot be read: {reason}")),
    }
}

/// The diagnostic for a file that is there and cannot be used.
pub(super) fn problem(content: &Content, place: Place) -> Option<Diagnostic> {
    let diagnostic = match content {
        Content::Text(_) | Content::Missing => return None,
        Content::TooLarge { limit } => {
            Diagnostic::new(&codes::FILE_TOO_LARGE, format!("the file is larger than {limit} bytes"))
                .help("make it smaller, or raise the limit in `milepost.yaml`")
        }
        Content::NotText { looks_like } => {
            Diagnostic::new(&codes::NOT_TEXT, format!("the file is {looks_like}, not UTF-8 text"))
                .help("save it as UTF-8")
        }
        Content::Unreadable { reason } => {
            Diagnostic::new(&codes::UNREADABLE_FILE, format!("the file cannot be read: {reason}"))
                .help("make it readable for the user that runs milepost")
        }
    };
    Some(diagnostic.at(place))
}
