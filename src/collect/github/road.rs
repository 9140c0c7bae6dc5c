//! The road to the host that is asked: straight, or through a tunnel that a proxy opens to it. What goes through the
//! tunnel is encrypted as it is without; the proxy learns the name of the host and nothing else.

use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::Service;

use crate::settings::{GithubApi, Proxies};

/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The road to one host.
#[derive(Clone)]
pub(super) enum Road {
    Straight(HttpConnector),
    /// Through a proxy, with its address as people may see it.
    Through(Box<Tunnel<HttpConnector>>, String),
}

impl Road {
    /// The road to `api`, or why there is none.
    pub(super) fn to(api: &GithubApi, proxies: &Proxies) -> Result<Self, String> {
        let mut straight = HttpConnector::new();
        straight.enforce_http(false);
        straight.set_connect_timeout(Some(PATIENCE));
        let Some((proxy, shown)) = proxy_to(api, proxies)? else { return Ok(Self::Straight(straight)) };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), straight);
        if let Some(authorization) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        Ok(Self::Through(Box::new(tunnel), shown))
    }

    /// The proxy on the way, if there is one.
    pub(super) fn proxy(&self) -> Option<&str> {
        match self {
            Self::Straight(_) => None,
            Self::Through(_, shown) => Some(shown),
        }
    }
}

/// The proxy that stands between us and `api`, and its address without a password. One that cannot be used is
/// no reason to go without: who names it wants nothing to go around it.
fn proxy_to(api: &GithubApi, proxies: &Proxies) -> Result<Option<(Intercept, String)>, String> {
    let host: Uri = api.graphql().parse().map_err(|error| format!("its address cannot be used: {error}"))?;
    let for_https = proxies.https.as_ref().filter(|_| host.scheme_str() == Some("https"));
    let Some(named) = for_https.or(proxies.all.as_ref()) else { return Ok(None) };
    let none = proxies.none.as_deref().unwrap_or_default();
    let intercept = |proxy: &str| Matcher::builder().all(proxy).no(none).build().intercept(&host);
    if intercept("http://any.invalid").is_none() {
        return Ok(None);
    }
    let proxy = intercept(named.reveal());
    let proxy = proxy.ok_or("the address of the proxy in HTTPS_PROXY or ALL_PROXY cannot be read")?;
    // Host and port alone: what stands before them may be half of a password.
    let port = proxy.uri().port().map(|port| format!(":{port}")).unwrap_or_default();
    let shown = format!("{}{port}", proxy.uri().host().unwrap_or_default());
    match proxy.uri().scheme_str() {
        Some("http") => Ok(Some((proxy, shown))),
        other => {
            let other = other.unwrap_or_default();
            Err(format!("the proxy at `{shown}` speaks `{other}`; only those at `http://` can be used"))
        }
    }
}

impl Service<Uri> for Road {
    type Response = TokioIo<TcpStream>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        match self {
            Self::Straight(straight) => straight.poll_ready(context).map_err(Into::into),
            Self::Through(tunnel, _) => tunnel.poll_ready(context).map_err(Into::into),
        }
    }

    fn call(&mut self, host: Uri) -> Self::Future {
        match self {
            Self::Straight(straight) => {
                let connecting = straight.call(host);
                Box::pin(async move { connecting.await.map_err(Into::into) })
            }
            Self::Through(tunnel, shown) => {
                let (connecting, shown) = (tunnel.call(host), shown.clone());
                Box::pin(async move {
                    let failed = |error| {
                        let reason = super::transport::innermost(&error);
                        io::Error::other(format!("the proxy at `{shown}` opens no way: {reason}")).into()
                    };
                    connecting.await.map_err(failed)
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Secret;

    fn road(https: &str, all: &str, none: &str) -> Result<Option<String>, String> {
        let secret = |text: &str| (!text.is_empty()).then(|| Secret::new(text));
        let proxies = Proxies { https: secret(https), all: secret(all), none: Some(none.into()) };
        let api = GithubApi::parse("https://git.example.com/api/v3", false).expect("an address");
        Road::to(&api, &proxies).map(|road| road.proxy().map(str::to_owned))
    }

    #[test]
    fn the_environment_says_which_road_is_taken() {
        let through = |shown: &str| Ok(Some(shown.to_owned()));
        assert_eq!(road("", "", ""), Ok(None));
        assert_eq!(road("http://proxy:3128", "", ""), through("proxy:3128"));
        assert_eq!(road("proxy:3128", "", ""), through("proxy:3128"));
        assert_eq!(road("", "http://proxy:3128", ""), through("proxy:3128"));
        assert_eq!(road("http://one:1", "http://two:2", "other.com"), through("one:1"));
        for none in ["git.example.com", ".example.com", "a.com, example.com", "*"] {
            assert_eq!(road("http://proxy:3128", "", none), Ok(None), "{none}");
        }
        assert_eq!(road("http://proxy:3128", "", "xample.com"), through("proxy:3128"));
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_no_reason_to_go_without() {
        for proxy in ["https://me:hunter2@proxy", "socks5://me:hunter2@proxy:1080", "ftp://me:hunter2@proxy"]
        {
            let reason = road(proxy, "", "").expect_err(proxy);
            assert!(reason.contains("proxy") && !reason.contains("hunter2"), "{reason}");
            assert_eq!(road(proxy, "", "example.com"), Ok(None), "{proxy}");
        }
        assert_eq!(road("http://me:hunter2@proxy:3128", "", ""), Ok(Some("proxy:3128".to_owned())));
    }
}
