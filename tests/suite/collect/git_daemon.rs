//! A real `git daemon` on loopback; it ends with the value.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::http_git::SERVING;

pub(super) struct GitDaemon {
    child: Child,
    port: u16,
}

impl GitDaemon {
    /// Serves the bare repositories in `folder`.
    pub(super) fn serve(folder: &Path) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = free.local_addr().expect("it is bound").port();
        drop(free);
        // Not through `git daemon`, which starts another process that nobody could end.
        let programs = Command::new("git").arg("--exec-path").output().expect("git runs").stdout;
        let programs = String::from_utf8(programs).expect("text");
        let child = Command::new(Path::new(programs.trim()).join("git-daemon"))
            .args(["--export-all", "--listen=127.0.0.1", "--reuseaddr"])
            .arg(format!("--port={port}"))
            .arg(format!("--base-path={}", folder.display()))
            .envs(SERVING)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("git-daemon runs");
        for _ in 0..200 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { child, port }
    }

    /// The address of the repository `name`.
    pub(super) fn url(&self, name: &str) -> String {
        format!("git://127.0.0.1:{}/{name}", self.port)
    }
}

impl Drop for GitDaemon {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
