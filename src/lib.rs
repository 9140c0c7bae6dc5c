#![doc = include_str!("ARCHITECTURE.md")]

pub mod assess;
pub mod audience;
#[cfg(feature = "aws")]
mod aws;
pub mod catalog;
pub mod cli;
pub mod collect;
pub mod commands;
pub mod day;
pub mod diagnostic;
pub mod evidence;
pub mod exit_code;
pub mod publish;

pub mod render;
pub mod secrets;
pub mod settings;
pub mod words;
