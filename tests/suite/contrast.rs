//! Colours: the contrast of every pair in use, computed from the tokens themselves (WCAG 2.2, 1.4.3 and
//! 1.4.11), in both themes.

use std::collections::BTreeMap;
use std::fs;

/// Red, green and blue, each from 0 to 255.
type Colour = [u8; 3];

/// A token with its colour in the light and in the dark theme.
type Tokens = BTreeMap<String, [Colour; 2]>;

const THEMES: [&str; 2] = ["light", "dark"];
const STATUS: [&str; 6] = ["good", "warn", "bad", "note", "exempt", "quiet"];

fn tokens() -> Tokens {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/css/tokens.css");
    let text = fs::read_to_string(path).expect("the tokens are there");
    text.lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
            let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
            Some((name.to_owned(), [colour(light)?, colour(dark)?]))
        })
        .collect()
}

fn colour(text: &str) -> Option<Colour> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// Relative luminance, as WCAG 2.2 defines it.
fn luminance(colour: Colour) -> f64 {
    let linear = |part: u8| {
        let share = f64::from(part) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Fails when `above` on `below` has less contrast than `least` in one of the themes.
fn demand(tokens: &Tokens, above: &str, below: &str, least: f64) {
    for (theme, name) in THEMES.iter().enumerate() {
        let of = |token: &str| tokens.get(token).unwrap_or_else(|| panic!("no token --{token}"))[theme];
        let found = contrast(of(above), of(below));
        // The design states its figures rounded to one decimal.
        assert!(
            found >= least - 0.05,
            "--{above} on --{below} in the {name} theme: {found:.2}, wanted {least}"
        );
    }
}

#[test]
fn the_measure_is_that_of_the_standard() {
    assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 0.001);
    assert!((contrast([0x77, 0x77, 0x77], [255, 255, 255]) - 4.48).abs() < 0.01);
}

#[test]
fn text_can_be_read_on_every_ground() {
    let tokens = tokens();
    for ground in ["canvas", "surface"] {
        demand(&tokens, "ink", ground, 14.3);
        demand(&tokens, "muted", ground, 6.3);
        demand(&tokens, "link", ground, 7.3);
        demand(&tokens, "visited", ground, 4.5);
    }
    for status in STATUS {
        demand(&tokens, &format!("{status}-ink"), &format!("{status}-tint"), 7.9);
    }
}

#[test]
fn marks_borders_and_focus_can_be_seen_on_every_ground() {
    let tokens = tokens();
    for ground in ["canvas", "surface"] {
        demand(&tokens, "line-strong", ground, 3.4);
        demand(&tokens, "focus", ground, 3.0);
        for status in STATUS {
            demand(&tokens, &format!("{status}-mark"), ground, 3.4);
        }
    }
    for status in STATUS {
        demand(&tokens, &format!("{status}-mark"), &format!("{status}-tint"), 3.4);
    }
}
