//! What cases expect of tags and of whose a resource is.

use milepost::assess::ownership::{self, Owners};
use milepost::assess::resources::Holdings;
use milepost::assess::tags::{Expectations, TagVerdict};
use milepost::assess::{TagCounts, questions};
use milepost::catalog::ownership::Owner;
use milepost::catalog::resource::Resource;
use milepost::catalog::yaml::Node;

use super::expectations::Checked;

impl Checked<'_> {
    /// Compares key by key: counts for a service, verdicts and owners by ARN.
    pub(super) fn about_tags(&mut self, key: &str, wanted: &Node) {
        if key == "tags" {
            return self.tags(wanted);
        }
        if key == "holdings" {
            return self.holdings(wanted);
        }
        for entry in wanted.entries().expect("resources by ARN") {
            let mut resources = self.catalog.resources.iter();
            let resource = resources.find(|resource| *resource.arn == *entry.key);
            let resource = resource.unwrap_or_else(|| panic!("no resource `{}`", entry.key));
            match key {
                "resourceQuestions" => {
                    let owners = Owners::of(self.catalog);
                    let judged = (self.catalog, self.assessment);
                    let told = questions::of_resource(judged, owners, &owners.who(resource), resource);
                    self.questions(&told.map(|(_, answer)| answer.into_owned()), &entry.value);
                }
                "verdicts" => self.same(&entry.key, &entry.value, &self.verdicts(resource)),
                "who" => {
                    let said = self.who(resource);
                    self.contains(
                        &entry.key,
                        &entry.value,
                        &said.iter().map(|line| &**line).collect::<Vec<_>>(),
                    );
                }
                _ => self.contains(&entry.key, &entry.value, &[&self.owner(resource)]),
            }
        }
    }

    /// `[Service ok, OwnerTeam wrong-value delivery for checkout]`.
    fn verdicts(&self, resource: &Resource) -> String {
        let service = resource.service.map(|service| &self.catalog.services[service]);
        let today = self.assessment.as_of;
        let is_whole = ownership::unread(self.catalog).is_none();
        let expectations = match service {
            Some(service) => Expectations::of(self.catalog, service, today),
            None => Expectations::of_policy(self.catalog, is_whole, today),
        };
        let keys = expectations.keys().map(|(key, _)| key);
        let verdict = |verdict: TagVerdict<'_>| match verdict {
            TagVerdict::Ok => "ok".to_owned(),
            TagVerdict::Missing => "missing".to_owned(),
            TagVerdict::WrongCase { found, expected } => format!("wrong-case {found} for {expected}"),
            TagVerdict::WrongValue { found, expected } => {
                format!("wrong-value {found} for {}", expected.join(" or "))
            }
            TagVerdict::Unknown { found: Some(found) } => format!("unknown {found}"),
            TagVerdict::Unknown { found: None } => "unknown".to_owned(),
            TagVerdict::Exempt(exemption) => {
                let until = exemption.until.value().expect("an exemption has an end");
                let reason = exemption.reason.value().expect("an exemption has a reason");
                format!("exempt until {until}, {reason}")
            }
        };
        let verdicts =
            keys.zip(expectations.judge(resource)).map(|(key, said)| format!("{key} {}", verdict(said)));
        format!("[{}]", verdicts.collect::<Vec<_>>().join(", "))
    }

    /// `quote in 012345678901, listed by 012345678901`.
    fn owner(&self, resource: &Resource) -> String {
        let owner = resource.service.map_or("nobody", |service| self.catalog.services[service].id.as_str());
        let account = resource.account.as_ref().map_or("no account", |account| account.as_str());
        let listing = &self.catalog.tag_listings[resource.listing as usize];
        format!("{owner} in {account}, listed by {}", listing.account)
    }

    /// Whom it is shown with, whom it counts for, what comes of it, and every reason in its order.
    fn who(&self, resource: &Resource) -> Vec<String> {
        let owners = Owners::of(self.catalog);
        let ownership = owners.who(resource);
        let service = |service| self.catalog.services[service].id.as_str();
        let team = |team| self.catalog.teams[team].id.as_str();
        let shown = match ownership.shown {
            Some(Owner::Service(shown)) => format!("service {}", service(shown)),
            Some(Owner::Team(shown)) => format!("team {}", team(shown)),
            None => "nobody".to_owned(),
        };
        let is_whole = ownership::unread(self.catalog).is_none();
        let mut said = vec![
            format!("shown {shown}, asked {}", ownership.team.map_or("nobody", team)),
            format!("counts for {}", ownership.service.map_or("no service", service)),
            format!("it is {}", ownership.holding(is_whole).word()),
            format!("{} account", if ownership.undeclared_account { "undeclared" } else { "declared" }),
        ];
        said.extend(
            owners.contest(&ownership, resource.account.as_ref()).map(|why| format!("contested: {why}")),
        );
        let reasons = ownership.reasons.iter().enumerate();
        said.extend(
            reasons.map(|(at, reason)| {
                format!("{}. {}", at + 1, owners.words(reason, resource.account.as_ref()))
            }),
        );
        said
    }

    /// `1 owned, 1 contested`, of all or of one account, type, team or service.
    fn holdings(&mut self, wanted: &Node) {
        let totals = &self.assessment.resources;
        for entry in wanted.entries().expect("holdings by what they are of") {
            let holdings = match entry.key.split_once(' ') {
                None => Some(totals.all.holdings),
                Some(("account", id)) => totals
                    .accounts
                    .iter()
                    .find(|(known, _)| known.as_ref().is_some_and(|known| known.as_str() == id))
                    .map(|(_, found)| found.all.holdings),
                Some(("type", name)) => totals.types.get(name).map(|tally| tally.holdings),
                Some(("team", id)) => {
                    let team = self.catalog.teams.find(id).expect("a team");
                    totals.teams.get(&Some(team)).map(|tally| tally.holdings)
                }
                Some((_, id)) => {
                    let service = self.catalog.services.find(id).expect("a service");
                    totals.services.get(&Some(service)).map(|tally| tally.holdings)
                }
            };
            let Holdings { owned, contested, unowned, unknown } = holdings.unwrap_or_default();
            let given =
                [("owned", owned), ("contested", contested), ("unowned", unowned), ("unknown", unknown)];
            let given =
                given.iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{count} {word}"));
            self.same(&entry.key, &entry.value, &given.collect::<Vec<_>>().join(", "));
        }
    }

    fn tags(&mut self, wanted: &Node) {
        let Some(verdicts) = &self.service().tags else { return self.same("tags", wanted, &"unknown") };
        let keys: Vec<&str> = self
            .catalog
            .tag_policy
            .required
            .values()
            .map(|tag| tag.key.value().map_or("", |key| &**key))
            .collect();
        let total = verdicts.total;
        let verdicts = verdicts.keys.clone();
        for entry in wanted.entries().expect("keys, or `unknown`") {
            if &*entry.key == "total" {
                self.same("total", &entry.value, &total);
                continue;
            }
            let position = keys.iter().position(|key| **key == *entry.key).expect("a required key");
            let TagCounts { ok, missing, wrong_case, wrong_value, unknown, exempt, contested } =
                verdicts[position];
            let given = [
                ("ok", ok),
                ("missing", missing),
                ("wrong-case", wrong_case),
                ("wrong-value", wrong_value),
                ("unknown", unknown),
                ("exempt", exempt),
                ("contested", contested),
            ];
            let given =
                given.iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{count} {word}"));
            self.same(&entry.key, &entry.value, &given.collect::<Vec<_>>().join(", "));
        }
    }
}
