//! Addresses and paths, hostile ids among them.

use super::*;

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path")
}

#[test]
fn links_are_relative_from_page_to_page() {
    for (from, to, link) in [
        ("index.html", "services/a/index.html", "services/a/index.html"),
        ("services/a/index.html", "index.html", "../../index.html"),
        ("services/a/index.html", "services/b/index.html", "../b/index.html"),
        ("services/a/index.html", "services/ab/index.html", "../ab/index.html"),
        ("services/a/index.html", "services/a/runbook/index.html", "runbook/index.html"),
        ("services/a/runbook/index.html", "teams/x/index.html", "../../../teams/x/index.html"),
        ("services/index.html", "services/index.html", "index.html"),
    ] {
        assert_eq!(relative(&path(from), &path(to)), link, "{from} → {to}");
    }
}

#[test]
fn the_root_is_as_many_folders_up_as_the_page_lies_deep() {
    assert_eq!(Here::at(&path("index.html")).root(), "./");
    assert_eq!(Here::at(&path("services/a/index.html")).root(), "../../");
}

#[test]
fn a_part_of_the_same_page_is_an_anchor_alone() {
    let service = Place::Service("a").path();
    assert_eq!(Here::at(&service).to_part(Place::Service("a"), "facts").as_str(), "#facts");
    assert_eq!(
        Here::at(&service).to_part(Place::Coverage, "sources").as_str(),
        "../../coverage/index.html#sources"
    );
}

#[test]
fn ids_never_meet_names_that_mean_something_else() {
    assert_eq!(segment("case-command-api"), "case-command-api");
    assert_eq!(segment("EX-2026-0017"), "EX-2026-0017");
    assert_eq!(segment("index"), "index-");
    assert_eq!(segment("con.exe"), "con.exe-");
    assert_eq!(segment("com1"), "com1-");
    assert_eq!(segment("com"), "com");
    assert_ne!(Place::Service("_a").path(), Place::ServicesPart("a").path());
    assert_ne!(Place::Data(&["services", "index"]).path(), Place::Data(&["services/index"]).path());
}

#[test]
fn what_does_not_fit_a_path_keeps_its_readable_part() {
    for hostile in ["../../etc/passwd", "a/b", "", "..", ".", "-", "a b", "ä", "a\0b", "x\\y", "%2e%2e"] {
        let segment = segment(hostile);
        assert!(SitePath::new(&segment).is_some_and(|path| !path.as_str().contains('/')), "{segment}");
    }
    assert_ne!(segment("a b"), segment("a/b"));
    for (one, other) in [("EX-2026-0017", "ex-2026-0017"), ("README", "readme"), ("Ab", "aB")] {
        assert_ne!(segment(one).to_lowercase(), segment(other).to_lowercase());
    }
}

#[test]
fn only_addresses_that_readers_may_be_sent_to_become_links() {
    for (address, href) in [
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("HTTPS://Example.COM", "https://example.com/"),
        ("mailto:team@example.com", "mailto:team@example.com"),
    ] {
        assert_eq!(Href::external(address).expect(address).as_str(), href);
    }
    for refused in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "https://user:secret@example.com/",
        "//example.com",
        "/path",
        "mailto:",
        "https://",
        "https://exa\u{202e}mple.com",
        "",
    ] {
        assert_eq!(Href::external(refused), None, "{refused}");
    }
}
