//! The digest of a snapshot: what two people compare to know that they speak of the same facts. It covers
//! what the sources said and how they fared, not when they were asked.

use sha2::{Digest, Sha256};

use super::snapshot::{
    Activity, Content, Directory, Happened, ObservedAccount, PullRequest, ReportedTags, Repository, Revision,
    Snapshot, TagPolicyListing, UntaggedCount,
};

impl Snapshot {
    /// SHA-256 over everything collected, in the order that the snapshot promises.
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Hash(Sha256::new());
        for source in &self.sources {
            hash.parts("source", &[&source.name, &source.kind, source.reason.as_deref().unwrap_or_default()]);
        }
        for repository in &self.repositories {
            hash.repository(repository);
        }
        for file in &self.files {
            hash.parts("file", &[&file.repository.0.to_string(), &file.path]);
            hash.content(&file.content);
        }
        for listing in &self.tag_listings {
            hash.parts("listing", &[&listing.account, &listing.region]);
            if let Some(principal) = &listing.principal {
                hash.parts("principal", &[principal]);
            }
            if let Some(reason) = &listing.carried {
                hash.parts("carried", &[&listing.collected_at.to_string(), reason]);
            }
            match &listing.answer {
                Ok(resources) => {
                    for resource in resources {
                        hash.parts("resource", &[&resource.arn]);
                        for (key, value) in resource.tags.iter() {
                            hash.parts("tag", &[key, value]);
                        }
                        resource.reported.iter().for_each(|reported| hash.reported(reported));
                    }
                }
                Err(error) => hash.parts("refused", &[error]),
            }
        }
        for account in &self.accounts {
            hash.parts("account", &[&account.id, &account.name, &account.state]);
            hash.account(account);
        }
        for listing in &self.tag_policies {
            hash.tag_policies(listing);
        }
        for count in &self.untagged {
            hash.untagged(count);
        }
        for facts in &self.facts {
            hash.parts("facts", &[&facts.source, &facts.path]);
            hash.content(&facts.content);
        }
        for month in &self.costs {
            let (until, charges) = (month.until.to_string(), month.charges.to_string());
            hash.parts("cost", &[&month.source, &month.month, &until, &charges]);
            for line in &month.lines {
                let (account, usage) =
                    (line.account.as_deref().unwrap_or_default(), line.is_usage.to_string());
                hash.parts("sum", &[account, &line.currency, &usage, &line.cost.to_string()]);
                line.tags.iter().for_each(|(key, value)| hash.parts("tag", &[key, value]));
            }
        }
        for activity in &self.activities {
            hash.activity(activity);
        }
        for directory in &self.directories {
            hash.directory(directory);
        }
        for quiet in &self.quiet {
            let nights = quiet.nights.to_string();
            hash.parts("quiet", &[&quiet.exception, &quiet.since, &quiet.last, &nights]);
        }
        for review in &self.reviews {
            hash.parts("review", &[&review.path, &review.commit]);
            match &review.answer {
                Ok(requests) => requests.iter().for_each(|request| hash.pull_request(request)),
                Err(reason) => hash.parts("refused", &[reason]),
            }
        }
        hash.0.finalize().into()
    }
}

struct Hash(Sha256);

impl Hash {
    fn reported(&mut self, reported: &ReportedTags) {
        self.parts("reported", &[&format!("{:?}", reported.complies)]);
        reported.noncompliant_keys.iter().for_each(|key| self.parts("noncompliant", &[key]));
        let values = reported.keys_with_noncompliant_values.iter();
        values.for_each(|key| self.parts("noncompliant-value", &[key]));
    }

    /// Adds texts with their lengths, so that no two lists of texts look alike.
    fn parts(&mut self, kind: &str, texts: &[&str]) {
        for text in std::iter::once(&kind).chain(texts) {
            self.0.update((text.len() as u64).to_be_bytes());
            self.0.update(text.as_bytes());
        }
    }

    /// What is known of an account beside its name and state.
    fn account(&mut self, account: &ObservedAccount) {
        for (kind, text) in [("unit", &account.unit), ("carried", &account.carried)] {
            if let Some(text) = text {
                self.parts(kind, &[text]);
            }
        }
        for (key, value) in account.tags.iter().flat_map(|tags| tags.iter()) {
            self.parts("tag", &[key, value]);
        }
    }

    fn tag_policies(&mut self, listing: &TagPolicyListing) {
        self.parts("tag policies", &[&listing.source]);
        if let Some(reason) = &listing.carried {
            self.parts("carried", &[&listing.collected_at.to_string(), reason]);
        }
        match &listing.answer {
            Ok(policies) => {
                for policy in policies {
                    let (Ok(document) | Err(document)) = &policy.document;
                    self.parts("tag policy", &[&policy.id, &policy.name, document]);
                    policy.targets.iter().for_each(|to| self.parts("attached to", &[&to.id, &to.name]));
                }
            }
            Err(reason) => self.parts("refused", &[reason]),
        }
    }

    fn untagged(&mut self, count: &UntaggedCount) {
        self.parts("untagged", &[&count.source, &count.account]);
        if let Some(reason) = &count.carried {
            self.parts("carried", &[&count.collected_at.to_string(), reason]);
        }
        match &count.answer {
            Ok(counted) => {
                let aggregator = counted.aggregator.as_deref().unwrap_or_default();
                let more = if counted.may_be_more { "or more" } else { "exactly" };
                self.parts("counted", &[&counted.resources.to_string(), more, aggregator]);
                counted.regions.iter().for_each(|region| self.parts("in", &[region]));
                counted.uncounted.iter().for_each(|(region, why)| self.parts("not in", &[region, why]));
            }
            Err(reason) => self.parts("refused", &[reason]),
        }
    }

    fn repository(&mut self, repository: &Repository) {
        let revision = match &repository.revision {
            Revision::Commit(id) | Revision::Digest(id) => id,
        };
        self.parts("repository", &[&repository.name, &repository.source, revision]);
        for error in repository.owners_review.iter().flat_map(|review| &review.errors) {
            let (line, column) = (error.line.to_string(), error.column.to_string());
            let suggestion = error.suggestion.as_deref().unwrap_or_default();
            self.parts("owners error", &[&error.path, &line, &column, &error.kind, suggestion]);
        }
        if let Some(carried) = &repository.carried {
            self.parts("carried", &[&carried.since.to_string(), &carried.reason]);
        }
    }

    fn activity(&mut self, activity: &Activity) {
        self.parts("activity", &[&activity.repository, &activity.source]);
        match &activity.what {
            Happened::Builds(Ok(builds)) => {
                let [passed, failed, open] =
                    [builds.passed, builds.failed, builds.open].map(|n| n.to_string());
                self.parts("builds", &[&passed, &failed, &open]);
            }
            Happened::Deployments(Ok(deployments)) => {
                let since = deployments.since.to_string();
                self.parts("deployments", &[&since, &deployments.list.len().to_string()]);
                for one in &deployments.list {
                    let committed = one.committed_at.map(|at| at.to_string()).unwrap_or_default();
                    let end = one.end.map(|end| format!("{} {}", end.succeeded, end.at)).unwrap_or_default();
                    self.parts("deployment", &[&one.created_at.to_string(), &committed, &end]);
                    one.names.iter().for_each(|name| self.parts("of", &[name]));
                }
            }
            Happened::Builds(Err(reason)) | Happened::Deployments(Err(reason)) => {
                self.parts("refused", &[reason]);
            }
        }
    }

    fn pull_request(&mut self, request: &PullRequest) {
        let merged = request.merged_at.to_string();
        let marks =
            [request.authors_are_known, request.is_as_merged].map(|mark| if mark { "yes" } else { "no" });
        self.parts("pull request", &[&request.url, &merged, &request.head, marks[0], marks[1]]);
        for author in &request.authors {
            self.parts("author", &[author]);
        }
        for review in &request.reviews {
            let (state, at) = (format!("{:?}", review.state), review.at.to_string());
            self.parts("by", &[&review.by, &state, &at, review.commit.as_deref().unwrap_or_default()]);
        }
    }

    fn directory(&mut self, directory: &Directory) {
        let carried = directory.carried.as_deref().unwrap_or_default();
        self.parts("directory", &[&directory.source, &directory.organisation, carried]);
        match &directory.answer {
            Ok(people) => {
                for team in &people.teams {
                    let parent = team.parent.as_deref().unwrap_or_default();
                    self.parts("team", &[&team.slug, &team.name, parent]);
                    self.parts("formerly", &team.formerly.iter().map(|slug| &**slug).collect::<Vec<_>>());
                    self.parts("members", &team.members.iter().map(|login| &**login).collect::<Vec<_>>());
                }
                self.parts("secret teams", &[if people.secret_teams { "yes" } else { "no" }]);
                self.parts("people", &people.members.iter().map(|login| &**login).collect::<Vec<_>>());
            }
            Err(reason) => self.parts("refused", &[reason]),
        }
    }

    fn content(&mut self, content: &Content) {
        match content {
            Content::Text(text) => self.0.update(text.digest()),
            Content::TooLarge { limit } => self.parts("too large", &[&limit.to_string()]),
            Content::NotText { looks_like } => self.parts("not text", &[looks_like]),
            Content::Missing => self.parts("missing", &[]),
            Content::Unreadable { reason } => self.parts("unreadable", &[reason]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::snapshot::{ObservedResource, TagListing};
    use crate::day::Moment;

    fn with_tags(tags: &[(&str, &str)]) -> Snapshot {
        let tags = tags.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        let listing = TagListing {
            source: "aws".into(),
            carried: None,
            account: "111122223333".into(),
            region: "eu-central-1".into(),
            principal: None,
            collected_at: Moment::parse("2026-11-20T03:00:00Z").expect("a moment"),
            answer: Ok(vec![ObservedResource { arn: "arn:aws:s3:::a".into(), tags, reported: None }]),
        };
        Snapshot { tag_listings: vec![listing], ..Snapshot::default() }
    }

    #[test]
    fn the_same_facts_have_one_digest_whenever_they_were_asked() {
        let mut later = with_tags(&[("a", "b")]);
        later.collected_at = Moment::parse("2026-11-21T03:00:00Z");
        assert_eq!(later.digest(), with_tags(&[("a", "b")]).digest());
    }

    #[test]
    fn what_aws_reports_of_tags_counts() {
        let reported = |complies, keys: &[&str], values: &[&str]| {
            let kept = |keys: &[&str]| keys.iter().map(|key| (*key).into()).collect();
            let said = ReportedTags {
                complies,
                noncompliant_keys: kept(keys),
                keys_with_noncompliant_values: kept(values),
            };
            let mut snapshot = with_tags(&[]);
            let resources = snapshot.tag_listings[0].answer.as_mut().expect("it answered");
            resources[0].reported = Some(said.into());
            snapshot.digest()
        };
        let all = [
            with_tags(&[]).digest(),
            reported(None, &[], &[]),
            reported(Some(true), &[], &[]),
            reported(Some(true), &["a"], &[]),
            reported(Some(true), &[], &["a"]),
        ];
        for (position, one) in all.iter().enumerate() {
            assert!(!all[position + 1..].contains(one), "{position}");
        }
    }

    #[test]
    fn a_border_between_two_texts_counts() {
        assert_ne!(with_tags(&[("ab", "c")]).digest(), with_tags(&[("a", "bc")]).digest());
        assert_ne!(with_tags(&[]).digest(), Snapshot::default().digest());
    }
}
