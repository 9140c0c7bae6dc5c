//! What people copy to check before the merge: the hooks for pre-commit and the examples of the README name
//! files as Milepost does, and call it as it can be called.

use std::fs;
use std::path::Path;

use clap::Parser as _;
use milepost::catalog::yaml::{self, Limits, Node};
use milepost::cli::Cli;
use regex::Regex;

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("it is in the repository")
}

fn yaml(text: &str) -> Node {
    yaml::parse(text, Limits::default()).remove(0).expect("it is YAML").root
}

fn scalar(node: &Node, key: &str) -> String {
    let value = node.get(key).and_then(Node::scalar).unwrap_or_else(|| panic!("{key} in {node:?}"));
    value.text.to_string()
}

/// Whether a shell's words, without what is behind a redirection, are a command line of ours.
fn can_be_called(line: &str) {
    let line = line.split('>').next().unwrap_or_default().replace('"', "");
    let called = Cli::try_parse_from(line.split_whitespace());
    assert!(called.is_ok(), "{line}: {}", called.err().map(|error| error.to_string()).unwrap_or_default());
}

#[test]
fn hooks_call_what_there_is_for_the_files_that_are_descriptors() {
    let hooks = yaml(&text(".pre-commit-hooks.yaml"));
    let yaml::Value::Sequence(hooks) = &hooks.value else { panic!("a list of hooks") };
    assert_eq!(hooks.len(), 2);
    for hook in hooks {
        can_be_called(&format!("{} catalog", scalar(hook, "entry")));
        assert_eq!(scalar(hook, "language"), "rust");
    }
    let files = Regex::new(&scalar(&hooks[0], "files")).expect("a regular expression");
    for path in ["service.yaml", "services/quote/service.yml", ".milepost/a.yaml", "a/.milepost/b.yaml"] {
        assert!(files.is_match(path), "{path}");
    }
    for path in ["my-service.yaml", "service.yaml.j2", ".milepost/a/b.yaml", "a.milepost/b.yaml"] {
        assert!(!files.is_match(path), "{path}");
    }
}

#[test]
fn the_examples_of_the_readme_can_be_called() {
    let readme = text("README.md");
    let blocks: Vec<&str> =
        readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let workflow = blocks.iter().find(|block| block.contains("on: pull_request")).expect("the workflow");
    let steps = yaml(workflow);
    let steps = steps.get("jobs").and_then(|jobs| jobs.get("check")?.get("steps")).expect("steps");
    let yaml::Value::Sequence(steps) = &steps.value else { panic!("a list of steps") };
    let runs: Vec<String> =
        steps.iter().filter(|step| step.get("run").is_some()).map(|step| scalar(step, "run")).collect();
    let ours: Vec<&String> = runs.iter().filter(|run| run.starts_with("milepost ")).collect();
    assert_eq!(ours.len(), 1);
    can_be_called(ours[0]);
    let hooks = blocks.iter().find(|block| block.contains("repos:")).expect("the hook");
    let id = hooks.lines().find_map(|line| line.trim().strip_prefix("- id: ")).expect("the id of a hook");
    assert!(text(".pre-commit-hooks.yaml").contains(&format!("- id: {id}\n")));
    for line in readme.lines().filter(|line| line.starts_with("milepost ")) {
        can_be_called(line.split('#').next().unwrap_or_default());
    }
}
