//! `tags generate`: the tags that a record asks for, in the language of the tool that sets them.

use super::{Console, Failure, load};
use crate::assess::tags::Expectations;
use crate::catalog::{Catalog, Service};
use crate::cli::Shared;
use crate::cli::tags::{Generate, GenerateFormat};
use crate::commands::named;
use crate::commands::organisation::Organisation;
use crate::exit_code::ExitCode;
use crate::render::tags::{TagPolicyDocument, Tags, Tool};

pub(super) fn run(arguments: &Generate, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    let tool = match arguments.format {
        GenerateFormat::Terraform => Some(Tool::Terraform),
        GenerateFormat::CloudFormation => Some(Tool::CloudFormation),
        GenerateFormat::Cdk => Some(Tool::Cdk),
        GenerateFormat::Policy => None,
    };
    if arguments.service.is_none() && tool.is_some() {
        return Err(Failure::Usage(
            "name the service whose tags are wanted; only `--format policy` is for the whole catalog".into(),
        ));
    }
    let organisation = load(&arguments.inventory, shared, console)?;
    let catalog = &organisation.catalog;
    let service = match &arguments.service {
        Some(name) => Some(&catalog.services[named::service(catalog, name)?]),
        None => None,
    };
    if let Some(service) = service.filter(|service| !service.conflict.is_empty()) {
        return Err(Failure::Usage(format!(
            "several documents claim the id `{}`, so nobody knows which tags are right; `milepost explain {}` \
             says which documents",
            service.id, service.id
        )));
    }
    let environment = arguments.environment.as_deref();
    if let (Some(service), Some(name)) = (service, environment) {
        check_environment(&organisation, service, name)?;
    }
    let today = organisation.settings.today;
    let (text, remarks, refused) = match (tool, service) {
        (Some(tool), Some(service)) => written(&Tags::of(catalog, service, today, environment), tool),
        (_, Some(service)) => policy(TagPolicyDocument::of_service(catalog, service, today, environment)),
        (_, None) => policy(TagPolicyDocument::of_catalog(catalog, today)),
    };
    console.data(&text)?;
    for remark in remarks {
        console.say(&remark);
    }
    let found = if refused { ExitCode::Findings } else { ExitCode::Done };
    Ok(organisation.completeness().and(found))
}

fn written(tags: &Tags<'_>, tool: Tool) -> (String, Vec<String>, bool) {
    let mut gaps = tags.gaps();
    (tags.write(tool), tags.gaps().map(ToString::to_string).collect(), gaps.any(|gap| gap.is_refused()))
}

fn policy(document: TagPolicyDocument) -> (String, Vec<String>, bool) {
    (document.text, document.remarks, document.is_refused)
}

/// That the record of `service` names the environment, when it names any.
fn check_environment(organisation: &Organisation, service: &Service, name: &str) -> Result<(), Failure> {
    let catalog: &Catalog = &organisation.catalog;
    let expectations = Expectations::of(catalog, service, organisation.settings.today);
    let mut known = Vec::new();
    for tag in expectations.tags().iter().filter(|tag| tag.is_environment()) {
        known.extend(tag.values.iter().map(|value| &**value));
    }
    if known.is_empty() || known.contains(&name) {
        return Ok(());
    }
    Err(named::unknown(&format!("environment of `{}`", service.id), name, known))
}
