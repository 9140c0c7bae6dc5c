//! What an answer of GitHub means for the next question: that it is good, that it must be asked again, that a
//! limit must be waited for, or that asking again is no use.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::day::Moment;

/// The least that is waited for a limit that does not say how long.
const SILENT_LIMIT: Duration = Duration::from_secs(60);

/// The longest that a limit lasts: limits are counted by the hour.
const LONGEST_LIMIT: Duration = Duration::from_secs(3700);

/// What an answer means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It can be used; so many points were paid for it.
    Good(u64),
    /// It is damaged, or the server had trouble.
    Again(String),
    /// It was too much for one question.
    TooMuch(String),
    /// So long nothing will be answered.
    Limit(Duration, String),
    /// Nothing will be answered at all.
    Closed(String),
}

/// The part of an answer to GraphQL that says how it went.
#[derive(Deserialize)]
struct Outline {
    #[serde(default)]
    data: Option<OutlineData>,
    #[serde(default)]
    errors: Vec<OutlineError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OutlineData {
    rate_limit: Option<Cost>,
}

#[derive(Deserialize)]
struct Cost {
    cost: u64,
}

#[derive(Deserialize)]
struct OutlineError {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    message: String,
}

/// What the answer means that came after `limits` others that spoke of a limit. `now` is the time on our
/// wall in seconds since 1970, which counts when the server does not say what time it has.
pub(super) fn judge(status: StatusCode, headers: &HeaderMap, body: &[u8], limits: u32, now: i64) -> Verdict {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_json = text("content-type").is_some_and(|kind| kind.contains("json") && !kind.contains("raw"));
    if status.is_server_error() {
        return Verdict::Again(format!("it answered with {}", status.as_u16()));
    }
    if status == StatusCode::UNAUTHORIZED {
        return Verdict::Closed("it does not accept our credentials (401)".to_owned());
    }
    if matches!(status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) {
        let spent = text("x-ratelimit-remaining") == Some("0");
        let said = String::from_utf8_lossy(&body[..body.len().min(4096)]).to_ascii_lowercase();
        let is_limit = spent
            || status == StatusCode::TOO_MANY_REQUESTS
            || text("retry-after").is_some()
            || said.contains("rate limit")
            || said.contains("abuse detection");
        if is_limit {
            return Verdict::Limit(pause(headers, spent, limits, now), "its limit is reached".to_owned());
        }
        return Verdict::Good(0);
    }
    if !is_json {
        // Whatever is no error and no JSON was asked for as it is.
        let is_raw =
            text("content-type").is_some_and(|kind| kind.contains("raw") || kind.contains("octet-stream"));
        return match status.is_success() && !is_raw {
            true => Verdict::Again("it answered with something else than JSON".to_owned()),
            false => Verdict::Good(0),
        };
    }
    match serde_json::from_slice::<Outline>(body) {
        Ok(outline) => outline.verdict(headers, limits, now),
        // A list, as REST may answer, is whole when it ends.
        Err(_) if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok() => Verdict::Good(0),
        Err(_) => Verdict::Again("its answer broke off".to_owned()),
    }
}

impl Outline {
    fn verdict(&self, headers: &HeaderMap, limits: u32, now: i64) -> Verdict {
        let has = |kind: &str| self.errors.iter().any(|error| error.kind.eq_ignore_ascii_case(kind));
        let says = |words: &str| self.errors.iter().any(|error| error.message.contains(words));
        if has("RATE_LIMITED") {
            return Verdict::Limit(pause(headers, true, limits, now), "its limit is reached".to_owned());
        }
        if says("secondary rate limit") {
            return Verdict::Limit(
                pause(headers, false, limits, now),
                "its second limit is reached".to_owned(),
            );
        }
        if has("RESOURCE_LIMITS_EXCEEDED") || has("MAX_NODE_LIMIT_EXCEEDED") {
            return Verdict::TooMuch("the question was too much for it".to_owned());
        }
        if self.data.is_none() && says("Something went wrong while executing your query") {
            return Verdict::Again("it gave up on the question".to_owned());
        }
        Verdict::Good(
            self.data.as_ref().and_then(|data| data.rate_limit.as_ref()).map_or(0, |cost| cost.cost),
        )
    }
}

/// How long a limit is waited for: as long as it says, else until the hour is over when its questions are
/// spent, else a minute, and twice as long each time.
fn pause(headers: &HeaderMap, spent: bool, limits: u32, now: i64) -> Duration {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    if let Some(seconds) = number("retry-after") {
        return Duration::from_secs(seconds.max(1)).min(LONGEST_LIMIT);
    }
    if spent && let Some(reset) = number("x-ratelimit-reset") {
        return until(headers, reset, now);
    }
    (SILENT_LIMIT * 2u32.saturating_pow(limits.min(6))).min(LONGEST_LIMIT)
}

/// How long to wait when hardly any questions are left: until they are counted anew.
pub(super) fn nearly_spent(headers: &HeaderMap, now: i64) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let (remaining, limit) = (number("x-ratelimit-remaining")?, number("x-ratelimit-limit")?);
    // Others ask with the same credentials: a twentieth is theirs.
    (remaining.saturating_mul(20) < limit)
        .then(|| until(headers, number("x-ratelimit-reset").unwrap_or(0), now))
}

/// The time until `reset`, by the clock of the server where it shows it.
fn until(headers: &HeaderMap, reset: u64, now: i64) -> Duration {
    let date = headers.get("date").and_then(|date| date.to_str().ok());
    let now = date.and_then(Moment::parse_http).map_or(now, Moment::unix_seconds);
    let seconds = i64::try_from(reset).unwrap_or(i64::MAX).saturating_sub(now).max(0);
    Duration::from_secs(seconds.unsigned_abs().saturating_add(1)).min(LONGEST_LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/json; charset=utf-8".parse().expect("a value"));
        for (name, value) in pairs {
            headers.insert(*name, value.parse().expect("a value"));
        }
        headers
    }

    fn wait(status: u16, pairs: &[(&'static str, &str)], body: &str, limits: u32) -> u64 {
        let status = StatusCode::from_u16(status).expect("a status");
        match judge(status, &headers(pairs), body.as_bytes(), limits, 1_000) {
            Verdict::Limit(wait, _) => wait.as_secs(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn limits_are_waited_for_as_they_say() {
        let secondary = r#"{"message":"You have exceeded a secondary rate limit."}"#;
        assert_eq!(wait(429, &[("retry-after", "7")], "{}", 0), 7);
        assert_eq!(wait(403, &[("retry-after", "7")], secondary, 3), 7);
        assert_eq!(wait(403, &[], secondary, 0), 60);
        assert_eq!(wait(403, &[], secondary, 2), 240);
        assert_eq!(wait(429, &[], "<html>", 40), 3700);
        let spent = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1200")];
        assert_eq!(wait(403, &spent, "{}", 0), 201);
        let dated = [spent[0], spent[1], ("date", "Thu, 01 Jan 1970 00:19:00 GMT")];
        assert_eq!(wait(403, &dated, "{}", 0), 61, "the clock of the server counts");
        assert_eq!(wait(200, &spent, r#"{"errors":[{"type":"RATE_LIMITED","message":""}]}"#, 0), 201);
    }

    #[test]
    fn what_is_damaged_is_asked_again_and_what_is_refused_is_not() {
        let verdict = |status: u16, pairs: &[(&'static str, &str)], body: &str| {
            judge(StatusCode::from_u16(status).expect("a status"), &headers(pairs), body.as_bytes(), 0, 0)
        };
        for (status, body) in [(500, "{}"), (502, "<html>"), (200, r#"{"data":{"a":"#), (200, "")] {
            assert!(matches!(verdict(status, &[], body), Verdict::Again(_)), "{status} {body}");
        }
        let page = [("content-type", "text/html")];
        assert!(matches!(verdict(200, &page, "<html>"), Verdict::Again(_)));
        assert!(matches!(verdict(401, &[], "{}"), Verdict::Closed(_)));
        assert_eq!(verdict(404, &[], "{}"), Verdict::Good(0));
        assert_eq!(verdict(403, &[], r#"{"message":"Resource protected by SAML"}"#), Verdict::Good(0));
        assert_eq!(verdict(200, &[], r#"{"data":{"rateLimit":{"cost":3}}}"#), Verdict::Good(3));
        assert_eq!(verdict(200, &[], "[1]"), Verdict::Good(0));
        let gave_up =
            r#"{"data":null,"errors":[{"message":"Something went wrong while executing your query."}]}"#;
        assert!(matches!(verdict(200, &[], gave_up), Verdict::Again(_)));
    }

    #[test]
    fn the_last_twentieth_is_left_to_others() {
        let left = |remaining: &str| {
            let pairs = [
                ("x-ratelimit-limit", "5000"),
                ("x-ratelimit-remaining", remaining),
                ("x-ratelimit-reset", "90"),
            ];
            nearly_spent(&headers(&pairs), 30).map(|wait| wait.as_secs())
        };
        assert_eq!((left("250"), left("249")), (None, Some(61)));
        assert_eq!(nearly_spent(&headers(&[]), 30), None);
    }
}
