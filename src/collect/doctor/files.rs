//! Sources that are files on this machine: whether they are there, and whether we may read them.

use std::fs::File;

use super::Prospect;
use crate::collect::aws_recorded;
use crate::collect::beneath::Root;
use crate::collect::contents::{Bytes, Contents as _, Kind};
use crate::collect::facts::{self, Listing};
use crate::collect::files::readable;
use crate::collect::focus;
use crate::collect::tag_report;
use crate::collect::walk::{in_words, plain};
use crate::settings::{Settings, Source};
use crate::words;

const READABLE: &str = "let the user who runs milepost read it";

/// A folder with descriptors.
pub(super) fn folder(source: &Source, prospect: &mut Prospect) {
    let shown = format!("folder `{}`", source.path.display());
    if source.path.is_file() {
        return match File::open(&source.path) {
            Ok(_) => prospect.good(shown, "it is one file, which can be read"),
            Err(error) => prospect.wanting(shown, plain(&error), READABLE),
        };
    }
    let listed = Root::open(&source.path)
        .map_err(|error| plain(&error))
        .and_then(|root| root.list(b"").map_err(|refusal| in_words(&refusal)));
    match listed {
        Ok(entries) if entries.is_empty() => {
            prospect.notable(shown, "it is empty", "put repositories there, or take the source away");
        }
        Ok(entries) => {
            let folders = entries.iter().filter(|entry| entry.kind == Kind::Folder).count();
            prospect.good(
                shown,
                format!("it can be read and holds {}", words::count(folders, "folder", "folders")),
            );
        }
        Err(reason) => {
            prospect.wanting(
                shown,
                format!("it cannot be read: {reason}"),
                "check `path` in `milepost.yaml`",
            );
        }
    }
}

/// Recorded answers of AWS.
pub(super) fn recorded(source: &Source, prospect: &mut Prospect) {
    listed(source, &["json"], aws_recorded::BYTES_PER_FILE, prospect);
}

/// Files with facts.
pub(super) fn facts(source: &Source, prospect: &mut Prospect) {
    listed(source, &["json", "csv"], facts::BYTES_PER_FILE, prospect);
}

/// Cost exports: each is opened and not read.
pub(super) fn exports(source: &Source, prospect: &mut Prospect) {
    let shown = format!("exports in `{}`", source.path.display());
    let mut notes = Vec::new();
    let opened = focus::files(&source.path, &mut notes).and_then(|files| {
        let root = Root::open(&source.path).map_err(|error| plain(&error))?;
        for (path, _) in &files {
            root.file(path).map_err(|refusal| format!("`{}`: {}", readable(path), in_words(&refusal)))?;
        }
        Ok(files.len())
    });
    match opened {
        Ok(0) => {
            prospect.wanting(shown, "none", "put `*.csv`, `*.csv.gz` or `*.parquet` there, in folders or not")
        }
        Ok(count) => {
            prospect.good(shown, words::count(count, "file that can be read", "files that can be read"))
        }
        Err(reason) => prospect.wanting(shown, reason, READABLE),
    }
    for note in notes {
        prospect.notable("export", note, "put a regular file there");
    }
}

/// Tag reports of AWS: the newest of each organisation is opened and not read.
pub(super) fn tag_reports(source: &Source, settings: &Settings, prospect: &mut Prospect) {
    let shown = format!("reports in `{}`", source.path.display());
    let (mut notes, mut shortfalls) = (Vec::new(), Vec::new());
    let reports = match tag_report::newest(source, settings, &mut notes, &mut shortfalls) {
        Ok(reports) => reports,
        Err(reason) => return prospect.wanting(shown, reason, COPY),
    };
    for report in &reports {
        let subject = format!("report `{}`", readable(&report.path));
        let opened = Root::open(&source.path)
            .map_err(|error| plain(&error))
            .and_then(|root| root.file(&report.path).map_err(|refusal| in_words(&refusal)));
        match (opened, tag_report::lateness(report, settings.now)) {
            (Err(reason), _) => prospect.wanting(subject, reason, READABLE),
            (Ok(_), Some(late)) => prospect.notable(subject, late, COPY),
            (Ok(_), None) => prospect.good(subject, format!("it is of {}", report.at)),
        }
    }
    for shortfall in shortfalls {
        prospect.wanting(&*shown, shortfall, COPY);
    }
    for note in notes {
        prospect.good(&*shown, note);
    }
}

/// What to do when there is no report, or none that is new.
const COPY: &str = "copy the bucket of the reports to this folder before each run: `aws s3 sync s3://BUCKET/AwsTagPolicies/ FOLDER`";

/// The files of a folder that end in one of `extensions`, each of which is opened and not read.
fn listed(source: &Source, extensions: &[&str], limit: u64, prospect: &mut Prospect) {
    let shown = format!("folder `{}`", source.path.display());
    let mut shortfalls = Vec::new();
    let listing = match Listing::of(&source.path, extensions, &mut shortfalls) {
        Ok(listing) => listing,
        Err(reason) => return prospect.wanting(shown, reason, "check `path` in `milepost.yaml`"),
    };
    for shortfall in shortfalls {
        prospect.wanting(&*shown, shortfall, "put the file itself there");
    }
    let mut sound = 0;
    for name in &listing.names {
        let subject = || format!("file `{}`", readable(name));
        match listing.root.read(name, 0) {
            Ok(Bytes::TooMany(size)) if size > limit => {
                prospect.wanting(subject(), format!("it is larger than {limit} bytes"), "split it");
            }
            Ok(_) => sound += 1,
            Err(refusal) => prospect.wanting(subject(), in_words(&refusal), READABLE),
        }
    }
    if listing.names.is_empty() {
        let endings: Vec<String> = extensions.iter().map(|extension| format!("*.{extension}")).collect();
        let none = format!("it holds no {}", words::alternatives(&endings));
        return prospect.notable(shown, none, "put files there, or take the source away");
    }
    prospect.good(shown, format!("{} can be read", words::count(sound, "file", "files")));
}
