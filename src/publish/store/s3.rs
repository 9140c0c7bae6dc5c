//! A bucket of S3 as a target: every file with its SHA-256, which S3 compares with what came over, and notes on
//! condition of what was read before.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, Delete, MetadataDirective, ObjectIdentifier};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Condition, Listed, Parcel, Shown, Store, StoreError, Tag};
use crate::publish::aws::{Connection, Trouble, nothing};
use crate::publish::invalidation;
use crate::publish::manifest::Headers;
use crate::render::site::{Digest, MediaType};

/// What says the digest of a file before it was compressed.
const CONTENT: &str = "milepost-sha256";

/// Notes larger than this are none of ours.
const NOTE: usize = 256 << 20;

/// Nothing that a listing can hold has more pages.
const PAGES: usize = 100_000;

/// A bucket, or a folder in one.
#[derive(Clone, Debug)]
pub struct Bucket {
    client: Client,
    connection: Connection,
    bucket: String,
    prefix: String,
}

impl Bucket {
    /// What lies in `bucket` below `prefix`.
    pub fn new(connection: &Connection, bucket: &str, prefix: &str) -> Self {
        let config = aws_sdk_s3::config::Builder::from(&connection.config)
            .force_path_style(connection.is_elsewhere)
            .interceptor(connection.watch());
        Self {
            client: Client::from_conf(config.build()),
            connection: connection.clone(),
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        }
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// `doing` something with the object `key`, for people.
    fn doing(&self, doing: &str, key: &str) -> String {
        format!("{doing} `s3://{}/{}{key}`", self.bucket, self.prefix)
    }
}

impl Store for Bucket {
    async fn read(&self, key: &str) -> Result<Option<(Vec<u8>, Tag)>, StoreError> {
        let get = || async {
            let question = self.client.get_object().bucket(&self.bucket).key(self.key(key));
            let answer = question.send().await.map_err(|error| Trouble::of(&error))?;
            let tag = answer.e_tag().map(|tag| Tag(tag.to_owned()));
            let mut body = answer.body;
            let mut text = Vec::new();
            while let Some(part) = body.next().await {
                let part = part.map_err(|_| Trouble::lost("the answer was not whole"))?;
                if text.len() + part.len() > NOTE {
                    return Err(Trouble::unfit("it is too large for a note of ours"));
                }
                text.extend_from_slice(&part);
            }
            Ok((text, tag.ok_or_else(|| Trouble::lost("an answer without an ETag"))?))
        };
        let answer = self.connection.ask(&self.doing("reading", key), Trouble::is_absent, get).await?;
        Ok(answer.ok())
    }

    async fn write(&self, key: &str, text: &[u8], condition: &Condition) -> Result<Tag, StoreError> {
        let sum = STANDARD.encode(Digest::of(text).0);
        let put = || async {
            let question = self.client.put_object().bucket(&self.bucket).key(self.key(key));
            let question = question.content_type("application/json").cache_control("no-store");
            let question = match condition {
                Condition::Always => question,
                Condition::Absent => question.if_none_match("*"),
                Condition::Unchanged(tag) => question.if_match(&tag.0),
            };
            let answer = question.checksum_sha256(&sum).body(ByteStream::from(text.to_vec())).send().await;
            let answer = answer.map_err(|error| Trouble::of(&error))?;
            let tag = answer.e_tag().map(|tag| Tag(tag.to_owned()));
            tag.ok_or_else(|| Trouble::lost("an answer without an ETag"))
        };
        // What is to be unchanged and is gone has changed.
        let is_bound = *condition != Condition::Always;
        let expected = |trouble: &Trouble| is_bound && (trouble.is_conflict() || trouble.is_absent());
        let answer = self.connection.ask(&self.doing("writing", key), expected, put).await?;
        answer.map_err(|_| StoreError::Conflict)
    }

    async fn put(&self, key: &str, parcel: Parcel<'_>) -> Result<(), StoreError> {
        let sum = STANDARD.encode(parcel.sent.0);
        let Headers { media_type, cache_control, encoding } = parcel.headers;
        let put = || async {
            let question = self.client.put_object().bucket(&self.bucket).key(self.key(key));
            let question = question
                .content_type(media_type)
                .cache_control(cache_control)
                .set_content_encoding(encoding.clone())
                .set_content_disposition(disposition(parcel.headers))
                .metadata(CONTENT, parcel.content.hexadecimal())
                .set_if_none_match(parcel.is_new.then(|| "*".to_owned()));
            let question = question.checksum_sha256(&sum).body(ByteStream::from(parcel.bytes.to_vec()));
            question.send().await.map(drop).map_err(|error| Trouble::of(&error))
        };
        let answer = self.connection.ask(&self.doing("sending", key), Trouble::is_conflict, put).await?;
        answer.map_err(|_| StoreError::Conflict)
    }

    async fn copy(&self, from: &str, to: &str, content: Digest, headers: &Headers) -> Result<(), StoreError> {
        let source = format!("{}/{}", self.bucket, invalidation::encoded(&self.key(from)));
        let copy = || async {
            let question =
                self.client.copy_object().bucket(&self.bucket).key(self.key(to)).copy_source(&source);
            let question = question
                .metadata_directive(MetadataDirective::Replace)
                .checksum_algorithm(ChecksumAlgorithm::Sha256)
                .content_type(&headers.media_type)
                .cache_control(&headers.cache_control)
                .set_content_encoding(headers.encoding.clone())
                .set_content_disposition(disposition(headers))
                .metadata(CONTENT, content.hexadecimal());
            let answer = question.send().await.map_err(|error| Trouble::of(&error))?;
            let sum = answer.copy_object_result().and_then(|result| result.checksum_sha256());
            Ok(sum.map(str::to_owned))
        };
        let answer = self.connection.ask(&self.doing("copying", to), Trouble::is_absent, copy).await?;
        match answer {
            // What was copied is not what it should be; of compressed files nobody noted the sum.
            Ok(Some(sum)) if headers.encoding.is_none() && sum != STANDARD.encode(content.0) => {
                Err(StoreError::Missing)
            }
            Ok(_) => Ok(()),
            Err(_) => Err(StoreError::Missing),
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        let mut found = Vec::new();
        let mut token = None::<String>;
        for _ in 0..PAGES {
            let list = || async {
                let question = self.client.list_objects_v2().bucket(&self.bucket).prefix(self.key(prefix));
                let answer = question.set_continuation_token(token.clone()).send().await;
                answer.map_err(|error| Trouble::of(&error))
            };
            let page = self.connection.ask(&self.doing("listing", prefix), nothing, list).await?;
            let page = page.map_err(|_| StoreError::Missing)?;
            for object in page.contents() {
                let key = object.key().and_then(|key| key.strip_prefix(&self.prefix));
                let size = object.size().and_then(|size| u64::try_from(size).ok());
                found.extend(key.zip(size).map(|(key, size)| Listed { key: key.to_owned(), size }));
            }
            let next = page.next_continuation_token().filter(|next| !next.is_empty()).map(str::to_owned);
            match (page.is_truncated().unwrap_or_default(), next) {
                (false, _) => return Ok(found),
                (true, Some(next)) if token.as_ref() != Some(&next) => token = Some(next),
                (true, _) => break,
            }
        }
        Err(StoreError::failed(self.doing("listing", prefix), &"its pages do not end"))
    }

    async fn digest(&self, key: &str) -> Result<Option<Digest>, StoreError> {
        let head = || async {
            let question = self.client.head_object().bucket(&self.bucket).key(self.key(key));
            let answer = question.send().await.map_err(|error| Trouble::of(&error))?;
            let noted = answer.metadata().and_then(|notes| notes.get(CONTENT));
            Ok(noted.and_then(|digest| Digest::parse(digest)))
        };
        let answer = self.connection.ask(&self.doing("looking at", key), Trouble::is_absent, head).await?;
        Ok(answer.unwrap_or_default())
    }

    async fn remove(&self, keys: &[String]) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        let doing = self.doing("removing", &keys[0]);
        let objects = keys.iter().map(|key| ObjectIdentifier::builder().key(self.key(key)).build());
        let unfit = |error| StoreError::failed(doing.clone(), &error);
        let objects = objects.collect::<Result<Vec<_>, _>>().map_err(unfit)?;
        let batch = Delete::builder().set_objects(Some(objects)).quiet(true).build().map_err(unfit)?;
        let delete = || async {
            let question = self.client.delete_objects().bucket(&self.bucket).delete(batch.clone());
            let answer = question.send().await.map_err(|error| Trouble::of(&error))?;
            Ok(answer
                .errors()
                .first()
                .map(|error| error.code().unwrap_or("an error without a code").to_owned()))
        };
        match self.connection.ask(&doing, nothing, delete).await? {
            Ok(None) => Ok(()),
            Ok(Some(code)) => Err(StoreError::Failed {
                doing,
                reason: code,
                help: "whoever publishes needs s3:DeleteObject there; what readers see is not touched"
                    .to_owned(),
                is_setup: true,
            }),
            Err(_) => Err(StoreError::Missing),
        }
    }

    async fn remove_unchanged(&self, key: &str, tag: &Tag) -> Result<(), StoreError> {
        let delete = || async {
            let question = self.client.delete_object().bucket(&self.bucket).key(self.key(key));
            let answer = question.if_match(&tag.0).send().await;
            answer.map(drop).map_err(|error| Trouble::of(&error))
        };
        let expected = |trouble: &Trouble| trouble.is_conflict() || trouble.is_absent();
        let answer = self.connection.ask(&self.doing("removing", key), expected, delete).await?;
        answer.map_err(|_| StoreError::Conflict)
    }

    async fn shown(&self) -> Result<Option<Shown>, StoreError> {
        Ok(None)
    }

    async fn show(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    async fn tidy(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn is_signed(&self) -> bool {
        true
    }

    fn requests(&self) -> u64 {
        self.connection.requests()
    }
}

/// What a browser should do with a file, where that is not to show it: tables are for spreadsheets.
fn disposition(headers: &Headers) -> Option<String> {
    (headers.media_type == MediaType::Csv.header()).then(|| "attachment".to_owned())
}
