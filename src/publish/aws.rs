//! How publishing asks AWS: each question until it is answered, refused, or enough was waited.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::store::StoreError;
use crate::aws::{Door, Fault};
use crate::settings::{AwsAccess, AwsEndpoint, Interruption};

/// How long one answer may take: a file may be large and the way narrow.
const PATIENCE: Duration = Duration::from_secs(300);

/// How often a question is put, and the longest of the waits before it is put again, with the first of them.
const TRIES: u32 = 10;
const WAIT: (Duration, Duration) = (Duration::from_secs(20), Duration::from_millis(100));

/// Where is asked when nobody says.
const REGION: &str = "us-east-1";

/// Why a question was not answered.
#[derive(Debug)]
pub(super) struct Trouble {
    fault: Fault,
    status: Option<u16>,
    code: Option<String>,
    /// The region that the bucket is said to be in.
    region: Option<String>,
}

impl Trouble {
    pub(super) fn of<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Self {
        let raw = error.raw_response();
        let region = raw.and_then(|raw| raw.headers().get("x-amz-bucket-region"));
        let is_region =
            |text: &&str| text.len() <= 32 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let status = raw.map(|raw| raw.status().as_u16());
        Self {
            // Who is sent elsewhere is not sent back.
            fault: match Fault::of(error) {
                Fault::Lost(reason) if status == Some(301) => Fault::Refused(reason),
                fault => fault,
            },
            status,
            code: error.code().map(str::to_owned),
            region: region.filter(is_region).map(str::to_owned),
        }
    }

    /// That no whole answer came.
    pub(super) fn lost(reason: &str) -> Self {
        Self { fault: Fault::Lost(reason.into()), status: None, code: None, region: None }
    }

    /// That the answer cannot be used, however often it comes.
    pub(super) fn unfit(reason: &str) -> Self {
        Self { fault: Fault::Refused(reason.into()), status: None, code: None, region: None }
    }

    /// Whether a condition did not hold.
    pub(super) fn is_conflict(&self) -> bool {
        self.status == Some(412)
    }

    /// Whether it is only the object that is not there.
    pub(super) fn is_absent(&self) -> bool {
        self.status == Some(404) && self.code.as_deref() != Some("NoSuchBucket")
    }

    /// What to tell people who wanted to be `doing` something.
    fn told(self, doing: &str, tries: u32, skew: Option<String>) -> StoreError {
        let code = self.code.as_deref().unwrap_or_default();
        let (help, is_setup) = match (code, self.status) {
            ("NoSuchBucket", _) => ("create the bucket, or name another one with `--to`".to_owned(), true),
            ("NoSuchDistribution", _) => ("`--distribution` takes the id of a distribution, such as E2EXAMPLE".to_owned(), true),
            ("ExpiredToken" | "ExpiredTokenException" | "RequestExpired", _) => (
                "the credentials are over: get new ones and run it again; what was sent is not sent again".to_owned(),
                true,
            ),
            ("InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidClientTokenId" | "InvalidToken", _) => {
                ("these credentials are not known there: look at AWS_PROFILE or AWS_ACCESS_KEY_ID".to_owned(), true)
            }
            ("RequestTimeTooSkewed", _) => {
                (skew.unwrap_or_else(|| "the clock of this machine is wrong; set it".to_owned()), true)
            }
            ("PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException", _)
            | (_, Some(301 | 307)) => (
                match self.region {
                    Some(region) => format!("the bucket is in `{region}`: set AWS_REGION={region}"),
                    None => "the bucket is in another region: set AWS_REGION to it".to_owned(),
                },
                true,
            ),
            ("NotImplemented", _) | (_, Some(501)) => {
                ("this store does not know conditional writes, which publishing needs".to_owned(), true)
            }
            (_, Some(401 | 403)) => (
                "whoever publishes needs s3:ListBucket of the bucket, s3:GetObject, s3:PutObject and s3:DeleteObject in the folder, and for `--distribution` cloudfront:CreateInvalidation".to_owned(),
                true,
            ),
            (_, None) => (
                "look at the network, at HTTPS_PROXY, and at AWS_ENDPOINT_URL where it is set".to_owned(),
                false,
            ),
            _ => (String::new(), false),
        };
        let reason = match self.fault {
            Fault::Throttled(reason) | Fault::Lost(reason) => format!("{reason}, {tries} times in a row"),
            Fault::Expired(reason) | Fault::Refused(reason) => reason.to_string(),
        };
        StoreError::Failed { doing: doing.to_owned(), reason, help, is_setup }
    }
}

/// How AWS is asked.
#[derive(Clone, Debug)]
pub struct Connection {
    door: Arc<Door>,
    pub(super) config: SdkConfig,
    /// Whether it is not AWS that is asked.
    pub(super) is_elsewhere: bool,
    interruption: Interruption,
}

impl Connection {
    /// The way to `endpoint`, or to AWS itself, for who `access` says; why not, when there is none.
    pub async fn open(
        endpoint: Option<&AwsEndpoint>,
        access: &AwsAccess,
        interruption: &Interruption,
    ) -> Result<Self, String> {
        let door = Door::new(endpoint, access, PATIENCE)?;
        let region = Door::region().await.unwrap_or_else(|| REGION.to_owned());
        let who = door.caller(access, &region).await?;
        let config = door.config(&who, &region);
        let is_elsewhere = endpoint.is_some();
        Ok(Self { door: Arc::new(door), config, is_elsewhere, interruption: interruption.clone() })
    }

    /// What counts every question.
    pub(super) fn watch(&self) -> aws_smithy_runtime_api::client::interceptors::SharedInterceptor {
        self.door.watch()
    }

    /// How many questions were put.
    pub(super) fn requests(&self) -> u64 {
        self.door.calls()
    }

    /// Puts a question until it is answered. A refusal that `expected` is handed back as [`Err`] of the inside.
    pub(super) async fn ask<T, F>(
        &self,
        doing: &str,
        expected: impl Fn(&Trouble) -> bool,
        once: impl Fn() -> F,
    ) -> Result<Result<T, Trouble>, StoreError>
    where
        F: Future<Output = Result<T, Trouble>>,
    {
        let mut tries = 0;
        loop {
            let trouble = match once().await {
                Ok(answer) => return Ok(Ok(answer)),
                Err(trouble) if expected(&trouble) => return Ok(Err(trouble)),
                Err(trouble) => trouble,
            };
            tries += 1;
            let is_final = match trouble.fault {
                Fault::Throttled(_) | Fault::Lost(_) => tries >= TRIES,
                // The library may have got new credentials meanwhile.
                Fault::Expired(_) => tries >= 2,
                Fault::Refused(_) => true,
            };
            if is_final {
                return Err(trouble.told(doing, tries, self.door.skew()));
            }
            // Not before: whoever ends a run lets go of the lock, and that is a question too.
            if self.interruption.is_requested() {
                return Err(StoreError::Interrupted);
            }
            let longest = WAIT.0.min(WAIT.1.saturating_mul(1 << tries.min(10)));
            // Full jitter: what was throttled together must not come back together.
            let chance = RandomState::new().hash_one(tries) % 1000;
            tokio::time::sleep(longest * u32::try_from(chance).unwrap_or(1000) / 1000).await;
        }
    }
}

/// That nothing but an answer is expected.
pub(super) fn nothing(_: &Trouble) -> bool {
    false
}
