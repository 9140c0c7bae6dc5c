//! The one door to AWS: how it is connected, signed for and waited for, and what its clock says.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sts::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, SharedInterceptor, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::day::Moment;
use crate::settings::{AwsAccess, AwsCredentials, AwsEndpoint, Proxies};

/// How long a connection may take.
const CONNECTING: Duration = Duration::from_secs(10);

/// Beyond this difference of clocks AWS refuses what is signed.
const SKEW: u64 = 300;

/// Longest text of a provider of credentials that is repeated.
const SAID: usize = 300;

/// How AWS is asked.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    http: SharedHttpClient,
    timeouts: TimeoutConfig,
    endpoint: Option<Box<str>>,
    dates: Arc<Dates>,
    calls: Arc<AtomicU64>,
}

impl Door {
    /// The door to `endpoint`, or to AWS itself, for who `access` says; an answer may take as long as `patience`.
    pub(crate) fn new(
        endpoint: Option<&AwsEndpoint>,
        access: &AwsAccess,
        patience: Duration,
    ) -> Result<Self, String> {
        let endpoint = endpoint.map(|endpoint| Box::from(endpoint.as_str()));
        let proxy = proxy(&access.proxies).filter(|_| endpoint.is_none()).transpose()?;
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECTING).operation_attempt_timeout(patience);
        Ok(Self {
            http: http(proxy.unwrap_or_else(ProxyConfig::disabled)),
            timeouts: timeouts.build(),
            endpoint,
            dates: Arc::new(Dates::new(access.began)),
            calls: Arc::default(),
        })
    }

    /// How `who` asks in `region`.
    ///
    /// The library never asks again by itself: what may be asked again depends on what was asked.
    pub(crate) fn config(&self, who: &SharedCredentialsProvider, region: &str) -> SdkConfig {
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(self.http.clone())
            .region(Region::new(region.to_owned()))
            .credentials_provider(who.clone())
            .retry_config(RetryConfig::disabled())
            .timeout_config(self.timeouts.clone())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        if let Some(endpoint) = &self.endpoint {
            config = config.endpoint_url(&**endpoint);
        }
        config.build()
    }

    /// What counts every call, and looks at the clock of every answer.
    pub(crate) fn watch(&self) -> SharedInterceptor {
        SharedInterceptor::new(Watch { dates: Arc::clone(&self.dates), calls: Arc::clone(&self.calls) })
    }

    /// How many calls were made through this door.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    /// Seconds by which AWS is ahead of us, once it said what time it is.
    pub(crate) fn ahead(&self) -> Option<i64> {
        Some(self.dates.skew.load(Ordering::SeqCst)).filter(|skew| *skew != UNSEEN)
    }

    /// How far our clock is from that of AWS, when that is too far.
    pub(crate) fn skew(&self) -> Option<String> {
        let skew = self.ahead().filter(|skew| skew.unsigned_abs() > SKEW)?;
        let (minutes, way) = (skew.unsigned_abs() / 60, if skew > 0 { "behind" } else { "ahead of" });
        Some(format!(
            "the clock of this machine is {minutes} minutes {way} that of AWS, which refuses what is signed more than 5 minutes off; set the clock"
        ))
    }

    /// The region that environment and profile name, when they do.
    pub(crate) async fn region() -> Option<String> {
        let told = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new());
        let region = told.or_else(ProfileFileRegionProvider::new()).region().await;
        region.map(|region| region.to_string())
    }

    /// Who we are, before any role is assumed.
    pub(crate) async fn caller(
        &self,
        access: &AwsAccess,
        region: &str,
    ) -> Result<SharedCredentialsProvider, String> {
        let provider = match &access.credentials {
            AwsCredentials::None => return Err(NOBODY.to_owned()),
            AwsCredentials::Keys { id, secret } => SharedCredentialsProvider::new(Credentials::new(
                &**id,
                secret.reveal(),
                None,
                None,
                "milepost",
            )),
            AwsCredentials::Chain => {
                let loader = aws_config::defaults(BehaviorVersion::v2026_01_12());
                let loader = loader.region(Region::new(region.to_owned())).http_client(self.http.clone());
                let found = loader.load().await.credentials_provider();
                found.ok_or_else(|| NOBODY.to_owned())?
            }
        };
        if let Err(error) = provider.provide_credentials().await {
            let error = aws_smithy_types::error::display::DisplayErrorContext(error).to_string();
            let said: String = error.chars().filter(|c| !c.is_control()).take(SAID).collect();
            return Err(format!("{NOBODY} ({said})"));
        }
        Ok(provider)
    }
}

/// What is said when nobody asks.
const NOBODY: &str = "no credentials for AWS were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the job a role";

/// The way out of a closed network.
fn proxy(proxies: &Proxies) -> Option<Result<ProxyConfig, String>> {
    let (made, name) = match (&proxies.https, &proxies.all) {
        (Some(address), _) => (ProxyConfig::https(address.reveal()), "HTTPS_PROXY"),
        (None, Some(address)) => (ProxyConfig::all(address.reveal()), "ALL_PROXY"),
        (None, None) => return None,
    };
    // Its address may hold a password, so it is not repeated.
    let made = made.map_err(|_| format!("{name} is no address of a proxy"));
    Some(made.map(|config| match &proxies.none {
        Some(hosts) => config.no_proxy(hosts),
        None => config,
    }))
}

fn http(proxy: ProxyConfig) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().proxy_config(proxy.clone());
        if let Some(settings) = settings {
            connector = connector.connector_settings(settings.clone());
        }
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.tls_provider(Provider::Rustls(CryptoMode::Ring)).build()
    })
}

/// That no answer was dated yet.
const UNSEEN: i64 = i64::MIN;

/// How far our clock is from that of the first answer.
#[derive(Debug)]
struct Dates {
    began: Moment,
    start: Instant,
    /// Seconds by which AWS is ahead of us.
    skew: AtomicI64,
}

impl Dates {
    fn new(began: Moment) -> Self {
        Self { began, start: Instant::now(), skew: AtomicI64::new(UNSEEN) }
    }

    fn hear(&self, date: &str) {
        let Some(theirs) = Moment::parse_http(date) else { return };
        let elapsed = i64::try_from(self.start.elapsed().as_secs()).unwrap_or(i64::MAX);
        let ours = self.began.unix_seconds().saturating_add(elapsed);
        let skew = theirs.unix_seconds().saturating_sub(ours);
        let _ = self.skew.compare_exchange(UNSEEN, skew, Ordering::SeqCst, Ordering::SeqCst);
    }
}

/// Counts calls, and hears what the clock of AWS says.
#[derive(Debug)]
struct Watch {
    dates: Arc<Dates>,
    calls: Arc<AtomicU64>,
}

#[dyn_dispatch_hint]
impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "Watch"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(date) = context.response().headers().get("date") {
            self.dates.hear(date);
        }
        Ok(())
    }
}
