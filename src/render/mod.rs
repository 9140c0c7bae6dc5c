//! Render: turns catalog and assessment into a site, each file of it on demand.

pub mod agenda;
pub mod assets;
pub mod badge;
mod carried;
pub mod data;
pub mod digest;
pub mod documents;
mod escape;
pub mod excerpt;
pub mod fact_list;
pub mod feeds;
pub mod frame;
pub mod funnel;
pub mod linked;
pub mod links;
pub mod markdown;
pub mod markup;
pub mod name_list;
pub mod origin;
pub mod pages;
pub mod paging;
pub mod parts;
pub mod populations;
pub mod portal;
pub mod problems;
pub mod prose;
pub mod reading;
pub mod relations;
pub mod rules;
mod search;
pub mod site;
mod sources;
pub mod spreadsheet;
pub mod standing;
pub mod templates;
#[cfg(test)]
pub(crate) mod trial;
