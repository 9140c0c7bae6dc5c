//! What to do about what AWS says, as far as its code tells. It says the same of a role that is not there and of one
//! that does not trust us, on purpose.

/// About who asks.
pub(super) const WHO: &str = "sign in again, name a profile in AWS_PROFILE, or give the job a role; \
    `aws sts get-caller-identity` asks the same question";

/// About Resource Explorer.
pub(super) const UNTAGGED: &str = "turn Resource Explorer on there, with a default view that has tags, and let the member \
    role ask it (`deploy/policies/member-read.json`); or take `untagged` out of `also`";

/// About the way to AWS.
pub(super) const WAY: &str = "check the way to the host, and HTTPS_PROXY";

/// About whoever asks, whom AWS does not know.
pub(super) fn caller(reason: &str) -> &'static str {
    if is_code(reason) { WHO } else { WAY }
}

/// About a crawl role that does not let us in.
pub(super) fn crawl_role(role: &str, reason: &str) -> String {
    match code(reason) {
        "AccessDenied" | "HTTP 403" => format!(
            "see that `{role}` is there, that its trust names who we are, and that we may `sts:AssumeRole`; AWS does not say which it is"
        ),
        _ => caller(reason).to_owned(),
    }
}

/// About a member role that does not let us in.
pub(super) fn member_role(has_external_id: bool, reason: &str) -> String {
    let external_id = match has_external_id {
        true => "asks for another external id than `externalId`",
        false => "asks for an external id, and `externalId` is not set",
    };
    match code(reason) {
        "AccessDenied" | "HTTP 403" => format!(
            "AWS does not say which it is: the role is not there; its trust does not name the crawl role, or {external_id}; \
             or the crawl role may not assume it (`deploy/policies/crawl.json`)"
        ),
        "RegionDisabledException" => {
            "let the account use the first of `regions`, where STS is asked".to_owned()
        }
        _ => WAY.to_owned(),
    }
}

/// About a listing that is refused to a role that let us in.
pub(super) fn listing(reason: &str) -> String {
    match code(reason) {
        "AccessDeniedException" | "AccessDenied" | "HTTP 403" => {
            "give the role `deploy/policies/member-read.json`, and see whether a policy of the organisation forbids the region"
        }
        "UnrecognizedClientException" | "InvalidClientTokenId" | "AuthFailure" | "RegionDisabledException" => {
            "the account has not opted in to the region, as AWS says it: opt in, or take the region out of `regions`"
        }
        "InvalidSignatureException" | "SignatureDoesNotMatch" => "check the clock, and what lies on the way to AWS",
        _ => WAY,
    }
    .to_owned()
}

/// About a question to Organizations that is refused.
pub(super) fn organizations(reason: &str) -> String {
    match code(reason) {
        "AccessDeniedException" | "AccessDenied" | "HTTP 403" => {
            "give the crawl role `deploy/policies/crawl.json`, in the management account or in one that it delegates to"
        }
        "AWSOrganizationsNotInUseException" => {
            "this account is in no organisation: ask from the management account, or name ids in `accounts.include`"
        }
        _ => WAY,
    }
    .to_owned()
}

/// The code at the end of what was said: `the role cannot be assumed: AccessDenied`.
fn code(reason: &str) -> &str {
    reason.rsplit(": ").next().unwrap_or(reason)
}

/// Whether AWS itself said no: words of our own have blanks.
fn is_code(reason: &str) -> bool {
    !code(reason).contains(' ')
}
