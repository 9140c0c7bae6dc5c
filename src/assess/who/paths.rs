//! Whose a path in a repository is, as far as its descriptors could be read.

use super::asked::InRepository;
use super::{Finder, MOST, Thing};
use crate::catalog::Service;
use crate::catalog::table::Index;

impl<'a> Finder<'a> {
    /// The services of a repository, or of the innermost folder that holds the path.
    pub fn path(&self, asked: &str, place: &InRepository) -> Option<Thing> {
        let InRepository { repository, path } = place;
        // What is asked about may be a folder itself: whose is something in it?
        let inside = path.as_ref().map(|path| format!("{path}/_"));
        let services = self.catalog.claimants().in_repository(repository, inside.as_deref());
        let mut thing = Thing::new(asked, "a path in a repository");
        if let (Some(path), Some(service)) = (path, services.first())
            && let Some(unread) = self.unread_nearer(repository, path, *service)
        {
            thing.notes.push(format!(
                "whose it is remains unknown: `{unread}` lies nearer to it than any service that was read, and could \
                 not be read"
            ));
            return Some(thing);
        }
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

    /// The nearest descriptor that could not be read and speaks for `path`, when it is nearer than `service`.
    fn unread_nearer(&self, repository: &str, path: &str, service: Index<Service>) -> Option<&'a str> {
        let folders = self.half_read.get(repository)?;
        let found = self.catalog.claimants().place(service).map_or("", |(_, folder)| folder);
        let mut folder = path;
        while folder.len() > found.len() {
            if let Some(unread) = folders.get(folder) {
                return Some(unread);
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        None
    }

    /// Folders for which a descriptor speaks that could not be read, each with its repository in lower case.
    pub fn unread_folders(&self) -> impl Iterator<Item = (&str, &'a str)> {
        let each = self.half_read.iter();
        each.flat_map(|(repository, folders)| folders.keys().map(move |folder| (&**repository, *folder)))
    }

    /// A path at which no service lies, in a repository that was read.
    pub fn elsewhere(&self, asked: &str, repository: &str) -> Option<Thing> {
        self.read.contains(repository).then(|| {
            let note = match self.half_read.contains_key(repository) {
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
