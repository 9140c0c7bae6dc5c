//! Amazon Resource Names: the service, region, account and kind of resource that one tells.

/// The parts of an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// Such as `s3`.
    pub service: &'a str,
    /// Empty for resources of no region, and for S3.
    pub region: &'a str,
    /// Empty where AWS leaves it out, as for S3.
    pub account: &'a str,
    /// The rest.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes an ARN apart.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (arn, partition) = (parts.next()?, parts.next()?);
        let (service, region, account) = (parts.next()?, parts.next()?, parts.next()?);
        let resource = parts.next()?;
        let shaped = arn == "arn" && !partition.is_empty() && !service.is_empty() && !resource.is_empty();
        shaped.then_some(Self { service, region, account, resource })
    }

    /// What kind of resource: `bucket`, `function`, `loadbalancer`.
    pub fn kind(&self) -> &'a str {
        let resource = self.resource.trim_start_matches('/');
        // Some services name their one kind of resource without saying what it is.
        match self.service {
            "s3" if resource.contains('/') => "object",
            "s3" => "bucket",
            "sns" if resource.contains(':') => "subscription",
            "sns" => "topic",
            "sqs" => "queue",
            "codecommit" => "repository",
            "codepipeline" => "pipeline",
            _ => resource.find(['/', ':']).map_or("resource", |end| &resource[..end]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arn;

    #[test]
    fn the_kind_is_read_from_the_resource() {
        for (arn, kind) in [
            ("arn:aws:s3:::example-labels", "s3:bucket"),
            ("arn:aws:s3:::example-labels/a/b", "s3:object"),
            ("arn:aws:lambda:eu-central-1:012345678901:function:render", "lambda:function"),
            ("arn:aws:ecs:eu-central-1:012345678901:service/main/quote", "ecs:service"),
            ("arn:aws:dynamodb:eu-central-1:012345678901:table/quotes", "dynamodb:table"),
            ("arn:aws:sqs:eu-central-1:012345678901:labels", "sqs:queue"),
            ("arn:aws:sns:eu-central-1:012345678901:alarms", "sns:topic"),
            ("arn:aws:rds:eu-central-1:012345678901:cluster:bookings", "rds:cluster"),
            ("arn:aws:apigateway:eu-central-1::/restapis/abc", "apigateway:restapis"),
            ("arn:aws:cloudfront::012345678901:distribution/E1", "cloudfront:distribution"),
            ("arn:aws-cn:newservice:cn-north-1:012345678901:thing", "newservice:resource"),
        ] {
            let parsed = Arn::parse(arn).expect(arn);
            assert_eq!(format!("{}:{}", parsed.service, parsed.kind()), kind);
        }
    }

    #[test]
    fn what_is_no_arn_is_refused() {
        for wrong in ["", "arn:aws:s3", "arn:aws:s3:::", "urn:aws:s3:::x", "arn::s3:::x"] {
            assert_eq!(Arn::parse(wrong), None, "{wrong}");
        }
    }
}
