//! Values that are not what their key asks for.

use super::codes;

codes! {
    WRONG_TYPE = "wrong-type", Error, "a value has the wrong form",
        "The key expects another form: a single value, a list or a mapping. The value is not used.";
    UNKNOWN_KEY = "unknown-key", Warning, "a key is not known",
        "The key is not part of this record, so nothing reads it. Usually a slip of the finger. Keys that begin with `x-` and those under `labels` are free.";
    NOT_A_BOOLEAN = "not-a-boolean", Error, "a value is not true or false",
        "YAML 1.2 knows only `true` and `false`. `yes`, `no`, `on` and `off` are text, which other tools read as a boolean: the file would mean two things.";
    NOT_A_NUMBER = "not-a-number", Error, "a value is not a number",
        "Write a plain number, without a unit unless the field says so.";
    NOT_A_DATE = "not-a-date", Error, "a value is not a date",
        "Dates are written year-month-day: `2026-11-21`. Any other order means one day to some readers and \
     another day to others, so it is not guessed.";
    NOT_A_DURATION = "not-a-duration", Error, "a value is not a length of time",
        "Write a number and a unit, from large to small: `30s`, `15m`, `4h`, `7d`, `2w`, `1h30m`. Cadences may be `daily`, `weekly`, `monthly`, `quarterly` or `yearly`.";
    UNKNOWN_WORD = "unknown-word", Error, "a value is not one of the known words",
        "The field takes one of a closed list of words. The message names the nearest one.";
    INVALID_ID = "invalid-id", Error, "an id breaks the grammar of ids",
        "Ids are made of lower-case letters, digits and single inner `-`, `.` or `_`, at most 63 characters, so that they fit addresses, tags and file names.";
    UNQUOTED_ACCOUNT = "unquoted-account", Error, "an account id is not quoted",
        "Some tools read twelve digits that begin with 0 as a number and lose the zero. Quote every account id.";
    INVALID_ACCOUNT = "invalid-account", Error, "a value is not an account id",
        "An AWS account id has twelve digits. Quote it, so that a leading zero stays.";
    UNQUOTED_TEXT = "unquoted-text", Warning, "a text without quotes is something else to other tools",
        "Tools that follow YAML 1.1 read `no`, `on` and `yes` as booleans and `007` as a number. The value is used as text here; in quotes it is text everywhere.";
}
