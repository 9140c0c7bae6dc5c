//! The entries of the fuzz targets, with descriptors that people could have written, cut, torn and patched:
//! reading one ends in a record or in something said, in bounded time, whatever happened to it.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;

#[path = "../fuzz/entries/descriptor.rs"]
mod descriptor;
#[path = "../fuzz/entries/draft.rs"]
mod draft;
#[path = "../fuzz/entries/foreign.rs"]
mod foreign;

/// No text within the limits of a descriptor may take longer, on a slow machine that does something else.
const LONGEST: Duration = Duration::from_secs(20);

/// What was done to a text. Places are parts of its length, so that they fit any.
#[derive(Clone, Debug)]
enum Blow {
    Cut(Index, Index),
    Repeat(Index, Index),
    Move(Index, Index, Index),
    Insert(Index, &'static [u8]),
    Flip(Index, u8),
    End(Index),
}

fn blow() -> impl Strategy<Value = Blow> {
    let at = any::<Index>;
    let pieces: Vec<&[u8]> = vec![
        b"\n",
        b"\r",
        b"\t",
        b" ",
        b":",
        b": ",
        b"- ",
        b"#",
        b"\"",
        b"'",
        b"[",
        b"]",
        b"{",
        b"}",
        b"&a ",
        b"*a",
        b"!!int ",
        b"|\n",
        b"? ",
        b"<<: *a",
        b"---\n",
        b"...\n",
        b"{{ x }}",
        b"\0",
        b"\xEF\xBB\xBF",
        b"\xFF",
        b"\xE2\x80\xA8",
        b"serviceId: other\n",
        b"service:\n  name: x\n",
        b"99999999999999999999",
    ];
    prop_oneof![
        (at(), at()).prop_map(|(from, to)| Blow::Cut(from, to)),
        (at(), at()).prop_map(|(from, to)| Blow::Repeat(from, to)),
        (at(), at(), at()).prop_map(|(from, to, place)| Blow::Move(from, to, place)),
        (at(), prop::sample::select(pieces)).prop_map(|(place, piece)| Blow::Insert(place, piece)),
        (at(), any::<u8>()).prop_map(|(place, byte)| Blow::Flip(place, byte)),
        at().prop_map(Blow::End),
    ]
}

fn strike(bytes: &mut Vec<u8>, blow: &Blow) {
    let length = bytes.len() + 1;
    let range = |from: &Index, to: &Index| {
        let (a, b) = (from.index(length), to.index(length));
        a.min(b)..a.max(b)
    };
    match blow {
        Blow::Cut(from, to) => drop(bytes.drain(range(from, to))),
        Blow::Repeat(from, to) => {
            let range = range(from, to);
            let (end, piece) = (range.end, bytes[range].to_vec());
            bytes.splice(end..end, piece);
        }
        Blow::Move(from, to, place) => {
            let piece: Vec<u8> = bytes.drain(range(from, to)).collect();
            let place = place.index(bytes.len() + 1);
            bytes.splice(place..place, piece);
        }
        Blow::Insert(place, piece) => {
            let place = place.index(length);
            bytes.splice(place..place, piece.iter().copied());
        }
        Blow::Flip(place, byte) => {
            if let Some(there) = bytes.get_mut(place.index(length)) {
                *there ^= byte;
            }
        }
        Blow::End(place) => bytes.truncate(place.index(length)),
    }
}

/// Every descriptor of the example organisation.
fn descriptors() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog/repositories")];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
                found.push(fs::read(path).expect("a file"));
            }
        }
    }
    found.sort();
    found
}

/// Reads `bytes` as a descriptor, in time; returns how many records of ours there were.
fn read(bytes: &[u8]) -> usize {
    let begin = Instant::now();
    let records = descriptor::read(bytes);
    assert!(begin.elapsed() < LONGEST, "{:?} for {} bytes", begin.elapsed(), bytes.len());
    records
}

/// What a repository says of itself, in the order and with the separator of the fuzz target.
fn repository() -> Vec<u8> {
    let parts: [&str; 8] = [
        "provider \"aws\" {\n  default_tags {\n    tags = { OwnerTeam = \"checkout\", CostCenter = \"CC-4100\" }\n  }\n}\n",
        "# Parcel: quote\n\nPrices a parcel, \"at once\".\n",
        "FROM golang:1.26 AS build\nFROM scratch\nEXPOSE 8080\n",
        "* @example/everybody\n/services/quote/ @mira @example/checkout # since May\n",
        "quote",
        "example/parcel-quote",
        "services/quote",
        "docs/Runbook.md",
    ];
    parts.map(str::as_bytes).join(&draft::SEPARATOR)
}

/// Descriptors of other tools with the `CODEOWNERS` beside them, as the fuzz target wants them: one for each path.
fn of_other_tools() -> Vec<Vec<u8>> {
    let texts: [&str; 8] = [
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {targets: [./a/*.yaml, '**/b.yaml']}\n---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: Quote\n  annotations: {github.com/project-slug: acme/shop}\n  tags: [cost:cc-1]\n  links: [{url: https://a.example, title: Runbook}]\nspec: {type: service, lifecycle: beta, owner: 'group:acme/checkout', dependsOn: [component:rates]}\n---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: checkout}\nspec: {members: [mira]}\n",
        "schema-version: v2.2\ndd-service: quote\nteam: checkout\ntier: '1'\nlinks: [{name: Night, type: runbook, url: https://a.example}]\nintegrations: {pagerduty: {service-url: https://p.example}}\n",
        "apiVersion: v3\nkind: service\nmetadata: {name: quote, owner: checkout}\nspec: {componentOf: ['system:shop'], dependsOn: ['service:rates']}\n",
        "version: 1\nservice:\n  name: Quote Service\n  aliases: [quote]\n  tier: tier_1\n  tools: [{category: incidents, url: https://p.example}]\n",
        "openapi: 3.0.1\ninfo:\n  title: Quote\n  x-cortex-tag: quote\n  x-cortex-owners: [{type: group, name: checkout}]\n  x-cortex-slos: {prometheus: [{slo: 99.9}]}\n",
        "name: Quote\nid: ari:cloud:compass:1\ntypeId: SERVICE\nfields: {tier: 1, lifecycle: Active}\nlinks: [{type: REPOSITORY, url: https://github.com/acme/shop}]\n",
        "apiVersion: score.dev/v1b1\nmetadata: {name: quote}\nresources: {db: {type: postgres}, queue: {type: amqp, id: shared}}\n",
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: availability}\nspec: {service: quote, objectives: [{target: 0.999}]}\n",
    ];
    let owners = "* @acme/everybody\n/src/**/deep* @acme/checkout mira@example.com # why\n";
    let bytes = |(which, text): (u8, &str)| {
        [&[which], text.as_bytes(), &[foreign::SEPARATOR], owners.as_bytes()].concat()
    };
    (0..).zip(texts).map(bytes).collect()
}

#[test]
fn whole_descriptors_of_other_tools_are_read() {
    let read: Vec<usize> = of_other_tools().iter().map(|bytes| foreign::read(bytes)).collect();
    assert_eq!(read, [3, 1, 1, 1, 1, 1, 1, 1]);
    assert_eq!(read.len(), foreign::PATHS.len());
}

#[test]
fn whole_descriptors_are_records() {
    let descriptors = descriptors();
    assert!(descriptors.len() > 20);
    assert!(descriptors.iter().filter(|bytes| read(bytes) > 0).count() > 20);
}

#[test]
fn a_whole_repository_gives_a_draft() {
    draft::read(&repository());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutilated_descriptor_ends_in_a_record_or_a_report(
        which in any::<Index>(),
        blows in prop::collection::vec(blow(), 1..12),
    ) {
        let descriptors = descriptors();
        let mut bytes = descriptors[which.index(descriptors.len())].clone();
        blows.iter().for_each(|blow| strike(&mut bytes, blow));
        read(&bytes);
    }

    #[test]
    fn a_mutilated_descriptor_of_another_tool_is_counted(
        which in any::<Index>(),
        blows in prop::collection::vec(blow(), 1..12),
    ) {
        let all = of_other_tools();
        let mut bytes = all[which.index(all.len())].clone();
        blows.iter().for_each(|blow| strike(&mut bytes, blow));
        foreign::read(&bytes);
    }

    #[test]
    fn a_mutilated_repository_gives_a_flawless_draft(blows in prop::collection::vec(blow(), 1..12)) {
        let mut bytes = repository();
        blows.iter().for_each(|blow| strike(&mut bytes, blow));
        draft::read(&bytes);
    }

    #[test]
    fn any_bytes_end_in_a_record_or_a_report(bytes in prop::collection::vec(any::<u8>(), 0..4_000)) {
        read(&bytes);
    }
}

#[test]
fn a_mebibyte_of_anything_is_read_in_bounded_time() {
    let units: [&[u8]; 18] = [
        b"a",
        b"\n",
        b" ",
        b"- ",
        b"a: ",
        b"a: b\n",
        b"- a\n",
        b"a:\n",
        b"[",
        b"{a: b}, ",
        b"\"",
        b"'a' ",
        b"#",
        b"&a ",
        b"? ",
        b"---\n",
        b"|\n ",
        b"\xFF",
    ];
    let heads: [&[u8]; 3] = [b"", b"serviceId: quote\ndescription: ", b"serviceId: quote\naliases: ["];
    for head in heads {
        for unit in units {
            let mut bytes = head.to_vec();
            while bytes.len() + unit.len() <= 1 << 20 {
                bytes.extend_from_slice(unit);
            }
            read(&bytes);
        }
    }
}
