//! Whether GitHub would answer a collect: who we are to it, what we may see and do there, and what the next night
//! costs. Asks three questions for each organisation, one more where people are wanted, and waits for no limit.

mod cost;
mod rights;

use std::future::Future;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::client::{Client, Standing};
use super::kept::Kept;
use super::night::kept_for;
use super::queries::{Answer, Flaw};
use super::transport::Trouble;
use crate::collect::doctor::{Allowance, Budget, Cost, Prospect, look_at_folder_of_ours};
use crate::collect::runtime;
use crate::settings::{Also, Github, GithubAccess, Settings, Source};
use crate::words;

/// How long one answer is waited for. A collect waits for limits; whoever asks a doctor waits in person.
const PATIENCE: Duration = Duration::from_secs(30);

/// Most letters that are shown of a name that GitHub gives us.
const LONGEST_NAME: usize = 100;

const WHO: &str = "set MILEPOST_GITHUB_TOKEN, or MILEPOST_GITHUB_APP_ID with MILEPOST_GITHUB_APP_KEY_FILE";

/// What GitHub says of us and of one owner.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    viewer: Option<Viewer>,
    repository_owner: Option<Owner>,
}

/// What GitHub says of the people of one owner. A person has none.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SaidOfPeople {
    repository_owner: Option<Organisation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Organisation {
    teams: Option<Counted>,
    members_with_role: Option<Counted>,
}

#[derive(Deserialize)]
struct Viewer {
    login: String,
}

#[derive(Deserialize)]
struct Owner {
    repositories: Counted,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counted {
    total_count: u64,
}

/// Looks at the organisations of `asked`.
pub(super) fn look_at(source: &Source, asked: &Github, settings: &Settings, prospect: &mut Prospect) {
    prospect.good("host", asked.api.rest(""));
    look_at_folder_of_ours("what is kept", &source.path, prospect);
    let visit = Visit { source, asked, settings };
    if let Err(reason) = runtime::carry(visit.all(prospect)) {
        prospect.wanting("GitHub", reason, "leave the machine more room");
    }
}

/// One visit to one GitHub.
struct Visit<'a> {
    source: &'a Source,
    asked: &'a Github,
    settings: &'a Settings,
}

impl Visit<'_> {
    async fn all(&self, prospect: &mut Prospect) {
        let client = match Client::new(&self.asked.api, self.settings) {
            Ok(client) => client,
            Err(reason) => return prospect.wanting("credentials", reason, WHO),
        };
        if let Some(proxy) = client.proxy() {
            prospect.good("proxy", format!("asked through a tunnel of the one at `{proxy}`"));
        }
        for owner in &self.asked.organisations {
            self.owner(&client, owner, prospect).await;
        }
        cost::say_whether_it_fits(self.settings.github.app.is_some(), prospect);
    }

    async fn owner(&self, client: &Client, owner: &str, prospect: &mut Prospect) {
        let subject = format!("organisation `{owner}`");
        match patiently(client.installation_of(owner)).await {
            Ok(None) => {}
            Ok(Some(installation)) => {
                if !rights::of_the_app(owner, &installation, self.asked, prospect) {
                    return;
                }
            }
            Err(trouble) => {
                let advice = "install the App there, and check its id and key";
                return prospect.wanting(subject, trouble.to_string(), advice);
            }
        }
        let standing = match patiently(client.standing(owner)).await {
            Ok(standing) => standing,
            Err(trouble) => {
                let advice = "check the credentials, `api`, and the way to the host";
                return prospect.wanting(subject, trouble.to_string(), advice);
            }
        };
        self.say_limit(owner, &standing, prospect);
        if let Some((_, 0, _)) = standing.points {
            let advice = "ask again later; a collect waits until the limit is counted anew";
            return prospect.notable(subject, "not asked, because no point remains", advice);
        }
        let variables = json!({ "login": owner });
        let query = include_str!("doctor.graphql");
        let answer = patiently(client.query::<Said>(owner, "Doctor", query, &variables)).await;
        let (said, flaw) = match answer {
            Ok(Answer { data, errors }) => (data, errors.first().map(Flaw::reason)),
            Err(trouble) => {
                let advice = "check what these credentials may read";
                return prospect.wanting(subject, trouble.to_string(), advice);
            }
        };
        let Some(said) = said else {
            let reason = flaw.unwrap_or_else(|| "its answer is empty".to_owned());
            return prospect.wanting(subject, reason, "check what these credentials may read");
        };
        self.say_who(said.viewer.as_ref(), &standing, prospect);
        let Some(Owner { repositories: Counted { total_count } }) = said.repository_owner else {
            let reason = flaw.unwrap_or_else(|| "GitHub shows nobody of this name".to_owned());
            let advice =
                "check the name, and whether these credentials may see the organisation (single sign-on)";
            return prospect.wanting(subject, reason, advice);
        };
        if let Some(reason) = flaw {
            prospect.wanting(&*subject, reason, "check what these credentials may read");
        }
        let people = self.people(client, owner, prospect).await;
        self.say_count(owner, (total_count, people), &standing, prospect);
        if self.asked.also.contains(&Also::Reviews) {
            let says = "one request for 20 revisions of exceptions, each revision once; not in the estimate";
            prospect.good(format!("reviews of `{owner}`"), says);
        }
    }

    /// What it costs to list teams and people, if that is wanted.
    async fn people(&self, client: &Client, owner: &str, prospect: &mut Prospect) -> Cost {
        if !self.asked.also.contains(&Also::People) {
            return Cost::default();
        }
        let subject = format!("people of `{owner}`");
        let (variables, query) = (json!({ "login": owner }), include_str!("doctor_people.graphql"));
        let answer = patiently(client.query::<SaidOfPeople>(owner, "DoctorPeople", query, &variables)).await;
        let refused = |reason: String, prospect: &mut Prospect| {
            prospect.wanting(&*subject, reason, "let these credentials read the members of the organisation");
            Cost::default()
        };
        let (data, errors) = match answer {
            Ok(Answer { data, errors }) => (data, errors),
            Err(trouble) => return refused(trouble.to_string(), prospect),
        };
        if let Some(flaw) = errors.first() {
            return refused(flaw.reason(), prospect);
        }
        let found = data.and_then(|said| said.repository_owner);
        let Some(Organisation { teams, members_with_role }) = found else {
            return refused("its answer is empty".to_owned(), prospect);
        };
        let count = |counted: Option<Counted>| counted.map_or(0, |counted| counted.total_count);
        let (teams, members) = (count(teams), count(members_with_role));
        let word =
            |count: u64, one, many| words::count(usize::try_from(count).unwrap_or(usize::MAX), one, many);
        prospect.good(
            subject,
            format!("{}, {}", word(teams, "team", "teams"), word(members, "person", "people")),
        );
        cost::people(teams, members)
    }

    /// How many repositories may be seen, and what reading them costs, with what listing people does.
    fn say_count(
        &self,
        owner: &str,
        (count, people): (u64, Cost),
        standing: &Standing,
        prospect: &mut Prospect,
    ) {
        let subject = format!("organisation `{owner}`");
        let number = usize::try_from(count).unwrap_or(usize::MAX);
        let visible = format!("{} visible", words::count(number, "repository", "repositories"));
        let form = kept_for(self.asked, self.settings);
        let kept = Kept::to_look_at(&self.source.path, &self.source.name, &self.asked.api.graphql(), form);
        let before = kept.listing(owner);
        let known = before.as_ref().map_or(0, |before| before.repositories.len() as u64);
        if count == 0 || count < known {
            let says = match known {
                0 => visible,
                known => format!("{visible}, {known} when they were listed last"),
            };
            let advice =
                "when there should be more, let these credentials see private and internal repositories";
            prospect.notable(subject, says, advice);
        } else {
            prospect.good(subject, visible);
        }
        let points = standing.points;
        let allowance = points.map(|(limit, remaining, resets)| Allowance { limit, remaining, resets });
        let budget = cost::budget(self.asked, (owner, count), before.as_ref(), &kept, self.settings.now);
        let [tonight, cold, warm] = [budget.tonight, budget.cold, budget.warm].map(|cost| cost.and(people));
        prospect.budgets.push(Budget { allowance, tonight, cold, warm, ..budget });
    }

    fn say_limit(&self, owner: &str, standing: &Standing, prospect: &mut Prospect) {
        let is_app = self.settings.github.app.is_some();
        let subject = if is_app { format!("limit of `{owner}`") } else { "limit".to_owned() };
        match standing.points {
            None => prospect.good(subject, "this server counts no points"),
            Some((limit, remaining, resets)) => {
                let resets = resets.map(|at| format!(", counted anew at {at}")).unwrap_or_default();
                prospect.good(subject, format!("{remaining} of {limit} points remain in this hour{resets}"));
            }
        }
    }

    /// As whom GitHub knows us, and which credentials showed it.
    fn say_who(&self, viewer: Option<&Viewer>, standing: &Standing, prospect: &mut Prospect) {
        let access = &self.settings.github;
        let login = viewer.map_or_else(|| "somebody".to_owned(), |viewer| shown(&viewer.login));
        let by = match (&access.app, access.token_from) {
            (Some(_), _) => format!("the App of {}", GithubAccess::APP),
            (None, from) => format!("the token of {}", from.unwrap_or("the environment")),
        };
        prospect.good("credentials", format!("{by}; GitHub knows us as `{login}`"));
        if access.app.is_none() {
            rights::of_the_token(access.token.as_ref(), standing, self.asked, prospect);
        }
    }
}

/// A name that GitHub gives us, without what no name of its own holds, and cut where none is so long.
fn shown(name: &str) -> String {
    name.chars().filter(char::is_ascii_graphic).take(LONGEST_NAME).collect()
}

/// What a question gives, when it does so soon.
async fn patiently<T>(question: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let late = || {
        let seconds = PATIENCE.as_secs();
        Trouble::Refused(format!("no answer in {seconds} seconds, or a limit that lasts longer"))
    };
    tokio::time::timeout(PATIENCE, question).await.unwrap_or_else(|_| Err(late()))
}
