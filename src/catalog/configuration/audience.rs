//! Audiences: readers for whom a portal is built beside the full one, and what it leaves out for them.

use crate::catalog::field::List;
use crate::catalog::record::record;
use crate::catalog::scalar::choice;

choice! {
    /// What can be left out for an audience.
    pub enum Removable called "something that can be removed" {
        /// E-mail addresses, wherever they stand.
        Email = "email",
        /// Channels and addresses of chats that records name.
        Chat = "chat",
        /// Numbers of AWS accounts; running numbers stand in their place.
        AccountNumbers = "account-numbers",
        /// Names of AWS resources (ARNs); service, region and kind stay.
        Arns = "arns",
        /// Costs, budgets, and facts about costs.
        Cost = "cost",
    }
}

record! {
    /// Readers for whom a portal is built beside the full one.
    pub struct Audience called "audience" {
        /// What their portal, its JSON, search, feeds and packs leave out.
        #[example("email")]
        "remove" => remove: List<Removable>,
    }
}

impl Removable {
    /// The words of all of them.
    pub const WORDS: [&'static str; 5] = ["email", "chat", "account-numbers", "arns", "cost"];

    /// One of its values, and several, in words.
    pub const fn nouns(self) -> (&'static str, &'static str) {
        match self {
            Self::Email => ("e-mail address", "e-mail addresses"),
            Self::Chat => ("chat address", "chat addresses"),
            Self::AccountNumbers => ("account number", "account numbers"),
            Self::Arns => ("ARN", "ARNs"),
            Self::Cost => ("amount of cost", "amounts of cost"),
        }
    }
}
