//! Any bytes as what a repository says of itself.

#![no_main]

#[path = "../entries/draft.rs"]
mod draft;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    draft::read(bytes);
});
