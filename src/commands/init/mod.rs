//! `init`: writes a starter catalog folder: the example's scorecards, controls, golden paths, policies and
//! teams, a configuration to fill in, and one repository that shows what a team keeps.

use std::fs;
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use super::{Console, Failure};
use crate::cli;
use crate::exit_code::ExitCode;
use crate::words;

/// The parts of the example organisation that are worth starting from; its services, exceptions and
/// recorded answers are its own.
static PARTS: [(&str, Dir<'_>); 6] = [
    ("scorecards", include_dir!("$CARGO_MANIFEST_DIR/catalog/scorecards")),
    ("controls", include_dir!("$CARGO_MANIFEST_DIR/catalog/controls")),
    ("golden-paths", include_dir!("$CARGO_MANIFEST_DIR/catalog/golden-paths")),
    ("policy", include_dir!("$CARGO_MANIFEST_DIR/catalog/policy")),
    ("products", include_dir!("$CARGO_MANIFEST_DIR/catalog/products")),
    ("teams", include_dir!("$CARGO_MANIFEST_DIR/catalog/teams")),
];

/// Single files of the starter.
const FILES: [(&str, &str); 7] = [
    ("milepost.yaml", include_str!("milepost.yaml")),
    ("capabilities.yaml", include_str!("../../../catalog/capabilities.yaml")),
    ("metrics.yaml", include_str!("../../../catalog/metrics.yaml")),
    ("repositories/hello-parcel/service.yaml", include_str!("hello-parcel/service.yaml")),
    ("repositories/hello-parcel/docs/runbook.md", include_str!("hello-parcel/runbook.md")),
    ("repositories/hello-parcel/docs/architecture.md", include_str!("hello-parcel/architecture.md")),
    (
        "repositories/hello-parcel/docs/operational-readiness.md",
        include_str!("hello-parcel/operational-readiness.md"),
    ),
];

pub(super) fn run(arguments: &cli::Init, console: &Console) -> Result<ExitCode, Failure> {
    let dir = &arguments.dir;
    let occupied = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        return Err(Failure::Refused(format!(
            "`{}` is not empty; name a folder that does not exist yet",
            dir.display()
        )));
    }
    let mut written = 0;
    for (path, text) in FILES {
        write(&dir.join(path), text.as_bytes())?;
        written += 1;
    }
    for (name, part) in &PARTS {
        written += write_all(part, &dir.join(name))?;
    }
    console.say(&format!("wrote {} to `{}`", words::count(written, "file", "files"), dir.display()));
    console.say(&format!(
        "next: point `sources` in `{0}/milepost.yaml` at your repositories, then `milepost serve {0}`",
        dir.display()
    ));
    Ok(ExitCode::Done)
}

fn write_all(part: &Dir<'_>, into: &Path) -> Result<usize, Failure> {
    let mut written = 0;
    for entry in part.entries() {
        match entry {
            DirEntry::Dir(folder) => written += write_all(folder, into)?,
            DirEntry::File(file) => {
                write(&into.join(file.path()), file.contents())?;
                written += 1;
            }
        }
    }
    Ok(written)
}

fn write(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, contents))
        .map_err(|error| Failure::machine(format!("writing `{}`", path.display()), error))
}
