//! Whose a path in a repository is, as far as its descriptors could be read.

use super::asked::InRepository;
use super::{Finder, MOST, Thing};

impl Finder<'_> {
    /// The services of a repository, or of the innermost folder that holds the path.
    pub fn path(&self, asked: &str, place: &InRepository) -> Option<Thing> {
        let InRepository { repository, path } = place;
        // What is asked about may be a folder itself: whose is something in it?
        let inside = path.as_ref().map(|path| format!("{path}/_"));
        let services = self.catalog.claimants().in_repository(repository, inside.as_deref());
        let mut thing = Thing::new(asked, "a path in a repository");
        for index in services.iter().take(MOST) {
            let service = &self.catalog.services[*index];
            let origin = service.record.repository.origin().unwrap_or(service.origin);
            let says = format!("`{}` lies in `{repository}`", service.id);
            thing.held.push(self.service(*index, "repository", says, origin));
        }
        if services.len() > MOST {
            thing.notes.push(format!("and {} more services lie in it", services.len() - MOST));
        }
        if services.is_empty() {
            return self.elsewhere(asked, repository);
        }
        Some(thing)
    }

    /// A path at which no service lies, in a repository that was read.
    pub fn elsewhere(&self, asked: &str, repository: &str) -> Option<Thing> {
        self.read.contains(repository).then(|| {
            let note = match self.half_read.contains(repository) {
                true => format!("whether a service lies there is unknown: a descriptor in `{repository}` could not be read"),
                false => format!("`{repository}` was read, and no service lies at that path"),
            };
            Thing { notes: vec![note], ..Thing::new(asked, "a path in a repository") }
        })
    }

    /// Repositories that were read, in lower case.
    pub fn repositories(&self) -> impl Iterator<Item = &str> {
        self.read.iter().map(|name| &**name)
    }
}
