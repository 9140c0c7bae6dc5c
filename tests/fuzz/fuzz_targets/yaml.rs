//! Any bytes as a descriptor.

#![no_main]

#[path = "../entries/descriptor.rs"]
mod descriptor;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    descriptor::read(bytes);
});
