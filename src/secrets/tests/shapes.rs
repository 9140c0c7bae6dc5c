//! Tests of where credentials stand in what people write.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::super::removed;
use super::{BASE62, BASE64, HEXADECIMAL, base62, random};

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
fn tokens_and_keys_are_taken_out_wherever_people_write_them() {
    let private = "PRIVATE KEY-----";
    let short: Vec<String> = (0..4).map(|seed| random(32, BASE64, seed)).collect();
    let pem = format!("-----BEGIN {private}\n{}\n-----END {private}", short.join("\n"));
    let long = format!("-----BEGIN RSA {private}\n{}\n-----END RSA {private}\n", random(64, BASE64, 2));
    let sealed = BASE64_STANDARD.encode(long);
    let slash = format!("/{}//{}", random(18, BASE64, 3), random(19, BASE64, 4));
    for (kind, before, value, after) in [
        ("authorization", "Authorization: Bearer ", base62(40), ""),
        ("authorization", "-H \"Authorization: token ", random(40, HEXADECIMAL, 1), "\""),
        ("authorization", "\"authorization\": \"Basic ", base62(24), "\""),
        ("url-password", "https://", base62(40), "@github.com/x"),
        ("aws-secret-key", "id AKIAQ2W3E4R5T6Y7U5I7\nkey ", random(40, BASE64, 7), ""),
        ("token", "aws_secret_access_key = ", format!("/{}", random(39, BASE64, 9)), ""),
        ("token", "client_secret: ", slash, ""),
        ("token", "session_secret: ", random(16, HEXADECIMAL, 6), ""),
        ("private-key", "key: ", sealed, "\nuser: x"),
        ("private-key", "Private-Lines: 1\n", random(64, BASE64, 4), "\nPrivate-MAC: 00"),
        (
            "azure-signature",
            "https://a.blob.core.windows.net/c?sv=2022&sig=",
            format!("{}%3D", base62(43)),
            "",
        ),
        ("atlassian-token", "use ", format!("ATATT3xFfGF0{}", base62(180)), ""),
        ("docker-token", "use ", format!("dckr_pat_{}", base62(27)), ""),
        ("hugging-face-token", "use ", format!("hf_{}", base62(34)), ""),
        ("terraform-token", "use ", format!("{}.atlasv1.{}", base62(14), base62(67)), ""),
        ("slack-token", "use ", format!("xoxc-{}", base62(40)), ""),
        ("model-key", "use ", format!("sk-{}", base62(48)), ""),
    ] {
        let clean = removed(&format!("{before}{value}{after}\n")).into_owned();
        assert_eq!(clean, format!("{before}(secret-removed:{kind}){after}\n"));
    }
    assert_eq!(removed(&pem), "(secret-removed:private-key)\n\n\n\n\n");
    let certificate =
        BASE64_STANDARD.encode(format!("-----BEGIN CERTIFICATE-----\n{}", random(64, BASE64, 2)));
    let certificate = format!("certificate-authority-data: {certificate}");
    assert_eq!(removed(&certificate), certificate, "it is public");
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
