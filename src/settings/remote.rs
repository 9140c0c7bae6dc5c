//! The address of a git remote, as the configuration names it. Nothing that content names is ever an address
//! to fetch from.

use std::net::Ipv4Addr;
use std::path::Path;

use url::{Host, Url};

/// A remote that git may fetch from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    url: Box<str>,
    protocol: &'static str,
    host: Option<Box<str>>,
}

impl Remote {
    /// Reads `https://host/org/name.git`, `ssh://git@host/org/name`, `git@host:org/name`, `file:///srv/name.git`
    /// and a path relative to `folder`; on this machine, when `loopback` says so, `http` and `git` too.
    ///
    /// Says what is wrong, and what to do.
    pub fn parse(text: &str, folder: &Path, loopback: bool) -> Result<Self, (String, &'static str)> {
        if text.is_empty() || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err((format!("`{}` is no address", text.escape_debug()), EXAMPLE));
        }
        if text.starts_with('-') || text.contains("::") && !text.contains("://") {
            return Err((format!("`{text}` is an instruction to git, not an address"), EXAMPLE));
        }
        let url = match (text.contains("://"), text.split_once(':')) {
            (true, _) => text.to_owned(),
            (false, Some((host, path))) if !host.contains('/') => {
                format!("ssh://{host}/{}", path.trim_start_matches('/'))
            }
            (false, _) => return Self::file(&folder.join(text)),
        };
        let url = Url::parse(&url).map_err(|error| (format!("`{text}` is no address: {error}"), EXAMPLE))?;
        if url.password().is_some() || (url.scheme() != "ssh" && !url.username().is_empty()) {
            let address = url.host_str().unwrap_or_default();
            return Err((format!("the address at `{address}` holds credentials"), CREDENTIALS));
        }
        if url.username().starts_with('-') || url.host_str().is_some_and(|host| host.starts_with('-')) {
            return Err((format!("`{text}` is an instruction to git, not an address"), EXAMPLE));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err((format!("`{text}` has a query or a fragment"), EXAMPLE));
        }
        let is_loopback = match url.host() {
            // A protocol that the URL standard does not know has numbers for a name.
            Some(Host::Domain(name)) => {
                name == "localhost" || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
            }
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let protocol = match url.scheme() {
            "https" => "https",
            "ssh" => "ssh",
            "file" => {
                let path = url.to_file_path().map_err(|()| (format!("`{text}` is no path"), EXAMPLE))?;
                return Self::file(&path);
            }
            "http" if loopback && is_loopback => "http",
            "git" if loopback && is_loopback => "git",
            scheme => return Err((format!("`{scheme}` is no protocol to fetch by"), EXAMPLE)),
        };
        if url.path().trim_matches('/').is_empty() {
            return Err((format!("`{text}` names no repository"), EXAMPLE));
        }
        let host = url.host_str().map(Box::from);
        Ok(Self { url: url.as_str().into(), protocol, host })
    }

    fn file(path: &Path) -> Result<Self, (String, &'static str)> {
        let not_text = || (format!("`{}` is no text", path.display()), EXAMPLE);
        let path = path.to_str().ok_or_else(not_text)?;
        Ok(Self { url: path.into(), protocol: "file", host: None })
    }

    /// What git is given.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The one protocol that git may speak: `https`, `ssh`, `file`, `http` or `git`.
    pub fn protocol(&self) -> &'static str {
        self.protocol
    }

    /// The host, unless it is this machine's disk.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The last part of its path, without `.git`: what a repository is called that has no better name.
    pub fn label(&self) -> &str {
        let path = self.url.trim_end_matches('/');
        let path = path.strip_suffix("/.git").unwrap_or(path);
        let name = path.rsplit('/').next().unwrap_or(path);
        name.strip_suffix(".git").unwrap_or(name)
    }
}

/// What an address looks like.
const EXAMPLE: &str = "write `https://host/org/name.git`, `git@host:org/name.git` or a path";

/// Where credentials belong. The line of an address that earns this must not be repeated.
pub const CREDENTIALS: &str =
    "take them out of the file; a token for https is read from the environment variable MILEPOST_GIT_TOKEN";

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Remote, (String, &'static str)> {
        Remote::parse(text, Path::new("/srv/catalog"), false)
    }

    #[test]
    fn addresses_are_told_by_their_protocol() {
        for (text, protocol, url, label) in [
            (
                "https://github.com/example/quote.git",
                "https",
                "https://github.com/example/quote.git",
                "quote",
            ),
            ("git@github.com:example/quote", "ssh", "ssh://git@github.com/example/quote", "quote"),
            (
                "ssh://git@git.example.com:7999/t/quote.git",
                "ssh",
                "ssh://git@git.example.com:7999/t/quote.git",
                "quote",
            ),
            ("file:///srv/git/quote.git", "file", "/srv/git/quote.git", "quote"),
            ("../clones/quote/.git", "file", "/srv/catalog/../clones/quote/.git", "quote"),
        ] {
            let remote = parse(text).expect(text);
            assert_eq!((remote.protocol(), remote.url(), remote.label()), (protocol, url, label), "{text}");
        }
    }

    #[test]
    fn what_git_would_obey_is_refused() {
        for text in [
            "",
            "-oProxyCommand=touch",
            "--upload-pack=touch",
            "ext::sh -c whoami",
            "ext::whoami",
            "ssh://-oProxyCommand=touch/x",
            "ssh://-x@host/x",
            "-x@host:quote",
            "http://git.example.com/quote",
            "http://127.0.0.1/quote",
            "git://git.example.com/quote",
            "ftp://git.example.com/quote",
            "https://user:token@git.example.com/quote",
            "https://token@git.example.com/quote",
            "https://git.example.com/",
            "https://git.example.com/quote?x",
            "https://git.example.com/quote\nhttps://other.example.com",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_secret_is_not_repeated_and_plain_protocols_stay_on_this_machine() {
        let (said, _) = parse("https://user:hunter2@git.example.com/quote").expect_err("it has a password");
        assert!(!said.contains("hunter2"), "{said}");
        let here = |text: &str| Remote::parse(text, Path::new("/srv"), true);
        assert_eq!(here("http://127.0.0.1:8080/quote.git").expect("loopback").protocol(), "http");
        assert_eq!(here("git://localhost/quote").expect("loopback").protocol(), "git");
        assert_eq!(here("git://127.0.0.1:9418/quote").expect("loopback").protocol(), "git");
        assert!(here("git://192.0.2.1/quote").is_err());
        assert!(here("http://192.0.2.1/quote").is_err() && here("git://git.example.com/quote").is_err());
    }
}
