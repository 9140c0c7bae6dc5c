//! Where to publish, as the command line says it.

use std::path::PathBuf;

use url::Url;

use crate::render::site::SitePath;

/// Where to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket of S3, and what the names of our objects there begin with: nothing, or a folder with `/` behind it.
    Bucket {
        /// Its name.
        bucket: String,
        /// The folder in it.
        prefix: String,
    },
}

impl Target {
    /// Reads `s3://bucket/folder`, `file:///folder` or the path of a folder. Says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let is_bucket = (3..=63).contains(&bucket.len())
                && bucket.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b));
            if !is_bucket {
                return Err(format!("`{bucket}` is no name of a bucket; write `s3://bucket/folder`"));
            }
            let prefix = prefix.trim_end_matches('/');
            if !prefix.is_empty() && (SitePath::new(prefix).is_none() || prefix.contains(char::is_control)) {
                return Err(format!("`{prefix}` is no folder of a bucket; write `s3://bucket/folder`"));
            }
            let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
            return Ok(Self::Bucket { bucket: bucket.to_owned(), prefix });
        }
        if text.starts_with("file:") {
            let folder = Url::parse(text).ok().and_then(|url| url.to_file_path().ok());
            return folder.map(Self::Folder).ok_or_else(|| {
                format!("`{text}` names no folder of this machine; write `file:///absolute/folder`")
            });
        }
        match text.split_once("://") {
            Some((scheme, _)) => {
                Err(format!("`{scheme}` is nothing to publish to; write `s3://bucket/folder` or a folder"))
            }
            None if text.is_empty() => Err("it is empty; write `s3://bucket/folder` or a folder".to_owned()),
            None => Ok(Self::Folder(PathBuf::from(text))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_and_folders_are_told_apart() {
        let bucket = |bucket: &str, prefix: &str| {
            Ok(Target::Bucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
        };
        assert_eq!(Target::parse("s3://portal"), bucket("portal", ""));
        assert_eq!(Target::parse("s3://portal/"), bucket("portal", ""));
        assert_eq!(Target::parse("s3://portal/a/b/"), bucket("portal", "a/b/"));
        assert_eq!(Target::parse("file:///srv/a%20b"), Ok(Target::Folder("/srv/a b".into())));
        assert_eq!(Target::parse("srv/portal"), Ok(Target::Folder("srv/portal".into())));
        for wrong in
            ["", "s3://", "s3://A_b/x", "s3://portal//x", "s3://portal/../x", "file://host/x", "https://x/y"]
        {
            assert!(Target::parse(wrong).is_err(), "{wrong}");
        }
    }
}
