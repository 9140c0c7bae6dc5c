//! Who a repository is, by the address of its remote.

use url::Url;

/// Name and address of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::collect) struct Identity {
    /// Such as `org/name`.
    pub(in crate::collect) name: String,
    /// Where people read it.
    pub(in crate::collect) url: String,
}

impl Identity {
    /// Reads `https://host/org/name.git`, `ssh://git@host/org/name` and `git@host:org/name`. Credentials
    /// never show. `None` for a path of this machine, which is no name that others would know.
    pub(in crate::collect) fn of(remote: &str) -> Option<Self> {
        let url = if remote.contains("://") {
            Url::parse(remote).ok()?
        } else {
            let (host, path) = remote.split_once(':')?;
            // `C:\git`, `./odd:name` and `ext::command` name no host.
            if host.len() < 2 || host.contains('/') || path.starts_with(':') {
                return None;
            }
            Url::parse(&format!("ssh://{host}/{}", path.trim_start_matches('/'))).ok()?
        };
        let (scheme, port) = match url.scheme() {
            "http" => ("http", url.port()),
            "https" => ("https", url.port()),
            "ssh" | "git" | "git+ssh" | "ssh+git" => ("https", None),
            _ => return None,
        };
        let host = url.host_str().filter(|host| !host.is_empty() && !host.starts_with('-'))?;
        let path = url.path().trim_matches('/');
        let name = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
        let is_sound = |part: &str| !matches!(part, "" | "." | "..") && !part.chars().any(char::is_control);
        if !name.split('/').all(is_sound) {
            return None;
        }
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Some(Self { name: name.to_owned(), url: format!("{scheme}://{host}{port}/{name}") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_remote_without_credentials() {
        for (remote, name, url) in [
            ("https://github.com/example/quote.git", "example/quote", "https://github.com/example/quote"),
            (
                "https://user:token@github.com/example/quote",
                "example/quote",
                "https://github.com/example/quote",
            ),
            ("git@github.com:example/quote.git", "example/quote", "https://github.com/example/quote"),
            ("github.com:example/quote/", "example/quote", "https://github.com/example/quote"),
            (
                "ssh://git@git.example.com:7999/team/quote.git",
                "team/quote",
                "https://git.example.com/team/quote",
            ),
            (
                "https://git.example.com:8443/a/b/quote.git",
                "a/b/quote",
                "https://git.example.com:8443/a/b/quote",
            ),
            ("http://git.example.com/quote", "quote", "http://git.example.com/quote"),
        ] {
            let identity = Identity::of(remote).expect(remote);
            assert_eq!((identity.name.as_str(), identity.url.as_str()), (name, url), "{remote}");
        }
    }

    #[test]
    fn what_names_nothing_that_others_know_is_left_out() {
        for remote in [
            "",
            "/srv/git/quote.git",
            "../quote",
            "file:///srv/git/quote.git",
            "C:\\git\\quote",
            "C:/git/quote",
            "ext::sh -c whoami",
            "https://github.com/",
            "git@github.com:",
            "https:///quote",
            "javascript://x/%0aalert(1)",
            "./odd:name/quote",
            "-oProxyCommand=x:quote",
        ] {
            assert_eq!(Identity::of(remote), None, "{remote}");
        }
    }
}
