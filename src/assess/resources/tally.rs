//! Some resources, counted: how many there are, who owns them, and what is said of their tags.

use crate::assess::outcome::Share;
use crate::assess::ownership::Holding;
use crate::assess::tags::TagVerdict;
use crate::assess::{TagCounts, TagVerdicts};
use crate::catalog::policy::TagPolicy;
use crate::catalog::resource::Resource;

/// Some resources, counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// How many, those included whose tags policy does not judge.
    pub resources: u64,
    /// Those of them that carry no tag any more.
    pub bare: u64,
    /// Those of them whose tags were not told, so that nothing else is known of them.
    pub untold: u64,
    /// Those of them whose tags are judged: of a type that policy names, not exempt, and with an answer.
    pub judged: u64,
    /// Those of the judged whose tags are all right.
    pub right: u64,
    /// Who owns them.
    pub holdings: Holdings,
    /// Verdicts on the tags of those whose type policy judges.
    pub tags: TagVerdicts,
}

/// Resources by what is known of their owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Somebody answers for them.
    pub owned: u64,
    /// Reasons contradict each other.
    pub contested: u64,
    /// Nobody answers for them.
    pub unowned: u64,
    /// What they name may be described where we could not look, or their tags were not told.
    pub unknown: u64,
}

impl Tally {
    /// Nothing counted yet.
    pub fn none(policy: &TagPolicy) -> Self {
        Self { tags: TagVerdicts::none(policy), ..Self::default() }
    }

    /// Counts one more; `verdicts` on its tags when policy judges its type.
    pub(super) fn count(
        &mut self,
        resource: &Resource,
        holding: Holding,
        verdicts: Option<&[TagVerdict<'_>]>,
    ) {
        self.resources += 1;
        self.bare += u64::from(resource.tags.is_empty() && !resource.is_untold());
        self.untold += u64::from(resource.is_untold());
        *self.holdings.of(holding) += 1;
        let Some(verdicts) = verdicts else { return };
        let is_contested = holding == Holding::Contested;
        self.tags.count(verdicts, is_contested);
        let is_wrong = verdicts.iter().any(TagVerdict::is_wrong);
        // An exemption is for all tags of a resource; one tag without an answer leaves all of it open, unless another
        // is wrong anyway.
        let is_open =
            |verdict: &TagVerdict<'_>| matches!(verdict, TagVerdict::Exempt(_) | TagVerdict::Unknown { .. });
        if is_wrong || !verdicts.iter().any(is_open) {
            self.judged += 1;
            self.right += u64::from(!is_wrong && !is_contested);
        }
    }

    /// Counts others with them.
    pub(super) fn add(&mut self, other: &Self) {
        self.resources += other.resources;
        self.bare += other.bare;
        self.untold += other.untold;
        self.judged += other.judged;
        self.right += other.right;
        self.holdings.owned += other.holdings.owned;
        self.holdings.contested += other.holdings.contested;
        self.holdings.unowned += other.holdings.unowned;
        self.holdings.unknown += other.holdings.unknown;
        self.tags.append(&other.tags);
    }

    /// How many of the required tags are there and right; what is exempt, or unknown, is not counted.
    pub fn tags_right(&self) -> Option<Share> {
        let right = self.tags.keys.iter().map(|counts| u64::from(counts.ok)).sum();
        Share::of(right, self.tags.keys.iter().map(TagCounts::required).sum())
    }
}

impl Holdings {
    fn of(&mut self, holding: Holding) -> &mut u64 {
        match holding {
            Holding::Owned => &mut self.owned,
            Holding::Contested => &mut self.contested,
            Holding::Unowned => &mut self.unowned,
            Holding::Unknown => &mut self.unknown,
        }
    }

    /// How many somebody answers for and nobody contests, of those of which it is known.
    pub fn owned_share(&self) -> Option<Share> {
        Share::of(self.owned, self.owned + self.contested + self.unowned)
    }
}
