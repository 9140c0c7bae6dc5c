//! Style sheet, scripts and icon: joined in a fixed order, squeezed, named after their content, and
//! carried by the binary.

use std::borrow::Cow;

use super::digest;
use super::links::Place;
use super::portal::Portal;
use super::site::{CachePolicy, Entry, MediaType};

macro_rules! embedded {
    ($folder:literal, $ending:literal, $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../assets/", $folder, "/", $name, $ending)))),*]
    };
}

/// Style sheets in the order of the cascade.
const STYLES: &[(&str, &str)] =
    embedded!("css", ".css", "tokens", "base", "layout", "table", "badge", "record", "document", "print");

/// Scripts that wait for the page, in the order in which they need each other.
const SCRIPTS: &[(&str, &str)] = embedded!("js", ".js", "search", "keyboard", "table", "copy", "age");

/// The script of the one page that looks up whose something is: no other page has to load it.
const WHO: &[(&str, &str)] = embedded!("js", ".js", "who");

/// Scripts that choose the theme before anything is painted.
const THEME: &[(&str, &str)] = embedded!("js", ".js", "element", "theme");

const FAVICON: &str = include_str!("../../assets/icons/favicon.svg");

/// Shapes that the style sheets name.
const ICONS: &[(&str, &str)] = embedded!(
    "icons",
    ".svg",
    "adopted",
    "announced",
    "expired",
    "expiring",
    "fail",
    "idle",
    "invalid",
    "legacy-exception",
    "native",
    "not-applicable",
    "note",
    "partially-managed",
    "pass",
    "pending",
    "retiring",
    "review-overdue",
    "unknown",
    "unmanaged",
    "waived",
    "warning",
);

/// The files below `assets/`, by their fingerprinted names.
#[derive(Debug)]
pub struct Assets {
    /// Name of the style sheet.
    pub stylesheet: String,
    /// Name of the script that chooses the theme.
    pub theme: String,
    /// Name of the other scripts, joined.
    pub script: String,
    /// Name of the script of the page that says whose something is.
    pub who: String,
    /// Name of the icon.
    pub icon: String,
    files: Vec<(String, MediaType, Cow<'static, [u8]>)>,
}

impl Assets {
    /// What the binary carries.
    pub fn embedded() -> Self {
        let mut files = Vec::new();
        let mut add = |stem: &str, ending: &str, media: MediaType, text: Cow<'static, str>| {
            let name = format!("{stem}.{}.{ending}", digest::short(text.as_bytes()));
            let bytes = match text {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            };
            files.push((name.clone(), media, bytes));
            name
        };
        Self {
            stylesheet: add("portal", "css", MediaType::Css, stylesheet().into()),
            theme: add("theme", "js", MediaType::JavaScript, tidied(&joined(THEME)).into()),
            script: add("portal", "js", MediaType::JavaScript, tidied(&joined(SCRIPTS)).into()),
            who: add("who", "js", MediaType::JavaScript, tidied(&joined(WHO)).into()),
            icon: add("favicon", "svg", MediaType::Svg, FAVICON.into()),
            files,
        }
    }
}

/// Lists the files below `assets/`.
pub(super) fn register<'a>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    for (position, (name, media, _)) in portal.assets.files.iter().enumerate() {
        let path = Place::Asset(name).path();
        entries.push(Entry::new(path, *media, CachePolicy::Immutable, move |portal, _| {
            Ok(portal.assets.files[position].2.to_vec())
        }));
    }
}

/// The style sheets as one, squeezed, each icon in place of its address.
fn stylesheet() -> String {
    let mut sheet = squeezed(&joined(STYLES)).replace(" > ", ">");
    for (name, svg) in ICONS {
        sheet =
            sheet.replace(&format!("url(\"../icons/{name}.svg\")"), &format!("url(\"{}\")", data_url(svg)));
    }
    sheet.push('\n');
    sheet
}

fn joined(files: &[(&str, &str)]) -> String {
    let texts: Vec<&str> = files.iter().map(|(_, text)| *text).collect();
    texts.join("\n")
}

/// An icon as an address that needs no file.
fn data_url(svg: &str) -> String {
    let svg = svg.trim().replace('"', "'").replace('%', "%25").replace('#', "%23");
    format!("data:image/svg+xml,{svg}")
}

/// A style sheet without comments and needless white space.
fn squeezed(css: &str) -> String {
    let mut text = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        text.push_str(&rest[..start]);
        rest = rest[start..].split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !squeezed.is_empty()
            && !squeezed.ends_with(['{', '}', ';', ':', ','])
            && !word.starts_with(['{', '}'])
        {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    squeezed
}

/// A script without indentation, empty lines and lines that are comments.
fn tidied(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.fold(String::with_capacity(script.len()), |mut text, line| {
        text.push_str(line);
        text.push('\n');
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_lose_comments_and_white_space_only() {
        let css = "a > b { color: red; /* why */ }\n\n@media (width < 1px) , print {\n  a::before { content: \"x\" }\n}\n";
        assert_eq!(squeezed(css), "a > b{color:red;}@media (width < 1px) ,print{a::before{content:\"x\"}}");
    }

    #[test]
    fn every_icon_that_is_named_is_carried_and_every_carried_one_is_named() {
        assert!(!stylesheet().contains("../icons/"), "an icon is missing in ICONS");
        let sheets: String = STYLES.iter().map(|(_, text)| *text).collect();
        for (name, _) in ICONS {
            assert!(sheets.contains(&format!("../icons/{name}.svg")), "{name} is not used");
        }
    }

    #[test]
    fn every_file_of_the_folder_is_carried() {
        for (folder, ending, carried) in [
            ("css", ".css", STYLES.len()),
            ("js", ".js", SCRIPTS.len() + THEME.len() + WHO.len()),
            ("icons", ".svg", ICONS.len() + 1),
        ] {
            let path = format!("{}/assets/{folder}", env!("CARGO_MANIFEST_DIR"));
            let files = std::fs::read_dir(path).expect("the folder is there").filter_map(Result::ok);
            let found = files.filter(|file| file.file_name().to_string_lossy().ends_with(ending)).count();
            assert_eq!(found, carried, "assets/{folder}");
        }
    }

    #[test]
    fn names_change_with_content_and_weights_stay_in_budget() {
        let assets = Assets::embedded();
        assert!(assets.stylesheet.starts_with("portal.") && assets.stylesheet.ends_with(".css"));
        let size = |name: &str| {
            assets.files.iter().find(|(own, ..)| own == name).map_or(0, |(_, _, bytes)| bytes.len())
        };
        assert!(size(&assets.stylesheet) < 20 * 1024, "{}", size(&assets.stylesheet));
        assert!(size(&assets.script) + size(&assets.theme) < 15 * 1024, "{}", size(&assets.script));
        assert!(size(&assets.who) < 5 * 1024, "{}", size(&assets.who));
    }
}
