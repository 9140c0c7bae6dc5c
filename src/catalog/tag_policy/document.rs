//! The document of a tag policy: `tags.<key>.tag_key`, `tag_value` and `enforced_for`, each with what it does to what it
//! inherits. What has another shape is not guessed at.

use serde_json::{Map, Value};

/// What a policy says of one key.
#[derive(Debug, PartialEq)]
pub struct KeyRule {
    /// The key of the rule, in small letters: what rules of several policies are put together by.
    pub policy_key: Box<str>,
    /// How the key is written.
    pub key: Setting,
    /// The values that are allowed; `*` stands for anything.
    pub values: Setting,
    /// Types of resources on which AWS refuses anything else.
    pub enforced_for: Setting,
}

/// What a policy does to one thing that it inherits.
#[derive(Debug, Default, PartialEq)]
pub struct Setting {
    /// What takes its place.
    pub assign: Option<Vec<Box<str>>>,
    /// What is added to it.
    pub append: Vec<Box<str>>,
    /// What is taken from it.
    pub remove: Vec<Box<str>>,
    /// What policies beneath may do.
    pub(super) children: Allowed,
}

/// Which operators may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) assign: bool,
    pub(super) append: bool,
    pub(super) remove: bool,
}

impl Default for Allowed {
    fn default() -> Self {
        Self { assign: true, append: true, remove: true }
    }
}

impl Allowed {
    /// What both allow.
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            assign: self.assign && other.assign,
            append: self.append && other.append,
            remove: self.remove && other.remove,
        }
    }
}

/// The operators.
const ASSIGN: &str = "@@assign";
const APPEND: &str = "@@append";
const REMOVE: &str = "@@remove";
const CHILDREN: &str = "@@operators_allowed_for_child_policies";

/// What a document says, and which operators it leaves to policies beneath for every key.
pub(super) fn read(text: &str) -> Result<(Vec<KeyRule>, Allowed), Box<str>> {
    let document: Value = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    let tags = document.get("tags").ok_or("it has no `tags`")?;
    let tags = object(tags, "tags")?;
    let children = children(tags, "tags")?;
    let mut rules: Vec<KeyRule> = Vec::new();
    for (name, rule) in tags.iter().filter(|(name, _)| !name.starts_with("@@")) {
        let policy_key: Box<str> = name.to_lowercase().into();
        let place = format!("tags.{}", name.escape_debug());
        let rule = object(rule, &place)?;
        let of_rule = self::children(rule, &place)?;
        let setting = |part: &str| -> Result<Setting, Box<str>> {
            let Some(value) = rule.get(part) else { return Ok(Setting::default()) };
            let mut setting = setting(value, &format!("{place}.{part}"))?;
            setting.children = setting.children.and(of_rule);
            Ok(setting)
        };
        let rule = KeyRule {
            key: setting("tag_key")?,
            values: setting("tag_value")?,
            enforced_for: setting("enforced_for")?,
            policy_key,
        };
        rules.push(rule);
    }
    rules.sort_by(|a, b| a.policy_key.cmp(&b.policy_key));
    match rules.windows(2).find(|pair| pair[0].policy_key == pair[1].policy_key) {
        Some(pair) => {
            Err(format!("two rules are for the key `{}`", pair[0].policy_key.escape_debug()).into())
        }
        None => Ok((rules, children)),
    }
}

fn setting(value: &Value, place: &str) -> Result<Setting, Box<str>> {
    let operators = object(value, place)?;
    let texts = |operator: &str| -> Result<Option<Vec<Box<str>>>, Box<str>> {
        operators.get(operator).map(|value| texts(value, &format!("{place}.{operator}"))).transpose()
    };
    Ok(Setting {
        assign: texts(ASSIGN)?,
        append: texts(APPEND)?.unwrap_or_default(),
        remove: texts(REMOVE)?.unwrap_or_default(),
        children: children(operators, place)?,
    })
}

/// What policies beneath may do: everything, unless it says so.
fn children(operators: &Map<String, Value>, place: &str) -> Result<Allowed, Box<str>> {
    let Some(value) = operators.get(CHILDREN) else { return Ok(Allowed::default()) };
    let named = texts(value, &format!("{place}.{CHILDREN}"))?;
    let has = |operator: &str| named.iter().any(|one| **one == *operator || **one == *"@@all");
    Ok(Allowed { assign: has(ASSIGN), append: has(APPEND), remove: has(REMOVE) })
}

fn object<'v>(value: &'v Value, place: &str) -> Result<&'v Map<String, Value>, Box<str>> {
    value.as_object().ok_or_else(|| format!("`{place}` is no mapping").into())
}

/// One text, or a list of texts.
fn texts(value: &Value, place: &str) -> Result<Vec<Box<str>>, Box<str>> {
    let text = |value: &Value| {
        let text = value.as_str().map(Box::from);
        text.ok_or_else(|| Box::from(format!("`{place}` holds something that is no text")))
    };
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => text(value).map(|text| vec![text]),
    }
}
