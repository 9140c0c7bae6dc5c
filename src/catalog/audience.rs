//! Takes out of a resolved catalog what no text tells apart: amounts of cost, and chat addresses that are common words.

use super::Catalog;
use super::configuration::Removable;
use super::field::{Field, Section, Sourced};
use super::resource::Fact;

/// What stands in the place of a chat address that is a common word.
const REMOVED_CHAT: &str = "(chat-removed)";

/// What every stand-in of a chat address begins with, or holds.
const STAND_INS: [&str; 2] = ["(chat-removed", "://chat.invalid/"];

impl Catalog {
    /// Takes out what of `kind` stands in fields of its own.
    pub fn remove(&mut self, kind: Removable) {
        match kind {
            Removable::Cost => self.remove_costs(),
            Removable::Chat => self.remove_chats(),
            Removable::Email | Removable::AccountNumbers | Removable::Arns => {}
        }
    }

    fn remove_costs(&mut self) {
        self.costs.clear();
        self.facts.retain(|fact| !fact.is_cost());
        self.services.rows_mut().iter_mut().for_each(|service| service.record.cost = Section::default());
        self.golden_paths.rows_mut().iter_mut().for_each(|path| path.record.cost_model = Field::Absent);
    }

    fn remove_chats(&mut self) {
        for team in self.teams.rows_mut() {
            if let Field::Known(Sourced { value, .. }) = &mut team.record.contacts.chat
                && !STAND_INS.iter().any(|stands| value.contains(stands))
            {
                *value = REMOVED_CHAT.into();
            }
        }
    }
}

impl Fact {
    /// Whether its name says that it tells what something costs.
    pub fn is_cost(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        ["cost", "spend", "budget"].iter().any(|word| name.contains(word))
    }
}
