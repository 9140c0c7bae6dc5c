//! Tests of where credentials stand in what people write.

use super::super::removed;
use super::{BASE62, HEXADECIMAL, base62, random};

/// Where people write a password, around the place of it.
const SHAPES: &[(&str, &str)] = &[
    ("password: ", ""),
    ("password = ", " # the new one"),
    ("**Password**: ", ""),
    ("**Password:** ", ""),
    ("**Password:** `", "`, ask for another"),
    ("Passwort: ", "."),
    ("(password: ", ")"),
    ("{\"password\" : \"", "\", \"user\": \"x\"}"),
    ("DB_PASS=", ""),
    ("pass: ", ""),
    ("dbPass: ", ""),
    ("password          =          ", ""),
    ("password:\n  ", "\nuser: x"),
    ("password: >-\n  ", "\nuser: x"),
    ("- name: DB_PASSWORD\n  value: ", ""),
    ("- name: DB_PASSWORD\n  value: \"", "\""),
    ("{\"Name\": \"DB_PASSWORD\", \"Value\": \"", "\"}"),
    ("| password | ", " |"),
    ("| user | x |\n| the DB password | `", "` |"),
    ("<password>", "</password>"),
    ("<add key=\"DbPassword\" value=\"", "\" />"),
    ("$password = \"", "\""),
    ("$db_password = '", "';"),
    ("password = \"\"\"", "\"\"\""),
    ("set(\"password\", \"", "\")"),
    ("--password ", " --host h"),
    ("--db-password=", " --host h"),
    ("machine h login x password ", ""),
    ("curl -s -u svc:", " https://h/x"),
    ("curl --user 'svc:", "' https://h/x"),
    ("Server=h;Password=", ";Database=quote"),
    ("jdbc:mysql://h/db?user=x&password=", "&useSSL=true"),
    ("postgres://quote:", "@db.internal:5432/quote"),
];

#[test]
fn a_password_is_taken_out_whole_wherever_people_write_it() {
    let plain = base62(18);
    for (before, after) in SHAPES {
        let clean = removed(&format!("# x\n{before}{plain}{after}\nend")).into_owned();
        let kind = if before.contains("://quote") { "url-password" } else { "password" };
        assert_eq!(clean, format!("# x\n{before}(secret-removed:{kind}){after}\nend"));
    }
    // What is no letter and no digit ends no password.
    for value in [
        "ehGAk7q?FAc9Qe",
        "Y40uvSw;LZDe1f",
        "SQedU7q:R0CsTy",
        "dJjPZ6zf9@KN7x",
        "lSXpf7q$4vUCsM",
        "lS(pf7q[4v{CsM",
    ] {
        for (before, after) in
            [("password: ", ""), ("password: \"", "\""), ("<password>", "</password>"), ("DB_PASSWORD=", "")]
        {
            let clean = removed(&format!("{before}{value}{after}\n")).into_owned();
            assert_eq!(clean, format!("{before}(secret-removed:password){after}\n"), "{value}");
        }
    }
    for value in ["a@b9xKq", "wskHk7eg9/yFWZY9Zm", "ZxPmz$x9xDX:kia"] {
        let clean = removed(&format!("see postgres://quote:{value}@db.internal/quote")).into_owned();
        assert_eq!(clean, "see postgres://quote:(secret-removed:url-password)@db.internal/quote", "{value}");
    }
    let marked = "https://(secret-removed:url-password)@h (secret-removed:token): k3Jx92LmQ0pTzz12 (secret-removed:token)k3Jx92LmQ0pTzz12";
    assert_eq!(removed(marked), marked, "a mark is no name");
    let words = removed("password: \"Zebra9Quilt 7h21 end\"").into_owned();
    assert_eq!(words, "password: \"(secret-removed:password)\"");
}

#[test]
fn hardly_any_random_value_is_taken_for_a_word() {
    let missed = |name: &str, length: usize, alphabet: &str| {
        let of = |seed: &usize| {
            removed(&format!("{name}: {}", random(length, alphabet, *seed))).contains("secret-removed")
        };
        (0..500).filter(|seed| !of(seed)).count()
    };
    assert!(missed("api_key", 32, HEXADECIMAL) <= 1);
    assert!(missed("api_key", 16, HEXADECIMAL) <= 10);
    assert!(missed("api_key", 40, BASE62) <= 1);
    // Without a digit, or with one at the end, eight characters may be a name.
    let unlike_a_name = |seed: &usize| {
        let value = random(8, BASE62, *seed);
        value.trim_end_matches(|c: char| c.is_ascii_digit()).contains(|c: char| c.is_ascii_digit())
    };
    let left = (0..500).filter(unlike_a_name).filter(|seed| {
        let text = format!("password: {}", random(8, BASE62, *seed));
        removed(&text) == text
    });
    assert!(left.count() <= 5);
}
