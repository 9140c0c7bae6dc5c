//! Files that cannot be used as they are.

use super::codes;

codes! {
    FILE_TOO_LARGE = "file-too-large", Error, "a file is too large",
        "Files are bounded (1 MiB for a descriptor, 2 MiB for a document, unless `limits` says otherwise), so that one of them cannot use up the whole run. It is listed as unreadable.";
    NOT_TEXT = "not-text", Error, "a file is not UTF-8 text",
        "Descriptors, catalog files and documents are UTF-8 text. Files in UTF-16 come from some editors under Windows: save them again as UTF-8.";
    UNREADABLE_FILE = "unreadable-file", Error, "a file cannot be read",
        "The operating system refused to open the file. Check its permissions.";
    REFUSED_PATH = "refused-path", Warning, "a path was refused",
        "Something has the name of a descriptor and is not a regular file inside its repository: a symbolic link that leaves it, a device, a pipe. It is not followed, because a repository must not show files that are not its own.";
    UNREADABLE_HISTORY = "unreadable-history", Warning, "the history of a repository cannot be read",
        "Git did not answer, so nothing is known of first commits, last changes and extensions here. Files are read as they are; what depends on their history is not known.";
    UNREAD_FILE = "unread-file", Warning, "nothing reads a file of the catalog folder",
        "The catalog folder is read by the names of its files and folders: `teams/`, `scorecards/`, `controls/`, `exceptions/`, `golden-paths/`, `products/`, `environments/`, `capabilities.yaml`, `accounts.yaml`, `metrics.yaml`, `policy/tags.yaml`, `policy/exceptions.yaml`, `policy/responsibilities.yaml`. A file elsewhere is usually misnamed, and what it says would silently not count.";
    MISSING_DOCUMENT = "missing-document", Warning, "a link leads to a file that is not there",
        "Paths under `links` are relative to the descriptor. Nothing lies at this one: the document was never written, or it was moved.";
    OUTSIDE_DOCUMENT = "outside-document", Error, "a link leaves the repository",
        "A descriptor may name documents of its own repository, and addresses. A path that climbs out of the repository is never followed.";
    REFUSED_ADDRESS = "refused-address", Warning, "a link has a scheme that pages do not link to",
        "Pages link to `https`, `http` and `mailto` addresses. Other schemes may run programs on the reader's machine, so they are shown as text.";
    SECRET_REMOVED = "secret-removed", Error, "a credential was removed",
        "Somebody wrote what lets in whoever reads it: a token, a key, a password. It was taken out before anything was kept, judged or published, and a mark of its kind stands in its place. It is still where it was written, and in the history of that repository: revoke it where it was made, then take it out. A build is published without it and exits with 3.";
    UNREADABLE_FACT = "unreadable-fact", Error, "a fact cannot be used",
        "A fact has `subject` (`service:<id>`, `team:<id>`, `golden-path:<id>` or `account:<id>`), `fact`, `value` (true or false, a number, or text) and `observedAt`; `source` and `maxAge` are optional. A row that cannot be used costs only itself, and the rules that need it answer `unknown`.";
    CONTRADICTING_FACTS = "contradicting-facts", Warning, "two facts of one moment contradict each other",
        "Two rows give one subject and fact two values at the same moment. The first in the order of the files is used.";
}
