//! Which files are descriptors by their name, and which folders are never entered: the one place to add
//! a name to.

/// File names that are descriptors in any folder.
const NAMES: [&[u8]; 2] = [b"service.yaml", b"service.yml"];

/// A folder whose files with [`OWN_EXTENSION`] are descriptors whatever they are called.
const OWN_FOLDER: &[u8] = b".milepost";

/// The extension that counts in [`OWN_FOLDER`].
const OWN_EXTENSION: &[u8] = b".yaml";

/// Folders that hold what others wrote or machines made.
const NEVER_ENTERED: [&[u8]; 4] = [b".git", b"node_modules", b"vendor", b"target"];

/// Whether a file called `name` in a folder called `parent` is a descriptor.
pub(super) fn is_descriptor(parent: &[u8], name: &[u8]) -> bool {
    NAMES.contains(&name)
        || (parent == OWN_FOLDER && name.len() > OWN_EXTENSION.len() && name.ends_with(OWN_EXTENSION))
}

/// Whether a folder called `name` holds descriptors whatever they are called.
pub(super) fn is_descriptor_folder(name: &[u8]) -> bool {
    name == OWN_FOLDER
}

/// Whether a folder called `name` is entered.
pub(super) fn is_entered(name: &[u8]) -> bool {
    !NEVER_ENTERED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_known_by_name() {
        for (parent, name) in [("", "service.yaml"), ("quote", "service.yml"), (".milepost", "anything.yaml")]
        {
            assert!(is_descriptor(parent.as_bytes(), name.as_bytes()), "{parent}/{name}");
        }
        for (parent, name) in
            [("", "Service.yaml"), ("", "service.json"), (".milepost", "notes.md"), ("", "my-service.yaml")]
        {
            assert!(!is_descriptor(parent.as_bytes(), name.as_bytes()), "{parent}/{name}");
        }
        assert!(!is_descriptor(b".milepost", b".yaml"));
    }
}
