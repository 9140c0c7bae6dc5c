//! Tests of what is taken for a credential, and of what is left in its place. Credentials are put together here, so that
//! no scanner takes this file for a leak.

use proptest::prelude::*;

use super::{marks, removed, removed_of};

mod shapes;

/// Characters as chance deals them; the same for the same `seed`.
fn random(length: usize, alphabet: &str, seed: usize) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let mut state = seed as u64 + 0x9e37_79b9;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        letters[(state >> 33) as usize % letters.len()]
    };
    (0..length).map(|_| next()).collect()
}

const BASE62: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const HEXADECIMAL: &str = "0123456789abcdef";

fn base62(length: usize) -> String {
    random(length, BASE62, length)
}

/// A credential of each kind with the text around it: before, the credential, after.
fn credentials() -> Vec<(&'static str, String, String, &'static str)> {
    let of = |word, before: &str, value: String, after| (word, before.to_owned(), value, after);
    let key_id = format!("AKIA{}", random(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5));
    let pem = |kind: &str| {
        let lines: Vec<String> = (0..6).map(|seed| random(64, BASE64, seed)).collect();
        format!("-----BEGIN {kind}PRIVATE KEY-----\n{}\n-----END {kind}PRIVATE KEY-----", lines.join("\n"))
    };
    vec![
        of("github-token", "use ", format!("ghp_{}", base62(36)), " here"),
        of("github-token", "x=", format!("ghs_{}", base62(36)), "\n"),
        of("github-token", "", format!("github_pat_{}_{}", base62(22), base62(59)), ""),
        of("gitlab-token", "", format!("glpat-{}", base62(20)), "."),
        of("slack-token", "'", format!("xoxb-1234509876-{}", base62(24)), "'"),
        of("slack-token", "", format!("xapp-1-A0{}-98127-{}", base62(9), random(64, HEXADECIMAL, 1)), ""),
        of(
            "slack-webhook",
            "https://hooks.slack.com/services/",
            format!("T0{}/B0{}/{}", base62(8), base62(9), base62(24)),
            ")",
        ),
        of(
            "discord-webhook",
            "https://discord.com/api/webhooks/",
            format!("993847561029384756/{}", base62(68)),
            " ",
        ),
        of("google-api-key", "key=", format!("AIza{}", base62(35)), "&x"),
        of("google-client-secret", "", format!("GOCSPX-{}", base62(28)), ""),
        of("azure-storage-key", "AccountName=a;AccountKey=", format!("{}==", random(86, BASE64, 4)), ";"),
        of("stripe-key", "", format!("sk_{}_{}", "live", base62(24)), ""),
        of("npm-token", "", format!("npm_{}", base62(36)), ""),
        of("vault-token", "", format!("hvs.{}", base62(90)), ""),
        of("sendgrid-key", "", format!("SG.{}.{}", base62(22), base62(43)), ""),
        of("jwt", "Bearer ", format!("eyJhbGciOi{}.eyJzdWIi{}.{}", base62(20), base62(40), base62(43)), "\n"),
        of("url-password", "postgres://quote:", base62(12), "@db.internal:5432/quote"),
        of("url-password", "redis://:", base62(9), "@cache"),
        of("aws-secret-key", &format!("{key_id}\n"), random(40, BASE64, 7), "\nmore"),
        of("private-key", "key: |\n  ", pem("RSA "), "\nafter: it"),
        of("private-key", "", pem(""), ""),
        of("private-key", "", pem("OPENSSH "), "\n"),
        of("password", "password: ", "Zebra9Quilt-7h21".into(), "\nx: y"),
        of("password", "DB_PASSWORD=\"", base62(14), "\""),
        of("password", "| passwd | `x` |\nmy pwd = ", "k3Jx92LmQ0pT".into(), "\n"),
        of("token", "apiKey: ", random(32, HEXADECIMAL, 3), "\n"),
        of("token", "\"client_secret\": \"", base62(40), "\","),
        of("token", "export SERVICE_TOKEN='", base62(24), "'"),
    ]
}

#[test]
fn every_kind_is_taken_out_and_leaves_its_mark() {
    for (word, before, value, after) in credentials() {
        let text = format!("# Runbook\n{before}{value}{after}");
        let clean = removed(&text);
        let lines = "\n".repeat(value.matches('\n').count());
        assert_eq!(clean, format!("# Runbook\n{before}(secret-removed:{word}){lines}{after}"), "of {text}");
        let found: Vec<_> = marks(&clean).collect();
        assert_eq!(found.len(), 1, "{clean}");
        assert!(clean[found[0].at..][..found[0].length].ends_with(&format!("{word})")), "{clean}");
        assert_eq!(removed(&clean), clean, "a mark is no credential");
    }
}

#[test]
fn what_only_looks_like_a_credential_stays() {
    for text in [
        "AKIAIOSFODNN7EXAMPLE with wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "password: ${DB_PASSWORD1}",
        "password: {{ .Values.password1 }}",
        "password: change-me-2026x",
        "token: <your token 1234>",
        "secret: arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/quote-db-AbC1dE",
        "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/quote-database-AbC1dE",
        "passwordFile: /run/secrets/db-password-1",
        "secretsNamespace: prod/parcel-quote/eu-central-1",
        "token: ${{ secrets.GITHUB_TOKEN }}",
        "tokens expire after 3600s; secrets: 90 days",
        "secretName: quote-tls-2026-11",
        "https://user:password@example.com and https://me:****@example.com",
        "https://portal.example.com:8443/a@b",
        "starts with -----BEGIN RSA PRIVATE KEY----- and ends with -----END RSA PRIVATE KEY-----",
        "A line -----BEGIN RSA PRIVATE KEY----- says that the file is not encrypted; convert it, then delete it.",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
        "commit 4c1f0a2b9d8e7f60514233241506978877665544 of AKIAQWERTYUIOPASDFGH",
        "api_key = os.environ[\"API_KEY_1\"]",
        "token = get_token_v2(client1)",
        "kms key 1234abcd-12ab-34cd-56ef-1234567890ab",
        "aws_access_key_id: AKIAQ2W3E4R5T6Y7U5I7",
        "access_key: AKIAQ2W3E4R5T6Y7U5I7",
        "signing_key_id: 7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "secret: 7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "credential_id: 0oa1b2c3d4E5f6G7h8i9",
        "secretName: prod-db-k8s1a2b3c4d",
        "TOKEN_TABLE=quote-tokens-1A2B3C4D5E6F",
        "SecretRef: QuoteDbSecretAttachment1A2B3C4D",
        "encryption_key: alias/quote-k3Jx92LmQ0pTzz12",
        "password_policy: min12chars-2upper-1digit",
        "passwordHash: k3Jx92LmQ0pTzz12k3Jx",
        "secret-rotator: 4c1f0a2b9d8e7f60514233241506978877665544",
        "token-service: 4c1f0a2b9d8e7f60514233241506978877665544",
        "tokenizer: k3Jx92LmQ0pTzz12k3Jx",
        "password: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq",
        "bypass: k3Jx92LmQ0pT and passed: k3Jx92LmQ0pT",
        "password=%DB_PASSWORD1X%",
        "password: /opt/k8s1x2/db-password9x",
        "| Service | Password rotated |\n| x | k3Jx92LmQ0pT |",
        "password policy k3Jx92LmQ0pT",
        "Credential=AKIAQ2W3E4R5T6Y7U5I7/20150830/eu-central-1/service9x/aws4_request",
        "Authorization: Bearer YOUR_TOKEN_GOES_HERE",
        "curl -u \"$USER:$PASSWORD\" https://example.com",
        "docker run -u 1000:1000 curl/curl",
        "https://portal.example.com:8443/x/y@latest1",
        "https://${HOST}:${PORT}/x@v1",
        "password: {{ lookup('x', 'quote9x2k') }}",
    ] {
        assert_eq!(removed(text), text);
    }
}

#[test]
fn a_word_of_examples_excuses_no_credential_around_it() {
    for value in ["InsertV9ds0H9q", "qtO93L7Q5uUa7example", "example-qtO93L7Q5uUa7"] {
        assert_eq!(removed(&format!("password: {value}")), "password: (secret-removed:password)", "{value}");
    }
    for value in ["your-password-1x", "insert-here-9x2", "example1x2y3z", "change-me-2026x", "<insert9x2k>"] {
        assert_eq!(removed(&format!("password: {value}")), format!("password: {value}"));
    }
}

#[test]
fn escapes_hide_nothing() {
    let token = format!("ghp_{}", base62(36));
    let escaped = [
        token.replace('_', r"\_"),
        token.replace('_', "&#95;"),
        token.replace('_', "&lowbar;"),
        token.replace('_', r"\x5f"),
        token.replace('_', r"\u005F"),
        token.replace('_', "%5F"),
        format!("{}\u{200b}{}", &token[..20], &token[20..]),
        format!("{}**{}", &token[..20], &token[20..]),
        format!("{}<!-- -->{}", &token[..20], &token[20..]),
        token.replace('_', "_\\\n    "),
    ];
    for escaped in escaped {
        let clean = removed(&format!("a: \"{escaped}\"\nb: c")).into_owned();
        assert!(clean.starts_with("a: \"(secret-removed:github-token)"), "{clean}");
        assert!(clean.ends_with("\"\nb: c") && !clean.contains(&token[8..]), "{clean}");
    }
    let key =
        format!("-----BEGIN PRIVATE KEY-----\\n{}\\n-----END PRIVATE KEY-----\\n", random(64, BASE64, 2));
    assert_eq!(
        removed(&format!("{{\"private_key\": \"{key}\"}}")),
        "{\"private_key\": \"(secret-removed:private-key)\\n\"}"
    );
}

#[test]
fn a_value_is_taken_out_wherever_its_text_repeats_it() {
    let value = "Zebra9Quilt-7h21";
    let clean = removed("password: Zebra9Quilt-7h21\nLog in with Zebra9Quilt-7h21.").into_owned();
    assert!(!clean.contains(value), "{clean}");
    assert_eq!(marks(&clean).count(), 2);
}

#[test]
fn a_key_that_is_cut_short_is_taken_out_to_its_last_line() {
    let text =
        format!("-----BEGIN EC PRIVATE KEY-----\n{}\n{}\n", random(64, BASE64, 2), random(64, BASE64, 3));
    assert_eq!(removed(&text), "(secret-removed:private-key)\n\n\n");
}

#[test]
fn the_name_beside_a_value_says_what_it_is() {
    assert_eq!(removed_of("db-password", "k3Jx92LmQ0pT"), "(secret-removed:password)");
    assert_eq!(removed_of("db-password-secret", "quote-db-2"), "quote-db-2");
    assert_eq!(removed_of("Name", "k3Jx92LmQ0pT"), "k3Jx92LmQ0pT");
    assert_eq!(removed_of("Name", &format!("glpat-{}", base62(20))), "(secret-removed:gitlab-token)");
}

#[test]
fn a_word_of_no_kind_makes_no_mark() {
    assert_eq!(marks("(secret-removed:nothing) (secret-removed: (secret-removed:jwt").count(), 0);
}

#[test]
fn what_comes_near_once_something_is_gone_is_taken_out_too() {
    let key_id = format!("AKIA{}", random(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5));
    let lines: Vec<String> = (0..25).map(|seed| random(64, BASE64, seed)).collect();
    let key = format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----", lines.join("\n"));
    let other = random(40, BASE64, 7);
    // The key alone is longer than what is looked at around an id; the second one hides behind two.
    for between in [key.clone(), format!("{key}\n{}\n{key}", random(40, BASE64, 8))] {
        let clean = removed(&format!("{key_id}\n{between}\nits other half: {other}\n")).into_owned();
        assert!(!clean.contains(&other), "{clean}");
        assert_eq!(removed(&clean), clean);
    }
    // A neighbour makes the run longer than a key, until it is gone.
    let clean = removed(&format!("{key_id} {}//glpat-{}", &other[..38], base62(20))).into_owned();
    assert_eq!(removed(&clean), clean);
}

/// Pieces of which texts are made that hold much of what is looked for, some of them longer than what is looked at
/// around an id.
fn fragment() -> impl Strategy<Value = String> {
    let of = |length: usize, alphabet: &'static str| {
        any::<u16>().prop_map(move |seed| random(length, alphabet, usize::from(seed)))
    };
    let key = of(64, BASE64).prop_map(|line| {
        format!("-----BEGIN PRIVATE KEY-----\n{}-----END PRIVATE KEY-----", format!("{line}\n").repeat(9))
    });
    prop_oneof![
        key,
        of(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").prop_map(|id| format!("AKIA{id}")),
        of(40, BASE64),
        of(38, BASE64),
        of(64, BASE64),
        of(36, BASE62).prop_map(|token| format!("ghp_{token}")),
        of(20, BASE62).prop_map(|token| format!("glpat-{token}")),
        of(30, BASE62).prop_map(|token| format!("hooks.slack.com/services/{token}")),
        of(14, BASE62),
        of(8, BASE62).prop_map(|password| format!("https://a:{password}@h")),
        prop::sample::select(vec![
            "password: ",
            "password=",
            "\"secret\": \"",
            "token: ",
            "-----BEGIN PRIVATE KEY-----\n",
            "-----",
            "://u:",
            "@h",
            "\\",
            "\\n",
            "\\_",
            "&#95;",
            "&amp;",
            "=",
            " ",
            "\n",
            "\"",
            "`",
            ":",
            "(",
            ")",
            "$",
            "//",
            "/",
            ".",
            "(secret-removed:token)",
            "(secret-removed:",
            "example",
            "é",
            "\u{200b}",
            "\r\n",
            "**",
            "<!--",
            "-->",
            "%5F",
            "<password>",
            "</",
            "| password | ",
            "- name: DB_PASSWORD\n  value: ",
            "--password ",
            "Authorization: Bearer ",
            "curl -u a:",
            "sig=",
            "Private-Lines: 2\n",
            "LS0tLS1CRUdJTi",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn any_text_keeps_its_lines_and_is_clean_after_one_pass(text in r#"([ -~]|\n|é|password: |ghp_|AKIA|-----BEGIN PRIVATE KEY-----|://a:|eyJ|\\|&#){0,40}"#) {
        let clean = removed(&text).into_owned();
        prop_assert_eq!(clean.matches('\n').count(), text.matches('\n').count());
        prop_assert_eq!(removed(&clean), clean.as_str());
    }

    #[test]
    fn large_pieces_beside_each_other_are_clean_after_one_pass(pieces in prop::collection::vec(fragment(), 0..40)) {
        let text = pieces.concat();
        let clean = removed(&text).into_owned();
        prop_assert_eq!(clean.matches('\n').count(), text.matches('\n').count());
        prop_assert_eq!(removed(&clean), clean.as_str());
    }
}
