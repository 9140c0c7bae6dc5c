//! Any bytes as a descriptor of another tool, with the `CODEOWNERS` beside it.

#![no_main]

#[path = "../entries/foreign.rs"]
mod foreign;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    foreign::read(bytes);
});
