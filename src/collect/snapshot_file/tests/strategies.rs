//! Snapshots of every shape, made up.

use std::sync::Arc;

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::collect::snapshot::*;
use crate::collect::text::Text;
use crate::day::Moment;

fn text() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![".{0,20}", "[a-z\n\"\\\\\0\u{2028}é]{0,900}"].prop_map(Arc::from)
}

fn kept() -> impl Strategy<Value = Text> {
    text().prop_map(|text| Text::new(&text))
}

fn moment() -> impl Strategy<Value = Moment> {
    (-2_000_000_000_i64..4_000_000_000)
        .prop_map(|seconds| Moment::from_unix_seconds(seconds).expect("in range"))
}

fn commit() -> impl Strategy<Value = Commit> {
    (text(), text(), moment()).prop_map(|(id, author, at)| Commit { id, author, at })
}

fn source() -> impl Strategy<Value = SourceReport> {
    let state = prop_oneof![
        Just(SourceState::Ok),
        Just(SourceState::Partial),
        Just(SourceState::Failed),
        Just(SourceState::Stale)
    ];
    (
        text(),
        state,
        moment(),
        prop::option::of(moment()),
        any::<u64>(),
        prop::option::of(text()),
        prop::option::of((text(), text()).prop_map(|(run, what)| Withheld { run, what })),
        prop::collection::vec(text(), 0..3),
    )
        .prop_map(|(name, state, collected_at, stale_since, items, reason, withheld, notes)| {
            SourceReport {
                name,
                kind: "folder".into(),
                state,
                collected_at,
                stale_since,
                items,
                reason,
                withheld,
                unlisted: notes.clone(),
                notes,
            }
        })
}

fn repository() -> impl Strategy<Value = Repository> {
    let state = prop_oneof![
        Just(RepositoryState::Read),
        (text(), prop::option::of(text()), prop::option::of(text()))
            .prop_map(|(reason, by, until)| RepositoryState::Excluded { reason, by, until }),
        text().prop_map(|reason| RepositoryState::Unreadable { reason }),
    ];
    let revision = prop_oneof![text().prop_map(Revision::Commit), text().prop_map(Revision::Digest)];
    let refused = (text(), text()).prop_map(|(path, reason)| RefusedPath { path, reason });
    (
        text(),
        text(),
        revision,
        prop::option::of(text()),
        prop::option::of(commit()),
        state,
        prop::collection::vec(refused, 0..3),
        prop::option::of(review()),
        prop::option::of((moment(), text()).prop_map(|(since, reason)| Carried { since, reason })),
    )
        .prop_map(
            |(name, source, revision, url, last_commit, state, refused, owners_review, carried)| Repository {
                name,
                source,
                revision,
                url,
                last_commit,
                state,
                refused,
                owners_review,
                carried,
                folder: LocalFolder::default(),
            },
        )
}

fn review() -> impl Strategy<Value = OwnersReview> {
    let error = (text(), any::<u32>(), any::<u32>(), text(), prop::option::of(text())).prop_map(
        |(path, line, column, kind, suggestion)| OwnersError { path, line, column, kind, suggestion },
    );
    (moment(), prop::collection::vec(error, 0..3)).prop_map(|(seen, errors)| OwnersReview { seen, errors })
}

fn directory() -> impl Strategy<Value = Directory> {
    let logins = || prop::collection::vec(text(), 0..4);
    let team = (text(), text(), logins(), text(), prop::option::of(text()), logins()).prop_map(
        |(id, slug, formerly, name, parent, members)| ObservedTeam {
            id,
            slug,
            formerly,
            name,
            parent,
            members,
        },
    );
    let people = (prop::collection::vec(team, 0..3), logins(), any::<bool>())
        .prop_map(|(teams, members, secret_teams)| People { teams, members, secret_teams });
    let answer = prop_oneof![people.prop_map(Ok), text().prop_map(Err)];
    (moment(), prop::option::of(text()), answer).prop_map(|(collected_at, carried, answer)| Directory {
        source: "hub".into(),
        organisation: "example".into(),
        collected_at,
        carried,
        answer,
    })
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        kept().prop_map(Content::Text),
        any::<u64>().prop_map(|limit| Content::TooLarge { limit }),
        text().prop_map(|looks_like| Content::NotText { looks_like }),
        Just(Content::Missing),
        text().prop_map(|reason| Content::Unreadable { reason }),
    ]
}

fn file(repositories: u32) -> impl Strategy<Value = File> {
    let role = prop_oneof![Just(FileRole::Descriptor), Just(FileRole::Document), Just(FileRole::Catalog)];
    let historic = (commit(), kept()).prop_map(|(commit, text)| HistoricText { commit, text });
    (
        0..repositories,
        text(),
        role,
        any::<u64>(),
        content(),
        prop::option::of(commit()),
        prop::option::of(commit()),
        prop::option::of(kept()),
        prop::collection::vec(historic, 0..3),
    )
        .prop_map(
            |(index, path, role, size, content, last_change, first_change, first_text, history)| File {
                repository: RepositoryIndex(index),
                path,
                role,
                size,
                content,
                last_change,
                first_change,
                first_text,
                history,
            },
        )
}

fn listing() -> impl Strategy<Value = TagListing> {
    let keys = || prop::collection::vec(text(), 0..3);
    let reported = (prop::option::of(any::<bool>()), keys(), keys()).prop_map(
        |(complies, noncompliant_keys, keys_with_noncompliant_values)| {
            ReportedTags { complies, noncompliant_keys, keys_with_noncompliant_values }.into()
        },
    );
    let resource = (text(), prop::collection::vec((text(), text()), 0..4), prop::option::of(reported))
        .prop_map(|(arn, tags, reported)| ObservedResource { arn, tags: tags.into(), reported });
    let answer = prop_oneof![prop::collection::vec(resource, 0..4).prop_map(Ok), text().prop_map(Err)];
    let carried = prop::option::of(text());
    let whole = (text(), text(), text(), prop::option::of(text()), moment(), carried, answer);
    whole.prop_map(|(source, account, region, principal, collected_at, carried, answer)| TagListing {
        source,
        carried,
        account,
        region,
        principal,
        collected_at,
        answer,
    })
}

fn policies() -> impl Strategy<Value = TagPolicyListing> {
    let target = (text(), text()).prop_map(|(id, name)| PolicyTarget { id, name });
    let document = prop_oneof![text().prop_map(Ok), text().prop_map(Err)];
    let policy = (text(), text(), document, prop::collection::vec(target, 0..3))
        .prop_map(|(id, name, document, targets)| ObservedTagPolicy { id, name, document, targets });
    let answer = prop_oneof![prop::collection::vec(policy, 0..3).prop_map(Ok), text().prop_map(Err)];
    (text(), moment(), prop::option::of(text()), answer).prop_map(
        |(source, collected_at, carried, answer)| TagPolicyListing { source, collected_at, carried, answer },
    )
}

fn untagged() -> impl Strategy<Value = UntaggedCount> {
    let regions = prop::collection::vec(text(), 0..3);
    let uncounted = prop::collection::vec((text(), text()), 0..2);
    let counted = (any::<u64>(), any::<bool>(), regions, uncounted, prop::option::of(text())).prop_map(
        |(resources, may_be_more, regions, uncounted, aggregator)| Untagged {
            resources,
            may_be_more,
            regions,
            uncounted,
            aggregator,
        },
    );
    let answer = prop_oneof![counted.prop_map(Ok), text().prop_map(Err)];
    (text(), text(), moment(), prop::option::of(text()), answer).prop_map(
        |(source, account, collected_at, carried, answer)| UntaggedCount {
            source,
            account,
            collected_at,
            carried,
            answer,
        },
    )
}

fn activity() -> impl Strategy<Value = Activity> {
    let end = (any::<bool>(), moment()).prop_map(|(succeeded, at)| End { succeeded, at });
    let deployment =
        (prop::collection::vec(text(), 0..2), moment(), prop::option::of(moment()), prop::option::of(end))
            .prop_map(|(names, created_at, committed_at, end)| Deployment {
                names,
                created_at,
                committed_at,
                end,
            });
    let deployments = (moment(), prop::collection::vec(deployment, 0..3))
        .prop_map(|(since, list)| Deployments { since, list });
    let builds = any::<[u32; 3]>().prop_map(|[passed, failed, open]| Builds { passed, failed, open });
    let what = prop_oneof![
        builds.prop_map(|builds| Happened::Builds(Ok(builds))),
        deployments.prop_map(|deployments| Happened::Deployments(Ok(deployments))),
        text().prop_map(|reason| Happened::Deployments(Err(reason))),
    ];
    (text(), text(), moment(), what).prop_map(|(repository, source, collected_at, what)| Activity {
        repository,
        source,
        collected_at,
        what,
    })
}

fn month() -> impl Strategy<Value = CostMonth> {
    let tags = prop::collection::vec((text(), text()), 0..3);
    let line = (prop::option::of(text()), text(), any::<bool>(), tags, any::<(i64, u8)>()).prop_map(
        |(account, currency, is_usage, tags, (units, scale))| CostLine {
            account,
            currency,
            is_usage,
            tags: tags.into(),
            cost: Decimal::new(units, u32::from(scale % 20)).normalize(),
        },
    );
    (any::<u16>(), moment(), any::<u64>(), prop::collection::vec(line, 0..4)).prop_map(
        |(number, until, charges, lines)| CostMonth {
            source: "bill".into(),
            month: number.to_string().into(),
            until,
            charges,
            lines,
        },
    )
}

pub(super) fn snapshot() -> impl Strategy<Value = Snapshot> {
    let facts =
        (text(), text(), content()).prop_map(|(source, path, content)| FactsFile { source, path, content });
    let maybe = || prop::option::of(text());
    let tags = prop::option::of(prop::collection::vec((text(), text()), 0..3));
    let account = (text(), text(), text(), text(), maybe(), maybe(), tags, moment(), maybe()).prop_map(
        |(source, id, name, state, path, unit, tags, collected_at, carried)| {
            let tags = tags.map(Into::into);
            ObservedAccount { source, id, name, state, path, unit, tags, collected_at, carried }
        },
    );
    let quiet = (text(), text(), text(), any::<u32>()).prop_map(|(exception, since, last, nights)| Quiet {
        exception,
        since,
        last,
        nights,
    });
    let review = (text(), prop_oneof![Just(ReviewState::Approved), Just(ReviewState::Dismissed)], moment())
        .prop_map(|(by, state, at)| Review { commit: Some(Arc::clone(&by)), by, state, at });
    let request = (any::<u64>(), text(), moment(), any::<bool>(), prop::collection::vec(review, 0..2))
        .prop_map(|(number, head, merged_at, is_as_merged, reviews)| PullRequest {
            number,
            url: Arc::clone(&head),
            merged_at,
            authors: vec![Arc::clone(&head)],
            authors_are_known: !is_as_merged,
            head,
            is_as_merged,
            reviews,
        });
    let answer = prop_oneof![prop::collection::vec(request, 0..2).prop_map(Ok), text().prop_map(Err)];
    let revision = (text(), text(), moment(), answer)
        .prop_map(|(path, commit, collected_at, answer)| CodeReview { path, commit, collected_at, answer });
    let files = prop_oneof![
        Just((Vec::new(), Vec::new())),
        (prop::collection::vec(repository(), 1..4), 1..2_u32).prop_flat_map(|(repositories, _)| {
            let count = u32::try_from(repositories.len()).expect("few");
            (Just(repositories), prop::collection::vec(file(count), 0..6))
        }),
    ];
    (
        prop::option::of(moment()),
        prop::collection::vec(source(), 0..3),
        files,
        prop::collection::vec(listing(), 0..3),
        (
            prop::collection::vec(account, 0..3),
            prop::collection::vec(policies(), 0..2),
            prop::collection::vec(untagged(), 0..2),
        ),
        (prop::collection::vec(facts, 0..3), prop::collection::vec(month(), 0..2)),
        prop::collection::vec(activity(), 0..3),
        prop::collection::vec(directory(), 0..3),
        prop::collection::vec(quiet, 0..3),
        prop::collection::vec(revision, 0..3),
    )
        .prop_map(
            |(
                collected_at,
                sources,
                (repositories, files),
                tag_listings,
                (accounts, tag_policies, untagged),
                (facts, costs),
                activities,
                directories,
                quiet,
                reviews,
            )| Snapshot {
                collected_at,
                sources,
                repositories,
                files,
                tag_listings,
                accounts,
                tag_policies,
                untagged,
                facts,
                costs,
                activities,
                directories,
                quiet,
                reviews,
            },
        )
}
