//! Where one value came from. Small and copyable, because every value carries one; the tables of the
//! [`Catalog`](super::Catalog) turn it into words.

use super::yaml::Mark;

/// Index of a file in [`FileTable`](super::files::FileTable).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileIndex(pub u32);

/// Where one value came from. Never guessed; a value without one is a bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// It is written in a file.
    File {
        /// Which one.
        file: FileIndex,
        /// Where in it.
        mark: Mark,
    },
    /// It is what a whole file is, or that it is not there.
    Document(FileIndex),
    /// Git's history of a file says so.
    History(FileIndex),
    /// The repository the file lies in says so, by its name or remote.
    Repository(FileIndex),
    /// A tagging listing says so: index in [`Catalog::tag_listings`](super::Catalog).
    TagListing(u32),
    /// A resource's tags say so: index in the resource table.
    Resource(u32),
    /// What was told of a repository says so: index in [`Catalog::activities`](super::Catalog).
    Activity(u32),
    /// A cost export says so: index in [`Catalog::costs`](super::Catalog).
    Cost(u32),
    /// A fact says so: index in the fact table.
    Fact(u32),
    /// The house's default: nobody wrote it.
    Default,
}

impl Origin {
    /// The file it points into.
    pub fn file(self) -> Option<FileIndex> {
        match self {
            Self::File { file, .. } | Self::Document(file) | Self::History(file) | Self::Repository(file) => {
                Some(file)
            }
            Self::TagListing(_)
            | Self::Resource(_)
            | Self::Activity(_)
            | Self::Cost(_)
            | Self::Fact(_)
            | Self::Default => None,
        }
    }
}
