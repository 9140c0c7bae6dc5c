//! What belongs to what, worked out once for all pages: the lists of services and teams, how
//! services are counted, the problems and exceptions of each.

use super::paging::{Listing, Share, by_letter};
use super::problems::Problems;
use crate::assess::exceptions::of_teams;
use crate::assess::{Assessment, Tier};
use crate::catalog::lifecycle::LifecycleState;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception, Service, Team};

/// What belongs to what.
#[derive(Debug)]
pub struct Relations<'a> {
    /// Services as a whole, by letter and by class; rows are positions in the catalog's table.
    pub services: Vec<Listing>,
    /// Teams as a whole and by letter; rows are positions in the catalog's table, in the order of names.
    pub teams: Vec<Listing>,
    /// Problems by whom they concern.
    pub problems: Problems<'a>,
    exceptions_of_team: Vec<Vec<Index<Exception>>>,
}

impl<'a> Relations<'a> {
    /// Works them out for `catalog` and `assessment`.
    pub fn new(catalog: &'a Catalog, assessment: &'a Assessment) -> Self {
        Self {
            services: service_listings(catalog, assessment),
            teams: team_listings(catalog),
            problems: Problems::new(catalog, assessment),
            exceptions_of_team: of_teams(catalog),
        }
    }

    /// How many services have `class`.
    pub fn count(&self, class: Class) -> usize {
        let own = |listing: &&Listing| listing.share == Share::Facet(class.word());
        self.services.iter().find(own).map_or(0, |listing| listing.rows.len())
    }

    /// Exceptions of the services of `team`, and those that it asked for or answers for itself.
    pub fn exceptions_of_team(&self, team: Index<Team>) -> &[Index<Exception>] {
        &self.exceptions_of_team[team.position()]
    }
}

/// How a service is counted: each has exactly one class, so that every count has a list behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// With its tier.
    Tier(Tier),
    /// Proposed or retired: outside every metric.
    Outside,
    /// Its id is claimed twice: without a tier until that is solved.
    InConflict,
}

impl Class {
    /// Every class in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Tier(Tier::Native),
        Self::Tier(Tier::Adopted),
        Self::Tier(Tier::PartiallyManaged),
        Self::Tier(Tier::LegacyException),
        Self::Tier(Tier::Retiring),
        Self::Tier(Tier::Unmanaged),
        Self::Outside,
        Self::InConflict,
    ];

    /// The class of `service`, which stands at `position`.
    pub fn of(service: &Service, assessment: &Assessment, position: usize) -> Self {
        let state = service.record.lifecycle.state.value();
        if matches!(state, Some(LifecycleState::Proposed | LifecycleState::Retired)) {
            return Self::Outside;
        }
        let verdict = assessment.services.get(position).and_then(|service| service.tier.as_ref());
        verdict.map_or(Self::InConflict, |verdict| Self::Tier(verdict.tier))
    }

    /// Its word in addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tier(tier) => tier.word(),
            Self::Outside => "not-counted",
            Self::InConflict => "in-conflict",
        }
    }
}

fn positions(count: usize) -> Vec<u32> {
    (0..u32::try_from(count).expect("tables stay below four billion rows")).collect()
}

fn service_listings(catalog: &Catalog, assessment: &Assessment) -> Vec<Listing> {
    let services = catalog.services.rows();
    let mut listings = by_letter(positions(services.len()), |row| services[row as usize].id.as_str());
    let class = |row: &u32| Class::of(&services[*row as usize], assessment, *row as usize);
    for wanted in Class::ALL {
        let rows: Vec<u32> =
            positions(services.len()).into_iter().filter(|row| class(row) == wanted).collect();
        if !rows.is_empty() {
            listings.push(Listing { share: Share::Facet(wanted.word()), rows });
        }
    }
    listings
}

fn team_listings(catalog: &Catalog) -> Vec<Listing> {
    let teams = catalog.teams.rows();
    let mut rows = positions(teams.len());
    rows.sort_by_cached_key(|row| {
        let team = &teams[*row as usize];
        (team.record.name().to_lowercase(), team.id.as_str())
    });
    by_letter(rows, |row| teams[row as usize].record.name())
}
