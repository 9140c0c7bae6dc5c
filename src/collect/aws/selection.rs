//! Which accounts are asked: those that the configuration includes and does not leave out, while they are active.

use std::sync::Arc;

use crate::collect::exclusion::matches;
use crate::collect::snapshot::ObservedAccount;
use crate::day::Day;
use crate::settings::{AccountExclusion, Aws};
use crate::words;

/// The state in which an account answers.
const ACTIVE: &str = "ACTIVE";

/// What becomes of the accounts.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Those that are asked.
    pub(super) asked: Vec<Arc<str>>,
    /// Those that cannot answer, with why.
    pub(super) silent: Vec<(Arc<str>, Arc<str>)>,
    /// What to say of the others.
    pub(super) notes: Vec<String>,
}

impl Selection {
    /// Chooses among `accounts` as `wanted` says on `today`.
    pub(super) fn of(accounts: &[ObservedAccount], wanted: &Aws, today: Day) -> Self {
        let mut selection = Self::default();
        let mut outside = 0;
        let mut used = vec![false; wanted.exclude.len()];
        for account in accounts {
            let names = |pattern: &str| {
                matches(pattern.as_bytes(), account.id.as_bytes())
                    || matches(pattern.as_bytes(), account.name.as_bytes())
            };
            if !wanted.include.is_empty() && !wanted.include.iter().any(|pattern| names(pattern)) {
                outside += 1;
                continue;
            }
            let holds = |exclusion: &AccountExclusion| {
                exclusion.until.is_none_or(|until| today <= until) && names(&exclusion.account)
            };
            if let Some(position) = wanted.exclude.iter().position(holds) {
                used[position] = true;
                let AccountExclusion { reason, .. } = &wanted.exclude[position];
                selection.notes.push(format!("{} is left out: {reason}", shown(account)));
            } else if *account.state == *ACTIVE {
                selection.asked.push(Arc::clone(&account.id));
            } else {
                let state = format!("the account is {} and was not asked", account.state);
                selection.notes.push(format!("{} is {} and was not asked", shown(account), account.state));
                selection.silent.push((Arc::clone(&account.id), state.into()));
            }
        }
        if outside > 0 {
            let outside = words::count(outside, "account is", "accounts are");
            selection.notes.push(format!("{outside} not among those that `include` names"));
        }
        for (exclusion, _) in wanted.exclude.iter().zip(used).filter(|(_, used)| !used) {
            let why = match exclusion.until {
                Some(until) if today > until => format!("it ended on {until}"),
                _ => "no account is called that".to_owned(),
            };
            selection
                .notes
                .push(format!("the exclusion of `{}` leaves out nothing: {why}", exclusion.account));
        }
        selection
    }

    /// Those of `wanted` that are ids, for when nobody lists the accounts.
    pub(super) fn without_list(wanted: &Aws) -> Self {
        let ids = wanted.include.iter().filter(|id| super::organization::is_account(id));
        let left_out =
            |id: &str| wanted.exclude.iter().any(|one| matches(one.account.as_bytes(), id.as_bytes()));
        let mut asked: Vec<Arc<str>> = ids.filter(|id| !left_out(id)).map(|id| Arc::from(&**id)).collect();
        asked.sort();
        asked.dedup();
        Self { asked, ..Self::default() }
    }
}

fn shown(account: &ObservedAccount) -> String {
    match account.name.is_empty() {
        true => format!("account `{}`", account.id),
        false => format!("account `{}` ({})", account.id, account.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Moment;

    fn account(id: &str, name: &str, state: &str) -> ObservedAccount {
        ObservedAccount {
            source: "aws".into(),
            id: id.into(),
            name: name.into(),
            state: state.into(),
            path: None,
            unit: None,
            tags: None,
            collected_at: Moment::parse("2026-11-21T03:00:00Z").expect("a moment"),
            carried: None,
        }
    }

    fn wanted(include: &[&str], exclude: &[(&str, &str)]) -> Aws {
        Aws {
            resources: crate::settings::AwsResources::Accounts,
            role: None,
            member_role: Aws::MEMBER_ROLE.into(),
            external_id: None,
            regions: vec!["eu-central-1".into()],
            include: include.iter().map(|pattern| Box::from(*pattern)).collect(),
            exclude: exclude
                .iter()
                .map(|(account, until)| AccountExclusion {
                    account: (*account).into(),
                    reason: "people try things there".into(),
                    by: None,
                    until: Day::parse(until),
                })
                .collect(),
            also: Vec::new(),
            endpoint: None,
        }
    }

    #[test]
    fn accounts_are_asked_when_they_are_wanted_and_can_answer() {
        let accounts = [
            account("111111111111", "shop-prod", "ACTIVE"),
            account("222222222222", "shop-try", "ACTIVE"),
            account("333333333333", "shop-old", "SUSPENDED"),
            account("444444444444", "bank-prod", "ACTIVE"),
        ];
        let today = Day::parse("2026-11-21").expect("a day");
        let wanted = wanted(&["shop-*"], &[("*-try", "2026-11-21"), ("111111111111", "2026-11-20")]);
        let selection = Selection::of(&accounts, &wanted, today);
        assert_eq!(selection.asked, ["111111111111".into()]);
        assert_eq!(selection.silent[0].0, "333333333333".into());
        assert_eq!(
            selection.notes,
            [
                "account `222222222222` (shop-try) is left out: people try things there",
                "account `333333333333` (shop-old) is SUSPENDED and was not asked",
                "1 account is not among those that `include` names",
                "the exclusion of `111111111111` leaves out nothing: it ended on 2026-11-20",
            ]
        );
    }

    #[test]
    fn without_a_list_only_ids_are_asked() {
        let selection = Selection::without_list(&wanted(&["shop-*", "111111111111"], &[]));
        assert_eq!(selection.asked, ["111111111111".into()]);
    }
}
