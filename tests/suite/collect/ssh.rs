//! The git source over ssh, against OpenSSH's own server on loopback with keys that live as long as the test.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use milepost::collect::snapshot::{RepositoryState, Snapshot, SourceState};
use milepost::collect::{self, Silent};
use milepost::settings::{GitAccess, GithubAccess, Remote, Settings, Source, SourceKind};

use super::{Place, named, now, paths, reason, report, settings};

/// Says that a machine without a server is no excuse; `./test` sets it.
const NEEDED: &str = "MILEPOST_TESTS_NEED_SSHD";

/// OpenSSH's server, where this machine has it. Not everybody who runs `cargo test` does.
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let found = folders.into_iter().map(|folder| folder.join("sshd")).find(|program| program.is_file());
    assert!(found.is_some() || std::env::var_os(NEEDED).is_none(), "{NEEDED} is set, and there is no sshd");
    found
}

/// A server that lets in who has the key `client`; it ends with the value.
struct Sshd {
    child: Child,
    port: u16,
    user: String,
}

impl Sshd {
    fn serve(place: &Place, program: &Path) -> Self {
        for key in ["host", "client", "other"] {
            keygen(&place.at(key));
        }
        fs::copy(place.at("client.pub"), place.at("authorized")).expect("copied");
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = free.local_addr().expect("it is bound").port();
        drop(free);
        let at = |name: &str| place.at(name).display().to_string();
        let configuration = [
            format!("Port {port}"),
            "ListenAddress 127.0.0.1".to_owned(),
            format!("HostKey {}", at("host")),
            format!("AuthorizedKeysFile {}", at("authorized")),
            format!("PidFile {}", at("sshd.pid")),
            // The folder of a test belongs to nobody's home.
            "StrictModes no".to_owned(),
            "PasswordAuthentication no".to_owned(),
            "KbdInteractiveAuthentication no".to_owned(),
            "PermitRootLogin yes".to_owned(),
            "UsePAM no".to_owned(),
        ];
        place.write("sshd_config", configuration.join("\n") + "\n");
        // Run by root, it wants an empty folder of its own.
        let _ = fs::create_dir_all("/run/sshd");
        let child = Command::new(program)
            .args(["-D", "-e", "-f"])
            .arg(place.at("sshd_config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(place.at("sshd.log")).expect("a file"))
            .spawn()
            .expect("sshd runs");
        let serving = Self { child, port, user: user() };
        for _ in 0..200 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return serving;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("sshd does not answer: {}", fs::read_to_string(place.at("sshd.log")).unwrap_or_default());
    }

    fn url(&self, place: &Place, name: &str) -> String {
        format!(
            "ssh://{}@127.0.0.1:{}{}",
            self.user,
            self.port,
            place.at(&format!("served/{name}.git")).display()
        )
    }

    /// A line of `known_hosts` that gives the server this key.
    fn known_by(&self, place: &Place, key: &str) -> String {
        let key = fs::read_to_string(place.at(&format!("{key}.pub"))).expect("a key");
        format!("[127.0.0.1]:{} {key}", self.port)
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keygen(file: &Path) {
    let status = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(file).status();
    assert!(status.expect("ssh-keygen runs").success());
}

fn user() -> String {
    let output = Command::new("id").arg("-un").output().expect("id runs");
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

impl Place {
    /// Collects `url` as somebody whose ssh has this key and knows these hosts.
    ///
    /// ssh finds its files in the home of the account, whatever the environment says, so the program on the path
    /// is one that names others and then is ssh.
    fn collect_over_ssh(&self, url: &str, key: &str, known_hosts: &str) -> Snapshot {
        self.write("known_hosts", known_hosts);
        let at = |name: &str| self.at(name).display().to_string();
        let files = [
            format!("IdentityFile {}", at(key)),
            format!("UserKnownHostsFile {}", at("known_hosts")),
            "GlobalKnownHostsFile /dev/null".to_owned(),
            "IdentitiesOnly yes".to_owned(),
            "IdentityAgent none".to_owned(),
        ];
        self.write("ssh_config", files.join("\n") + "\n");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let ssh = std::env::split_paths(&path).map(|folder| folder.join("ssh")).find(|ssh| ssh.is_file());
        let ssh = ssh.expect("an ssh on the path");
        let script = format!("#!/bin/sh\nexec {} -F {} \"$@\"\n", ssh.display(), at("ssh_config"));
        self.write("bin/ssh", script);
        fs::set_permissions(self.at("bin/ssh"), Permissions::from_mode(0o755)).expect("a mode");
        let folders = std::iter::once(self.at("bin")).chain(std::env::split_paths(&path));
        let path: OsString = std::env::join_paths(folders).expect("a path");
        let source = Source {
            name: "remotes".into(),
            kind: SourceKind::Git,
            path: self.at("mirrors"),
            remotes: vec![Remote::parse(url, Path::new("/"), true).expect("an address")],
            exclude: Vec::new(),
        };
        let variable = |name: &str| if name == "PATH" { Some(path.clone()) } else { std::env::var_os(name) };
        let settings =
            Settings { git: GitAccess::of(variable), ..settings(vec![source], GithubAccess::nobody(now())) };
        collect::collect(&settings, &named, &Silent)
    }
}

#[test]
fn a_remote_is_read_over_ssh_from_whom_we_know_and_who_knows_us() {
    let Some(program) = program() else { return };
    let place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", "serviceId: quote\n")]);
    let sshd = Sshd::serve(&place, &program);
    let (url, known) = (sshd.url(&place, "quote"), sshd.known_by(&place, "host"));

    let snapshot = place.collect_over_ssh(&url, "client", &known);
    assert_eq!((reason(&snapshot), report(&snapshot).state), ("", SourceState::Ok));
    assert_eq!(paths(&snapshot).len(), 1);
    let last = place.push("quote", "2026-01-06", &[("service.yaml", "serviceId: quote\nownerTeam: a\n")]);
    let next = place.collect_over_ssh(&url, "client", &known);
    assert_eq!(next.repositories[0].last_commit.as_ref().map(|commit| &*commit.id), Some(&*last));

    for (key, known, why) in [
        ("client", sshd.known_by(&place, "other"), "another key than the one in known_hosts"),
        ("client", String::new(), "the server's key is not in known_hosts"),
        ("other", known, "the server does not know our key"),
    ] {
        let fresh = Place::new();
        for file in ["client", "other"] {
            fs::copy(place.at(file), fresh.at(file)).expect("copied");
        }
        let begin = Instant::now();
        let refused = fresh.collect_over_ssh(&url, key, &known);
        assert!(begin.elapsed() < Duration::from_secs(60), "nobody is asked, and nobody waited for");
        let RepositoryState::Unreadable { reason } = &refused.repositories[0].state else {
            panic!("{why}: {:?}", refused.repositories[0].state);
        };
        assert!(reason.contains(why), "{why}: {reason}");
    }
}
