//! What is evidence, for packs and for pages alike: the rows of the tables, whoever writes them to where, and what is
//! known of packs that were sealed. How a pack is made and sealed lies in `src/evidence/`.

pub mod controls;
pub mod frameworks;
pub mod left_out;
pub mod packs;
pub mod pointer;
pub mod population;
pub mod selection;
pub mod table;
