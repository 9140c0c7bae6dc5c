//! Every status the process can end with. Scripts rely on them; the list is part of the interface.

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum ExitCode {
    /// Done, and whole.
    #[default]
    Done = 0,
    /// Something in Milepost itself went wrong.
    Internal = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// Findings at or above the chosen severity, or a gate failed.
    Findings = 3,
    /// Done, but some source was incomplete.
    Incomplete = 4,
    /// Refused by a guard.
    Refused = 5,
    /// Ended by Ctrl-C.
    Interrupted = 130,
    /// Ended by the signal with which machines end programs.
    Terminated = 143,
}

impl ExitCode {
    /// Every status, in order.
    pub const ALL: [Self; 8] = [
        Self::Done,
        Self::Internal,
        Self::Usage,
        Self::Findings,
        Self::Incomplete,
        Self::Refused,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The status when this and `other` both apply: of findings, incompleteness and refusal the highest
    /// number wins; a failure of usage or of Milepost itself stands alone.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }

    /// What it means, in a line.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done, and whole",
            Self::Internal => "internal error",
            Self::Usage => "wrong usage or configuration",
            Self::Findings => "findings at or above the chosen severity, or a gate failed",
            Self::Incomplete => "done, but some source was incomplete",
            Self::Refused => "refused by a guard",
            Self::Interrupted => "ended by Ctrl-C (SIGINT)",
            Self::Terminated => "ended by SIGTERM",
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode;

    #[test]
    fn numbers_are_those_of_the_interface() {
        let numbers: Vec<u8> = ExitCode::ALL.iter().map(|code| *code as u8).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 130, 143]);
    }

    #[test]
    fn the_highest_number_wins() {
        assert_eq!(ExitCode::Findings.and(ExitCode::Incomplete), ExitCode::Incomplete);
        assert_eq!(ExitCode::Refused.and(ExitCode::Findings), ExitCode::Refused);
        assert_eq!(ExitCode::Done.and(ExitCode::Findings), ExitCode::Findings);
    }
}
