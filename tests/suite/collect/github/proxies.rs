//! GitHub through a proxy: a real one on loopback that opens tunnels, and writes down what it is told.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use milepost::collect::snapshot::{Snapshot, SourceState};
use milepost::settings::{Github, GithubAccess, GithubApi, Proxies, Secret};

use super::super::{Place, now, reason, report};
use super::hub::Hub;
use super::{asked, service, world};

/// What a proxy does that is asked for a tunnel.
#[derive(Clone, Copy)]
enum Manner {
    /// Opens it.
    Open,
    /// Wants to know who asks.
    Refuse,
    /// Says that it does, takes what comes first, and hangs up.
    Listen,
}

/// A proxy; it ends with the tests.
struct Proxy {
    port: u16,
    /// What it was told before a tunnel was open, and what came first through one that it listened to.
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Proxy {
    fn serve(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heard);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                std::thread::spawn(move || serve(client, manner, &log));
            }
        });
        Self { port, heard }
    }

    /// Its address, with a password.
    fn address(&self) -> Secret {
        Secret::new(&format!("http://wren:hunter2@127.0.0.1:{}", self.port))
    }

    fn heard(&self) -> Vec<Vec<u8>> {
        self.heard.lock().expect("nobody panicked").clone()
    }
}

/// One connection. A client may hang up at any moment, which ends it.
fn serve(mut client: TcpStream, manner: Manner, heard: &Mutex<Vec<Vec<u8>>>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    heard.lock().expect("nobody panicked").push(head);
    let host = text.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
    match (host, manner) {
        (None, _) => client.write_all(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n").ok(),
        (_, Manner::Refuse) => client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").ok(),
        (_, Manner::Listen) => {
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
            let mut first = vec![0; 4096];
            let length = client.read(&mut first).ok()?;
            first.truncate(length);
            heard.lock().expect("nobody panicked").push(first);
            Some(())
        }
        (Some(host), Manner::Open) => {
            let server = TcpStream::connect(host).ok()?;
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").ok()?;
            let (mut from, mut to) = (client.try_clone().ok()?, server.try_clone().ok()?);
            let there = std::thread::spawn(move || {
                let _ = std::io::copy(&mut from, &mut to);
                let _ = to.shutdown(Shutdown::Write);
            });
            let (mut from, mut to) = (server, client);
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
            there.join().ok()
        }
    }
}

fn collect(asked: Github, proxies: Proxies) -> Snapshot {
    let token = Some(Secret::new("s3cret"));
    Place::new().collect_as(asked, GithubAccess { token, proxies, ..GithubAccess::nobody(now()) })
}

fn hub() -> Hub {
    Hub::serve(world((0..5).map(|number| service(number, &format!("s{number}"))).collect()))
}

#[test]
fn a_proxy_opens_a_tunnel_to_the_host_and_to_no_other() {
    let (hub, proxy) = (hub(), Proxy::serve(Manner::Open));
    let proxies = Proxies { all: Some(proxy.address()), ..Proxies::NONE };
    let snapshot = collect(asked(&hub), proxies);
    assert_eq!((reason(&snapshot), snapshot.files.len()), ("", 10));
    assert!(hub.spent().0 > 0);
    let host = hub.api().strip_prefix("http://").expect("an address");
    let heard = proxy.heard();
    assert!(!heard.is_empty(), "nothing went through it");
    for head in heard {
        let head = String::from_utf8(head).expect("text");
        assert!(head.starts_with(&format!("CONNECT {host} HTTP/1.1\r\n")), "{head}");
        assert!(head.contains("Proxy-Authorization: Basic d3JlbjpodW50ZXIy\r\n"), "{head}");
        assert!(!head.contains("s3cret"), "{head}");
    }
}

#[test]
fn what_is_asked_without_a_proxy_never_meets_it() {
    let (hub, proxy) = (hub(), Proxy::serve(Manner::Refuse));
    let without = |proxies: Proxies| {
        assert_eq!(reason(&collect(asked(&hub), proxies)), "");
        assert!(proxy.heard().is_empty());
    };
    without(Proxies {
        all: Some(proxy.address()),
        none: Some("localhost,127.0.0.1".into()),
        ..Proxies::NONE
    });
    // What is for https is not for this machine.
    without(Proxies { https: Some(proxy.address()), ..Proxies::NONE });
}

#[test]
fn a_proxy_that_refuses_is_named_and_its_password_is_not() {
    let (hub, proxy) = (hub(), Proxy::serve(Manner::Refuse));
    let snapshot = collect(asked(&hub), Proxies { all: Some(proxy.address()), ..Proxies::NONE });
    assert_eq!((report(&snapshot).state, hub.spent().0), (SourceState::Failed, 0));
    let said = reason(&snapshot);
    let expected = format!("the proxy at `127.0.0.1:{}` opens no way: ", proxy.port);
    assert!(said.contains(&expected) && said.contains("proxy authorization required"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn what_goes_through_a_tunnel_is_encrypted() {
    let (hub, proxy) = (hub(), Proxy::serve(Manner::Listen));
    let api = GithubApi::parse("https://git.example.com/api/v3", false).expect("an address");
    let snapshot = collect(
        Github { api, ..asked(&hub) },
        Proxies { https: Some(proxy.address()), all: Some(Secret::new("http://127.0.0.1:1")), none: None },
    );
    assert_eq!(report(&snapshot).state, SourceState::Failed);
    let heard = proxy.heard();
    let head = String::from_utf8_lossy(&heard[0]).into_owned();
    assert!(head.starts_with("CONNECT git.example.com:443 HTTP/1.1\r\n"), "{head}");
    assert_eq!(heard[1][..2], [0x16, 0x03], "a handshake of TLS");
    let all = heard.concat();
    assert!(!all.windows(6).any(|six| six == b"s3cret"));
}
