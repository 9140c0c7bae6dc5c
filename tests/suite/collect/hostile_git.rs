//! A repository may configure what it likes: nothing of it runs, and nothing outside it is read.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use milepost::collect::snapshot::SourceState;
use milepost::settings::Repositories;

use super::{Place, file, report, repository};

/// A repository with one commit, signed in form, and attributes that call every configured program.
fn victim(place: &Place) -> String {
    place.init("quote");
    place.write("quote/service.yaml", "serviceId: quote\n");
    place.write("quote/.gitattributes", "* filter=canary diff=canary\n");
    place.commit("quote", "2026-01-01");
    // A signature that has to be checked, if anybody checks signatures.
    let commit = place.git("quote", &["cat-file", "commit", "HEAD"]);
    let signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n canary\n -----END PGP SIGNATURE-----\n\n";
    let signed = commit.replacen("\n\n", &format!("\n{signature}"), 1);
    place.write("signed", signed + "\n");
    let id = place.git("quote", &["hash-object", "-t", "commit", "-w", "../signed"]);
    place.git("quote", &["reset", "--quiet", "--soft", &id]);
    fs::remove_file(place.at("signed")).expect("removed");
    id
}

#[test]
fn no_program_that_a_repository_configures_is_run() {
    let place = Place::new();
    let id = victim(&place);
    place.write("canary.sh", format!("#!/bin/sh\necho \"$0 $*\" >> {}\n", place.at("sung").display()));
    let canary = place.at("canary.sh");
    fs::set_permissions(&canary, fs::Permissions::from_mode(0o755)).expect("permissions");
    let canary = canary.display().to_string();
    for hook in ["post-index-change", "reference-transaction", "fsmonitor-watchman", "post-checkout"] {
        let hook = place.at("quote/.git/hooks").join(hook);
        fs::create_dir_all(hook.parent().expect("a folder")).expect("a folder");
        fs::copy(place.at("canary.sh"), hook).expect("a hook");
    }
    let mut configuration = fs::read_to_string(place.at("quote/.git/config")).expect("the configuration");
    configuration.push_str(&format!(
        "[core]\n\tfsmonitor = {canary}\n\tpager = {canary}\n\teditor = {canary}\n\tsshCommand = {canary}\n\
         \tgitProxy = {canary}\n\taskPass = {canary}\n\talternateRefsCommand = {canary}\n\
         [log]\n\tshowSignature = true\n[gpg]\n\tprogram = {canary}\n[gpg \"openpgp\"]\n\tprogram = {canary}\n\
         [diff]\n\texternal = {canary}\n[diff \"canary\"]\n\tcommand = {canary}\n\ttextconv = {canary}\n\
         [filter \"canary\"]\n\tclean = {canary}\n\tsmudge = {canary}\n\tprocess = {canary}\n\
         [alias]\n\tlog = !{canary}\n\tcat-file = !{canary}\n[pager]\n\tlog = {canary}\n\
         [credential]\n\thelper = !{canary}\n[remote \"origin\"]\n\turl = ext::{canary}\n\tpromisor = true\n\
         \tuploadpack = {canary}\n[extensions]\n\tpartialClone = origin\n[uploadpack]\n\tpackObjectsHook = {canary}\n"
    ));
    fs::write(place.at("quote/.git/config"), configuration).expect("the configuration");
    // The canary sings when git itself is asked: it is no stuffed bird.
    let _ = std::process::Command::new("git")
        .args(["-C", &place.at("quote").display().to_string(), "status"])
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git can be run");
    assert!(place.at("sung").exists());
    fs::remove_file(place.at("sung")).expect("removed");

    // An object that only the configured remote could bring.
    place.write("quote/new/service.yaml", "serviceId: new\n");
    let snapshot = place.collect(Repositories::Auto);
    assert!(!place.at("sung").exists(), "{}", fs::read_to_string(place.at("sung")).unwrap_or_default());
    let change = file(&snapshot, "service.yaml").last_change.as_ref().expect("a commit");
    assert_eq!(repository(&snapshot, "quote").last_commit.as_ref().map(|commit| &*commit.id), Some(&*id));
    assert_eq!(change.at.to_string(), "2026-01-01T12:00:00Z");
}

#[test]
fn configuration_outside_the_repository_is_not_followed() {
    let place = Place::new();
    victim(&place);
    place.write("outside", "[remote \"origin\"]\n\turl = https://github.com/secret/name\n");
    let mut configuration = fs::read_to_string(place.at("quote/.git/config")).expect("the configuration");
    configuration.push_str(&format!(
        "[include]\n\tpath = {0}\n[includeIf \"gitdir:/**\"]\n\tpath = {0}\n[core]\n\tworktree = {1}\n",
        place.at("outside").display(),
        place.at("elsewhere").display()
    ));
    fs::write(place.at("quote/.git/config"), configuration).expect("the configuration");
    place.write("elsewhere/service.yaml", "serviceId: elsewhere\n");
    let snapshot = place.collect_at("quote", Repositories::Auto);
    assert_eq!(repository(&snapshot, "quote").url, None);
    assert_eq!(snapshot.files.len(), 1);
    assert_eq!(report(&snapshot).state, SourceState::Ok);
}

#[test]
fn replaced_objects_do_not_rewrite_history() {
    let place = Place::new();
    let id = victim(&place);
    place.write("forged", "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor Forged <f> 0 +0000\ncommitter Forged <f> 0 +0000\n\nforged\n");
    let forged = place.git("quote", &["hash-object", "-t", "commit", "-w", "../forged"]);
    place.git("quote", &["replace", &id, &forged]);
    place.git("quote", &["config", "core.useReplaceRefs", "true"]);
    let snapshot = place.collect(Repositories::Auto);
    let last = repository(&snapshot, "quote").last_commit.as_ref().expect("a commit");
    assert_eq!(&*last.author, "Wren");
}

#[test]
fn damaged_objects_cost_history_and_nothing_else() {
    let place = Place::new();
    place.init("quote");
    for number in 0..40 {
        place.write("quote/service.yaml", format!("serviceId: quote\n# {number}\n"));
        place.commit("quote", "2026-01-01");
    }
    place.git("quote", &["gc", "--quiet"]);
    let packs = fs::read_dir(place.at("quote/.git/objects/pack")).expect("a listing");
    let pack = packs
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|extension| extension == "pack"))
        .expect("a pack");
    fs::set_permissions(&pack, fs::Permissions::from_mode(0o644)).expect("permissions");
    let whole = fs::read(&pack).expect("the pack");
    for step in 0..32 {
        let mut damaged = whole.clone();
        let at = 12 + step * (whole.len() - 12) / 32;
        for byte in &mut damaged[at..(at + 8).min(whole.len())] {
            *byte ^= 0xA5;
        }
        fs::write(&pack, &damaged).expect("damage");
        let snapshot = place.collect(Repositories::Auto);
        assert_eq!(file(&snapshot, "service.yaml").size, 22, "{at}");
    }
}
