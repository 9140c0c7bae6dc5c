//! Of whom the seven ownership questions are asked when somebody asks about a thing.

use std::borrow::Cow;

use super::asked::Asked;
use super::{Finder, Thing};
use crate::assess::Assessment;
use crate::assess::questions::{self, Teller, Told};
use crate::catalog::resource::Resource;
use crate::catalog::table::Index;
use crate::catalog::{Account, Service};

/// Whom the seven questions are about.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A resource that was found.
    Resource(&'a Resource),
    /// The service that alone stands behind the thing.
    Service(Index<Service>),
    /// The account, also that of an ARN which was not found.
    Account(Index<Account>),
}

impl<'a> Finder<'a> {
    /// Whom the seven questions are about when `asked` is `thing`; `None` when several stand behind it, nobody
    /// does, or whose it is is contested.
    pub fn subject(&self, asked: &str, thing: &Thing) -> Option<Subject<'a>> {
        let alone = || match thing.held.as_slice() {
            // A service whose id is claimed twice says itself that nothing is known of it.
            [only] if !thing.is_partly_unowned => only.service.filter(|service| {
                only.contested.is_none() || !self.catalog.services[*service].conflict.is_empty()
            }),
            _ => None,
        };
        let service = || alone().map(Subject::Service);
        let account = |id: &str| self.catalog.accounts.find(id).map(Subject::Account);
        match Asked::of(asked) {
            Asked::Arn(arn) => match self.found(asked) {
                Some(resource) => Some(Subject::Resource(resource)),
                // Only a record says whose it is. Where its tags may be hidden the thing has no service.
                None if self.catalog.claimants().is_declared(asked) => {
                    service().or_else(|| account(arn.account))
                }
                None => account(arn.account),
            },
            Asked::Account(id) => account(id.as_str()),
            Asked::Tag { .. } | Asked::Words(_) => service(),
        }
    }

    /// A resource that was found, and the seven answers about it, with whose it is judged once.
    pub fn answered<'j>(&self, assessment: &'j Assessment, resource: &'a Resource) -> (Thing, Told<'j>) {
        let ownership = self.owners.who(resource);
        let judged = (self.catalog, assessment);
        let told = questions::of_resource(judged, self.owners, &ownership, resource);
        (self.judged(resource, &ownership), told)
    }

    /// The seven answers about `subject`.
    pub fn answers<'j>(&self, assessment: &'j Assessment, subject: Subject<'a>) -> Option<Told<'j>> {
        let (teller, answers) = match subject {
            Subject::Resource(resource) => {
                return Some(self.answered(assessment, resource).1);
            }
            Subject::Service(service) => {
                (Teller::Service(service), &assessment.services.get(service.position())?.questions)
            }
            Subject::Account(account) => {
                (Teller::Account(account), &assessment.accounts.get(account.position())?.questions)
            }
        };
        Some(answers.each_ref().map(|answer| (teller, Cow::Borrowed(answer))))
    }
}
