//! Answers that come packed, whole and not.

use std::io::Write as _;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use milepost::collect::snapshot::SourceState;

use super::super::{Place, reason, report};
use super::hub::Hub;
use super::{service, world};

/// More than an answer may have.
const TOO_MUCH: usize = (64 << 20) + 1;

/// How the stand-in packs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Packing {
    Whole,
    /// The second half is missing.
    Half,
    /// It unpacks to more than an answer may have.
    Bomb,
}

/// `answer` as it is packed for somebody who accepts `accepted`.
pub(super) async fn packed(packing: Packing, accepted: &str, answer: Response) -> Response {
    assert_eq!(accepted, "gzip", "whoever does not accept it is not given it");
    let (mut head, body) = answer.into_parts();
    let mut body = to_bytes(body, TOO_MUCH).await.expect("a small answer").to_vec();
    if matches!(packing, Packing::Bomb) {
        body.resize(TOO_MUCH, b' ');
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&body).expect("memory");
    let mut body = encoder.finish().expect("memory");
    if matches!(packing, Packing::Half) {
        body.truncate(body.len() / 2);
    }
    head.headers.insert("content-encoding", "gzip".parse().expect("a value"));
    Response::from_parts(head, Body::from(body))
}

#[test]
fn packed_answers_say_what_others_say() {
    let hub = Hub::serve(world((0..120).map(|number| service(number, &format!("s{number}"))).collect()));
    let plain = Place::new().collect_hub(&hub);
    let spent = hub.spent();
    hub.pack(Packing::Whole);
    let packed = Place::new().collect_hub(&hub);
    assert_eq!((&packed.files, &packed.repositories), (&plain.files, &plain.repositories));
    assert_eq!((packed.files.len(), hub.spent()), (240, spent));
}

#[test]
fn half_a_package_is_asked_for_again_and_then_given_up() {
    let hub = Hub::serve(world(vec![service(0, "quote")]));
    hub.pack(Packing::Half);
    let snapshot = Place::new().collect_hub(&hub);
    assert_eq!(report(&snapshot).state, SourceState::Failed);
    assert!(reason(&snapshot).contains("its answer broke off"), "{}", reason(&snapshot));
}

#[test]
fn a_bomb_is_not_unpacked() {
    let hub = Hub::serve(world(vec![service(0, "quote")]));
    hub.pack(Packing::Bomb);
    let snapshot = Place::new().collect_hub(&hub);
    assert_eq!(report(&snapshot).state, SourceState::Failed);
    assert!(
        reason(&snapshot).contains("its answer unpacks to more than 67108864 bytes"),
        "{}",
        reason(&snapshot)
    );
}
