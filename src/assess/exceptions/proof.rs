//! Approvals that code review proves (trust T16): who approved the pull request that gave an exception its present
//! terms, and why a review proves nothing. Names and times are the code host's, never those of git or of the file.

use super::approvals::same;
use super::people::{is_member, somebody, team};
use crate::assess::context::Setting;
use crate::catalog::{Exception, Team};
use crate::collect::snapshot::{PullRequest, Review, ReviewState};
use crate::day::Day;

/// An approval that code review proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The login of who approved.
    pub by: Box<str>,
    /// The day on which they did.
    pub at: Day,
    /// Where people read the pull request.
    pub url: Box<str>,
}

/// What code review knows of one exception.
pub(super) struct Records<'a> {
    setting: Setting<'a>,
    exception: &'a Exception,
}

impl<'a> Records<'a> {
    pub(super) fn new(setting: Setting<'a>, exception: &'a Exception) -> Self {
        Self { setting, exception }
    }

    /// Why nothing can be said of an approval in `role` that no record shows; `None` when the records are whole.
    pub(super) fn gap(&self, role: &str) -> Option<String> {
        let reviews = &self.exception.code_reviews;
        match (&reviews.unknown, reviews.asked) {
            (Some(reason), _) => Some(format!("its code-review record is not known: {reason}")),
            (None, false) => Some("no code-review record was collected that proves it".to_owned()),
            // With nobody in the team that can be listed, everybody who approved may be in it.
            (None, true) => self.team_of(role).ok().and_then(|team| {
                let words = self.last_words();
                words.iter().find_map(|(_, review)| is_member(self.setting, team, &review.by).err())
            }),
        }
    }

    /// Everybody whose last word on a pull request was given before it was merged, in the order of the records.
    fn last_words(&self) -> Vec<(&'a PullRequest, &'a Review)> {
        let mut words = Vec::new();
        for request in &self.exception.code_reviews.pull_requests {
            let mut of_this: Vec<&Review> = Vec::new();
            for review in request.reviews.iter().filter(|review| review.at <= request.merged_at) {
                match of_this.iter_mut().find(|known| same(&known.by, &review.by)) {
                    Some(known) if known.at <= review.at => *known = review,
                    Some(_) => {}
                    None => of_this.push(review),
                }
            }
            words.extend(of_this.into_iter().map(|review| (request, review)));
        }
        words
    }

    /// Who approved in `role`, each once.
    pub(super) fn proofs(&self, role: &str) -> Vec<Proof> {
        let mut proofs: Vec<Proof> = Vec::new();
        for (request, review) in self.last_words() {
            let is_new = !proofs.iter().any(|known| same(&known.by, &review.by));
            if is_new && self.holds(&review.by, role).is_ok() && self.proves(request, review).is_ok() {
                let at = Day::of(review.at, &self.setting.catalog.zone);
                proofs.push(Proof { by: Box::from(&*review.by), at, url: Box::from(&*request.url) });
            }
        }
        proofs
    }

    /// Why the records do not show that `by` approved in `role`.
    pub(super) fn objection(&self, by: &str, role: &str) -> String {
        let words = self.last_words();
        let own = words.iter().filter(|(_, review)| same(&review.by, by));
        let mut objections = own.filter_map(|(request, review)| self.proves(request, review).err());
        match (objections.next_back(), self.holds(by, role)) {
            (Some(objection), _) => objection,
            (None, Err(objection)) => objection,
            (None, Ok(())) if self.exception.code_reviews.pull_requests.is_empty() => {
                "no merged pull request brought it into the catalog as it is now".to_owned()
            }
            (None, Ok(())) => format!("`{by}` did not review the change that made it what it is now"),
        }
    }

    /// Why nobody approved in `role`.
    pub(super) fn nobody(&self, role: &str) -> String {
        if let Err(objection) = self.team_of(role) {
            return objection;
        }
        let words = self.last_words();
        let in_role = words.iter().filter(|(_, review)| self.holds(&review.by, role).is_ok());
        let objection =
            in_role.filter_map(|(request, review)| self.proves(request, review).err()).next_back();
        objection.unwrap_or_else(|| match self.exception.code_reviews.pull_requests.last() {
            Some(request) => format!("nobody of `{role}` approved pull request {}", request.number),
            None => "no merged pull request brought it into the catalog as it is now".to_owned(),
        })
    }

    /// Whether a review proves an approval of the present terms by somebody who may give it.
    fn proves(&self, request: &PullRequest, review: &Review) -> Result<(), String> {
        let by = &review.by;
        match review.state {
            ReviewState::Approved => {}
            ReviewState::ChangesRequested => return Err(format!("`{by}` asked for changes last")),
            ReviewState::Dismissed => return Err(format!("the review by `{by}` was dismissed")),
        }
        let at = Day::of(review.at, &self.setting.catalog.zone);
        if at > self.setting.today {
            return Err(format!("the review by `{by}` is of {at}, which lies ahead"));
        }
        let asked = self.exception.record.requested_at.value();
        if let Some(asked) = asked.filter(|asked| at < **asked) {
            return Err(format!("the review by `{by}` is of {at}, before it was asked for on {asked}"));
        }
        if review.commit.as_deref() != Some(&*request.head) {
            return Err(format!("`{by}` approved an earlier state of pull request {}", request.number));
        }
        if !request.is_as_merged {
            return Err(format!(
                "what stands in the catalog is not what pull request {} held when it was approved",
                request.number
            ));
        }
        if request.authors.iter().any(|author| same(author, by)) {
            return Err(format!("`{by}` wrote the change, and nobody approves their own"));
        }
        if !request.authors_are_known {
            return Err(format!("not everybody who wrote pull request {} is known", request.number));
        }
        let requester = self.exception.record.requested_by.value().map_or("", |requester| requester);
        if same(by, requester)
            || somebody(self.setting.catalog, by) == somebody(self.setting.catalog, requester)
        {
            return Err(format!("`{by}` asked for the exception, and nobody approves their own request"));
        }
        outside_team(self.setting, self.exception, by)
    }

    /// Whether `by` may speak for `role`: a team of the catalog that they are a member of.
    fn holds(&self, by: &str, role: &str) -> Result<(), String> {
        let team = self.team_of(role)?;
        match is_member(self.setting, team, by)? {
            true => Ok(()),
            false => Err(format!("`{by}` is no member of the team `{}`", team.id)),
        }
    }

    fn team_of(&self, role: &str) -> Result<&'a Team, String> {
        let team = team(self.setting.catalog, role).map(|at| &self.setting.catalog.teams.rows()[at]);
        team.ok_or_else(|| {
            format!("no team of the catalog is called `{role}`, so nobody is shown to hold that role")
        })
    }
}

/// Whether `by` comes from outside the teams that gain by the exception, where policy asks for that.
pub(super) fn outside_team(setting: Setting<'_>, exception: &Exception, by: &str) -> Result<(), String> {
    let catalog = setting.catalog;
    if catalog.exception_policy.approvers_outside_team.value() != Some(&true) {
        return Ok(());
    }
    let owner = exception.service.and_then(|service| catalog.services[service].owner);
    let asked = exception.record.requested_by.value().and_then(|asked| team(catalog, asked));
    let concerned = owner.map(|owner| owner.position()).into_iter().chain(asked);
    for team in concerned.map(|at| &catalog.teams.rows()[at]) {
        let is_inside = match same(team.id.as_str(), by) {
            true => Ok(true),
            false => is_member(setting, team, by),
        };
        match is_inside {
            Ok(false) => {}
            Ok(true) => {
                return Err(format!(
                    "`{by}` belongs to the team `{}`, and policy wants approvals from outside it",
                    team.id
                ));
            }
            Err(why) => {
                return Err(format!(
                    "whether `{by}` comes from outside the team `{}` is not known: {why}",
                    team.id
                ));
            }
        }
    }
    Ok(())
}
