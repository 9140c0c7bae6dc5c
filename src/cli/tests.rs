//! The command line as it is put together: every verb and every exit code is explained.

use clap::CommandFactory;

use super::{Cli, EXIT_CODES};
use crate::exit_code::ExitCode;

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn help_lists_every_exit_code() {
    for code in ExitCode::ALL {
        assert!(EXIT_CODES.contains(&format!("{}  {}", code as u8, code.meaning())), "{code:?}");
    }
}

#[test]
fn every_verb_of_the_register_has_an_example() {
    let command = Cli::command();
    let register = command.find_subcommand("exceptions").expect("the verb");
    assert_eq!(register.get_subcommands().count(), 5);
    for verb in register.get_subcommands() {
        let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
        let example = format!("milepost exceptions {}", verb.get_name());
        assert!(help.contains(&example), "{}", verb.get_name());
    }
}

#[test]
fn every_verb_has_an_example() {
    for verb in Cli::command().get_subcommands() {
        let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(help.contains(&format!("milepost {}", verb.get_name())), "{}", verb.get_name());
    }
}
