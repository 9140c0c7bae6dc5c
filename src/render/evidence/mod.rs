//! What stands in the tables of evidence: rows that packs and pages show alike, whoever writes them to where. What a
//! pack is besides, and how it is sealed, lies in `src/evidence/`.

pub mod controls;
pub mod pointer;
pub mod population;
pub mod selection;
pub mod table;
