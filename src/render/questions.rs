//! The seven ownership questions as pages show them: each with its answer and where that stands, or what would answer
//! it, or why nobody knows.

use serde::Serialize;

use super::badge::Badge;
use super::frame::Section;
use super::links::{Here, Href, Place};
use super::origin::Brief;
use super::portal::Portal;
use super::prose::{plain, prose};
use super::templates::Html;
use crate::assess::{Answer, QUESTIONS};
use crate::catalog::table::Index;
use crate::catalog::{Account, Service};

/// What answers each question about a service, in the order of [`QUESTIONS`].
const BY_SERVICE: [&str; 7] = [
    "`ownerTeam`",
    "`description`",
    "`businessCapability`",
    "`dataClassification`",
    "`failureImpact`",
    "a fact `monthly-cost`",
    "`lifecycle.retireBy` or `lifecycle.reviewBy`",
];

/// What answers each question about an account.
const BY_ACCOUNT: [&str; 7] = [
    "`owner` in `accounts.yaml`",
    "`purpose` in `accounts.yaml`",
    "`businessCapability` of its services",
    "`dataClassification` of its services",
    "`failureImpact` of its services",
    "a fact `monthly-cost`",
    "`sandbox.expiresAt` in `accounts.yaml`",
];

/// Questions that the record of an account itself answers, so that whoever owns it can.
const OF_ITS_OWNER: [usize; 2] = [1, 6];

/// One question of ownership, with its answer.
#[derive(Debug, Serialize)]
pub struct Question {
    /// The question.
    pub text: &'static str,
    /// The answer.
    pub badge: Badge,
    /// Where it stands.
    pub origin: Option<Brief>,
    /// What would answer it, in words with code between backticks.
    #[serde(skip)]
    pub missing: Option<String>,
    /// The same as markup.
    add: Option<Html>,
    /// Where it says what was collected, when that is why there is no answer.
    pub collected: Option<Href>,
}

/// The seven questions about a service; none when it was not judged.
pub fn of_service(portal: &Portal<'_>, service: Index<Service>, here: Here<'_>) -> Vec<Question> {
    let judged = portal.assessment.services.get(service.position());
    let by = |question: usize| format!("answered by {}", BY_SERVICE[question]);
    judged.map(|judged| questions(portal, &judged.questions, by, here)).unwrap_or_default()
}

/// The seven questions about an account; none when it was not judged.
pub fn of_account(portal: &Portal<'_>, account: Index<Account>, here: Here<'_>) -> Vec<Question> {
    let judged = portal.assessment.accounts.get(account.position());
    let catalog = portal.catalog;
    // A team that was dissolved answers nothing.
    let owner = catalog.accounts[account].owner.filter(|team| catalog.claimants().exists(*team));
    let owner = owner.map(|team| &catalog.teams[team]);
    let by = |question: usize| match owner.filter(|_| OF_ITS_OWNER.contains(&question)) {
        Some(team) => format!("for {} to answer, by {}", plain(team.record.name()), BY_ACCOUNT[question]),
        None => format!("answered by {}", BY_ACCOUNT[question]),
    };
    judged.map(|judged| questions(portal, &judged.questions, by, here)).unwrap_or_default()
}

fn questions(
    portal: &Portal<'_>,
    answers: &[Answer; 7],
    by: impl Fn(usize) -> String,
    here: Here<'_>,
) -> Vec<Question> {
    let coverage = portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage));
    let question = |(position, (text, answer)): (usize, (&'static str, &Answer))| {
        let missing = (*answer == Answer::Unanswered).then(|| by(position));
        Question {
            text,
            badge: Badge::answer(answer),
            origin: match answer {
                Answer::Answered { origin, .. } => Some(portal.brief(*origin)),
                Answer::Unanswered | Answer::Unknown(_) => None,
            },
            add: missing.as_deref().map(prose),
            missing,
            collected: coverage.clone().filter(|_| matches!(answer, Answer::Unknown(_))),
        }
    };
    QUESTIONS.into_iter().zip(answers).enumerate().map(question).collect()
}

/// `6 of 7 answered.`
pub fn answered(questions: &[Question]) -> String {
    let answered = questions.iter().filter(|question| question.origin.is_some()).count();
    format!("{answered} of {} answered.", questions.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::testing::Organisation;
    use crate::render::trial::Trial;

    /// What would answer why the account exists, when its owner is in this state.
    fn missing(team: &str) -> String {
        let organisation = Organisation::default()
            .catalog("teams/all.yaml", &format!("- {{teamId: harbour, {team}}}\n"))
            .catalog("accounts.yaml", "- {accountId: \"012345678901\", name: one, owner: harbour}\n");
        let trial = Trial::of(&organisation);
        let portal = Portal::new(trial.inputs()).expect("templates compile");
        let (account, _) = trial.catalog.accounts.indexed().next().expect("it is declared");
        let page = Place::Account("012345678901").path();
        let questions = of_account(&portal, account, Here::at(&page));
        questions[OF_ITS_OWNER[0]].missing.clone().expect("nobody says")
    }

    #[test]
    fn a_team_that_was_dissolved_is_asked_nothing() {
        assert!(missing("displayName: Harbour").starts_with("for Harbour to answer, by "));
        assert!(missing("displayName: Harbour, status: dissolved").starts_with("answered by "));
    }
}
