//! Teams and people of organisations that did not answer this time, or of which too many are gone at once: they
//! stay as they were, with the moment at which they were seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Removal, Stays, is_much};
use crate::collect::snapshot::{Directory, ObservedTeam, People, Snapshot, SourceReport, SourceState};
use crate::words;

/// How many former names of a team are kept.
const FORMER: usize = 5;

/// The directory of `organisation` that `source` gave.
fn find<'s>(all: &'s [Directory], source: &str, organisation: &str) -> Option<(usize, &'s Directory)> {
    let is_it = |one: &Directory| *one.source == *source && *one.organisation == *organisation;
    all.iter().enumerate().find(|(_, one)| is_it(one))
}

/// `directory` as it was, because of `reason`.
fn carried(directory: &Directory, reason: &Arc<str>) -> Directory {
    Directory { carried: Some(Arc::clone(reason)), ..directory.clone() }
}

impl Snapshot {
    /// Puts what `previous` knew of organisations where `report`, which stands at `position`, knows nothing; tells
    /// which of its answers would take too much away.
    pub(super) fn carry_directories(
        &mut self,
        position: usize,
        previous: &Self,
    ) -> impl Iterator<Item = Removal> {
        let report = &mut self.sources[position];
        let known = previous.directories.iter().filter(|one| one.answer.is_ok() && one.source == report.name);
        let mut removals = Vec::new();
        for before in known {
            match find(&self.directories, &before.source, &before.organisation) {
                Some((at, Directory { answer: Err(reason), .. })) => {
                    self.directories[at] = carried(before, &Arc::clone(reason));
                }
                Some((at, Directory { answer: Ok(now), .. })) => {
                    let Ok(people) = &before.answer else { continue };
                    removals.extend(doubtful(position, before, people, now));
                    if let Ok(now) = &mut self.directories[at].answer {
                        remember(people, now);
                    }
                }
                // A source that fails does not say which organisations it would have asked.
                None if matches!(report.state, SourceState::Failed | SourceState::Stale) => {
                    let reason = report.reason.clone();
                    let reason = reason.unwrap_or_else(|| "its source did not answer".into());
                    self.directories.push(carried(before, &reason));
                }
                None => {}
            }
        }
        removals.into_iter()
    }

    /// Keeps the directory of `organisation` that `report` would take from.
    pub(super) fn keep_directory(
        &mut self,
        source: usize,
        organisation: &str,
        previous: &Self,
        why: &Arc<str>,
    ) {
        let SourceReport { name, .. } = &self.sources[source];
        let before = find(&previous.directories, name, organisation);
        if let (Some((at, _)), Some((_, before))) = (find(&self.directories, name, organisation), before) {
            self.directories[at] = carried(before, why);
        }
    }
}

/// Notes of teams that were called otherwise what they were called.
fn remember(then: &People, now: &mut People) {
    let before: BTreeMap<&str, &ObservedTeam> = then.teams.iter().map(|team| (&*team.id, team)).collect();
    for team in &mut now.teams {
        let Some(before) = before.get(&*team.id) else { continue };
        let names = std::iter::once(&before.slug).chain(&before.formerly);
        team.formerly = names.filter(|slug| **slug != team.slug).take(FORMER).cloned().collect();
    }
}

/// What an answer takes away, when that is too much. A team is the same while its id is, whatever it is called.
fn doubtful(source: usize, before: &Directory, then: &People, now: &People) -> Option<Removal> {
    let teams: BTreeSet<&str> = now.teams.iter().map(|team| &*team.id).collect();
    let members: BTreeSet<&str> = now.members.iter().map(|login| &**login).collect();
    let gone_teams: Vec<&str> =
        then.teams.iter().filter(|team| !teams.contains(&*team.id)).map(|team| &*team.slug).collect();
    let gone_members: Vec<&str> =
        then.members.iter().map(|login| &**login).filter(|login| !members.contains(login)).collect();
    let mut whats = Vec::new();
    let mut lines = Vec::new();
    for (gone, all, none_left, one, many) in [
        (gone_teams, then.teams.len(), teams.is_empty(), "team", "teams"),
        (gone_members, then.members.len(), members.is_empty(), "person", "people"),
    ] {
        if is_much(gone.len(), all) || (none_left && gone.len() > 1) {
            whats.push(format!("{} of {}", gone.len(), words::count(all, one, many)));
            let line = |name: &str| format!("{}\0{}\0{one}\0{name}", before.source, before.organisation);
            lines.extend(gone.into_iter().map(line));
        }
    }
    let what = format!("{} of `{}` are gone", whats.join(" and "), before.organisation);
    let stays = Stays::Directory(Arc::clone(&before.organisation));
    (!whats.is_empty()).then_some(Removal { source, stays, lines, what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Moment;

    const MONDAY: &str = "2026-11-16T03:00:00Z";
    const TUESDAY: &str = "2026-11-17T03:00:00Z";
    const WEDNESDAY: &str = "2026-11-18T03:00:00Z";

    fn moment(text: &str) -> Moment {
        Moment::parse(text).expect("a moment")
    }

    /// An organisation with these teams, called by their numbers, and so many people.
    fn people(teams: impl Iterator<Item = usize>, members: usize) -> Result<People, Arc<str>> {
        let team = |number: usize| ObservedTeam {
            id: format!("T{number}").into(),
            slug: format!("team-{number:02}").into(),
            formerly: Vec::new(),
            name: "".into(),
            parent: None,
            members: Vec::new(),
        };
        let members = (0..members).map(|number| format!("p{number:03}").into()).collect();
        Ok(People { teams: teams.map(team).collect(), members, secret_teams: true })
    }

    fn run(at: &str, state: SourceState, answer: Option<Result<People, Arc<str>>>) -> Snapshot {
        let report = SourceReport {
            name: "hub".into(),
            kind: "github".into(),
            state,
            collected_at: moment(at),
            stale_since: None,
            items: 0,
            reason: None,
            withheld: None,
            unlisted: Vec::new(),
            notes: Vec::new(),
        };
        let directory = |answer| Directory {
            source: "hub".into(),
            organisation: "example".into(),
            collected_at: moment(at),
            carried: None,
            answer,
        };
        Snapshot {
            collected_at: Some(moment(at)),
            sources: vec![report],
            directories: answer.map(directory).into_iter().collect(),
            ..Snapshot::default()
        }
    }

    fn ok(at: &str, answer: Result<People, Arc<str>>) -> Snapshot {
        run(at, SourceState::Ok, Some(answer))
    }

    fn after(mut now: Snapshot, previous: &Snapshot) -> Snapshot {
        now.carry_over(previous, None);
        now
    }

    #[test]
    fn who_did_not_answer_is_as_before_with_the_moment_of_before() {
        let monday = ok(MONDAY, people(0..3, 9));
        let tuesday = after(run(TUESDAY, SourceState::Partial, Some(Err("refused".into()))), &monday);
        let wednesday = after(run(WEDNESDAY, SourceState::Failed, None), &tuesday);
        for (night, why) in [(&tuesday, "refused"), (&wednesday, "its source did not answer")] {
            let [directory] = &*night.directories else { panic!("one") };
            assert_eq!((&directory.answer, directory.collected_at), (&people(0..3, 9), moment(MONDAY)));
            assert_eq!(directory.carried.as_deref(), Some(why));
            assert_eq!(night.sources[0].stale_since, Some(moment(MONDAY)));
        }
        // Who is not asked any more is not shown any more.
        assert!(after(run(WEDNESDAY, SourceState::Ok, None), &tuesday).directories.is_empty());
        // What nobody knew before stays unknown.
        let unknown = run(MONDAY, SourceState::Partial, Some(Err("refused".into())));
        let still = after(run(TUESDAY, SourceState::Partial, Some(Err("again".into()))), &unknown);
        assert_eq!(
            (&still.directories[0].answer, &still.directories[0].carried),
            (&Err("again".into()), &None)
        );
    }

    #[test]
    fn a_removal_is_believed_up_to_ten_and_up_to_a_tenth() {
        for (before, now, is_believed) in
            [(40, 30, true), (200, 180, true), (40, 29, false), (200, 179, false)]
        {
            let monday = ok(MONDAY, people(0..before, 9));
            let tuesday = after(ok(TUESDAY, people(0..now, 9)), &monday);
            let report = &tuesday.sources[0];
            assert_eq!(report.withheld.is_none(), is_believed, "{before} to {now}");
            let stays = if is_believed { now } else { before };
            assert_eq!(tuesday.directories[0].answer, people(0..stays, 9), "{before} to {now}");
        }
    }

    #[test]
    fn what_is_withheld_says_so_until_somebody_accepts_it() {
        let monday = ok(MONDAY, people(0..40, 100));
        let gone = || ok(TUESDAY, people(0..1, 80));
        let tuesday = after(gone(), &monday);
        let report = &tuesday.sources[0];
        let withheld = report.withheld.as_ref().expect("it is too much");
        assert_eq!(&*withheld.what, "39 of 40 teams and 20 of 100 people of `example` are gone");
        assert_eq!((report.state, report.items), (SourceState::Partial, 0));
        let directory = &tuesday.directories[0];
        assert_eq!((directory.collected_at, &directory.answer), (moment(MONDAY), &people(0..40, 100)));
        assert!(directory.carried.as_ref().is_some_and(|why| why.contains("not believed")));
        let mut accepted = gone();
        accepted.carry_over(&monday, Some(&withheld.run));
        assert_eq!(accepted.directories, gone().directories);
        assert!(accepted.sources[0].notes[0].contains("somebody accepted that"));
    }

    #[test]
    fn all_gone_is_too_much_however_few_there_were_and_another_name_is_none() {
        let monday = ok(MONDAY, people(0..3, 9));
        assert!(after(ok(TUESDAY, people(0..0, 9)), &monday).sources[0].withheld.is_some());
        let mut renamed = people(0..30, 9);
        for team in &mut renamed.as_mut().expect("people").teams {
            team.slug = format!("new-{}", team.slug).into();
        }
        let tuesday = after(ok(TUESDAY, renamed.clone()), &ok(MONDAY, people(0..30, 9)));
        assert_eq!(tuesday.sources[0].withheld, None);
        let first = |night: &Snapshot| {
            let people = night.directories[0].answer.as_ref().expect("people");
            (people.teams[0].slug.to_string(), people.teams[0].formerly.join(" "))
        };
        let told = |slug: &str, formerly: &str| (slug.to_owned(), formerly.to_owned());
        assert_eq!(first(&tuesday), told("new-team-00", "team-00"));
        // It is remembered, and forgotten when it has its name back.
        let wednesday = after(ok(WEDNESDAY, renamed), &tuesday);
        assert_eq!(first(&wednesday), told("new-team-00", "team-00"));
        let back = after(ok(WEDNESDAY, people(0..30, 9)), &tuesday);
        assert_eq!(first(&back), told("team-00", "new-team-00"));
    }
}
