//! Evaluates what asks about the items of a list: `in`, `all`, `any`, `count`.

use super::Verdict;
use super::evaluate::{Evaluation, equality};
use super::names::Name;
use super::read::Current;
use super::syntax::Comparison;
use super::tree::{Node, Step};
use super::value::{Item, Value};

impl<'e> Evaluation<'e, '_> {
    /// Whether `left` is in a list: whether it equals at least one item.
    pub(super) fn listed(
        &mut self,
        left: &Value<'e>,
        step: &'e Step,
        list: &'e Node,
        current: Option<Current<'e>>,
    ) -> Verdict {
        let items = match self.value(list, current) {
            Value::List(items) => items,
            Value::Unknown(reason) => return Verdict::Unknown(reason),
            _ => return Verdict::Absent.or_open(left.into()),
        };
        if let Some(reason) = self.spend(items.len()) {
            return Verdict::Unknown(reason);
        }
        let mut found = match left {
            Value::Absent | Value::Unknown(_) => left.into(),
            _ => Verdict::False,
        };
        if found == Verdict::False {
            for item in &items {
                match equality(left, step, &item.value) {
                    Verdict::True => {
                        found = Verdict::True;
                        break;
                    }
                    Verdict::False => {}
                    open => found = found.or_open(open),
                }
            }
        }
        match (step.comparison, found) {
            (Comparison::NotIn, Verdict::True) => Verdict::False,
            (Comparison::NotIn, Verdict::False) => Verdict::True,
            (_, found) => found,
        }
    }

    /// The items of a list, or why there are none to look at.
    fn items(&mut self, list: &'e Node, current: Option<Current<'e>>) -> Result<Vec<Item<'e>>, Verdict> {
        let items = match self.value(list, current) {
            Value::List(items) => items,
            Value::Unknown(reason) => return Err(Verdict::Unknown(reason)),
            _ => return Err(Verdict::Absent),
        };
        match self.spend(items.len()) {
            Some(reason) => Err(Verdict::Unknown(reason)),
            None => Ok(items),
        }
    }

    /// What the trace calls the items of `list`; nothing for computed lists.
    fn list_path(&self, list: &'e Node, current: Option<Current<'e>>) -> String {
        match list {
            Node::Read(path) if self.trace.is_on() => match current {
                Some(current) if path.name == Name::Item => {
                    format!("{}{}", current.path, path.text)
                }
                _ => path.text.clone(),
            },
            _ => String::new(),
        }
    }

    /// Asks `body` of every item until `visit` has seen enough.
    fn visit(
        &mut self,
        items: &[Item<'_>],
        list_path: &str,
        body: &Node,
        mut enough: impl FnMut(Verdict) -> bool,
    ) {
        let mut path = String::new();
        for (position, item) in items.iter().enumerate() {
            if !list_path.is_empty() {
                path = format!("{list_path}[{position}]");
            }
            let mut inner = Evaluation { context: self.context, trace: &mut *self.trace, steps: self.steps };
            let verdict = inner.truth(body, Some(Current { item, path: &path }));
            self.steps = inner.steps;
            if enough(verdict) || self.steps == 0 {
                return;
            }
        }
    }

    pub(super) fn each(
        &mut self,
        list: &'e Node,
        body: &'e Node,
        all: bool,
        current: Option<Current<'e>>,
    ) -> Verdict {
        let path = self.list_path(list, current);
        let items = match self.items(list, current) {
            Ok(items) => items,
            Err(open) => return open,
        };
        let mut so_far = Verdict::from(all);
        self.visit(&items, &path, body, |verdict| {
            match verdict {
                Verdict::True | Verdict::False if verdict == Verdict::from(all) => return false,
                Verdict::True | Verdict::False => {
                    so_far = verdict;
                    return true;
                }
                open => so_far = std::mem::replace(&mut so_far, Verdict::Absent).or_open(open),
            }
            false
        });
        so_far
    }

    pub(super) fn count(
        &mut self,
        list: &'e Node,
        body: &'e Node,
        current: Option<Current<'e>>,
    ) -> Value<'e> {
        let path = self.list_path(list, current);
        let items = match self.items(list, current) {
            Ok(items) => items,
            Err(open) => return open.into(),
        };
        let mut count = 0_u32;
        let mut so_far = Verdict::True;
        self.visit(&items, &path, body, |verdict| {
            match verdict {
                Verdict::True => count += 1,
                Verdict::False => {}
                open => so_far = std::mem::replace(&mut so_far, Verdict::Absent).or_open(open),
            }
            false
        });
        match so_far {
            Verdict::True | Verdict::False => Value::Number(f64::from(count)),
            open => open.into(),
        }
    }
}
