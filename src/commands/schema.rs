//! `schema`: prints the JSON Schemas of every input, and what expressions can say.

use super::{Console, Failure};
use crate::assess::expression::reference::Reference;
use crate::catalog::schema;
use crate::cli;
use crate::exit_code::ExitCode;

/// What rules can say: no schema, and asked for by the same people.
const EXPRESSIONS: &str = "expressions";

pub(super) fn run(arguments: &cli::Schema, console: &Console) -> Result<ExitCode, Failure> {
    let schemas = schema::all();
    let printed = match &arguments.name {
        None => serde_json::to_string_pretty(&schemas),
        Some(name) if name == EXPRESSIONS => serde_json::to_string_pretty(&Reference::default()),
        Some(name) => {
            let Some(one) = schemas.get(name.as_str()) else {
                let names: Vec<&str> = schemas.keys().copied().chain([EXPRESSIONS]).collect();
                return Err(Failure::Usage(unknown(name, &names)));
            };
            serde_json::to_string_pretty(one)
        }
    };
    console.data(&printed.map_err(|error| Failure::machine("printing the schema", error))?)?;
    Ok(ExitCode::Done)
}

fn unknown(name: &str, names: &[&str]) -> String {
    match crate::catalog::nearest::nearest(name, names.iter().copied()) {
        Some(nearest) => format!("there is no schema called `{name}`; did you mean `{nearest}`?"),
        None => {
            format!("there is no schema called `{name}`; there are {}", crate::words::list(names))
        }
    }
}
