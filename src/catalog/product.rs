//! Products: what services are part of, and who pays for them.

use super::field::Field;
use super::id::{CapabilityId, ProductId, TeamId};
use super::record::record;

record! {
    /// One product.
    pub struct Product called "product" {
        /// Names the product for ever.
        "productId" => product_id: Field<ProductId>,
        /// What people call it.
        #[example("Parcels")]
        "title" => title: Field<Box<str>>,
        /// The team that answers for it.
        "owner" => owner: Field<TeamId>,
        /// Who pays.
        #[example("CC-4100")]
        "costCenter" => cost_center: Field<Box<str>>,
        /// The capability it serves.
        "capability" => capability: Field<CapabilityId>,
    }
}
