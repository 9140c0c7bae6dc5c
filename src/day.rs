//! The only date arithmetic of the house: calendar days, moments and lengths of time.
//!
//! The assessment date `D` of the semantics is a [`Day`]; it is read from the clock once, by the
//! command that starts a run, and handed down from there.

use std::fmt;

use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A calendar day, in the zone that the configuration names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// Parses `YYYY-MM-DD`, and nothing else: no time, no other order, no single digits.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(index, byte)| match index {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return None;
        }
        text.parse().ok().map(Self)
    }

    /// The day on which `moment` falls in `zone`.
    pub fn of(moment: Moment, zone: &Zone) -> Self {
        Self(moment.0.to_zoned(zone.0.clone()).date())
    }

    /// Days from `earlier` to this day; negative when this day comes first.
    pub fn days_since(self, earlier: Self) -> i64 {
        let span = earlier.0.until(self.0).expect("the calendar's days are countable");
        i64::from(span.get_days())
    }

    /// The day `days` later (or earlier, when negative); saturates at the ends of the calendar.
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.clamp(-4_000_000, 4_000_000).days()))
    }

    /// The day as readers see it: `21 November 2026`.
    pub fn long(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }

    /// The day as tables show it: `21 Nov 2026`.
    pub fn short(self) -> String {
        self.0.strftime("%-d %b %Y").to_string()
    }
}

impl fmt::Display for Day {
    /// `2026-11-21`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A point in time, to the second where it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Timestamp);

impl Moment {
    /// Parses an RFC 3339 time stamp with an offset or `Z`.
    pub fn parse(text: &str) -> Option<Self> {
        // The parser takes offsets of up to 25 hours; RFC 3339 has none of a day or more.
        let offset = Pieces::parse(text).ok()?.to_numeric_offset()?;
        (offset.seconds().abs() < 24 * 60 * 60).then(|| text.parse().ok().map(Self))?
    }

    /// Parses a time stamp, or a day, which means its first second in `zone`.
    pub fn parse_or_day(text: &str, zone: &Zone) -> Option<Self> {
        Self::parse(text).or_else(|| {
            let day = Day::parse(text)?;
            Some(Self(day.0.to_zoned(zone.0.clone()).ok()?.timestamp()))
        })
    }

    /// Parses the date of an HTTP header, such as `Sat, 21 Nov 2026 08:00:00 GMT`.
    pub fn parse_http(text: &str) -> Option<Self> {
        jiff::fmt::rfc2822::parse(text).ok().map(|zoned| Self(zoned.timestamp()))
    }

    /// Seconds since the Unix epoch, as git reports them.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        Timestamp::from_second(seconds).ok().map(Self)
    }

    /// Seconds since the Unix epoch.
    pub fn unix_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// The wall clock. Only `commands` may call this: everything else is told the time.
    pub fn now() -> Self {
        Self(Timestamp::now())
    }

    /// Time passed since `earlier`; nothing when `earlier` lies ahead.
    pub fn since(self, earlier: Self) -> Length {
        let seconds = self.unix_seconds() - earlier.unix_seconds();
        Length::from_seconds(u64::try_from(seconds).unwrap_or(0))
    }
}

impl fmt::Display for Moment {
    /// `2026-11-21T03:10:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%SZ"))
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no day")))
    }
}

impl serde::Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a time stamp")))
    }
}

/// The time zone that decides where a day begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Universal time, the default.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Looks a zone up by its IANA name, such as `Europe/Berlin`.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }
}

/// A length of time, in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(u64);

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;

impl Length {
    /// A length of whole seconds.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// A length of whole days.
    pub const fn from_days(days: u64) -> Self {
        Self(days * DAY)
    }

    /// The length in seconds.
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// The length in whole days, rounded down.
    pub const fn days(self) -> u64 {
        self.0 / DAY
    }

    /// Parses `30s`, `15m`, `4h`, `7d`, `2w`, or several of them from large to small: `1h30m`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let mut total: u64 = 0;
        let mut smallest = u64::MAX;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let count: u64 = rest[..digits].parse().ok()?;
            let unit = match rest.as_bytes()[digits] {
                b's' => 1,
                b'm' => MINUTE,
                b'h' => HOUR,
                b'd' => DAY,
                b'w' => WEEK,
                _ => return None,
            };
            if unit >= smallest {
                return None;
            }
            smallest = unit;
            total = total.checked_add(count.checked_mul(unit)?)?;
            rest = &rest[digits + 1..];
        }
        (smallest != u64::MAX).then_some(Self(total))
    }

    /// Parses a cadence: `daily`, `weekly`, `monthly` (30 days), `quarterly` (91 days), `yearly`
    /// (365 days), or a length as [`Length::parse`] reads it.
    pub fn parse_cadence(text: &str) -> Option<Self> {
        match text {
            "daily" => Some(Self::from_days(1)),
            "weekly" => Some(Self::from_days(7)),
            "monthly" => Some(Self::from_days(30)),
            "quarterly" => Some(Self::from_days(91)),
            "yearly" => Some(Self::from_days(365)),
            _ => Self::parse(text),
        }
    }
}

impl fmt::Display for Length {
    /// The shortest form that [`Length::parse`] reads back: `1h30m`, `7d`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (unit, letter) in [(DAY, 'd'), (HOUR, 'h'), (MINUTE, 'm'), (1, 's')] {
            if rest >= unit {
                write!(f, "{}{letter}", rest / unit)?;
                rest %= unit;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    #[test]
    fn a_day_is_read_only_in_its_exact_form() {
        assert_eq!(day("2026-11-21").to_string(), "2026-11-21");
        for wrong in ["2026-1-1", "21.11.2026", "2026-02-29", "2026-11-21T00:00:00Z", "+026-11-21", ""] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_are_counted_over_leap_days_and_years() {
        assert_eq!(day("2028-03-01").days_since(day("2028-02-28")), 2);
        assert_eq!(day("2026-11-21").days_since(day("2026-08-31")), 82);
        assert_eq!(day("2026-08-31").days_since(day("2026-11-21")), -82);
        assert_eq!(day("2026-12-31").plus_days(1), day("2027-01-01"));
    }

    #[test]
    fn a_moment_falls_on_the_day_of_its_zone() {
        let moment = Moment::parse("2026-11-20T23:30:00Z").expect("a moment");
        assert_eq!(Day::of(moment, &Zone::utc()), day("2026-11-20"));
        assert_eq!(Day::of(moment, &Zone::named("Europe/Berlin").expect("a zone")), day("2026-11-21"));
    }

    #[test]
    fn lengths_are_read_from_large_to_small_and_printed_shortest() {
        assert_eq!(Length::parse("1h30m"), Some(Length(5400)));
        assert_eq!(Length::parse("2w"), Some(Length::from_days(14)));
        for wrong in ["", "4", "h", "30m1h", "4 h", "1.5h", "99999999999999999999d", "1h1h"] {
            assert_eq!(Length::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Length(90_000).to_string(), "1d1h");
        assert_eq!(Length(0).to_string(), "0s");
    }

    #[test]
    fn cadences_have_names() {
        assert_eq!(Length::parse_cadence("weekly"), Some(Length::from_days(7)));
        assert_eq!(Length::parse_cadence("45d"), Some(Length::from_days(45)));
        assert_eq!(Length::parse_cadence("often"), None);
    }
}
