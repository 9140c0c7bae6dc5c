//! Long lists, cut into pages of bounded weight: by number, by first letter, by facet. Every page has
//! its own address, so that a list of ten thousand rows works without scripts.

use serde::Serialize;

use super::links::Href;

/// Rows on one page of a list.
pub const ROWS: usize = 100;

/// What the rows of a listing have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// They are all there is.
    Everything,
    /// Their names begin with this letter.
    Letter(Letter),
    /// A word that all of them have, such as a tier.
    Facet(&'static str),
}

/// The first letter of a name; names that begin with none stand together, after the letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letter {
    /// `A` to `Z`.
    Latin(char),
    /// A digit, or a letter of another script.
    Other,
}

impl Letter {
    /// Every letter in order.
    pub fn all() -> impl Iterator<Item = Self> {
        ('A'..='Z').map(Self::Latin).chain([Self::Other])
    }

    /// The letter that `name` begins with.
    pub fn of(name: &str) -> Self {
        match name.trim_start().chars().next().map(|first| first.to_ascii_uppercase()) {
            Some(first) if first.is_ascii_uppercase() => Self::Latin(first),
            _ => Self::Other,
        }
    }

    /// What the strip shows.
    pub fn text(self) -> String {
        match self {
            Self::Latin(letter) => letter.to_string(),
            Self::Other => "0–9".to_owned(),
        }
    }

    fn part(self) -> String {
        match self {
            Self::Latin(letter) => letter.to_ascii_lowercase().to_string(),
            Self::Other => "0-9".to_owned(),
        }
    }
}

/// A list of rows that is shown as a whole, on as many pages as it needs.
#[derive(Clone, Debug)]
pub struct Listing {
    /// What they have in common.
    pub share: Share,
    /// Positions of the rows, in the order in which they are shown.
    pub rows: Vec<u32>,
}

impl Listing {
    /// How many pages it needs; an empty list still has one.
    pub fn pages(&self) -> usize {
        self.rows.len().div_ceil(ROWS).max(1)
    }

    /// The rows of page `number`, counted from 1.
    pub fn page(&self, number: usize) -> &[u32] {
        let start = (number - 1) * ROWS;
        &self.rows[start.min(self.rows.len())..(start + ROWS).min(self.rows.len())]
    }

    /// The part of the address of page `number`; none for the first page of everything.
    pub fn part(&self, number: usize) -> Option<String> {
        let stem = match &self.share {
            Share::Everything if number == 1 => return None,
            Share::Everything => return Some(number.to_string()),
            Share::Letter(letter) => letter.part(),
            Share::Facet(word) => (*word).to_owned(),
        };
        Some(if number == 1 { stem } else { format!("{stem}-{number}") })
    }
}

/// `101 to 200 of 250 teams`, or all of them; `all` says how many there are, with their noun.
pub fn caption_range(listing: &Listing, number: usize, all: &str) -> String {
    if listing.pages() == 1 {
        return all.to_owned();
    }
    let start = (number - 1) * ROWS + 1;
    format!("{start} to {} of {all}", start + listing.page(number).len() - 1)
}

/// `rows` as a whole and by first letter of their names; `name` gives the name of a row.
pub fn by_letter<'n>(rows: Vec<u32>, name: impl Fn(u32) -> &'n str) -> Vec<Listing> {
    let mut letters: Vec<(Letter, Vec<u32>)> = Letter::all().map(|letter| (letter, Vec::new())).collect();
    for &row in &rows {
        let letter = Letter::of(name(row));
        if let Some((_, rows)) = letters.iter_mut().find(|(own, _)| *own == letter) {
            rows.push(row);
        }
    }
    let letters = letters
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(letter, rows)| Listing { share: Share::Letter(letter), rows });
    [Listing { share: Share::Everything, rows }].into_iter().chain(letters).collect()
}

/// One entry of the A–Z strip, or of the links to the pages of a list. Without an address it is a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What it shows.
    pub text: String,
    /// Where it leads.
    pub href: Option<Href>,
    /// Whether it is the page that holds it.
    pub current: bool,
}

/// The A–Z strip: letters that have rows lead somewhere.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Strip(Vec<Step>);

impl Strip {
    /// The strip of `listings` on the page that shows `shown`.
    pub fn new(listings: &[Listing], shown: &Share, href: impl Fn(&Listing) -> Href) -> Self {
        let find = |letter: Letter| listings.iter().find(|listing| listing.share == Share::Letter(letter));
        let step = |letter: Letter| Step {
            text: letter.text(),
            href: find(letter).map(&href),
            current: *shown == Share::Letter(letter),
        };
        let needed = |letter: &Letter| *letter != Letter::Other || find(*letter).is_some();
        Self(Letter::all().filter(needed).map(step).collect())
    }
}

/// Links to the pages of a list: the first, the last, and those around the one that is shown.
pub fn steps(pages: usize, shown: usize, href: impl Fn(usize) -> Href) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut last = 0;
    for page in 1..=pages {
        if page != 1 && page != pages && page.abs_diff(shown) > 2 {
            continue;
        }
        if page > last + 1 {
            steps.push(Step { text: "…".to_owned(), href: None, current: false });
        }
        steps.push(Step { text: page.to_string(), href: Some(href(page)), current: page == shown });
        last = page;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pages: usize, shown: usize) -> String {
        let steps = steps(pages, shown, |page| Href::anchor(&page.to_string()));
        let text = |step: Step| if step.current { format!("[{}]", step.text) } else { step.text };
        steps.into_iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn long_lists_link_to_their_ends_and_to_what_is_near() {
        assert_eq!(texts(1, 1), "[1]");
        assert_eq!(texts(4, 2), "1 [2] 3 4");
        assert_eq!(texts(100, 1), "[1] 2 3 … 100");
        assert_eq!(texts(100, 50), "1 … 48 49 [50] 51 52 … 100");
        assert_eq!(texts(100, 97), "1 … 95 96 [97] 98 99 100");
    }

    #[test]
    fn rows_are_found_under_their_letter_and_in_the_whole() {
        let names = ["alpha", "Beta", "bravo", "3-way", "éclair"];
        let listings = by_letter((0..5).collect(), |row| names[row as usize]);
        let found: Vec<_> = listings.iter().map(|listing| (listing.part(1), listing.rows.clone())).collect();
        assert_eq!(
            found,
            [
                (None, vec![0, 1, 2, 3, 4]),
                (Some("a".to_owned()), vec![0]),
                (Some("b".to_owned()), vec![1, 2]),
                (Some("0-9".to_owned()), vec![3, 4]),
            ]
        );
    }

    #[test]
    fn every_row_is_on_exactly_one_page() {
        for count in [0, 1, 99, 100, 101, 250] {
            let listing = Listing { share: Share::Everything, rows: (0..count).collect() };
            let shown: Vec<u32> =
                (1..=listing.pages()).flat_map(|page| listing.page(page).to_vec()).collect();
            assert_eq!(shown, listing.rows, "{count}");
        }
        let listing = Listing { share: Share::Letter(Letter::Latin('C')), rows: (0..250).collect() };
        assert_eq!(listing.part(3).as_deref(), Some("c-3"));
    }

    #[test]
    fn captions_say_which_rows_are_shown() {
        let listing = |count| Listing { share: Share::Everything, rows: (0..count).collect() };
        assert_eq!(caption_range(&listing(7), 1, "7 teams"), "7 teams");
        assert_eq!(caption_range(&listing(250), 3, "250 teams"), "201 to 250 of 250 teams");
    }

    #[test]
    fn the_strip_shows_letters_that_have_nothing_too() {
        let listings = by_letter(vec![0], |_| "beta");
        let Strip(strip) = Strip::new(&listings, &Share::Letter(Letter::Latin('B')), |_| Href::anchor("b"));
        assert_eq!(strip.len(), 26);
        assert_eq!((strip[0].href.is_some(), strip[1].href.is_some(), strip[1].current), (false, true, true));
    }
}
