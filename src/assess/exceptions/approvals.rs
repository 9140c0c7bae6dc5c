//! Approvals: which of the roles that policy demands have approved an exception by D (semantics §3).

use super::people::{one_role_each, somebody};
use super::proof::{Proof, Records, outside_team};
use crate::assess::Reason;
use crate::assess::context::Setting;
use crate::catalog::Exception;
use crate::catalog::exception::{Approval, Exception as Record};
use crate::catalog::field::Sourced;
use crate::catalog::origin::Origin;
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
    /// The review that proves one that counts, where policy wants that.
    pub proof: Option<Proof>,
}

/// Whether an approval counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does, and this is how it is proven.
    Counts(ApprovalProof),
    /// It is written as it should be, but policy wants a code-review record, and none is known; why.
    Unproven(Box<str>),
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
            Self::Unproven(_) => "unproven",
            Self::Refused(_) => "refused",
            Self::Missing => "missing",
        }
    }
}

/// Every approval in the file in its order, then the roles that policy demands and that nobody is written to have
/// approved in. Two roles take two people: one person's approvals count for one of the demanded roles.
pub(super) fn verdicts(setting: Setting<'_>, exception: &Exception, demanded: &[&str]) -> Vec<RoleApproval> {
    match setting.catalog.exception_policy.approvals.value() {
        Some(ApprovalProof::Verified) => verified(setting, exception, demanded),
        _ => declared(setting, exception, demanded),
    }
}

/// An approval counts as it is written.
fn declared(setting: Setting<'_>, exception: &Exception, demanded: &[&str]) -> Vec<RoleApproval> {
    let catalog = setting.catalog;
    let written = || exception.record.approvals.items.iter();
    let alone: Vec<Result<(), String>> =
        written().map(|approval| counts(setting, exception, approval)).collect();
    let people: Vec<String> =
        written().map(|approval| somebody(catalog, approval.value.by.value().map_or("", |by| by))).collect();
    let in_demand: Vec<(&str, usize)> = written()
        .zip(&people)
        .zip(&alone)
        .filter(|(_, counts)| counts.is_ok())
        .filter_map(|((approval, person), _)| Some((person.as_str(), place(approval, demanded)?)))
        .collect();
    let roles = one_role_each(demanded.len(), &in_demand);
    let given =
        written().zip(&people).zip(alone).enumerate().map(|(position, ((approval, person), alone))| {
            let place = place(approval, demanded);
            let elsewhere = place.and(roles.get(person.as_str())).filter(|held| Some(**held) != place);
            let standing = match (alone, elsewhere) {
                (Err(why), _) => Standing::Refused(why.into()),
                (Ok(()), Some(held)) => approves_already(approval, demanded[*held]),
                (Ok(()), None) => Standing::Counts(ApprovalProof::Declared),
            };
            RoleApproval::written(approval, position, place.is_some(), standing)
        });
    let nobody = demanded.iter().filter(|role| !written().any(|own| is_for(own, role)));
    given.chain(nobody.map(|role| RoleApproval::unwritten(role, Standing::Missing))).collect()
}

/// An approval counts when code review proves it, whether it is written or not.
fn verified(setting: Setting<'_>, exception: &Exception, demanded: &[&str]) -> Vec<RoleApproval> {
    let catalog = setting.catalog;
    let records = Records::new(setting, exception);
    let proofs: Vec<Vec<Proof>> = demanded.iter().map(|role| records.proofs(role)).collect();
    let people: Vec<(String, usize)> = proofs
        .iter()
        .enumerate()
        .flat_map(|(place, proofs)| proofs.iter().map(move |proof| (somebody(catalog, &proof.by), place)))
        .collect();
    let pairs: Vec<(&str, usize)> = people.iter().map(|(person, place)| (person.as_str(), *place)).collect();
    let roles = one_role_each(demanded.len(), &pairs);
    let held = |proof: &Proof| roles.get(somebody(catalog, &proof.by).as_str()).copied();
    let written = || exception.record.approvals.items.iter();
    let given = written().enumerate().map(|(position, approval)| {
        let place = place(approval, demanded);
        let role = approval.value.role.value().map_or("", |role| role);
        let by = approval.value.by.value().map_or("", |by| by);
        let own = place.map_or_else(|| records.proofs(role), |place| proofs[place].clone());
        let proof = own.into_iter().find(|proof| same(&proof.by, by));
        let alone = counts(setting, exception, approval);
        let standing = match (&proof, place) {
            _ if let Err(why) = alone => Standing::Refused(why.into()),
            (None, _) => match records.gap(role) {
                Some(gap) => Standing::Unproven(gap.into()),
                None => Standing::Refused(records.objection(by, role).into()),
            },
            (Some(proof), Some(place)) => match held(proof).filter(|held| *held != place) {
                Some(held) => approves_already(approval, demanded[held]),
                None => Standing::Counts(ApprovalProof::Verified),
            },
            (Some(_), None) => Standing::Counts(ApprovalProof::Verified),
        };
        let proof = proof.filter(|_| matches!(standing, Standing::Counts(_)));
        RoleApproval { proof, ..RoleApproval::written(approval, position, place.is_some(), standing) }
    });
    let given: Vec<RoleApproval> = given.collect();
    let waiting = awaited(demanded, &given);
    let shown = demanded.iter().zip(&proofs).enumerate().filter(|(_, (role, _))| waiting.contains(role));
    let rest: Vec<RoleApproval> = shown
        .filter_map(|(place, (role, proofs))| {
            if let Some(proof) = proofs.iter().find(|proof| held(proof) == Some(place)) {
                let counts = Standing::Counts(ApprovalProof::Verified);
                return Some(RoleApproval {
                    proof: Some(proof.clone()),
                    ..RoleApproval::unwritten(role, counts)
                });
            }
            let is_written = written().any(|own| is_for(own, role));
            let standing = match records.gap(role) {
                Some(_) => Standing::Missing,
                None => Standing::Refused(records.nobody(role).into()),
            };
            (!is_written).then(|| RoleApproval::unwritten(role, standing))
        })
        .collect();
    given.into_iter().chain(rest).collect()
}

/// The place of its role among the demanded ones.
fn place(approval: &Sourced<Approval>, demanded: &[&str]) -> Option<usize> {
    demanded.iter().position(|role| is_for(approval, role))
}

fn approves_already(approval: &Sourced<Approval>, held: &str) -> Standing {
    let by = approval.value.by.value().map_or("", |by| by);
    Standing::Refused(format!("`{by}` approves as `{held}` already, and two roles take two people").into())
}

impl RoleApproval {
    fn written(approval: &Sourced<Approval>, position: usize, demanded: bool, standing: Standing) -> Self {
        let role = approval.value.role.value().cloned();
        Self { role, demanded, written: Some(position), standing, proof: None }
    }

    fn unwritten(role: &str, standing: Standing) -> Self {
        Self { role: Some(Box::from(role)), demanded: true, written: None, standing, proof: None }
    }
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
pub(super) fn missing(exception: &Record, demanded: &[&str], approvals: &[RoleApproval]) -> Vec<Reason> {
    let why = |role: &str| {
        let given = || {
            let own = |approval: &&RoleApproval| approval.role.as_ref().is_some_and(|own| same(own, role));
            approvals.iter().filter(own)
        };
        let origin = |approval: &RoleApproval| {
            approval.written.and_then(|at| exception.approvals.items.get(at)).map(|written| written.origin)
        };
        let unproven = given().find_map(|approval| match &approval.standing {
            Standing::Unproven(why) => {
                let text = format!("the approval as `{role}` is only declared: {why}");
                Some(Reason { text: text.into(), origin: origin(approval) })
            }
            _ => None,
        });
        if let Some(unproven) = unproven {
            return unproven;
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

/// The last day on which an approval that counts was given, and where that is said.
pub(super) fn last(exception: &Exception, approvals: &[RoleApproval]) -> Option<(Day, Origin)> {
    let counting = approvals.iter().filter(|approval| matches!(approval.standing, Standing::Counts(_)));
    let given = counting.filter_map(|approval| {
        let written = approval.written.and_then(|at| exception.record.approvals.items.get(at));
        let origin = written.map_or(exception.origin, |written| written.origin);
        let at = approval.proof.as_ref().map(|proof| proof.at);
        Some((at.or_else(|| written?.value.at.value().copied())?, origin))
    });
    given.max_by_key(|(at, _)| *at)
}

/// Those that were given on `day` or later. One that code review proves is of the terms as they are now.
pub(super) fn since(exception: &Record, approvals: &[RoleApproval], day: Day) -> Vec<RoleApproval> {
    let given = |approval: &&RoleApproval| {
        let written = approval.written.and_then(|at| exception.approvals.items.get(at));
        let at = written.and_then(|written| written.value.at.value());
        approval.proof.is_some() || at.is_some_and(|at| *at >= day)
    };
    approvals.iter().filter(given).cloned().collect()
}

fn is_for(approval: &Sourced<Approval>, role: &str) -> bool {
    approval.value.role.value().is_some_and(|given| same(given, role))
}

/// Whether an approval counts, or why not. It needs a person and a day; the day must have come, and must
/// not lie before the request; and nobody approves what they asked for themselves.
fn counts(setting: Setting<'_>, exception: &Exception, approval: &Sourced<Approval>) -> Result<(), String> {
    let Setting { catalog, today, .. } = setting;
    let Some(by) = approval.value.by.value().filter(|by| !by.trim().is_empty()) else {
        return Err("it does not say who approved".into());
    };
    let Some(at) = approval.value.at.value() else {
        return Err(format!("it does not say when `{by}` approved"));
    };
    if *at > today {
        return Err(format!("the approval by `{by}` is of {at}, which lies ahead"));
    }
    if let Some(asked) = exception.record.requested_at.value().filter(|asked| *at < **asked) {
        return Err(format!("the approval by `{by}` is of {at}, before it was asked for on {asked}"));
    }
    let requester = exception.record.requested_by.value().map_or("", |requester| requester);
    if same(by, requester) || somebody(catalog, by) == somebody(catalog, requester) {
        return Err(format!("`{by}` asked for the exception, and nobody approves their own request"));
    }
    outside_team(setting, exception, by)
}

fn nobody(exception: &Record, role: &str) -> Reason {
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
