//! `evidence pack`: seals a judged night into an archive, signs it, and adds the run to the ledger.

use std::collections::BTreeMap;
use std::fs;

use super::{chain, earlier, files, sign, stamp};
use crate::cli::Shared;
use crate::cli::evidence::Pack as Arguments;
use crate::commands::audience::Viewed;
use crate::commands::organisation::{Organisation, Request as Wanted};
use crate::commands::{Console, Failure};
use crate::day::{Day, Moment};
use crate::evidence::ledger::Ledger;
use crate::evidence::pack::{self, FORMAT, Material, Pack, Request};
use crate::evidence::selection::Asked;
use crate::exit_code::ExitCode;
use crate::render::digest::Digest;
use crate::render::portal::Run;
use crate::secrets::removed;
use crate::words;

pub(super) fn run(arguments: &Arguments, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    // What is wrong with these must show before the sources are asked, which may take an hour.
    let signer = sign::Signer::of(arguments)?;
    let signed_by = signer.as_ref().map(sign::Signer::fingerprint).transpose()?;
    chain::read(&arguments.ledger)?;
    let asked = asked(arguments);
    let since = earlier::since(arguments)?;
    let named = earlier::named(arguments, &asked)?;
    let audience = arguments.audience.as_deref();
    let wanted = Wanted { audience, ..Wanted::new(arguments.catalog.as_deref(), &arguments.replay) };
    let (mut settings, mut night) = Organisation::night(wanted, shared, console)?;
    if let Some(at) = night.snapshot.collected_at.filter(|_| shared.now.is_none()) {
        night.now = at;
        settings.now = at;
        settings.today = Day::of(at, &settings.zone);
    }
    let mut organisation = Organisation::of(settings, &night, console);
    if let Some(name) = audience {
        let from = (arguments.catalog.as_deref(), shared);
        (organisation, night) = organisation.viewed_by(name, &night, from, console)?;
    }
    let collected_at = night.snapshot.collected_at;
    if let Some(at) = collected_at.filter(|at| *at > organisation.settings.now) {
        return Err(Failure::Usage(format!(
            "what is to be judged was collected at {at}, after {}, the moment to judge: leave --now out, or name with \
             --snapshot what was collected before that moment",
            organisation.settings.now
        )));
    }
    let catalog = &organisation.catalog;
    let selection = asked.of(catalog).map_err(Failure::Usage)?;
    let today = organisation.settings.today;
    if let Some(since) = since.filter(|since| *since > today) {
        return Err(Failure::Usage(format!("--since: {since} is after {today}, the day that is judged")));
    }
    let zone = &organisation.settings.zone;
    let before = match since {
        Some(since) => Some(earlier::at_the_beginning(since, named, arguments, &asked, zone)?),
        None => named,
    };
    let request = Request {
        audience: audience.map(str::to_owned),
        catalog_revision: Some(organisation.catalog_revision.to_string()),
        // The address of a run may hold an account.
        ci_run: ci_run().filter(|_| audience.is_none()),
        covers: asked.clone(),
        format: FORMAT,
        milepost: env!("CARGO_PKG_VERSION").to_owned(),
        name: pack::name(&catalog.organisation, (&asked, audience), since, today),
        now: organisation.settings.now,
        previous: before.as_ref().map(|before| before.earlier.clone()),
        program: program(),
        since,
        signed_by,
        withholds_inputs: arguments.without_inputs || audience.is_some(),
    };
    let (chain, ledger) = chain::hold(&arguments.ledger, console)?;
    let (ledger, mut packs) = ledger.before(organisation.snapshot, request.now);
    if let Some(before) = &before {
        earlier::known(before, &ledger, arguments, &request)?;
    }
    let run = run_of(&request, today, organisation.snapshot);
    let material = Material {
        snapshot: &night.snapshot,
        snapshot_digest: organisation.snapshot,
        folder: &night.folder,
        configuration: &night.configuration,
        catalog,
        assessment: &organisation.assessment,
        run: &run,
        request: &request,
        asked: &asked,
        before: before.as_ref(),
        ledger: &ledger,
    };
    let mut pack = console
        .phase("sealing", || Pack::make(&material, &selection))
        .map_err(|error| Failure::machine("making the pack", error))?;
    if let (Some(signer), Some(key)) = (&signer, &request.signed_by) {
        let signature = signer.sign(&pack.tag_manifest, key)?;
        pack.sign(&signature).map_err(|error| Failure::machine("signing the pack", error))?;
    }
    if let Some(command) = &arguments.time_stamp_command {
        let answer = stamp::stamp(command, &pack.tag_manifest)?;
        pack.stamp(&answer).map_err(|error| Failure::machine("stamping the pack", error))?;
    }
    let digest = Digest::of(pack.tag_manifest.as_bytes()).hexadecimal();
    let (name, counts) = (pack.name().to_owned(), pack.counts.clone());
    let path = arguments.out.join(format!("{name}.zip"));
    packs.insert(name, digest.clone());
    let ledger = sealed(ledger, (organisation.snapshot, collected_at), &request, packs)?;
    let doing = || format!("writing `{}`", path.display());
    let viewed = organisation.viewed.as_ref();
    let written = files::replace(&path, |file| {
        pack.write(&mut *file)?;
        viewed.map_or(Ok(()), |viewed| viewed.prove_archive(file))
    });
    written.map_err(|error| {
        let leak = viewed.and_then(Viewed::refusal);
        leak.unwrap_or_else(|| Failure::machine(doing(), error))
    })?;
    viewed.iter().flat_map(|viewed| viewed.told()).for_each(|line| console.say(&line));
    chain.write(&ledger)?;
    console.say(&format!(
        "evidence: {} in `{}`, covers {}; {} of results, {} left out; run {} of the ledger",
        words::count(counts.files, "file", "files"),
        path.display(),
        asked.words(),
        words::count(counts.results, "row", "rows"),
        words::count(counts.exclusions, "thing", "things"),
        ledger.next_number() - 1,
    ));
    if signer.is_none() {
        console.say(
            "the pack is not signed: it proves that it is whole, and not who made it; `--key FILE` signs it",
        );
    }
    console.data(&format!("{digest}  {}\n", path.display()))?;
    Ok(organisation.completeness())
}

/// The run of a pack, as everything in it names it.
pub(super) fn run_of(request: &Request, today: Day, snapshot: Digest) -> Run {
    Run {
        as_of: today,
        moment: request.now,
        version: request.milepost.as_str().into(),
        catalog_revision: request.catalog_revision.as_deref().map(Into::into),
        snapshot: Some(snapshot),
    }
}

fn asked(arguments: &Arguments) -> Asked {
    let set = |names: &[String]| names.iter().cloned().collect();
    Asked {
        frameworks: set(&arguments.framework),
        controls: set(&arguments.control),
        services: set(&arguments.service),
        teams: set(&arguments.team),
    }
}

/// The ledger with the line of this run.
fn sealed(
    mut ledger: Ledger,
    snapshot: (Digest, Option<Moment>),
    request: &Request,
    packs: BTreeMap<String, String>,
) -> Result<Ledger, Failure> {
    ledger
        .seal(snapshot, request.now, packs)
        .map_err(|why| Failure::Refused(format!("the pack is not written: {why}")))?;
    Ok(ledger)
}

/// The digest of the program that runs.
fn program() -> Option<String> {
    let mut file = fs::File::open(std::env::current_exe().ok()?).ok()?;
    Some(crate::evidence::archive::seal(&mut file).ok()?.digest.hexadecimal())
}

/// Where people look up the run of CI, as GitHub Actions and CodeBuild say it.
fn ci_run() -> Option<String> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let github = || {
        Some(format!(
            "{}/{}/actions/runs/{}",
            variable("GITHUB_SERVER_URL")?,
            variable("GITHUB_REPOSITORY")?,
            variable("GITHUB_RUN_ID")?
        ))
    };
    let run = github().or_else(|| variable("CODEBUILD_BUILD_ARN"))?;
    // Some runners put a token into the address of their server.
    Some(removed(&run).into_owned())
}
