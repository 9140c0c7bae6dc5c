//! The copies that a content network keeps, and how it is told to drop some.

use std::future::Future;

use super::manifest::Invalidation;
use super::store::StoreError;

/// A network that keeps copies.
pub trait Edge: Sync {
    /// Tells it to drop copies; gives what it calls that work. Asking twice is the same as asking once.
    fn invalidate(&self, what: &Invalidation) -> impl Future<Output = Result<String, StoreError>> + Send;
}

/// No network.
#[derive(Clone, Copy, Debug)]
pub struct NoEdge;

impl Edge for NoEdge {
    async fn invalidate(&self, what: &Invalidation) -> Result<String, StoreError> {
        let doing = format!("telling CloudFront `{}` what changed", what.distribution);
        Err(StoreError::failed(doing, &"this target has no CloudFront before it"))
    }
}
