//! Whether AWS would answer a collect: who we are to it, which accounts it lists, which of them answer in which
//! regions, and how many calls the next night makes. Asks for the first page of every listing, and waits for little.

mod advice;
mod answers;
mod cost;

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sts::config::SharedCredentialsProvider;

use self::answers::{Answers, Asker, say_untagged};
use super::asking::{Asking, Page};
use super::night::{LOOK, RATE};
use super::organization::Organization;
use super::selection::Selection;
use super::sessions::{Sessions, Who};
use super::sizes::Sizes;
use super::untagged;
use crate::aws::Door;
use crate::aws::Fault;
use crate::collect::clock::Clock;
use crate::collect::doctor::{Prospect, look_at_folder_of_ours};
use crate::collect::progress::Progress;
use crate::collect::runtime;
use crate::collect::snapshot::ObservedAccount;
use crate::settings::{Aws, AwsAlso, AwsResources, Settings, Source};
use crate::words;

/// How long one list is asked for again. A collect waits for minutes; whoever asks a doctor waits in person.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many of many are named.
const NAMED: usize = 8;

/// Longest name that AWS gives us.
const LONGEST_NAME: usize = 512;

/// Looks at what `asked` names.
pub(super) fn look_at(
    source: &Source,
    asked: &Aws,
    settings: &Settings,
    progress: &dyn Progress,
    prospect: &mut Prospect,
) {
    if let Some(endpoint) = &asked.endpoint {
        prospect.good("host", format!("{}, in place of AWS", endpoint.as_str()));
    }
    look_at_folder_of_ours("what is kept", &source.path, prospect);
    let interruption = &settings.interruption;
    let visit = Visit { source, asked, settings, progress };
    let visiting = async {
        let told_to_end = async {
            while !interruption.is_requested() {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::select! {
            () = visit.all(prospect) => {}
            () = told_to_end => {}
        }
    };
    if let Err(reason) = runtime::carry(visiting) {
        prospect.wanting("AWS", reason, "leave the machine more room");
    }
}

/// One visit to AWS.
struct Visit<'a> {
    source: &'a Source,
    asked: &'a Aws,
    settings: &'a Settings,
    progress: &'a dyn Progress,
}

impl Visit<'_> {
    async fn all(&self, prospect: &mut Prospect) {
        let access = &self.settings.aws;
        let clock = Clock::new(access.began, access.waiting);
        let door = match Door::new(self.asked.endpoint.as_ref(), access, clock.patience()) {
            Ok(door) => door,
            Err(reason) => return prospect.wanting("AWS", reason, advice::WAY),
        };
        let asking = Asking { clock, interruption: self.settings.interruption.clone(), patience: PATIENCE };
        let Some(region) = self.asked.regions.first() else {
            return prospect.wanting("regions", "it names none", "write `regions: [us-east-1]`");
        };
        let caller = match door.caller(access, region).await {
            Ok(caller) => caller,
            Err(reason) => return prospect.wanting("credentials", reason, advice::WHO),
        };
        let itself = Sessions::new(door.clone(), caller.clone(), region, None);
        let known = identity(&itself, &asking).await;
        if !say_clock(&door, prospect) {
            return;
        }
        match known {
            Ok(name) => prospect.good("credentials", format!("AWS knows us as {name}")),
            Err(reason) => return prospect.wanting("credentials", &*reason, advice::caller(&reason)),
        }
        let sessions = Sessions::new(door, caller, region, self.asked.role.as_deref());
        match (&self.asked.role, sessions.of(&Who::Crawler, &asking).await) {
            (None, _) => prospect.good("crawl role", "none: whoever runs this asks"),
            (Some(role), Ok(_)) => prospect.good("crawl role", format!("`{role}` lets us in")),
            (Some(role), Err(reason)) => {
                return prospect.wanting("crawl role", &*reason, &advice::crawl_role(role, &reason));
            }
        }
        self.organization(sessions, asking, prospect).await;
    }

    /// What Organizations says, then every account.
    async fn organization(&self, sessions: Sessions, asking: Asking, prospect: &mut Prospect) {
        let name: Arc<str> = Arc::from(&*self.source.name);
        self.progress.started(&format!("listing the accounts of `{name}`"), None);
        let door = sessions.door.clone();
        let organization =
            Organization { sessions: &sessions, asking: &asking, source: &name, at: self.settings.now };
        let before = door.calls();
        let mut calls = crate::collect::doctor::Calls::default();
        let (accounts, selection) = match organization.accounts().await {
            Ok(mut accounts) => {
                let missing = organization.name_units(&mut accounts).await;
                say_accounts(&accounts, prospect);
                match missing.is_empty() {
                    true => prospect.good("units", "it is known where accounts lie"),
                    false => missing.into_iter().for_each(|reason| {
                        prospect.wanting("units", &*reason, &advice::organizations(&reason));
                    }),
                }
                let selection = Selection::of(&accounts, self.asked, self.settings.today);
                (accounts, selection)
            }
            Err(reason) => {
                prospect.wanting("accounts", &*reason, &advice::organizations(&reason));
                (Vec::new(), Selection::without_list(self.asked))
            }
        };
        calls.organization = door.calls() - before;
        let ids: Vec<Arc<str>> = accounts.iter().map(|account| Arc::clone(&account.id)).collect();
        let (_, missing) = organization.tags(&ids[..ids.len().min(1)]).await;
        match missing.first() {
            Some(reason) => {
                prospect.wanting("tags of accounts", &**reason, &advice::organizations(reason));
                calls.tags = 1;
            }
            None => calls.tags = ids.len() as u64,
        }
        if self.asked.also.contains(&AwsAlso::Policies) {
            let before = door.calls();
            match organization.tag_policies().await {
                (_, Some(reason)) => {
                    prospect.wanting("tag policies", &*reason, &advice::organizations(&reason));
                }
                (listing, None) => {
                    let count = listing.answer.map_or(0, |policies| policies.len());
                    prospect.good("tag policies", words::count(count, "policy", "policies"));
                }
            }
            calls.policies = door.calls() - before;
        }
        self.progress.finished(&format!("listed the accounts of `{name}`"));
        if self.asked.resources == AwsResources::Report {
            prospect.good("resources", "no account is asked for them: they are left to the tag report");
            calls.sessions = u64::from(self.asked.role.is_some());
            calls.spent = door.calls();
            prospect.calls = Some(calls);
            return;
        }
        self.say_selection(&selection, prospect);
        let member_role = &self.asked.member_role;
        let external_id = self.asked.external_id.as_deref();
        let sessions = sessions.with_members(selection.asked.iter(), member_role, external_id);
        let asker = Arc::new(Asker { sessions, asking });
        let answers = Answers::of(&asker, &selection.asked, &self.asked.regions, self.progress).await;
        answers.say(self.asked, prospect);
        if self.asked.also.contains(&AwsAlso::Untagged) {
            let before = door.calls();
            let counts = untagged::count(&asker, &selection.asked, &self.asked.regions).await;
            say_untagged(&counts, prospect);
            calls.untagged = door.calls() - before;
        }
        calls.sessions = u64::from(self.asked.role.is_some()) + selection.asked.len() as u64;
        let sizes = Sizes::load(&self.source.path);
        let before = |account: &str, region: &str| sizes.of(&self.source.name, account, region);
        cost::of_pages(&answers, before, &mut calls);
        calls.spent = door.calls();
        prospect.calls = Some(calls);
    }

    /// Which accounts a collect would ask.
    fn say_selection(&self, selection: &Selection, prospect: &mut Prospect) {
        let count = selection.asked.len();
        let notes = selection.notes.len();
        for note in selection.notes.iter().take(NAMED) {
            prospect.good("left out", &**note);
        }
        if notes > NAMED {
            prospect.good("left out", format!("and {} more notes like these", notes - NAMED));
        }
        if count == 0 {
            let advice = "check `accounts` in `milepost.yaml`; ids in `include` are asked without a list";
            prospect.wanting("asked", "no account would be asked", advice);
        }
    }
}

/// As whom AWS knows the caller.
async fn identity(itself: &Sessions, asking: &Asking) -> Result<String, Arc<str>> {
    let (door, region) = (&itself.door, &itself.region);
    let ask = |who: SharedCredentialsProvider, _: Option<String>| async move {
        let config = aws_sdk_sts::config::Builder::from(&door.config(&who, region));
        let client = aws_sdk_sts::Client::from_conf(config.interceptor(door.watch()).build());
        let answer = client.get_caller_identity().send().await.map_err(|error| Fault::of(&error))?;
        let (arn, account) = (answer.arn.unwrap_or_default(), answer.account.unwrap_or_default());
        let name = format!("`{}`, of account `{}`", shown(&arn), shown(&account));
        Ok(Page { items: vec![name], next: None })
    };
    let said = asking.whole(itself, &Who::Crawler, RATE, ask).await;
    let said = said.map_err(|reason| Arc::from(format!("sts:GetCallerIdentity: {reason}")))?;
    said.into_iter().next().ok_or_else(|| "sts:GetCallerIdentity: an empty answer".into())
}

/// Says how far the clocks are apart; gives whether AWS believes what we sign.
fn say_clock(door: &Door, prospect: &mut Prospect) -> bool {
    if let Some(skew) = door.skew() {
        prospect.wanting("clock", skew, "let the machine ask a time server");
        return false;
    }
    if let Some(ahead) = door.ahead() {
        let seconds = usize::try_from(ahead.unsigned_abs()).unwrap_or(usize::MAX);
        let apart = match seconds {
            0 | 1 => "the same time as at AWS".to_owned(),
            _ => format!("{} from that of AWS", words::count(seconds, "second", "seconds")),
        };
        prospect.good("clock", apart);
    }
    true
}

/// How many accounts are in which state.
fn say_accounts(accounts: &[ObservedAccount], prospect: &mut Prospect) {
    let mut states: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for account in accounts {
        *states.entry(&account.state).or_default() += 1;
    }
    let states: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let states: Vec<&str> = states.iter().map(String::as_str).collect();
    let count = words::count(accounts.len(), "account", "accounts");
    match accounts.is_empty() {
        true => prospect.wanting(
            "accounts",
            "Organizations lists none",
            "ask from the management account, or from one that it delegates to",
        ),
        false => prospect
            .good("accounts", format!("Organizations lists {count}: {}", shown(&words::plain_list(&states)))),
    }
}

/// What AWS says, without what none of its names holds, and cut where none is so long.
fn shown(name: &str) -> String {
    name.chars().filter(|letter| letter.is_ascii_graphic() || *letter == ' ').take(LONGEST_NAME).collect()
}
