//! Every address of the portal is made here: kinds of pages to paths, and paths to links that are
//! relative from page to page, so that the site works from a folder and under any prefix. The only
//! other addresses are [`Href::external`] ones, which are parsed before they are believed.

pub mod evidence;

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use url::Url;

use super::site::SitePath;
use crate::catalog::id::ExceptionId;

/// Something that has a path in the site. Ids are taken as text; what does not fit a path is rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// The first page.
    Home,
    /// The first page of the list of services.
    Services,
    /// A further page of it: a letter, a number, a facet.
    ServicesPart(&'a str),
    /// One service.
    Service(&'a str),
    /// A document of a service, by its link name.
    Document(&'a str, &'a str),
    /// The list of teams.
    Teams,
    /// A further page of it.
    TeamsPart(&'a str),
    /// One team.
    Team(&'a str),
    /// The list of golden paths.
    GoldenPaths,
    /// One golden path.
    GoldenPath(&'a str),
    /// A further page of it.
    GoldenPathPart(&'a str, &'a str),
    /// The list of scorecards.
    Scorecards,
    /// One scorecard.
    Scorecard(&'a str),
    /// A further page of it.
    ScorecardPart(&'a str, &'a str),
    /// One rule of a scorecard.
    Rule(&'a str, &'a str),
    /// A further page of it.
    RulePart(&'a str, &'a str, &'a str),
    /// What rules can say. Not below the scorecards, where an id could take its place.
    Expressions,
    /// The register of exceptions.
    Exceptions,
    /// A further page of it.
    ExceptionsPart(&'a str),
    /// One exception.
    Exception(&'a str),
    /// The list of accounts.
    Accounts,
    /// A further page of it.
    AccountsPart(&'a str),
    /// One account.
    Account(&'a str),
    /// How everything found is tagged.
    Resources,
    /// The resources of an account, and which page of them.
    ResourcesOf(&'a str, usize),
    /// Whose something is.
    Who,
    /// Where the record and AWS do not agree.
    Drift,
    /// What things cost.
    Costs,
    /// The same for a spreadsheet.
    CostsTable,
    /// The list of environments.
    Environments,
    /// A further page of it.
    EnvironmentsPart(&'a str),
    /// The page for leadership.
    Adoption,
    /// A list behind a figure of it, and which page of the list.
    AdoptionList(&'a str, usize),
    /// Its figures for a spreadsheet.
    AdoptionTable,
    /// What moved.
    Changes,
    /// A further page of it.
    ChangesPart(&'a str),
    /// Everything that authors wrote wrong.
    Problems,
    /// A further page of it.
    ProblemsPart(&'a str),
    /// The problems of one team's services.
    ProblemsOf(&'a str),
    /// A further page of it.
    ProblemsOfPart(&'a str, &'a str),
    /// What auditors ask for.
    Evidence(evidence::Evidence<'a>),
    /// The completeness ledger.
    Coverage,
    /// A further page of it.
    CoveragePart(&'a str),
    /// A document of the static JSON below `api/v1/`: `["problems"]` and `["services/index"]` are names of
    /// ours, in `["services", id]` the second part is an id.
    Data(&'a [&'a str]),
    /// The calendar of all exceptions.
    Calendar,
    /// The calendar of environments and sandboxes.
    CalendarOfEnvironments,
    /// The calendar of a team.
    CalendarOfTeam(&'a str),
    /// The calendar of a role that approves exceptions.
    CalendarOfApprover(&'a str),
    /// What somebody must act on today, as text.
    Digest,
    /// A JSON Schema.
    Schema(&'a str),
    /// A file below `assets/`, given by its fingerprinted name.
    Asset(&'a str),
    /// A file of the search index below `search/`, without its ending.
    Search(&'a str),
}

impl Place<'_> {
    /// Its path.
    pub fn path(self) -> SitePath {
        let text = match self {
            Self::Home => "index.html".to_owned(),
            Self::Services => page(&["services"]),
            Self::ServicesPart(part) => page(&["services", &further(part)]),
            Self::Service(id) => page(&["services", &segment(id)]),
            Self::Document(id, name) => page(&["services", &segment(id), &segment(name)]),
            Self::Teams => page(&["teams"]),
            Self::TeamsPart(part) => page(&["teams", &further(part)]),
            Self::Team(id) => page(&["teams", &segment(id)]),
            Self::GoldenPaths => page(&["golden-paths"]),
            Self::GoldenPath(id) => page(&["golden-paths", &segment(id)]),
            Self::GoldenPathPart(id, part) => page(&["golden-paths", &segment(id), &further(part)]),
            Self::Scorecards => page(&["scorecards"]),
            Self::Scorecard(id) => page(&["scorecards", &segment(id)]),
            Self::Rule(scorecard, rule) => page(&["scorecards", &segment(scorecard), &segment(rule)]),
            Self::ScorecardPart(id, part) => page(&["scorecards", &segment(id), &further(part)]),
            Self::RulePart(scorecard, rule, part) => {
                page(&["scorecards", &segment(scorecard), &segment(rule), &further(part)])
            }
            Self::Expressions => page(&["expressions"]),
            Self::Exceptions => page(&["exceptions"]),
            Self::ExceptionsPart(part) => page(&["exceptions", &further(part)]),
            Self::Exception(id) => page(&["exceptions", &segment(id)]),
            Self::Accounts => page(&["accounts"]),
            Self::AccountsPart(part) => page(&["accounts", &further(part)]),
            Self::Account(id) => page(&["accounts", &segment(id)]),
            Self::Resources => page(&["resources"]),
            Self::ResourcesOf(id, 1) => page(&["resources", &segment(id)]),
            Self::ResourcesOf(id, number) => {
                page(&["resources", &segment(id), &further(&number.to_string())])
            }
            Self::Who => page(&["who"]),
            Self::Drift => page(&["drift"]),
            Self::Costs => page(&["costs"]),
            Self::CostsTable => "costs/costs.csv".to_owned(),
            Self::Environments => page(&["environments"]),
            Self::EnvironmentsPart(part) => page(&["environments", &further(part)]),
            Self::Adoption => page(&["adoption"]),
            Self::AdoptionList(list, 1) => page(&["adoption", &further(list)]),
            Self::AdoptionList(list, number) => {
                page(&["adoption", &further(list), &further(&number.to_string())])
            }
            Self::AdoptionTable => "adoption/figures.csv".to_owned(),
            Self::Changes => page(&["changes"]),
            Self::ChangesPart(part) => page(&["changes", &further(part)]),
            Self::Problems => page(&["problems"]),
            Self::ProblemsPart(part) => page(&["problems", &further(part)]),
            Self::ProblemsOf(team) => page(&["problems", &segment(team)]),
            Self::ProblemsOfPart(team, part) => page(&["problems", &segment(team), &further(part)]),
            Self::Evidence(place) => place.path(),
            Self::Coverage => page(&["coverage"]),
            Self::CoveragePart(part) => page(&["coverage", &further(part)]),
            Self::Data([name]) => format!("api/v1/{name}.json"),
            Self::Data(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| segment(part)).collect();
                format!("api/v1/{}.json", parts.join("/"))
            }
            Self::Calendar => "feeds/exceptions.ics".to_owned(),
            Self::CalendarOfEnvironments => "feeds/environments.ics".to_owned(),
            Self::CalendarOfTeam(id) => format!("feeds/teams/{}.ics", segment(id)),
            Self::CalendarOfApprover(role) => format!("feeds/approvers/{}.ics", segment(role)),
            Self::Digest => "feeds/digest.txt".to_owned(),
            Self::Schema(name) => format!("schema/{}.json", segment(name)),
            Self::Asset(name) => format!("assets/{name}"),
            Self::Search(name) => format!("search/{name}.js"),
        };
        SitePath::new(&text).expect("segments are never empty and hold no separator")
    }
}

/// Stands for the account in the address of what lies in none.
pub const NOWHERE: &str = "none";

fn page(folders: &[&str]) -> String {
    format!("{}/index.html", folders.join("/"))
}

/// The folder of a further page of a list. No id begins with `_`, so it never meets one.
fn further(part: &str) -> String {
    format!("_{}", segment(part))
}

/// Names that some file system or the portal itself keeps for something else.
const RESERVED: [&str; 6] = ["index", "index.html", "con", "prn", "aux", "nul"];

/// `id` as one part of a path. Ids that obey their grammar stay as they are, except the few that would
/// meet a name of ours or of a file system; anything else keeps its readable part and gets a digest.
/// Different ids never give parts that differ in upper and lower case alone.
pub fn segment(id: &str) -> Cow<'_, str> {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b'_');
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    if ExceptionId::new(id).is_some() {
        return id.into();
    }
    let like_an_exception = id.starts_with("ex-") && ExceptionId::new(&id.to_ascii_uppercase()).is_some();
    let bytes = if like_an_exception { &[] } else { id.as_bytes() };
    if bytes.len() <= 100
        && bytes.iter().all(|&byte| plain(byte))
        && edge(bytes.first())
        && edge(bytes.last())
    {
        let stem = id.split('.').next().unwrap_or(id).to_ascii_lowercase();
        let device = |name: &str| stem.strip_prefix(name).is_some_and(|n| n.len() == 1 && n != "0");
        let reserved =
            RESERVED.contains(&id) || RESERVED[2..].contains(&&*stem) || device("com") || device("lpt");
        // No id ends in `-`, so the changed one cannot meet another.
        return if reserved { format!("{id}-").into() } else { id.into() };
    }
    let readable: String = id
        .bytes()
        .take(60)
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte.to_ascii_lowercase()) } else { '-' })
        .collect();
    let readable = readable.trim_matches('-');
    format!("{}-{}-", if readable.is_empty() { "x" } else { readable }, super::digest::short(id.as_bytes()))
        .into()
}

/// An address that may stand in an `href`. Only this module makes them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Href(Box<str>);

impl Href {
    /// An address outside the portal, if it is one that a reader may be sent to: parsed, `https`,
    /// `http` or `mailto`, without credentials, and written back from the parsed form.
    pub fn external(address: &str) -> Option<Self> {
        if address.chars().any(|c| c.is_control() || is_invisible(c)) {
            return None;
        }
        let url = Url::parse(address).ok()?;
        let fits = match url.scheme() {
            "https" | "http" => url.has_host() && url.username().is_empty() && url.password().is_none(),
            "mailto" => !url.path().is_empty() && url.cannot_be_a_base(),
            _ => false,
        };
        fits.then(|| Self(url.as_str().into()))
    }

    /// The address of `place` where the portal is published, when the configuration says where: for what
    /// is read far from the site.
    pub fn published(portal: Option<&str>, place: Place<'_>) -> Option<Self> {
        let path = place.path();
        let path = path.as_str().strip_suffix("index.html").unwrap_or(path.as_str());
        Self::external(&format!("{}/{path}", portal?.trim_end_matches('/')))
    }

    /// A part of the page that holds the link.
    pub fn anchor(id: &str) -> Self {
        Self(format!("#{}", percent_encoding::utf8_percent_encode(id, FRAGMENT)).into())
    }

    /// The part of the same page that has `id`.
    #[must_use]
    pub(super) fn at(&self, id: &str) -> Self {
        let page = self.0.split_once('#').map_or(&*self.0, |(page, _)| page);
        Self(format!("{page}{}", Self::anchor(id)).into())
    }

    /// The same address at a line of the file that is there.
    #[must_use]
    pub fn at_line(&self, line: u32) -> Self {
        Self(format!("{}#L{line}", self.0).into())
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the URL standard encodes in fragments, and everything that is not ASCII.
const FRAGMENT: &percent_encoding::AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%').add(b'#');

/// What a value in a query may not hold, and everything that is not ASCII: more than has to be.
const QUERY: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'/').remove(b':').remove(b'_');

/// Characters that make an address look like another one: direction marks and zero-width ones.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// The page that links are made for.
#[derive(Clone, Copy, Debug)]
pub struct Here<'a> {
    path: &'a SitePath,
}

impl<'a> Here<'a> {
    /// Links from the file at `path`.
    pub fn at(path: &'a SitePath) -> Self {
        Self { path }
    }

    /// The link to `place`.
    pub fn to(self, place: Place<'_>) -> Href {
        Href(relative(self.path, &place.path()).into())
    }

    /// The link to the part of `place` that has `id`.
    pub fn to_part(self, place: Place<'_>, id: &str) -> Href {
        let target = place.path();
        let anchor = Href::anchor(id);
        if target == *self.path {
            return anchor;
        }
        Href(format!("{}{anchor}", relative(self.path, &target)).into())
    }

    /// The link to the page that says whose `thing` is, with its answer.
    pub fn to_answer_about(self, thing: &str) -> Href {
        let asked = percent_encoding::utf8_percent_encode(thing, QUERY);
        Href(format!("{}?q={asked}", relative(self.path, &Place::Who.path())).into())
    }

    /// Whether this is the page of `place`.
    pub fn is(self, place: Place<'_>) -> bool {
        *self.path == place.path()
    }

    /// The folder at the top that this page lies in, and how many folders deep it lies.
    pub(super) fn top(self) -> (&'a str, usize) {
        (self.path.as_str().split('/').next().unwrap_or_default(), self.path.as_str().matches('/').count())
    }

    /// The way to the root of the portal: `./`, `../`, `../../`.
    pub fn root(self) -> String {
        match self.top().1 {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        }
    }
}

/// The relative address of `to`, seen from the file `from`.
pub fn relative(from: &SitePath, to: &SitePath) -> String {
    let (from, to) = (from.as_str(), to.as_str());
    let folder = from.rfind('/').map_or("", |end| &from[..=end]);
    let shared = folder
        .bytes()
        .zip(to.bytes())
        .take_while(|(a, b)| a == b)
        .enumerate()
        .filter(|(_, (byte, _))| *byte == b'/')
        .last()
        .map_or(0, |(position, _)| position + 1);
    let up = folder[shared..].matches('/').count();
    let mut address = "../".repeat(up);
    address.push_str(&to[shared..]);
    address
}

#[cfg(test)]
mod tests;
