//! The shapes of OSCAL that we write, as its JSON schema has them. A list may be left out and may not be empty.

use serde::{Serialize, Serializer};

use super::wording::{Line, Markup, Uuid};
use crate::day::Moment;

/// The release of OSCAL.
pub(super) const OSCAL: &str = "1.2.1";

/// Whose the names of our properties are.
pub(super) const OURS: &str = "urn:milepost:oscal";

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Metadata {
    pub(super) title: Markup,
    pub(super) last_modified: Moment,
    pub(super) version: String,
    pub(super) oscal_version: &'static str,
    pub(super) parties: [Party; 1],
    pub(super) remarks: Markup,
}

#[derive(Serialize)]
pub(super) struct Party {
    pub(super) uuid: Uuid,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<Line>,
}

#[derive(Clone, Serialize)]
pub(super) struct Property {
    pub(super) name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ns: Option<&'static str>,
    pub(super) value: Line,
}

impl Property {
    /// One of ours; nothing when it has no value.
    pub(super) fn ours(name: &'static str, value: &str) -> Option<Self> {
        Some(Self { name, ns: Some(OURS), value: Line::of(value)? })
    }

    /// One that OSCAL defines.
    pub(super) fn of_oscal(name: &'static str, value: &str) -> Option<Self> {
        Some(Self { name, ns: None, value: Line::of(value)? })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ReviewedControls {
    pub(super) control_selections: Vec<ControlSelection>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) control_objective_selections: Vec<ObjectiveSelection>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ControlSelection {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Markup>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Property>,
    pub(super) include_controls: Vec<ControlId>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ControlId {
    pub(super) control_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ObjectiveSelection {
    pub(super) description: Markup,
    pub(super) include_objectives: Vec<ObjectiveId>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ObjectiveId {
    pub(super) objective_id: String,
}

#[derive(Serialize)]
pub(super) struct Component {
    pub(super) uuid: Uuid,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) title: Markup,
    pub(super) description: Markup,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Property>,
    pub(super) status: ComponentStatus,
}

#[derive(Serialize)]
pub(super) struct ComponentStatus {
    pub(super) state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remarks: Option<Markup>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Activity {
    pub(super) uuid: Uuid,
    pub(super) title: Markup,
    pub(super) description: Markup,
    pub(super) props: Vec<Property>,
    pub(super) related_controls: ReviewedControls,
}

/// What has no content and says by being there that everything is meant.
#[derive(Serialize)]
pub(super) struct All {}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct SubjectSelection {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) include_all: All,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Assets {
    pub(super) components: [Component; 1],
    pub(super) assessment_platforms: [Platform; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Platform {
    pub(super) uuid: Uuid,
    pub(super) title: Markup,
    pub(super) uses_components: [UsedComponent; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct UsedComponent {
    pub(super) component_uuid: Uuid,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Task {
    pub(super) uuid: Uuid,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) title: Markup,
    pub(super) timing: Timing,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) associated_activities: Vec<AssociatedActivity>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Timing {
    pub(super) on_date: OnDate,
}

#[derive(Serialize)]
pub(super) struct OnDate {
    pub(super) date: Moment,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct AssociatedActivity {
    pub(super) activity_uuid: Uuid,
    pub(super) subjects: [SubjectSelection; 1],
}

#[derive(Serialize)]
pub(super) struct Import {
    pub(super) href: String,
    pub(super) remarks: Markup,
}

#[derive(Serialize)]
pub(super) struct BackMatter {
    pub(super) resources: Vec<Resource>,
}

#[derive(Serialize)]
pub(super) struct Resource {
    pub(super) uuid: Uuid,
    pub(super) title: Markup,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Markup>,
    pub(super) rlinks: [ResourceLink; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ResourceLink {
    pub(super) href: String,
    pub(super) media_type: &'static str,
    pub(super) hashes: [Hash; 1],
}

#[derive(Serialize)]
pub(super) struct Hash {
    pub(super) algorithm: &'static str,
    pub(super) value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Observation<'a> {
    pub(super) uuid: Uuid,
    pub(super) title: Markup,
    pub(super) description: Markup,
    pub(super) props: Vec<Property>,
    pub(super) methods: [&'static str; 1],
    pub(super) types: [&'static str; 1],
    pub(super) origins: [Origin; 1],
    #[serde(skip_serializing_if = "Subjects::is_empty")]
    pub(super) subjects: Subjects<'a>,
    pub(super) relevant_evidence: [Evidence; 1],
    pub(super) collected: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remarks: Option<Markup>,
}

/// Some of all subjects. There may be hundreds of thousands in a document: each is put into words when it is
/// written, and none is kept.
pub(super) struct Subjects<'a> {
    /// The positions of those that are meant.
    pub(super) positions: &'a [u32],
    /// The names of all.
    pub(super) all: &'a [Uuid],
}

impl Subjects<'_> {
    fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }
}

impl Serialize for Subjects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reference = |position: &u32| SubjectReference {
            subject_uuid: self.all[*position as usize],
            kind: "component",
        };
        serializer.collect_seq(self.positions.iter().map(reference))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct SubjectReference {
    subject_uuid: Uuid,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
pub(super) struct Evidence {
    pub(super) href: String,
    pub(super) description: Markup,
}

#[derive(Serialize)]
pub(super) struct Origin {
    pub(super) actors: [Actor; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Actor {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) actor_uuid: Uuid,
}
