//! The names an expression can begin with: which scope knows them, what they are, what they mean.

use super::Scope;
use super::surroundings::{DEPENDENCY, DOCUMENT, REPOSITORY, RESOURCE, SERVICES};
use super::types::Type;
use crate::catalog::account::Account;
use crate::catalog::golden_path::{GoldenPath, Version};
use crate::catalog::record::{Record, Shape};
use crate::catalog::service::{ServiceEnvironment, ServiceRecord};
use crate::catalog::team::Team;

/// A name that an expression can begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Service,
    Team,
    GoldenPath,
    GoldenPathVersion,
    Account,
    Environments,
    Documents,
    Repository,
    Resources,
    Tags,
    Dependencies,
    Services,
    Today,
    /// The item that `all`, `any` and `count` look at.
    Item,
}

/// What there is to say about a name.
pub(super) struct Described {
    pub(super) name: Name,
    pub(super) word: &'static str,
    pub(super) scopes: &'static [Scope],
    pub(super) doc: &'static str,
    pub(super) example: &'static str,
    /// Whether it is observed, so that a rule must name it in `needs`.
    pub(super) observed: bool,
}

const SERVICE: &[Scope] = &[Scope::Service];
const PATH: &[Scope] = &[Scope::GoldenPath];
const EVERY: &[Scope] = &[Scope::Service, Scope::GoldenPath, Scope::Account];

/// Every name but `item`, in the order of the reference.
pub(super) const NAMES: &[Described] = &[
    Described {
        name: Name::Service,
        word: "service",
        scopes: SERVICE,
        doc: "The service's record in its canonical form.",
        example: "service.criticality == \"tier-1\"",
        observed: false,
    },
    Described {
        name: Name::Team,
        word: "team",
        scopes: &[Scope::Service, Scope::Account],
        doc: "The record of the owning team; absent when the catalog has no such team.",
        example: "team is defined",
        observed: false,
    },
    Described {
        name: Name::GoldenPath,
        word: "goldenPath",
        scopes: &[Scope::Service, Scope::GoldenPath],
        doc: "The golden path: the one judged, or the one that the service names; absent without one.",
        example: "goldenPath.supportLevel == \"fully-supported\"",
        observed: false,
    },
    Described {
        name: Name::GoldenPathVersion,
        word: "goldenPathVersion",
        scopes: SERVICE,
        doc: "The version of the golden path that the service names; absent when the path has no such version.",
        example: "goldenPathVersion.version >= \"3.1\"",
        observed: false,
    },
    Described {
        name: Name::Account,
        word: "account",
        scopes: &[Scope::Service, Scope::Account],
        doc: "The account as the catalog declares it: the one judged, or the one that the service names.",
        example: "account.purpose is defined",
        observed: false,
    },
    Described {
        name: Name::Environments,
        word: "environments",
        scopes: SERVICE,
        doc: "Where the service runs: short for `service.environments`.",
        example: "any(environments, \"item.name == 'prod'\")",
        observed: false,
    },
    Described {
        name: Name::Documents,
        word: "documents",
        scopes: &[Scope::Service, Scope::GoldenPath],
        doc: "Documents by link name: `documents.runbook`, `documents.architecture`, `documents.readiness` and \
              whatever else `links` holds. One that is not linked is absent, and its `.declared` false.",
        example: "documents.runbook.written",
        observed: false,
    },
    Described {
        name: Name::Repository,
        word: "repository",
        scopes: SERVICE,
        doc: "The repository that the service's document lies in.",
        example: "daysSince(repository.lastChange) < 365",
        observed: false,
    },
    Described {
        name: Name::Resources,
        word: "resources",
        scopes: &[Scope::Service, Scope::Account],
        doc: "The AWS resources; unknown when a listing they need was not collected.",
        example: "all(resources, \"item.region == 'eu-central-1'\")",
        observed: true,
    },
    Described {
        name: Name::Tags,
        word: "tags",
        scopes: &[Scope::Service, Scope::Account],
        doc: "Verdicts on the tags of the resources: `tags.total`, and for each required key how many are \
              `ok`, `missing`, `wrongCase`, `wrongValue`, `unknown`, `exempt` and `contested`.",
        example: "tags.Service.ok + tags.Service.exempt == tags.total",
        observed: true,
    },
    Described {
        name: Name::Dependencies,
        word: "dependencies",
        scopes: SERVICE,
        doc: "The services it depends on, with what their records say.",
        example: "all(dependencies, \"item.found\")",
        observed: false,
    },
    Described {
        name: Name::Services,
        word: "services",
        scopes: PATH,
        doc: "How many services are on the golden path.",
        example: "services.onSupportedVersion == services.total",
        observed: false,
    },
    Described {
        name: Name::Today,
        word: "today",
        scopes: EVERY,
        doc: "The day of the assessment.",
        example: "today >= \"2026-01-01\"",
        observed: false,
    },
];

impl Name {
    /// Its shape; `None` for the tags, which have one of their own, and for items.
    pub(super) fn shape(self) -> Option<Shape> {
        Some(match self {
            Self::Service => Shape::Record(&<ServiceRecord as Record>::SHAPE),
            Self::Team => Shape::Record(&<Team as Record>::SHAPE),
            Self::GoldenPath => Shape::Record(&<GoldenPath as Record>::SHAPE),
            Self::GoldenPathVersion => Shape::Record(&<Version as Record>::SHAPE),
            Self::Account => Shape::Record(&<Account as Record>::SHAPE),
            Self::Environments => Shape::List(&Shape::Record(&<ServiceEnvironment as Record>::SHAPE)),
            Self::Documents => Shape::Named(&Shape::Record(&DOCUMENT)),
            Self::Repository => Shape::Record(&REPOSITORY),
            Self::Resources => Shape::List(&Shape::Record(&RESOURCE)),
            Self::Dependencies => Shape::List(&Shape::Record(&DEPENDENCY)),
            Self::Services => Shape::Record(&SERVICES),
            Self::Today => Shape::Day,
            Self::Tags | Self::Item => return None,
        })
    }

    /// Its type; only an item's depends on where it stands.
    pub(super) fn kind(self) -> Type {
        self.shape().map_or(Type::Tags, Type::of)
    }
}

/// The name called `word` in `scope`.
pub(super) fn find(word: &str, scope: Scope) -> Option<&'static Described> {
    NAMES.iter().find(|name| name.word == word && name.scopes.contains(&scope))
}

/// Every name that `scope` knows.
pub(super) fn of(scope: Scope) -> impl Iterator<Item = &'static Described> {
    NAMES.iter().filter(move |name| name.scopes.contains(&scope))
}
