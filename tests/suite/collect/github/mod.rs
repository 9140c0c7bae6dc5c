//! The GitHub source, against a stand-in that answers real questions and fails on purpose.

mod activity;
mod apps;
mod budget;
mod chance;
mod doctor;
mod exchanges;
mod faults;
mod graphql;
mod happened;
mod hub;
mod interrupted;
mod killed;
mod packing;
mod people;
mod proxies;
mod reading;
mod repository;
mod rest;
mod resuming;
mod reviews;
mod told;
mod world;

use milepost::collect::snapshot::{Content, Snapshot};
use milepost::settings::{Also, Github, GithubAccess, GithubApi, Secret, Source, SourceKind};

use self::hub::Hub;
use self::repository::Repository;
use self::world::World;
use super::{Place, collect_with, now};

const RECORD: &str = "serviceId: quote\ndoc: docs/runbook.md\n";

/// A repository of `example` with this number, without a commit.
fn repository(number: usize, name: &str) -> Repository {
    Repository {
        id: format!("R_{number:06}"),
        name: format!("example/{name}"),
        visibility: "PRIVATE".to_owned(),
        ..Repository::default()
    }
}

/// One that holds a service with a runbook.
fn service(number: usize, name: &str) -> Repository {
    let mut one = repository(number, name);
    let record = format!("serviceId: {name}\ndoc: docs/runbook.md\n");
    let runbook = format!("# Runbook of {name}\n");
    one.commit(
        "2026-01-05",
        &[("service.yaml", &record), ("docs/runbook.md", &runbook), ("src/main.rs", "")],
    );
    one
}

fn world(repositories: Vec<Repository>) -> World {
    World { repositories, ..World::default() }
}

/// What a source says that asks `hub` about `example`.
fn asked(hub: &Hub) -> Github {
    Github {
        organisations: vec!["example".into()],
        include: Vec::new(),
        topics: Vec::new(),
        visibility: Vec::new(),
        also: Vec::new(),
        production: Github::PRODUCTION.map(Box::from).to_vec(),
        archived: false,
        forks: false,
        sweep: None,
        folders: Github::FOLDERS.map(Box::from).to_vec(),
        api: GithubApi::parse(hub.api(), true).expect("an address"),
    }
}

impl Place {
    /// Another place with the same in it.
    fn copy(&self) -> Self {
        let copy = Self::new();
        let from = self.at("kept");
        let status = std::process::Command::new("cp").arg("-R").arg(from).arg(copy.at("kept")).status();
        assert!(status.expect("cp can be run").success());
        copy
    }

    fn collect_hub(&self, hub: &Hub) -> Snapshot {
        self.collect_asked(asked(hub))
    }

    fn collect_asked(&self, asked: Github) -> Snapshot {
        self.collect_as(
            asked,
            GithubAccess { token: Some(Secret::new("s3cret")), ..GithubAccess::nobody(now()) },
        )
    }

    /// The same with builds and deployments.
    fn collect_active(&self, hub: &Hub) -> Snapshot {
        self.collect_asked(Github { also: vec![Also::Builds, Also::Deployments], ..asked(hub) })
    }

    fn collect_as(&self, asked: Github, access: GithubAccess) -> Snapshot {
        collect_with(vec![self.source(asked)], access)
    }

    fn source(&self, asked: Github) -> Source {
        Source {
            name: "hub".into(),
            kind: SourceKind::Github(Box::new(asked)),
            path: self.at("kept"),
            remotes: Vec::new(),
            exclude: self.exclude.clone(),
        }
    }
}

fn text(content: &Content) -> String {
    match content {
        Content::Text(text) => text.read().to_string(),
        other => panic!("{other:?}"),
    }
}
