//! Publishing to S3: who asks, and where S3 and CloudFront answer.

use super::{Console, Failure};
use crate::cli::Shared;
use crate::cli::publish::Publish;
use crate::day::Moment;
use crate::exit_code::ExitCode;
use crate::publish::aws::Connection;
use crate::publish::cloudfront::CloudFront;
use crate::publish::edge::NoEdge;
use crate::publish::store::s3::Bucket;
use crate::settings::{AwsAccess, AwsEndpoint};

/// Publishes to what lies in `bucket` below `prefix`.
pub(super) async fn publish(
    bucket: &str,
    prefix: &str,
    arguments: &Publish,
    shared: &Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let store = Bucket::new(&connection("AWS_ENDPOINT_URL_S3", console).await?, bucket, prefix);
    match &arguments.distribution {
        None => super::publish(&store, &NoEdge, arguments, shared, console).await,
        Some(_) => {
            let edge = CloudFront::new(&connection("AWS_ENDPOINT_URL_CLOUDFRONT", console).await?);
            super::publish(&store, &edge, arguments, shared, console).await
        }
    }
}

/// The way to AWS, or to whom `variable` names, as AWS's own tools read it.
async fn connection(variable: &'static str, console: &Console) -> Result<Connection, Failure> {
    let mut named = [variable, "AWS_ENDPOINT_URL"].into_iter();
    let named =
        named.find_map(|name| Some((name, std::env::var(name).ok().filter(|text| !text.is_empty())?)));
    let endpoint = named.map(|(name, text)| {
        let parsed = AwsEndpoint::parse(&text, true);
        parsed.map_err(|(why, help)| Failure::Usage(format!("{name}: {why}; {help}")))
    });
    let access = AwsAccess::of(Moment::now(), |name| std::env::var_os(name));
    let connection = Connection::open(endpoint.transpose()?.as_ref(), &access, console.interruption()).await;
    connection.map_err(Failure::Usage)
}
