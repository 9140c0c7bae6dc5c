//! `evidence sample`: prints rows of a population that nobody could choose.

use serde_json::{Value, json};

use super::{open, verify};
use crate::cli::evidence::{Sample as Arguments, SampleFormat};
use crate::commands::{Console, Failure};
use crate::evidence::bag;
use crate::evidence::sample::{self, Sample};
use crate::exit_code::ExitCode;
use crate::render::digest::Digest;
use crate::render::spreadsheet::Spreadsheet;

pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<ExitCode, Failure> {
    let mut pack = open(&arguments.pack)?;
    let signature = verify::before_use(&mut pack, arguments.allowed_signers.as_deref(), console)?;
    let sample = sample::draw(&mut pack, &arguments.population, arguments.n, &arguments.seed)
        .map_err(Failure::Usage)?;
    if sample.rows.len() < arguments.n {
        console.say(&format!("`{}` has {} rows: all of them are drawn", sample.population, sample.of));
    }
    match arguments.format {
        SampleFormat::Csv => console.data(&csv(&sample))?,
        SampleFormat::Json => {
            let manifest = pack.text(bag::TAG_MANIFEST).map_err(Failure::Usage)?;
            let document = json!({
                "drawn": sample.rows,
                "n": arguments.n,
                "of": sample.of,
                "pack": pack.base(),
                "population": sample.population,
                "seed": arguments.seed,
                "signature": verify::record(&signature),
                "tagManifest": Digest::of(manifest.as_bytes()).hexadecimal(),
            });
            let document = serde_json::to_string_pretty(&document);
            console.data(&document.map_err(|error| Failure::machine("writing JSON", error))?)?;
        }
    }
    Ok(ExitCode::Done)
}

fn csv(sample: &Sample) -> String {
    let heads: Vec<&str> = sample.heads.iter().map(String::as_str).collect();
    let mut table = Spreadsheet::new(&heads);
    for row in &sample.rows {
        let cells: Vec<String> = sample.heads.iter().map(|head| cell(row.get(head))).collect();
        table.row(cells.iter().map(String::as_str));
    }
    String::from_utf8(table.finish()).expect("a table of text is text")
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Bool(flag)) => if *flag { "yes" } else { "no" }.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
