//! What a source of AWS in `milepost.yaml` needs, and what only it heeds.

use super::Check;
use crate::catalog::configuration::{AccountExclusion, Also, AwsResources, SourceKind, SourceRecord};
use crate::catalog::field::{Field, List, Sourced};
use crate::catalog::origin::Origin;
use crate::diagnostic::codes;
use crate::settings::AWS_CREDENTIALS;

impl Check<'_> {
    /// Whether a source of AWS can be asked: it names regions, roles that are roles, and no address that a
    /// signed question must not be sent to.
    pub(super) fn aws(&mut self, source: &mut SourceRecord, name: &Sourced<Box<str>>) -> bool {
        let had_none = source.regions.is_empty();
        source.regions.items.retain(|region| {
            let is_region = is_region(&region.value);
            if !is_region {
                let message = format!("`{}` is no region of AWS", region.value.escape_debug());
                let help = "write a region such as `eu-central-1`";
                self.report(&codes::INCOMPLETE_SOURCE, region.origin, message, help);
            }
            is_region
        });
        if had_none {
            let message = format!("the source `{}` names no region, so it is not asked", name.value);
            let help =
                "add `regions:` with all that are in use, and `us-east-1` for what belongs to no region";
            self.report(&codes::INCOMPLETE_SOURCE, name.origin, message, help);
        }
        if source.regions.is_empty() {
            return false;
        }
        let mut is_sound = true;
        if let Some(Sourced { value, origin }) = source.role.sourced()
            && !is_role_arn(value)
        {
            let message = format!("`{}` is no ARN of a role", value.escape_debug());
            let help = "write `arn:aws:iam::111122223333:role/milepost/MilepostCrawl`, or leave `role` out";
            self.report(&codes::INCOMPLETE_SOURCE, *origin, message, help);
            is_sound = false;
        }
        if let Some(Sourced { value, origin }) = source.member_role.sourced()
            && !is_role(value)
        {
            let message = format!("`{}` is no name of a role", value.escape_debug());
            let help = "write its name with its path and without an account, such as `milepost/MilepostRead`";
            self.report(&codes::INCOMPLETE_SOURCE, *origin, message, help);
            is_sound = false;
        }
        let exclude = &mut source.accounts.fields.exclude;
        exclude.items.retain(|exclusion| self.account_exclusion(&exclusion.value, exclusion.origin));
        if let Err((message, help)) = source.endpoint() {
            let origin = source.endpoint.origin().filter(|_| help != AWS_CREDENTIALS).unwrap_or(name.origin);
            self.report(&codes::UNSAFE_API, origin, message, help);
            is_sound = false;
        }
        is_sound
    }

    /// Says of a source of AWS that leaves its resources to the tag report what comes of it: `untagged` is taken out,
    /// because it asks every account, and without a source that `reads` the report nobody says which resources there are.
    pub(super) fn left_to_the_report(&mut self, sources: &mut List<SourceRecord>) {
        let reads = |source: &SourceRecord| source.kind.value() == Some(&SourceKind::AwsTagReport);
        let is_read = sources.values().any(reads);
        for source in sources.items.iter_mut().map(|source| &mut source.value) {
            let Some(left) = source.resources.sourced() else { continue };
            if source.kind.value() != Some(&SourceKind::Aws) || left.value != AwsResources::Report {
                continue;
            }
            if !is_read {
                let message = "resources are left to the tag report, and no source reads it";
                let help = "add a source of `kind: aws-tag-report`, or take `resources` out, so that accounts are asked";
                self.report(&codes::INCOMPLETE_SOURCE, left.origin, message, help);
            }
            source.also.items.retain(|also| {
                let asks_accounts = also.value == Also::Untagged;
                if asks_accounts {
                    let message = "`untagged` asks every account, and `resources: report` asks none";
                    let help = "take one of them out; what never carried a tag is not counted";
                    self.report(&codes::INCOMPLETE_SOURCE, also.origin, message, help);
                }
                !asks_accounts
            });
        }
    }

    /// Takes out what `also` asks of GitHub in a source of AWS, and the other way round.
    pub(super) fn also(&mut self, source: &mut SourceRecord, kind: SourceKind) {
        let (who, other, is_aws) = match kind {
            SourceKind::Aws => ("AWS", "github", true),
            SourceKind::Github => ("GitHub", "aws", false),
            _ => return,
        };
        source.also.items.retain(|also| {
            let is_asked = also.value.of_aws().is_some() == is_aws;
            if !is_asked {
                let message = format!("{who} is not asked for `{}`", also.value.word());
                let help = format!("move it to a source of `kind: {other}`");
                self.report(&codes::INCOMPLETE_SOURCE, also.origin, message, help);
            }
            is_asked
        });
    }

    /// Reports what only a source of AWS heeds.
    pub(super) fn only_aws(&mut self, source: &SourceRecord, name: &str, origin: Origin) {
        let text = |field: &Field<Box<str>>| !field.is_absent();
        for (key, is_there) in [
            ("role", text(&source.role)),
            ("memberRole", text(&source.member_role)),
            ("externalId", text(&source.external_id)),
            ("regions", source.regions.origin.is_some()),
            ("resources", !source.resources.is_absent()),
            ("accounts", source.accounts.origin.is_some()),
            ("endpoint", text(&source.endpoint)),
        ] {
            if is_there {
                let message = format!("`{key}` of the source `{name}` is not heeded");
                let help = "only a source of `kind: aws` heeds it";
                self.report(&codes::INCOMPLETE_SOURCE, origin, message, help);
            }
        }
    }

    fn account_exclusion(&mut self, exclusion: &AccountExclusion, origin: Origin) -> bool {
        let Some(account) = exclusion.account.value() else {
            let message = "an exclusion names no account, so it leaves out nothing";
            self.report(&codes::INCOMPLETE_EXCLUSION, origin, message, "add `account:`");
            return false;
        };
        if exclusion.reason.value().is_none_or(|reason| reason.trim().is_empty()) {
            let message = format!("`{account}` is excluded without a reason, so it is not left out");
            let help = "add `reason:`, which the coverage page shows";
            self.report(&codes::INCOMPLETE_EXCLUSION, origin, message, help);
            return false;
        }
        if exclusion.until.is_absent() {
            let message = format!("`{account}` is excluded without an end");
            let help = "add `until:` with the day on which somebody looks at it again";
            self.report(&codes::ENDLESS_EXCLUSION, origin, message, help);
        }
        true
    }
}

/// Whether it looks like `eu-central-1`. It becomes a part of host names.
fn is_region(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    (5..=32).contains(&text.len()) && text.split('-').count() >= 3 && text.split('-').all(is_part)
}

/// Whether it is a name of a role, perhaps with a path.
fn is_role(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&byte);
    !text.is_empty()
        && text.len() <= 512
        && text.bytes().all(is_allowed)
        && !text.starts_with('/')
        && !text.ends_with('/')
}

/// Whether it is the ARN of a role.
fn is_role_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, iam, region, account, role] = parts[..] else { return false };
    arn == "arn"
        && partition.starts_with("aws")
        && iam == "iam"
        && region.is_empty()
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && role.strip_prefix("role/").is_some_and(is_role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_roles_are_told_from_other_texts() {
        for region in ["eu-central-1", "us-gov-west-1", "ap-southeast-3"] {
            assert!(is_region(region), "{region}");
        }
        for other in
            ["", "eu", "eu-central", "EU-central-1", "eu-central-1.example.com", "a-b/../c-1", "eu--1"]
        {
            assert!(!is_region(other), "{other}");
        }
        assert!(is_role_arn("arn:aws-cn:iam::111122223333:role/milepost/Crawl"));
        for other in [
            "milepost/Crawl",
            "arn:aws:iam::1:role/x",
            "arn:aws:iam::111122223333:user/x",
            "arn:aws:iam::111122223333:role/",
        ] {
            assert!(!is_role_arn(other), "{other}");
        }
        assert!(is_role("milepost/MilepostRead") && is_role("Read"));
        assert!(!is_role("") && !is_role("/x") && !is_role("a b") && !is_role("arn:aws:iam::1:role/x"));
    }
}
