//! Approvals: which of the roles that policy demands have approved an exception by D (semantics §3).

use crate::assess::Reason;
use crate::catalog::exception::{Approval, Exception};
use crate::catalog::field::Sourced;
use crate::catalog::policy::ApprovalProof;
use crate::catalog::{Catalog, Team};
use crate::day::Day;

/// Why each demanded role that is still missing is missing; empty when all have approved.
pub(super) fn missing(
    catalog: &Catalog,
    exception: &Exception,
    demanded: &[&str],
    today: Day,
) -> Vec<Reason> {
    let verified = catalog.exception_policy.approvals.value() == Some(&ApprovalProof::Verified);
    let missing = demanded.iter().filter_map(|role| {
        let given = || exception.approvals.items.iter().filter(|approval| is_for(approval, role));
        let counting = given().find(|approval| counts(catalog, exception, approval, today).is_ok());
        if counting.is_some() && !verified {
            return None;
        }
        let refused = given().find_map(|approval| {
            let why = counts(catalog, exception, approval, today).err()?;
            Some(Reason { text: format!("not approved as `{role}`: {why}").into(), origin: Some(approval.origin) })
        });
        Some(match counting {
            Some(approval) => Reason {
                text: format!(
                    "the approval as `{role}` is only declared, and no code-review record was collected that proves it"
                )
                .into(),
                origin: Some(approval.origin),
            },
            None => refused.unwrap_or_else(|| nobody(exception, role)),
        })
    });
    missing.collect()
}

/// The last day on which an approval that counts was given.
pub(super) fn last<'a>(
    catalog: &Catalog,
    exception: &'a Exception,
    today: Day,
) -> Option<(Day, &'a Sourced<Approval>)> {
    let counting = exception
        .approvals
        .items
        .iter()
        .filter(|approval| counts(catalog, exception, approval, today).is_ok());
    counting.filter_map(|approval| Some((*approval.value.at.value()?, approval))).max_by_key(|(at, _)| *at)
}

fn is_for(approval: &Sourced<Approval>, role: &str) -> bool {
    approval.value.role.value().is_some_and(|given| same(given, role))
}

/// Whether an approval counts, or why not. It needs a person and a day, the day must have come, and
/// nobody approves what they asked for themselves.
pub fn counts(
    catalog: &Catalog,
    exception: &Exception,
    approval: &Sourced<Approval>,
    today: Day,
) -> Result<(), String> {
    let Some(by) = approval.value.by.value().filter(|by| !by.trim().is_empty()) else {
        return Err("it does not say who approved".into());
    };
    let Some(at) = approval.value.at.value() else {
        return Err(format!("it does not say when `{by}` approved"));
    };
    if *at > today {
        return Err(format!("the approval by `{by}` is of {at}, which lies ahead"));
    }
    let requester = exception.requested_by.value().map_or("", |requester| requester);
    if same(by, requester) || same_team(catalog, by, requester) {
        return Err(format!("`{by}` asked for the exception, and nobody approves their own request"));
    }
    Ok(())
}

fn nobody(exception: &Exception, role: &str) -> Reason {
    let named = exception.approvers.items.iter().find(|named| same(&named.value, role));
    match named {
        Some(named) => Reason {
            text: format!("not approved as `{role}`: naming the role under `approvers` approves nothing")
                .into(),
            origin: Some(named.origin),
        },
        None => Reason { text: format!("not approved as `{role}`").into(), origin: None },
    }
}

/// Whether two names mean one person: case and the `@` of a handle make no difference.
fn same(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.trim().trim_start_matches('@').to_lowercase();
    !one.trim().is_empty() && bare(one) == bare(other)
}

/// Whether two names mean one team, by id or alias. Handles and addresses are people.
fn same_team(catalog: &Catalog, one: &str, other: &str) -> bool {
    let team = |name: &str| {
        if name.contains('@') {
            return None;
        }
        catalog.teams.find(name.trim()).map(|team| team.position()).or_else(|| {
            let is_alias = |team: &Team| team.record.aliases.values().any(|alias| same(alias, name));
            catalog.teams.iter().position(is_alias)
        })
    };
    team(one).is_some_and(|found| Some(found) == team(other))
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn a_person_is_known_by_any_spelling_of_the_handle() {
        assert!(same("@Rook", "rook"));
        assert!(same("Rook@example.com ", "rook@example.com"));
        assert!(!same("@rook", "@hazel"));
        assert!(!same("", ""));
    }
}
