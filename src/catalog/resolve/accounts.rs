//! Accounts: what the catalog folder declares and what AWS Organizations lists, taken together.

use super::declared;
use super::names::Register;
use super::remarks::Remarks;
use crate::catalog::Account;
use crate::catalog::account;
use crate::catalog::filing::Filing;
use crate::catalog::folder::Raw;
use crate::catalog::id::AccountId;
use crate::catalog::table::Table;
use crate::collect::snapshot::{ObservedAccount, Snapshot};
use crate::diagnostic::codes;

/// Every account that is declared, observed or both.
pub(super) fn resolve(
    raws: Vec<Raw<account::Account>>,
    snapshot: &Snapshot,
    filing: &Filing<'_>,
    remarks: &mut Remarks,
) -> Register<Account> {
    let mut observed: Vec<&ObservedAccount> = snapshot.accounts.iter().collect();
    // Of several listings of one account the last one counts.
    observed.sort_by(|a, b| {
        (&a.id, a.collected_at, &a.name, &a.state).cmp(&(&b.id, b.collected_at, &b.name, &b.state))
    });
    let mut rows: Vec<Account> = declared::identified(raws, filing, remarks)
        .into_iter()
        .filter_map(|(id, raw)| {
            let account = AccountId::new(&id)?;
            let declared = declared::declared(id, raw);
            Some(Account { id: account, declared: Some(declared), observed: None, owner: None })
        })
        .collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let declared = rows.len();
    for account in observed {
        let Some(id) = AccountId::new(&account.id) else { continue };
        let known = rows[..declared].binary_search_by(|row| row.id.cmp(&id));
        match known {
            Ok(position) => rows[position].observed = Some(account.clone()),
            Err(_) => match rows[declared..].last_mut() {
                Some(last) if last.id == id => last.observed = Some(account.clone()),
                _ => rows.push(Account { id, declared: None, observed: Some(account.clone()), owner: None }),
            },
        }
    }
    let help = "write the id of an account in `accounts.yaml`, or add the account";
    Register::new(Table::new(rows).0, "account", &codes::UNKNOWN_ACCOUNT, help)
}
