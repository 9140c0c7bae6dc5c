//! Addresses of services that are asked with credentials: `https`, or this machine where a test runs.

use url::{Host, Url};

/// What is said of the address of one service.
pub(super) struct Address {
    /// The key in the configuration.
    pub(super) key: &'static str,
    /// Who is asked there.
    pub(super) whom: &'static str,
    /// What to write instead.
    pub(super) example: &'static str,
    /// Where credentials belong.
    pub(super) credentials: &'static str,
}

impl Address {
    /// Reads an address: `https` only, and on this machine, when `loopback` says so, `http` too. Says what is
    /// wrong, and what to do.
    pub(super) fn parse(&self, text: &str, loopback: bool) -> Result<Url, (String, &'static str)> {
        let Self { key, whom, example, credentials } = *self;
        let url = Url::parse(text).map_err(|error| (format!("`{key}` is no address: {error}"), example))?;
        if url.password().is_some() || !url.username().is_empty() {
            return Err((format!("the address of `{key}` holds credentials"), credentials));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err((format!("`{text}` has a query or a fragment"), example));
        }
        let is_loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err((format!("`{text}` names no host"), example)),
        };
        match url.scheme() {
            "https" => Ok(url),
            "http" if loopback && is_loopback => Ok(url),
            scheme => Err((format!("`{scheme}` is no protocol to ask {whom} by"), example)),
        }
    }
}
