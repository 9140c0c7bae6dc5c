//! Publish: takes a site somewhere, whole or not at all.

pub mod apply;
#[cfg(feature = "aws")]
pub mod aws;
mod cache_policy;
#[cfg(feature = "aws")]
pub mod cloudfront;
pub mod edge;
pub mod folder;
pub mod guard;
mod invalidation;
pub mod lock;
pub mod manifest;
pub mod memory;
pub mod plan;
mod retention;
pub mod run;
pub mod source;
pub mod store;
mod survey;
pub mod target;

#[cfg(test)]
mod tests;
