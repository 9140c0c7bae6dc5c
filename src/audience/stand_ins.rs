//! What stands in the place of a value: of the same shape, the same for the same value, and in the order of the values,
//! so that whatever is read, compared or sorted comes out as before.
//!
//! Numbers are counted up in the order of the values and hold for one build. A digest would do so for ever, and tell:
//! there are so few numbers of twelve digits that all of them can be tried.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::Found;
use super::forms::{can_be_searched_for, percent_encoded};
use crate::catalog::arn::Arn;
use crate::catalog::configuration::Removable;

/// A value as it is written, and what is written instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StandIn {
    pub(super) kind: Removable,
    pub(super) written: String,
    pub(super) stands: String,
}

/// What a chat address is replaced by where it is a link: it leads nowhere by its very name (RFC 2606).
const NOWHERE: &str = "https://chat.invalid";

/// Stand-ins of names of resources, by name. There may be millions, so they are looked up and not searched for.
pub(super) type Arns = BTreeMap<String, String>;

/// Stand-ins for all that was found and can be searched for; what cannot is left to the fields that hold it.
pub(super) fn of(found: &Found, kinds: &BTreeSet<Removable>) -> (Vec<StandIn>, Arns) {
    let mut all = Vec::new();
    let accounts = accounts(found, kinds);
    for (account, number) in &accounts {
        all.push(stand_in(Removable::AccountNumbers, account.clone(), number.clone()));
        // As the console of AWS writes it.
        all.push(stand_in(Removable::AccountNumbers, dashed(account), dashed(number)));
    }
    for kind in [Removable::Email, Removable::Chat] {
        for (number, value) in numbered(found.of(kind)).filter(|(_, value)| can_be_searched_for(kind, value))
        {
            let stands = match kind {
                Removable::Chat if value.contains("://") => format!("{NOWHERE}/removed-{number}"),
                Removable::Chat => format!("(chat-removed-{number})"),
                _ => format!("(email-removed-{number})"),
            };
            all.push(stand_in(kind, percent_encoded(value), percent_encoded(&stands)));
            all.push(stand_in(kind, value.clone(), stands));
        }
    }
    let arns = numbered(found.of(Removable::Arns));
    let arns = arns.map(|(number, name)| (name.clone(), arn(name, &number, &accounts))).collect();
    (all, arns)
}

/// Values with their numbers, all of one length.
fn numbered(values: &BTreeSet<String>) -> impl Iterator<Item = (String, &String)> {
    let digits = values.len().to_string().len();
    (1..).map(move |number| format!("{number:0digits$}")).zip(values)
}

fn stand_in(kind: Removable, written: String, stands: String) -> StandIn {
    StandIn { kind, written, stands }
}

/// A running number for each account, as long as the account's own, and none that is an account here.
fn accounts(found: &Found, kinds: &BTreeSet<Removable>) -> BTreeMap<String, String> {
    if !kinds.contains(&Removable::AccountNumbers) {
        return BTreeMap::new();
    }
    let known = found.of(Removable::AccountNumbers);
    let free = (1_u64..).map(|number| format!("{number:012}")).filter(|number| !known.contains(number));
    known.iter().cloned().zip(free).collect()
}

fn dashed(account: &str) -> String {
    match (account.get(..4), account.get(4..8), account.get(8..)) {
        (Some(first), Some(second), Some(third)) => format!("{first}-{second}-{third}"),
        _ => account.to_owned(),
    }
}

/// `text` with a number in the place of the resource's name; what it is and where stays.
fn arn(text: &str, number: &str, accounts: &BTreeMap<String, String>) -> String {
    let Some(arn) = Arn::parse(text) else { return format!("(arn-removed-{number})") };
    let partition = text.split(':').nth(1).unwrap_or("aws");
    let account = accounts.get(arn.account).map_or(arn.account, |number| number);
    let kind = arn.kind();
    let resource = match (arn.service, kind) {
        ("s3", "object") => format!("removed-{number}/object"),
        ("sns", "subscription") => format!("removed-{number}:subscription"),
        _ => match arn.resource.find(kind).map(|at| at + kind.len()) {
            Some(end) if arn.resource[end..].starts_with(['/', ':']) => {
                format!("{}removed-{number}", &arn.resource[..=end])
            }
            _ => format!("removed-{number}"),
        },
    };
    format!("arn:{partition}:{}:{}:{account}:{resource}", arn.service, arn.region)
}
