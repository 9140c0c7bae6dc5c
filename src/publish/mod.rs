//! Publish: takes a site somewhere, whole or not at all.

pub mod folder;
pub mod memory;
