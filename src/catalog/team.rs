//! Teams: who owns services, and by which names they are known.

use super::field::{Field, List, Section};
use super::id::TeamId;
use super::record::record;
use super::scalar::choice;

choice! {
    /// Kinds of teams, as Team Topologies names them.
    pub enum TeamKind called "a kind of team" {
        /// Serves a stream of work.
        StreamAligned = "stream-aligned",
        /// Serves other teams.
        Platform = "platform",
        /// Teaches other teams.
        Enabling = "enabling",
        /// Owns a difficult part.
        Subsystem = "subsystem" | "complicated-subsystem",
    }
}

choice! {
    /// Whether a team exists.
    pub enum TeamStatus called "a team status" {
        /// It does.
        Active = "active",
        /// It did.
        Dissolved = "dissolved",
    }
}

record! {
    /// One team.
    pub struct Team called "team" {
        /// Names the team for ever.
        "teamId" => team_id: Field<TeamId>,
        /// The name people say.
        #[example("Checkout")]
        "displayName" => display_name: Field<Box<str>>,
        /// What it is for.
        #[example("Sells parcels: prices, orders, payment.")]
        "description" => description: Field<Box<str>>,
        /// Its kind.
        "kind" => kind: Field<TeamKind>,
        /// The team it is part of.
        "parent" => parent: Field<TeamId>,
        /// Who leads it: e-mail or handle.
        #[example("@mira")]
        "lead" => lead: Field<Box<str>>,
        /// Who is in it: e-mails or handles.
        #[example("@mira")]
        "members" => members: List<Box<str>>,
        /// How to reach it.
        "contacts" => contacts: Section<Contacts>,
        /// Other names that mean this team.
        #[example("team-checkout")]
        "aliases" => aliases: List<Box<str>>,
        /// Its GitHub teams, as `org/team`.
        #[example("example/checkout")]
        "github" => github: List<Box<str>>,
        /// Whether it exists.
        "status" => status: Field<TeamStatus>,
    }
}

record! {
    /// How to reach a team.
    pub struct Contacts called "contacts" {
        /// Mailbox.
        #[example("checkout@example.com")]
        "email" => email: Field<Box<str>>,
        /// Chat channel.
        #[example("#checkout")]
        "chat" => chat: Field<Box<str>>,
        /// The route its alarms take.
        #[example("checkout-primary")]
        "onCall" => on_call: Field<Box<str>>,
        /// Other names of that route.
        #[example("checkout-secondary")]
        "onCallAliases" => on_call_aliases: List<Box<str>>,
    }
}

impl Team {
    /// The name to show: the display name, else the id.
    pub fn name(&self) -> &str {
        let id = self.team_id.value().map_or("", |id| id.as_str());
        self.display_name.value().map_or(id, |name| name)
    }
}
