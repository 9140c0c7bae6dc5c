//! Approvals: which of the roles that policy demands have approved an exception by D (semantics §3).

use super::people::{one_role_each, somebody};
use crate::assess::Reason;
use crate::catalog::Catalog;
use crate::catalog::exception::{Approval, Exception};
use crate::catalog::field::Sourced;
use crate::catalog::policy::ApprovalProof;
use crate::day::Day;

/// One approval: written in the file, demanded by policy, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleApproval {
    /// The role as the file writes it, else as the policy does; `None` when the file names none.
    pub role: Option<Box<str>>,
    /// Whether policy demands the role for the risk.
    pub demanded: bool,
    /// Its position among the approvals in the file; `None` when nobody has approved in the role.
    pub written: Option<usize>,
    /// Whether it counts, and what proves it.
    pub standing: Standing,
}

/// Whether an approval counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does, and this is how it is proven.
    Counts(ApprovalProof),
    /// It is written as it should be, but policy wants a code-review record, and none was collected.
    Unproven,
    /// It does not; why.
    Refused(Box<str>),
    /// Nobody has approved in a role that policy demands.
    Missing,
}

impl Standing {
    /// The word of the JSON: for an approval that counts, how it is proven.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Counts(proof) => proof.word(),
            Self::Unproven => "unproven",
            Self::Refused(_) => "refused",
            Self::Missing => "missing",
        }
    }
}

/// Every approval in the file in its order, then the roles that policy demands and nobody approved in.
/// Two roles take two people: one person's approvals count for one of the demanded roles.
pub(super) fn verdicts(
    catalog: &Catalog,
    exception: &Exception,
    demanded: &[&str],
    today: Day,
) -> Vec<RoleApproval> {
    let verified = catalog.exception_policy.approvals.value() == Some(&ApprovalProof::Verified);
    let written = || exception.approvals.items.iter();
    let place = |approval| demanded.iter().position(|role| is_for(approval, role));
    let alone: Vec<Result<(), String>> =
        written().map(|approval| counts(catalog, exception, approval, today)).collect();
    let people: Vec<String> =
        written().map(|approval| somebody(catalog, approval.value.by.value().map_or("", |by| by))).collect();
    let in_demand: Vec<(&str, usize)> = written()
        .zip(&people)
        .zip(&alone)
        .filter(|(_, counts)| counts.is_ok())
        .filter_map(|((approval, person), _)| Some((person.as_str(), place(approval)?)))
        .collect();
    let roles = one_role_each(demanded.len(), &in_demand);
    let given =
        written().zip(&people).zip(alone).enumerate().map(|(position, ((approval, person), alone))| {
            let place = place(approval);
            let elsewhere = place.and(roles.get(person.as_str())).filter(|held| Some(**held) != place);
            let standing = match (alone, elsewhere) {
                (Err(why), _) => Standing::Refused(why.into()),
                (Ok(()), Some(held)) => {
                    let by = approval.value.by.value().map_or("", |by| by);
                    let held = demanded[*held];
                    Standing::Refused(
                        format!("`{by}` approves as `{held}` already, and two roles take two people").into(),
                    )
                }
                (Ok(()), None) if verified => Standing::Unproven,
                (Ok(()), None) => Standing::Counts(ApprovalProof::Declared),
            };
            RoleApproval {
                role: approval.value.role.value().cloned(),
                demanded: place.is_some(),
                written: Some(position),
                standing,
            }
        });
    let nobody = demanded.iter().filter(|role| !written().any(|own| is_for(own, role)));
    let missing = nobody.map(|role| RoleApproval {
        role: Some(Box::from(*role)),
        demanded: true,
        written: None,
        standing: Standing::Missing,
    });
    given.chain(missing).collect()
}

/// The roles among `demanded` in which no approval counts yet.
pub fn awaited<'a>(demanded: &[&'a str], approvals: &[RoleApproval]) -> Vec<&'a str> {
    let has = |role: &str| {
        let own = |approval: &&RoleApproval| approval.role.as_ref().is_some_and(|own| same(own, role));
        approvals.iter().filter(own).any(|approval| matches!(approval.standing, Standing::Counts(_)))
    };
    demanded.iter().copied().filter(|role| !has(role)).collect()
}

/// Why each demanded role that is still missing is missing; empty when all have approved.
pub(super) fn missing(exception: &Exception, demanded: &[&str], approvals: &[RoleApproval]) -> Vec<Reason> {
    let why = |role: &str| {
        let given = || {
            let own = |approval: &&RoleApproval| approval.role.as_ref().is_some_and(|own| same(own, role));
            approvals.iter().filter(own)
        };
        let origin = |approval: &RoleApproval| {
            approval.written.and_then(|at| exception.approvals.items.get(at)).map(|written| written.origin)
        };
        if let Some(unproven) = given().find(|approval| approval.standing == Standing::Unproven) {
            let text = format!(
                "the approval as `{role}` is only declared, and no code-review record was collected that proves it"
            );
            return Reason { text: text.into(), origin: origin(unproven) };
        }
        let refused = given().find_map(|approval| match &approval.standing {
            Standing::Refused(why) => {
                let text = format!("not approved as `{role}`: {why}");
                Some(Reason { text: text.into(), origin: origin(approval) })
            }
            _ => None,
        });
        refused.unwrap_or_else(|| nobody(exception, role))
    };
    awaited(demanded, approvals).into_iter().map(why).collect()
}

/// The last day on which an approval that counts was given.
pub(super) fn last<'a>(
    exception: &'a Exception,
    approvals: &[RoleApproval],
) -> Option<(Day, &'a Sourced<Approval>)> {
    let counting = approvals.iter().filter(|approval| matches!(approval.standing, Standing::Counts(_)));
    let written = counting.filter_map(|approval| exception.approvals.items.get(approval.written?));
    written.filter_map(|approval| Some((*approval.value.at.value()?, approval))).max_by_key(|(at, _)| *at)
}

/// Those that were given on `day` or later.
pub(super) fn since(exception: &Exception, approvals: &[RoleApproval], day: Day) -> Vec<RoleApproval> {
    let given = |approval: &&RoleApproval| {
        let written = approval.written.and_then(|at| exception.approvals.items.get(at));
        written.and_then(|written| written.value.at.value()).is_some_and(|at| *at >= day)
    };
    approvals.iter().filter(given).cloned().collect()
}

fn is_for(approval: &Sourced<Approval>, role: &str) -> bool {
    approval.value.role.value().is_some_and(|given| same(given, role))
}

/// Whether an approval counts, or why not. It needs a person and a day; the day must have come, and must
/// not lie before the request; and nobody approves what they asked for themselves.
fn counts(
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
    if let Some(asked) = exception.requested_at.value().filter(|asked| *at < **asked) {
        return Err(format!("the approval by `{by}` is of {at}, before it was asked for on {asked}"));
    }
    let requester = exception.requested_by.value().map_or("", |requester| requester);
    if same(by, requester) || somebody(catalog, by) == somebody(catalog, requester) {
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

/// Whether two names mean one person or role: case and the `@` of a handle make no difference.
pub fn same(one: &str, other: &str) -> bool {
    !one.trim().is_empty() && bare(one) == bare(other)
}

/// A handle without its `@`, in one case.
pub(super) fn bare(name: &str) -> String {
    name.trim().trim_start_matches('@').to_lowercase()
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
