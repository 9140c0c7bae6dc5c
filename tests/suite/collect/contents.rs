//! What a file may hold, and that no more of it is read than allowed.

use std::fs;

use milepost::collect::snapshot::Content;
use milepost::settings::Repositories;

use super::{Place, file};

/// The content of a descriptor of these bytes.
fn content_of(bytes: &[u8]) -> Content {
    let place = Place::new();
    place.write("quote/service.yaml", bytes);
    file(&place.collect(Repositories::Children), "service.yaml").content.clone()
}

fn text_of(bytes: &[u8]) -> String {
    match content_of(bytes) {
        Content::Text(text) => text.read().to_string(),
        other => panic!("not text but {other:?}"),
    }
}

fn looks_of(bytes: &[u8]) -> String {
    match content_of(bytes) {
        Content::NotText { looks_like } => looks_like.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn text_is_kept_as_it_is_but_for_the_byte_order_mark() {
    assert_eq!(text_of(b""), "");
    assert_eq!(text_of(b"a:\t1\r\nb: \xC3\xA9\r\n"), "a:\t1\r\nb: é\r\n");
    assert_eq!(text_of(b"\xEF\xBB\xBFserviceId: a\n"), "serviceId: a\n");
}

#[test]
fn other_encodings_and_binary_data_are_named() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    assert_eq!(looks_of(&[b"\xFF\xFE".to_vec(), wide("serviceId: a\n")].concat()), "UTF-16 text");
    assert_eq!(looks_of(&wide("serviceId: a\n")), "UTF-16 text");
    assert_eq!(looks_of(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\xFF"), "binary data");
    assert_eq!(looks_of(b"owner: J\xFCrgen\n"), "text in another encoding");
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let place = Place::new();
    place.write("quote/service.yaml", "");
    let file_on_disk =
        fs::File::options().write(true).open(place.at("quote/service.yaml")).expect("the file");
    file_on_disk.set_len(50 << 20).expect("a sparse file");
    let snapshot = place.collect(Repositories::Children);
    let large = file(&snapshot, "service.yaml");
    assert_eq!((large.size, large.content.clone()), (50 << 20, Content::TooLarge { limit: 1 << 20 }));
}

#[test]
fn the_limit_itself_is_allowed() {
    let exact = vec![b'#'; 1 << 20];
    assert_eq!(text_of(&exact).len(), 1 << 20);
    assert_eq!(content_of(&[exact, b"#".to_vec()].concat()), Content::TooLarge { limit: 1 << 20 });
}

#[test]
fn a_document_may_be_twice_as_large_and_no_more() {
    let place = Place::new();
    place.write("quote/service.yaml", "serviceId: quote\ndoc: at.md\ndoc: past.md\n");
    place.write("quote/at.md", "a".repeat(2 << 20));
    place.write("quote/past.md", "a".repeat((2 << 20) + 1));
    let snapshot = place.collect(Repositories::Children);
    let Content::Text(text) = &file(&snapshot, "at.md").content else { panic!("it is within the limit") };
    assert_eq!(text.len(), 2 << 20);
    assert_eq!(file(&snapshot, "past.md").content, Content::TooLarge { limit: 2 << 20 });
}
