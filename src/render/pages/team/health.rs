//! How a team itself stands: whether it exists, can be reached, and has somebody to stand in.

use serde::Serialize;

use crate::assess::people::Standing;
use crate::catalog::service::Criticality;
use crate::catalog::table::Index;
use crate::catalog::team::TeamStatus;
use crate::catalog::{Service, Team};
use crate::diagnostic::Severity;
use crate::render::badge::Badge;
use crate::render::origin::Brief;
use crate::render::portal::Portal;
use crate::words;

/// What the template sees of one concern.
#[derive(Debug, Serialize)]
pub(super) struct Concern {
    badge: Badge,
    text: String,
    origin: Brief,
}

/// What is known of a team, as far as concerns look at it.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    dissolved: bool,
    has_lead: bool,
    members: usize,
    /// How many people its GitHub teams have, when that is known.
    on_github: Option<usize>,
    /// Whether it has teams below it: a department may have no member of its own.
    has_children: bool,
    reachable: bool,
    on_call: bool,
    services: usize,
    /// Services that many others rest on: tier-1 and tier-2.
    critical: usize,
}

/// The concerns about `team`.
pub(super) fn concerns(portal: &Portal<'_>, team: &Team) -> Vec<Concern> {
    let record = &team.record;
    let criticality =
        |service: &Index<Service>| portal.catalog.services[*service].record.criticality.value().copied();
    let known = Known {
        dissolved: record.status.value() == Some(&TeamStatus::Dissolved),
        has_lead: record.lead.value().is_some(),
        members: record.members.items.len(),
        on_github: Standing::of(portal.catalog, team, portal.assessment.now)
            .people
            .map(|people| people.len()),
        has_children: !team.children.is_empty(),
        reachable: record.contacts.email.value().is_some() || record.contacts.chat.value().is_some(),
        on_call: record.contacts.on_call.value().is_some(),
        services: team.services.len(),
        critical: team
            .services
            .iter()
            .filter(|service| criticality(service) <= Some(Criticality(2)) && criticality(service).is_some())
            .count(),
    };
    let concern = |(severity, text): (Severity, String)| Concern {
        badge: Badge::severity(severity),
        text,
        origin: portal.brief(team.origin),
    };
    found(known).into_iter().map(concern).collect()
}

fn found(known: Known) -> Vec<(Severity, String)> {
    let services = words::count(known.services, "service", "services");
    let mut found = Vec::new();
    if known.dissolved && known.services > 0 {
        found.push((
            Severity::Error,
            format!("it is dissolved and still owns {services}: give them to a team that exists"),
        ));
    }
    if known.dissolved {
        return found;
    }
    match known.members {
        0 if known.has_children && known.services == 0 => {}
        0 => found.push((Severity::Warning, "it names no member: nobody knows who answers".to_owned())),
        1 if known.services > 0 => {
            found.push((
                Severity::Warning,
                format!("its record names one member for {services}: nobody can stand in"),
            ));
        }
        _ => {}
    }
    match known.on_github.filter(|people| *people != known.members && known.services > 0) {
        Some(0) => {
            found.push((Severity::Warning, format!("nobody is in its GitHub teams, and it owns {services}")))
        }
        Some(1) => {
            found.push((Severity::Warning, format!("one member is in its GitHub teams, for {services}")))
        }
        _ => {}
    }
    if !known.reachable {
        found.push((Severity::Warning, "it names neither e-mail nor chat: it cannot be reached".to_owned()));
    }
    if !known.on_call && known.critical > 0 {
        let critical = words::count(known.critical, "service", "services");
        found.push((
            Severity::Warning,
            format!("it names no on-call route, and owns {critical} of tier-1 or tier-2"),
        ));
    }
    if !known.has_lead {
        found.push((Severity::Note, "it names no lead".to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_looked_at_as_what_it_is() {
        let sound = Known {
            has_lead: true,
            members: 4,
            reachable: true,
            on_call: true,
            services: 3,
            critical: 1,
            ..Known::default()
        };
        let texts = |known: Known| found(known).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert!(texts(sound).is_empty());
        assert_eq!(
            texts(Known { dissolved: true, members: 0, has_lead: false, ..sound }),
            ["it is dissolved and still owns 3 services: give them to a team that exists"]
        );
        assert_eq!(
            texts(Known { members: 1, ..sound }),
            ["its record names one member for 3 services: nobody can stand in"]
        );
        assert_eq!(
            texts(Known { on_github: Some(1), ..sound }),
            ["one member is in its GitHub teams, for 3 services"]
        );
        assert_eq!(texts(Known { on_github: Some(1), members: 1, ..sound }).len(), 1, "said once");
        assert_eq!(
            texts(Known { on_call: false, ..sound }),
            ["it names no on-call route, and owns 1 service of tier-1 or tier-2"]
        );
        assert!(texts(Known { on_call: false, critical: 0, ..sound }).is_empty());
        assert!(
            texts(Known { members: 0, has_children: true, services: 0, critical: 0, ..sound }).is_empty()
        );
        assert_eq!(texts(Known { reachable: false, has_lead: false, ..sound }).len(), 2);
    }
}
