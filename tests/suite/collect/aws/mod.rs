//! The AWS source, against a stand-in that answers as AWS does and fails on purpose.

mod cloud;
mod doctor;
mod explorer;
mod faults;
mod grants;
mod moto;
mod policies;
mod reading;
mod record;
mod sessions;
mod world;

use milepost::collect::snapshot::Snapshot;
use milepost::collect::{self, Silent};
use milepost::day::Moment;
use milepost::settings::{
    Aws, AwsAccess, AwsCredentials, AwsEndpoint, AwsResources, GithubAccess, Secret, Settings, Source,
    SourceKind, Waiting,
};

use self::cloud::Cloud;
use self::world::{Account, Resource, World};
use super::{Place, named, now};

const REGIONS: [&str; 3] = ["ap-southeast-3", "eu-central-1", "us-east-1"];

/// An organisation of so many accounts, each with so many resources in every region.
fn organisation(accounts: usize, resources: usize) -> World {
    let mut world = World {
        tells_paths: true,
        units: vec![
            ("ou-root-workload", "Workloads", "r-root"),
            ("ou-root-prodprod", "Prod", "ou-root-workload"),
            ("ou-root-trytryno", "Try", "ou-root-workload"),
            ("ou-root-corecore", "Core", "r-root"),
        ],
        ..World::default()
    };
    for number in 0..accounts {
        let id = id(number);
        world.accounts.push(Account {
            id: id.clone(),
            name: format!("shop-{number}"),
            state: "ACTIVE",
            unit: ["ou-root-prodprod", "ou-root-trytryno", "ou-root-corecore"][number % 3],
            tags: vec![("owner".to_owned(), format!("team-{number}"))],
        });
        for region in REGIONS {
            world.resources.insert((id.clone(), region.to_owned()), queues(&id, region, resources));
        }
    }
    world
}

/// The id of an account.
fn id(number: usize) -> String {
    format!("{:012}", 111_111_111_111_u64 + number as u64)
}

fn queues(account: &str, region: &str, count: usize) -> Vec<Resource> {
    let queue = |number: usize| {
        let tags = vec![("Service".to_owned(), format!("s{}", number % 3)), ("n".to_owned(), "1".to_owned())];
        (format!("arn:aws:sqs:{region}:{account}:queue-{number:04}"), tags)
    };
    (0..count).map(queue).collect()
}

/// What a source says that asks `cloud`.
fn asked(cloud: &Cloud) -> Aws {
    Aws {
        resources: AwsResources::Accounts,
        role: Some(format!("arn:aws:iam::{}:role/milepost/MilepostCrawl", world::MANAGEMENT).into()),
        member_role: Aws::MEMBER_ROLE.into(),
        external_id: None,
        regions: REGIONS.map(Box::from).to_vec(),
        include: Vec::new(),
        exclude: Vec::new(),
        also: Vec::new(),
        endpoint: Some(AwsEndpoint::parse(cloud.address(), true).expect("an address")),
    }
}

impl Place {
    fn collect_cloud(&self, cloud: &Cloud) -> Snapshot {
        self.collect_aws(asked(cloud))
    }

    fn collect_aws(&self, asked: Aws) -> Snapshot {
        collect::collect(&self.aws_settings(asked), &named, &Silent)
    }

    fn aws_settings(&self, asked: Aws) -> Settings {
        let source = Source {
            name: "aws".into(),
            kind: SourceKind::Aws(Box::new(asked)),
            path: self.at("kept"),
            remotes: Vec::new(),
            exclude: Vec::new(),
        };
        let aws = AwsAccess {
            credentials: AwsCredentials::Keys { id: "AKIAEXAMPLE".into(), secret: Secret::new("s3cret") },
            waiting: Waiting::Skipped,
            ..AwsAccess::nobody(Moment::now())
        };
        Settings { aws, ..super::settings(vec![source], GithubAccess::nobody(now())) }
    }
}

/// How many resources each account and region gave, or why none.
fn listings(snapshot: &Snapshot) -> Vec<(&str, &str, Result<usize, &str>)> {
    let answer = |one: &'_ milepost::collect::snapshot::TagListing| match &one.answer {
        Ok(resources) => Ok(resources.len()),
        Err(_) => Err(()),
    };
    let all = snapshot.tag_listings.iter();
    all.map(|one| {
        let reason = one.answer.as_ref().err().map_or("", |reason| &**reason);
        (&*one.account, &*one.region, answer(one).map_err(|()| reason))
    })
    .collect()
}
