//! What went wrong with one question to AWS, sorted by what may be done about it.

use std::sync::Arc;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Longest code of an error that is repeated.
const CODE: usize = 64;

/// Codes that say: too many questions, this one was not looked at.
const THROTTLES: [&str; 8] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "SlowDown",
];

/// Codes that say: who asks was somebody once.
const EXPIRED: [&str; 3] = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];

/// Codes that say: the question must be put anew from its beginning, or AWS itself failed.
const LOST: [&str; 12] = [
    "PaginationTokenExpiredException",
    "InternalServiceException",
    "InternalFailure",
    "InternalError",
    "ServiceUnavailable",
    "ServiceException",
    // Of S3: what came over was not what was sent, or somebody else wrote at the same moment.
    "RequestTimeout",
    "IncompleteBody",
    "BadDigest",
    "XAmzContentSHA256Mismatch",
    "OperationAborted",
    "ConditionalRequestConflict",
];

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Fault {
    /// AWS did not look at the question, so that the very same may be asked again.
    Throttled(Arc<str>),
    /// No whole answer came, and what AWS did is not known.
    Lost(Arc<str>),
    /// Who asks must become somebody again.
    Expired(Arc<str>),
    /// AWS says no.
    Refused(Arc<str>),
}

impl Fault {
    /// What `error` means.
    pub(crate) fn of<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Self {
        match error {
            SdkError::ConstructionFailure(_) => Self::Refused("the question could not be put".into()),
            SdkError::TimeoutError(_) => Self::Lost("no answer in time".into()),
            SdkError::DispatchFailure(failure) if failure.is_timeout() => {
                Self::Lost("no answer in time".into())
            }
            SdkError::DispatchFailure(failure) if failure.is_user() => {
                Self::Refused("the question could not be put".into())
            }
            SdkError::DispatchFailure(_) => Self::Lost("the connection failed".into()),
            // Who is turned away on the road, or by an emulator, is told so in words that are not those of the service.
            SdkError::ResponseError(context) if is_refusal(context.raw().status().as_u16()) => {
                Self::said(None, context.raw().status().as_u16())
            }
            SdkError::ResponseError(_) => Self::Lost("the answer was not whole".into()),
            SdkError::ServiceError(context) => {
                Self::said(context.err().code(), context.raw().status().as_u16())
            }
            _ => Self::Lost("the answer is not understood".into()),
        }
    }

    /// What an answer with this code and status means.
    fn said(code: Option<&str>, status: u16) -> Self {
        let code = code.map(|code| code.rsplit('#').next().unwrap_or(code)).filter(|code| is_code(code));
        let shown: Arc<str> = code.map_or_else(|| format!("HTTP {status}").into(), Arc::from);
        let is_of = |codes: &[&str]| code.is_some_and(|code| codes.contains(&code));
        if is_of(&THROTTLES) || status == 429 {
            Self::Throttled(shown)
        } else if is_of(&EXPIRED) {
            Self::Expired(shown)
        } else if is_of(&LOST) || !(400..500).contains(&status) {
            Self::Lost(shown)
        } else {
            Self::Refused(shown)
        }
    }

    /// What to tell people.
    pub(crate) fn reason(&self) -> &Arc<str> {
        let (Self::Throttled(reason) | Self::Lost(reason) | Self::Expired(reason) | Self::Refused(reason)) =
            self;
        reason
    }
}

/// Whether a status says no, whatever the words.
const fn is_refusal(status: u16) -> bool {
    matches!(status, 401 | 403 | 407)
}

/// Whether it looks like `AccessDenied`; anything else comes from somebody between us and AWS.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= CODE
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-:".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: Option<&str>, status: u16) -> (char, String) {
        let fault = Fault::said(code, status);
        let letter = match &fault {
            Fault::Throttled(_) => 't',
            Fault::Lost(_) => 'l',
            Fault::Expired(_) => 'e',
            Fault::Refused(_) => 'r',
        };
        (letter, fault.reason().to_string())
    }

    #[test]
    fn what_may_be_done_follows_from_code_and_status() {
        for (code, status, expected) in [
            (Some("ThrottlingException"), 400, ('t', "ThrottlingException")),
            (None, 429, ('t', "HTTP 429")),
            (Some("ExpiredToken"), 403, ('e', "ExpiredToken")),
            (Some("AccessDeniedException"), 400, ('r', "AccessDeniedException")),
            (Some("com.amazonaws#AccessDenied"), 403, ('r', "AccessDenied")),
            (Some("PaginationTokenExpiredException"), 400, ('l', "PaginationTokenExpiredException")),
            (Some("InternalServiceException"), 400, ('l', "InternalServiceException")),
            (None, 502, ('l', "HTTP 502")),
            (Some("<script>alert(1)</script>"), 403, ('r', "HTTP 403")),
            (Some("a\u{202e}b"), 403, ('r', "HTTP 403")),
        ] {
            assert_eq!(kind(code, status), (expected.0, expected.1.to_owned()), "{code:?} {status}");
        }
    }
}
