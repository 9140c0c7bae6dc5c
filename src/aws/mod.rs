//! What every question to AWS shares, whoever puts it: the one door to it, and what its refusals mean.

mod door;
mod fault;

pub(crate) use door::Door;
pub(crate) use fault::Fault;
