//! A Dockerfile: what is exposed hints at the kind of service, what it is built from at the runtime.

use super::Hint;

/// Ports on which something else than HTTP is spoken.
const OTHER_PORTS: &[&str] =
    &["21", "22", "25", "53", "389", "1433", "1521", "3306", "5432", "5672", "6379", "9042", "9092", "27017"];

/// What the file at `path` says. Of several stages the last one counts.
pub(super) fn hints(path: &str, text: &str) -> Vec<Hint> {
    let (mut base, mut port) = (None, None);
    for (number, line) in (1..).zip(text.lines()) {
        let mut words = line.split_whitespace();
        let instruction = words.next().unwrap_or_default().to_ascii_uppercase();
        let mut words = words.filter(|word| !word.starts_with("--"));
        match (instruction.as_str(), words.next()) {
            ("FROM", Some(image)) => {
                base = Some(Hint::trace("runtime", image, format!("{path}:{number}")));
                port = None;
            }
            ("EXPOSE", Some(exposed)) if port.is_none() && speaks_http(exposed) => {
                let from =
                    format!("from {path}:{number}, which exposes {exposed}: see whether it speaks HTTP");
                port = Some(Hint::value("type", "http-service", from));
            }
            _ => {}
        }
    }
    port.into_iter().chain(base).collect()
}

fn speaks_http(exposed: &str) -> bool {
    let (port, protocol) = exposed.split_once('/').unwrap_or((exposed, "tcp"));
    protocol.eq_ignore_ascii_case("tcp") && !OTHER_PORTS.contains(&port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_stage_counts() {
        let text =
            "FROM golang:1.23 AS build\nEXPOSE 1234\nFROM --platform=linux/amd64 scratch\nexpose 8080/tcp\n";
        let hints = hints("Dockerfile", text);
        assert_eq!((hints[0].field, &*hints[0].value), ("type", "http-service"));
        assert!(hints[0].from.starts_with("from Dockerfile:4, which exposes 8080/tcp"), "{}", hints[0].from);
        assert_eq!(hints[1], Hint::trace("runtime", "scratch", "Dockerfile:3"));
    }

    #[test]
    fn a_database_port_is_no_hint_at_http() {
        assert_eq!(hints("Dockerfile", "FROM postgres\nEXPOSE 5432\nEXPOSE 53/udp\n").len(), 1);
        assert_eq!(hints("Dockerfile", "\n# EXPOSE 80\n"), []);
    }
}
