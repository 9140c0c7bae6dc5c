//! `CODEOWNERS` beside what descriptors say: a candidate where a service names no owner, and a second
//! opinion where it does.

use std::collections::BTreeMap;

use super::descriptors::Described;
use super::merging::is_same_repository;
use super::references::Registers;
use super::remarks::Remarks;
use crate::catalog::content;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::filing::{Filing, Home};
use crate::catalog::foreign::{Owner, Rules};
use crate::catalog::origin::{FileIndex, Origin};
use crate::catalog::service::ServiceRecord;
use crate::collect::snapshot::{Content, FileRole};
use crate::diagnostic::{Diagnostics, codes};

/// Where GitHub looks first; the others are not read when it is there.
const FIRST: &str = ".github/";

/// The rules of every repository that has some.
pub(super) struct Owners(BTreeMap<Home, (FileIndex, Rules)>);

impl Owners {
    /// Reads the file of each repository that counts.
    pub(super) fn read(filing: &Filing<'_>, diagnostics: &mut Diagnostics) -> Self {
        let mut found: BTreeMap<Home, (usize, FileIndex, Rules)> = BTreeMap::new();
        for filed in filing.of_repositories(FileRole::Owners) {
            let rank = match &*filed.file.path {
                path if path.starts_with(FIRST) => 0,
                path if !path.contains('/') => 1,
                _ => 2,
            };
            if found.get(&filed.home).is_some_and(|(known, ..)| *known < rank) {
                continue;
            }
            match &filed.file.content {
                Content::Text(text) => {
                    found.insert(filed.home, (rank, filed.index, Rules::read(&text.read())));
                }
                other => {
                    let place = filing.source(filed.index, "").whole();
                    if let Some(problem) = content::problem(other, place) {
                        diagnostics.push(problem);
                    }
                }
            }
        }
        Self(found.into_iter().map(|(home, (_, file, rules))| (home, (file, rules))).collect())
    }

    /// The files that count.
    pub(super) fn files(&self) -> impl Iterator<Item = FileIndex> {
        self.0.values().map(|(file, _)| *file)
    }

    /// Every file that counts with all owners that it names, in its order.
    pub(super) fn every(&self) -> impl Iterator<Item = (Home, FileIndex, impl Iterator<Item = &Owner>)> {
        self.0.iter().map(|(home, (file, rules))| (*home, *file, rules.all()))
    }

    /// The owners of what lies at the root of a repository.
    pub(super) fn of_root(&self, home: Home) -> impl Iterator<Item = &Owner> {
        self.0.get(&home).into_iter().flat_map(|(_, rules)| rules.owners(""))
    }

    /// The owners of the folder that the descriptor `file` lies in.
    fn of(
        &self,
        file: FileIndex,
        record: &ServiceRecord,
        filing: &Filing<'_>,
    ) -> Option<(FileIndex, &[Owner])> {
        let filed = filing.filed(file)?;
        let lies_in = &filing.table[file].repository;
        // A descriptor that is kept elsewhere says nothing about the folder it is kept in.
        if record.repository.value().is_some_and(|named| !is_same_repository(named, lies_in)) {
            return None;
        }
        let (rules_file, rules) = self.0.get(&filed.home)?;
        let folder = filed.file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = folder.strip_suffix(".milepost").unwrap_or(folder);
        Some((*rules_file, rules.owners(folder)))
    }

    /// Gives services without an owner the first team that reviews their folder.
    pub(super) fn propose(&self, described: &mut [Described], filing: &Filing<'_>) {
        for document in described.iter_mut().filter(|document| document.record.owner_team.is_absent()) {
            let Some((file, owners)) = self.of(document.file, &document.record, filing) else { continue };
            let candidate = owners.iter().find_map(|owner| Some((owner.team()?, owner.mark)));
            if let Some((team, mark)) = candidate {
                document.record.owner_team = Field::known(team.into(), Origin::File { file, mark });
            }
        }
    }

    /// Tells where the teams that review a service's folder are known, and its owner is none of them.
    pub(super) fn compare(&self, registers: &Registers, filing: &Filing<'_>, remarks: &mut Remarks) {
        for service in registers.services.table.iter() {
            let (Some(owner), Some(Sourced { value: named, origin })) =
                (service.owner, service.record.owner_team.sourced())
            else {
                continue;
            };
            let Some((file, owners)) = self.of(service.file, &service.record, filing) else { continue };
            let teams = owners.iter().filter_map(|owner| registers.teams.names.find(owner.team()?));
            let teams: Vec<_> = teams.collect();
            if teams.is_empty() || teams.contains(&owner) {
                continue;
            }
            let line = owners.first().map_or(0, |owner| owner.mark.line);
            let entry = &filing.table[file];
            let reviewers: Vec<&str> =
                teams.iter().map(|team| registers.teams.table[*team].id.as_str()).collect();
            let message = format!(
                "`{}`, line {line}, has {} review this folder, not `{}`",
                entry.path,
                crate::words::list(&reviewers),
                registers.teams.table[owner].id
            );
            let help = "find out who answers for it, and say so in both places";
            remarks.add(&codes::OWNERS_DISAGREE, *origin, named, message, help);
        }
    }
}
