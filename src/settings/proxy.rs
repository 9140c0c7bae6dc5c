//! The way out of a closed network, as the environment names it.

use std::ffi::OsString;

use super::Secret;

/// Proxies, by what they are for. Their addresses may hold a password.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// For what is asked over https.
    pub https: Option<Secret>,
    /// For everything that has no proxy of its own.
    pub all: Option<Secret>,
    /// Hosts that are asked without, as curl reads them.
    pub none: Option<Box<str>>,
}

impl Proxies {
    /// No proxy for anything.
    pub const NONE: Self = Self { https: None, all: None, none: None };

    /// Takes them from the environment, into which `variable` looks; as elsewhere, either case counts.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let text = |names: [&str; 2]| {
            let texts = names.into_iter().filter_map(|name| variable(name)?.into_string().ok());
            texts.map(|text| text.trim().to_owned()).find(|text| !text.is_empty())
        };
        Self {
            https: text(["HTTPS_PROXY", "https_proxy"]).as_deref().map(Secret::new),
            all: text(["ALL_PROXY", "all_proxy"]).as_deref().map(Secret::new),
            none: text(["NO_PROXY", "no_proxy"]).map(Box::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_case_counts_and_a_password_is_not_shown() {
        let set =
            [("https_proxy", "http://me:hunter2@proxy:3128"), ("HTTPS_PROXY", ""), ("NO_PROXY", "a, b")];
        let variable =
            |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
        let proxies = Proxies::of(variable);
        assert_eq!(proxies.https, Some(Secret::new("http://me:hunter2@proxy:3128")));
        assert_eq!((proxies.all.is_none(), proxies.none.as_deref()), (true, Some("a, b")));
        assert!(!format!("{proxies:?}").contains("hunter2"));
    }
}
