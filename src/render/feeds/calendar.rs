//! Calendars as RFC 5545 wants them: whole days, lines of at most 75 octets that end in CRLF, texts that
//! cannot end their line.

use std::fmt::Write as _;

use crate::day::Day;
use crate::render::agenda::one_line;
use crate::render::links::Href;

/// Most octets of a line, its end not counted.
const LONGEST_LINE: usize = 75;

/// Longest text of an event, in characters.
const LONGEST_TEXT: usize = 2_000;

/// One event that lasts a day.
#[derive(Debug)]
pub(super) struct Event {
    /// Stays the same when the event moves.
    pub(super) uid: String,
    /// The day.
    pub(super) day: Day,
    /// What it is, in a line.
    pub(super) summary: String,
    /// Details, one line each.
    pub(super) details: Vec<String>,
    /// Where to read more.
    pub(super) address: Option<Href>,
    /// Days before on which to remind.
    pub(super) reminders: Vec<i64>,
}

/// A calendar under construction.
#[derive(Debug)]
pub(super) struct Calendar {
    text: String,
    stamp: Day,
    is_empty: bool,
}

impl Calendar {
    /// A calendar called `name`, as it is on the day `stamp`.
    pub(super) fn new(name: &str, stamp: Day) -> Self {
        let mut calendar = Self { text: String::new(), stamp, is_empty: true };
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Milepost//Exceptions//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "REFRESH-INTERVAL;VALUE=DURATION:P1D",
            "X-PUBLISHED-TTL:P1D",
        ] {
            calendar.line(line);
        }
        // The second is what calendars read that are older than RFC 7986.
        for key in ["NAME", "X-WR-CALNAME"] {
            calendar.line(&format!("{key}:{}", escaped(&one_line(name, LONGEST_TEXT))));
        }
        calendar
    }

    /// Adds an event.
    pub(super) fn add(&mut self, event: &Event) {
        self.is_empty = false;
        let summary = escaped(&one_line(&event.summary, LONGEST_TEXT));
        let details: Vec<String> =
            event.details.iter().map(|line| escaped(&one_line(line, LONGEST_TEXT))).collect();
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}", event.uid));
        self.line(&format!("DTSTAMP:{}T000000Z", basic(self.stamp)));
        self.line(&format!("DTSTART;VALUE=DATE:{}", basic(event.day)));
        self.line(&format!("DTEND;VALUE=DATE:{}", basic(event.day.plus_days(1))));
        self.line(&format!("SUMMARY:{summary}"));
        if !details.is_empty() {
            self.line(&format!("DESCRIPTION:{}", details.join("\\n")));
        }
        if let Some(address) = &event.address {
            self.line(&format!("URL:{address}"));
        }
        self.line("TRANSP:TRANSPARENT");
        for before in &event.reminders {
            self.line("BEGIN:VALARM");
            self.line("ACTION:DISPLAY");
            self.line(&format!("TRIGGER:{}", trigger(*before)));
            self.line(&format!("DESCRIPTION:{summary}"));
            self.line("END:VALARM");
        }
        self.line("END:VEVENT");
    }

    /// The text of the calendar.
    pub(super) fn finish(mut self) -> String {
        if self.is_empty {
            // A calendar must hold something, and its address must stay while nothing is due.
            for line in [
                "BEGIN:VTIMEZONE",
                "TZID:UTC",
                "BEGIN:STANDARD",
                "DTSTART:19700101T000000",
                "TZOFFSETFROM:+0000",
                "TZOFFSETTO:+0000",
                "END:STANDARD",
                "END:VTIMEZONE",
            ] {
                self.line(line);
            }
        }
        self.line("END:VCALENDAR");
        self.text
    }

    /// Adds a line, folded between characters.
    fn line(&mut self, line: &str) {
        let mut octets = 0;
        for c in line.chars() {
            if octets + c.len_utf8() > LONGEST_LINE {
                self.text.push_str("\r\n ");
                octets = 1;
            }
            self.text.push(c);
            octets += c.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

/// `20261121`.
fn basic(day: Day) -> String {
    day.to_string().replace('-', "")
}

/// Nine in the morning, so many days before the day begins at midnight.
fn trigger(days: i64) -> String {
    let mut text = String::new();
    let _ = match days {
        0 => write!(text, "PT9H"),
        1 => write!(text, "-PT15H"),
        _ => write!(text, "-P{}DT15H", days - 1),
    };
    text
}

/// `text`, which is one line, so that nothing in it ends a value.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | ';' | ',') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(summary: &str) -> String {
        let day = Day::parse("2026-11-21").expect("a day");
        let mut calendar = Calendar::new("Trial", day);
        calendar.add(&Event {
            uid: "a@b".into(),
            day: Day::parse("2026-12-31").expect("a day"),
            summary: summary.into(),
            details: vec!["one".into(), "two".into()],
            address: None,
            reminders: vec![30, 1, 0],
        });
        calendar.finish()
    }

    #[test]
    fn lines_are_folded_between_characters_at_75_octets() {
        for summary in ["x".repeat(300), "ü€😀".repeat(60), format!("{}é", "x".repeat(66))] {
            let text = calendar(&summary);
            for line in text.split("\r\n") {
                assert!(line.len() <= 75, "{line}");
            }
            assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{summary}\r\n")));
        }
    }

    #[test]
    fn an_event_lasts_its_day_and_reminds_at_nine() {
        let text = calendar("x");
        assert!(text.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"), "{text}");
        assert!(text.contains("DTSTAMP:20261121T000000Z"));
        for trigger in ["TRIGGER:-P29DT15H\r\n", "TRIGGER:-PT15H\r\n", "TRIGGER:PT9H\r\n"] {
            assert!(text.contains(trigger), "{trigger} in {text}");
        }
        assert!(text.contains("DESCRIPTION:one\\ntwo\r\n"), "{text}");
    }

    #[test]
    fn no_text_ends_its_line_or_its_value() {
        let text = calendar("a\r\nEND:VEVENT\u{2028}b\u{85}c\nX-EVIL:1;2,3\\n");
        assert!(text.contains("SUMMARY:a END:VEVENT b c X-EVIL:1\\;2\\,3\\\\n\r\n"), "{text}");
        assert_eq!(text.matches("END:VEVENT\r\n").count(), 1);
        assert!(text.split("\r\n").all(|line| !line.contains(['\r', '\n'])));
    }

    #[test]
    fn an_empty_calendar_still_holds_a_component() {
        let text = Calendar::new("Trial", Day::parse("2026-11-21").expect("a day")).finish();
        assert!(text.contains("BEGIN:VTIMEZONE"));
        assert!(text.ends_with("END:VTIMEZONE\r\nEND:VCALENDAR\r\n"));
    }
}
