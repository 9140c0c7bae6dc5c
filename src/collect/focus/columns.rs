//! The columns of FOCUS that are read, by the names of the specification.

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// When the charge began.
    Start,
    /// When it ended.
    End,
    /// The currency it is billed in.
    Currency,
    /// What kind of charge it is.
    Category,
    /// What it cost.
    Cost,
    /// The account that caused it.
    Account,
    /// Tags of the resource.
    Tags,
}

impl Column {
    /// Every one, in the order of [`Column::position`].
    pub(super) const ALL: [Self; 7] =
        [Self::Start, Self::End, Self::Currency, Self::Category, Self::Cost, Self::Account, Self::Tags];

    /// Its name in an export.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Start => "ChargePeriodStart",
            Self::End => "ChargePeriodEnd",
            Self::Currency => "BillingCurrency",
            Self::Category => "ChargeCategory",
            Self::Cost => "EffectiveCost",
            Self::Account => "SubAccountId",
            Self::Tags => "Tags",
        }
    }

    /// Whether nothing can be said without it.
    const fn is_needed(self) -> bool {
        !matches!(self, Self::Account | Self::Tags)
    }

    const fn position(self) -> usize {
        self as usize
    }
}

/// Where in a file each column stands.
#[derive(Clone, Debug)]
pub(super) struct Columns([Option<usize>; Column::ALL.len()]);

impl Columns {
    /// The columns among `names`; what is missing when the file is no export.
    pub(super) fn among<'n>(names: impl Iterator<Item = &'n str>) -> Result<Self, String> {
        let mut columns = [None; Column::ALL.len()];
        for (position, name) in names.enumerate() {
            let name = name.trim_start_matches('\u{FEFF}').trim();
            if let Some(column) = Column::ALL.into_iter().find(|column| column.name() == name) {
                columns[column.position()].get_or_insert(position);
            }
        }
        let is_missing = |column: &Column| column.is_needed() && columns[column.position()].is_none();
        let missing: Vec<&str> =
            Column::ALL.into_iter().filter(is_missing).map(|column| column.name()).collect();
        match missing.is_empty() {
            true => Ok(Self(columns)),
            false => Err(format!("it lacks {}, so it is no export in the FOCUS format", missing.join(", "))),
        }
    }

    /// Where `column` stands.
    pub(super) const fn of(&self, column: Column) -> Option<usize> {
        self.0[column.position()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name_wherever_they_stand() {
        let names = "\u{FEFF}EffectiveCost,BilledCost,ChargeCategory,BillingCurrency,ChargePeriodEnd,ChargePeriodStart,Tags";
        let columns = Columns::among(names.split(',')).expect("all that is needed");
        assert_eq!(columns.of(Column::Cost), Some(0));
        assert_eq!((columns.of(Column::Tags), columns.of(Column::Account)), (Some(6), None));
        let reason = Columns::among("Cost,Tags".split(',')).expect_err("no export");
        assert!(reason.contains("ChargePeriodStart") && reason.contains("FOCUS"), "{reason}");
    }
}
