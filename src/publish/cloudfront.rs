//! CloudFront, which is told what changed.

use aws_sdk_cloudfront::Client;
use aws_sdk_cloudfront::types::{InvalidationBatch, Paths};

use super::aws::{Connection, Trouble, nothing};
use super::edge::Edge;
use super::manifest::Invalidation;
use super::store::StoreError;

/// The copies of CloudFront.
#[derive(Clone, Debug)]
pub struct CloudFront {
    client: Client,
    connection: Connection,
}

impl CloudFront {
    /// CloudFront, asked by `connection`.
    pub fn new(connection: &Connection) -> Self {
        let config =
            aws_sdk_cloudfront::config::Builder::from(&connection.config).interceptor(connection.watch());
        Self { client: Client::from_conf(config.build()), connection: connection.clone() }
    }
}

impl Edge for CloudFront {
    async fn invalidate(&self, what: &Invalidation) -> Result<String, StoreError> {
        let doing = format!("telling CloudFront `{}` what changed", what.distribution);
        let unfit = |error| StoreError::failed(doing.clone(), &error);
        let count = i32::try_from(what.paths.len()).unwrap_or(i32::MAX);
        let paths =
            Paths::builder().quantity(count).set_items(Some(what.paths.clone())).build().map_err(unfit)?;
        let batch = InvalidationBatch::builder().paths(paths).caller_reference(&what.reference);
        let batch = batch.build().map_err(unfit)?;
        let create = || async {
            let question = self.client.create_invalidation().distribution_id(&what.distribution);
            let answer = question.invalidation_batch(batch.clone()).send().await;
            let answer = answer.map_err(|error| Trouble::of(&error))?;
            Ok(answer.invalidation().map_or_else(String::new, |made| made.id().to_owned()))
        };
        self.connection.ask(&doing, nothing, create).await?.map_err(|_| StoreError::Missing)
    }
}
