//! Arguments of `evidence` and of the verbs below it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Replay;

/// Where the chain of runs lies, below the working directory.
pub const LEDGER: &str = ".milepost/evidence-ledger.jsonl";

/// The folder that packs are written to, and that a build offers them from.
pub const PACKS: &str = "evidence";

/// `evidence`.
#[derive(Debug, Args)]
pub struct Evidence {
    /// What to do with evidence.
    #[command(subcommand)]
    pub verb: EvidenceVerb,
}

/// Which packs a portal offers for download.
#[derive(Clone, Debug, Args)]
pub struct Offer {
    /// Offer the packs of evidence in this folder for download [default: `evidence`, when it is there]
    #[arg(long = "evidence", value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// The chain of runs that sealed them [default: `.milepost/evidence-ledger.jsonl`, when it is there]
    #[arg(long = "evidence-ledger", value_name = "FILE")]
    pub ledger: Option<PathBuf>,
}

/// What to do with evidence.
#[derive(Debug, Subcommand)]
pub enum EvidenceVerb {
    /// Seal what was collected and judged into a pack that an auditor can verify alone
    #[command(
        after_help = "Examples:\n  milepost evidence pack --offline --out evidence\n  milepost evidence pack --framework soc2 --key ~/.ssh/evidence_ed25519\n  milepost evidence pack --framework soc2 --since 2026-08-01\n  milepost evidence pack --team checkout --key evidence.pub    (the key itself is in the agent)\n\nThe moment that is judged is that of the snapshot, so that sealing it again gives the same bytes."
    )]
    Pack(Box<Pack>),
    /// Verify a pack: every digest, files added or missing, the signature, the chain of runs, its age
    #[command(
        after_help = "Examples:\n  milepost evidence verify example-2026-11-21.zip\n  milepost evidence verify example-2026-11-21.zip --allowed-signers allowed_signers --recompute\n  milepost evidence verify example-2026-11-21.zip --ledger evidence-ledger.jsonl --max-age 2d"
    )]
    Verify(Verify),
    /// Draw a sample from a population of a pack; who has the pack and the seed draws the same
    #[command(
        after_help = "Example:\n  milepost evidence sample example-2026-11-21.zip --population services --n 25 --seed audit-7"
    )]
    Sample(Sample),
    /// Render the portal of a pack from the inputs in it
    #[command(after_help = "Example:\n  milepost evidence replay example-2026-11-21.zip --out replayed")]
    Replay(ReplayPack),
}

/// `evidence pack`.
#[derive(Debug, Args)]
pub struct Pack {
    /// The catalog folder [default: that of the configuration]
    pub catalog: Option<PathBuf>,
    /// Where the facts come from.
    #[command(flatten)]
    pub replay: Replay,
    /// The folder that the pack is written to, as NAME.zip
    #[arg(long, default_value = PACKS, value_name = "DIR")]
    pub out: PathBuf,
    /// Cover the controls of this framework, such as soc2; may be given several times
    #[arg(long, value_name = "FRAMEWORK")]
    pub framework: Vec<String>,
    /// Cover this control; may be given several times
    #[arg(long, value_name = "CONTROL")]
    pub control: Vec<String>,
    /// Cover this service; may be given several times
    #[arg(long, value_name = "SERVICE")]
    pub service: Vec<String>,
    /// Cover the services of this team; may be given several times
    #[arg(long, value_name = "TEAM")]
    pub team: Vec<String>,
    /// Cover the period from this day on, such as 2026-08-01: each of its days with the runs of it, and what moved
    /// since the newest pack of that day or before
    #[arg(long, value_name = "DAY")]
    pub since: Option<String>,
    /// An earlier pack: what moved since is listed [default: none, or with --since the one in the folder]
    #[arg(long, value_name = "PACK")]
    pub previous: Option<PathBuf>,
    /// Sign with this SSH key: a private key, or a public one whose private half is in the agent
    #[arg(long, value_name = "FILE", conflicts_with = "sign_command")]
    pub key: Option<PathBuf>,
    /// Sign with this command: it gets the bytes to sign on standard input and writes the raw signature, as it
    /// is or in base64; for keys that never leave their place, such as those of AWS KMS
    #[arg(long, value_name = "COMMAND", requires = "public_key")]
    pub sign_command: Option<String>,
    /// The public half of the key that the command signs with, as OpenSSH writes it
    #[arg(long, value_name = "FILE", requires = "sign_command")]
    pub public_key: Option<PathBuf>,
    /// Have the time of the pack stamped by this command: it gets the question to a time stamp authority (RFC 3161) on
    /// standard input and writes the answer, as curl does with --data-binary @-
    #[arg(long, value_name = "COMMAND")]
    pub time_stamp_command: Option<String>,
    /// The chain of runs that this one is added to
    #[arg(long, default_value = LEDGER, value_name = "FILE")]
    pub ledger: PathBuf,
    /// Leave out what was judged, and list only its digests; then nobody can judge it again
    #[arg(long)]
    pub without_inputs: bool,
    /// Leave out what this profile of milepost.yaml removes, and what was judged, which holds it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["previous", "since"])]
    pub audience: Option<String>,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum VerifyFormat {
    /// For people.
    #[default]
    Text,
    /// For scripts.
    Json,
}

/// `evidence verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The pack, or the folder it was unpacked into
    pub pack: PathBuf,
    /// Who may sign, as ssh-keygen reads it; it must come from outside of the pack
    #[arg(long, value_name = "FILE")]
    pub allowed_signers: Option<PathBuf>,
    /// Who must have signed [default: anybody who may]
    #[arg(long, value_name = "SIGNER", requires = "allowed_signers")]
    pub identity: Option<String>,
    /// Certificates of the time stamp authority, as PEM; they must come from outside of the pack
    #[arg(long, value_name = "FILE")]
    pub time_stamp_authority: Option<PathBuf>,
    /// The chain of runs as kept elsewhere: the pack must be that of its newest run
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// The pack must be of a run after this one
    #[arg(long, value_name = "NUMBER")]
    pub after: Option<u64>,
    /// The pack must not be older than this, such as 2d
    #[arg(long, value_name = "LENGTH")]
    pub max_age: Option<String>,
    /// Judge the inputs in the pack again, and compare every byte of the outcome
    #[arg(long)]
    pub recompute: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: VerifyFormat,
}

/// How a sample is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SampleFormat {
    /// For spreadsheets.
    #[default]
    Csv,
    /// For the record: the rows with the seed, the size of the population and the digest of the pack.
    Json,
}

/// `evidence sample`.
#[derive(Debug, Args)]
pub struct Sample {
    /// The pack, or the folder it was unpacked into
    pub pack: PathBuf,
    /// What to draw from: services, teams, accounts, resources, repositories or exceptions
    #[arg(long, value_name = "POPULATION")]
    pub population: String,
    /// How many rows
    #[arg(long, value_name = "N")]
    pub n: usize,
    /// The seed, which the auditor chooses
    #[arg(long, value_name = "SEED")]
    pub seed: String,
    /// Who may sign, as ssh-keygen reads it; it must come from outside of the pack
    #[arg(long, value_name = "FILE")]
    pub allowed_signers: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: SampleFormat,
}

/// `evidence replay`.
#[derive(Debug, Args)]
pub struct ReplayPack {
    /// The pack, or the folder it was unpacked into
    pub pack: PathBuf,
    /// Where to write the portal
    #[arg(long, default_value = "replayed", value_name = "DIR")]
    pub out: PathBuf,
    /// Who may sign, as ssh-keygen reads it; it must come from outside of the pack
    #[arg(long, value_name = "FILE")]
    pub allowed_signers: Option<PathBuf>,
}
