//! Business capabilities: what the organisation must be able to do.

use super::field::Field;
use super::id::CapabilityId;
use super::record::record;

record! {
    /// One business capability.
    pub struct Capability called "capability" {
        /// Names the capability for ever.
        "capabilityId" => capability_id: Field<CapabilityId>,
        /// What people call it.
        #[example("Order intake")]
        "title" => title: Field<Box<str>>,
        /// What it means.
        #[example("Quote, book and label a parcel.")]
        "description" => description: Field<Box<str>>,
    }
}
