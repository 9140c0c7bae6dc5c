//! A record of ours in the making: values taken from another tool's document, each a node that keeps its
//! place, so that every value and every report points at what the author wrote. What was not taken is known.

use std::collections::BTreeSet;

use super::NotCarried;
use super::words::{self, Meaning};
use crate::catalog::reader::Reader;
use crate::catalog::record::{Record, Shape};
use crate::catalog::service::ServiceRecord;
use crate::catalog::yaml::{Entry, Mark, Node, Scalar, Value};
use crate::catalog::{descriptor, id};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::settings::Format;

/// A record of ours in the making.
pub(super) struct Draft<'n> {
    pub(super) root: &'n Node,
    pub(super) format: Format,
    entries: Vec<Entry>,
    /// Where values stand that were looked at.
    taken: BTreeSet<Mark>,
    /// Labels, annotations and tags, for fields that the configuration maps them to.
    free: Vec<(Box<str>, Node)>,
    /// Texts of lists and keys of sections that are there, by list or section: looked up, never searched
    /// for, because a document may hold thousands.
    there: BTreeSet<(&'static str, Box<str>)>,
}

impl<'n> Draft<'n> {
    pub(super) fn new(format: Format, root: &'n Node) -> Self {
        Self {
            root,
            format,
            entries: Vec::new(),
            taken: BTreeSet::new(),
            free: Vec::new(),
            there: BTreeSet::new(),
        }
    }

    /// The node at `path`, which then counts as carried; nothing for an empty one.
    pub(super) fn take(&mut self, path: &[&str]) -> Option<&'n Node> {
        let node = self.peek(path)?;
        self.taken.insert(node.mark);
        Some(node)
    }

    /// The node at `path`, nothing for an empty one.
    pub(super) fn peek(&self, path: &[&str]) -> Option<&'n Node> {
        let node = path.iter().try_fold(self.root, |node, key| node.get(key))?;
        (!node.is_null()).then_some(node)
    }

    /// Lets `node` count as carried.
    pub(super) fn taken(&mut self, node: &Node) {
        self.taken.insert(node.mark);
    }

    /// The single value at `path`; nothing for a blank one, a report for a list or mapping.
    pub(super) fn text(&mut self, path: &[&str], reader: &mut Reader<'_>) -> Option<&'n Node> {
        let node = self.take(path)?;
        if node.scalar().is_none() {
            let key = path.last().copied().unwrap_or_default();
            let message = format!("expected text for `{key}`, found {}", node.kind());
            reader.report(node, &codes::WRONG_TYPE, message, "write one value on the line of the key");
        }
        text_of(node).map(|_| node)
    }

    /// The items at `path`: those of a list, or one value alone.
    pub(super) fn items(&mut self, path: &[&str], reader: &mut Reader<'_>) -> &'n [Node] {
        let Some(node) = self.take(path) else { return &[] };
        match &node.value {
            Value::Sequence(items) => items,
            Value::Scalar(_) if text_of(node).is_some() => std::slice::from_ref(node),
            Value::Scalar(_) | Value::Null => &[],
            Value::Mapping(_) => {
                let key = path.last().copied().unwrap_or_default();
                let message = format!("expected a list for `{key}`, found a mapping");
                reader.report(node, &codes::WRONG_TYPE, message, "begin each item with `- `");
                &[]
            }
        }
    }

    /// The entries of the mapping at `path`; a report for anything else.
    pub(super) fn mapping(&mut self, path: &[&str], reader: &mut Reader<'_>) -> &'n [Entry] {
        self.take(path).and_then(|node| reader.mapping(node)).unwrap_or_default()
    }

    /// Gives the field `key` this value, unless it has one.
    pub(super) fn put(&mut self, key: &str, value: Node) {
        if self.entries.iter().all(|entry| &*entry.key != key) {
            self.entries.push(Entry { key: key.into(), mark: value.mark, value });
        }
    }

    /// Gives the field `key` the text of `at` as it is.
    pub(super) fn put_same(&mut self, key: &str, at: &Node) {
        if let Some(text) = text_of(at) {
            self.put_text(key, text, at);
        }
    }

    /// Gives the field `key` a text that was made of what stands at `at`.
    pub(super) fn put_text(&mut self, key: &str, text: &str, at: &Node) {
        self.put(key, made(text, at));
    }

    /// Gives the field `key` of `section` a text that was made of what stands at `at`.
    pub(super) fn put_below(&mut self, section: &'static str, key: &str, text: &str, at: &Node) {
        if self.there.insert((section, key.into()))
            && let Some(below) = self.section(section, at)
        {
            below.push(Entry { key: key.into(), mark: at.mark, value: made(text, at) });
        }
    }

    /// Adds an item to the list `key`.
    pub(super) fn push(&mut self, key: &str, item: Node) {
        let mark = item.mark;
        let list = self.value(key, mark, Value::Sequence(Vec::new()));
        if let Value::Sequence(items) = list {
            items.push(item);
        }
    }

    /// Adds a text to the list `key`, unless it is there.
    pub(super) fn push_text(&mut self, key: &'static str, text: &str, at: &Node) {
        if self.there.insert((key, text.into())) {
            self.push(key, made(text, at));
        }
    }

    /// Adds a dependency on a `service`, `resource` or something `external`.
    pub(super) fn depends_on(&mut self, kind: &str, name: &str, at: &Node) {
        let entry = Entry { key: kind.into(), mark: at.mark, value: made(name, at) };
        self.push("dependsOn", Node { value: Value::Mapping(vec![entry]), ..at.clone() });
    }

    /// Adds a link, named after the texts that say what it is. Addresses that are secrets are told, and
    /// never shown.
    pub(super) fn link(&mut self, texts: &[&str], address: &Node, reader: &mut Reader<'_>) {
        let Some(text) = text_of(address) else { return };
        if words::is_secret(text) {
            return secret(address, reader);
        }
        let name = words::link_name(texts);
        let Some(links) = self.section("links", address) else { return };
        match links.iter_mut().find(|entry| *entry.key == *name) {
            None => {
                let value = Node { value: Value::Sequence(vec![made(text, address)]), ..address.clone() };
                links.push(Entry { key: name.into(), mark: address.mark, value });
            }
            Some(Entry { value: Node { value: Value::Sequence(targets), .. }, .. }) => {
                targets.push(made(text, address));
            }
            Some(_) => {}
        }
    }

    /// Keeps a free label.
    pub(super) fn label(&mut self, key: &str, value: &Node) {
        let Some(text) = text_of(value) else { return };
        self.free(key, value);
        self.put_below("labels", key, text, value);
    }

    /// Keeps a tag: `key:value`, or a word alone.
    pub(super) fn tag(&mut self, tag: &Node) {
        let Some(text) = text_of(tag) else { return };
        let (key, value) = text.split_once(':').unwrap_or((text, "true"));
        self.label(key.trim(), &made(value.trim(), tag));
    }

    /// Remembers a pair that is no label here, and that the configuration may map to a field.
    pub(super) fn free(&mut self, key: &str, value: &Node) {
        self.free.push((key.into(), value.clone()));
    }

    /// The id of the record, with the name as it was written when the id cannot hold it.
    pub(super) fn id(&mut self, key: &str, name: &Node) -> Option<String> {
        let text = text_of(name)?;
        let slug = words::slug(text)?;
        self.put_text(key, &slug, name);
        if slug != text {
            self.put_text("displayName", text, name);
        }
        Some(slug)
    }

    /// The state of life that a word means.
    pub(super) fn lifecycle(&mut self, path: &[&str], reader: &mut Reader<'_>) {
        let Some(node) = self.text(path, reader) else { return };
        if let Some(word) = self.meaning(node, "lifecycle", words::lifecycle, reader) {
            self.put_below("lifecycle", "state", word, node);
        }
    }

    /// The tier of criticality that a word means: the organisation's own words first.
    pub(super) fn criticality(&mut self, path: &[&str], reader: &mut Reader<'_>) {
        let Some(node) = self.text(path, reader) else { return };
        self.criticality_of(node, reader);
    }

    fn criticality_of(&mut self, node: &Node, reader: &mut Reader<'_>) {
        let Some(text) = text_of(node) else { return };
        let own = reader.vocabulary.criticality.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        if let Some((_, tier)) = own {
            let tier = tier.clone();
            self.put_text("criticality", &tier, node);
        } else if let Some(word) = self.meaning(node, "tier", words::tier, reader) {
            self.put_text("criticality", word, node);
        }
    }

    /// The type that a word means. The word itself stays as a label, because types of other tools say more.
    pub(super) fn service_type(&mut self, path: &[&str], reader: &mut Reader<'_>) {
        let Some(node) = self.text(path, reader) else { return };
        let text = text_of(node).unwrap_or_default();
        match words::service_type(text) {
            Meaning::Word(word) => self.put_text("type", word, node),
            // Types are free text everywhere: one that is not ours is nobody's slip.
            Meaning::Nothing | Meaning::Unknown => {}
        }
        self.label(&format!("{}-type", self.format.word()), node);
    }

    /// The word of ours that `node` means; one that means nothing to us is told, and kept as a label.
    fn meaning(
        &mut self,
        node: &Node,
        what: &str,
        meaning: fn(&str) -> Meaning,
        reader: &mut Reader<'_>,
    ) -> Option<&'static str> {
        let text = text_of(node)?;
        match meaning(text) {
            Meaning::Word(word) => Some(word),
            Meaning::Nothing => None,
            Meaning::Unknown if reader.vocabulary.is_placeholder(text) => None,
            Meaning::Unknown => {
                let label = format!("{}-{what}", self.format.word());
                let message = format!("`{text}` is no {what} that is known, so the service has none");
                let help =
                    format!("it is kept as the label `{label}`; say what it means in a `service.yaml`");
                reader.report(node, &codes::UNMAPPED_WORD, message, help);
                self.put_below("labels", &label, text, node);
                None
            }
        }
    }

    /// The service record, with what the configuration makes of labels, annotations and tags.
    pub(super) fn service(&mut self, reader: &mut Reader<'_>) -> Option<ServiceRecord> {
        for (field, keys) in &reader.vocabulary.free_keys.clone() {
            let found = keys.iter().find_map(|key| self.free.iter().find(|(name, _)| name == key));
            let Some((_, node)) = found.cloned() else { continue };
            match &**field {
                "criticality" => self.criticality_of(&node, reader),
                field if is_boolean(field) => self.put_boolean(field, &node),
                field => self.put_same(field, &node),
            }
        }
        let record = self.record::<ServiceRecord>(reader)?;
        self.entries.iter().for_each(|entry| descriptor::remark(entry, reader));
        Some(record)
    }

    /// The record that the fields make. What is said of its values comes without an edit: the file is another
    /// tool's, a value may be a part of what stands there, and our word for it may mean nothing to that tool.
    pub(super) fn record<T: Record>(&mut self, reader: &mut Reader<'_>) -> Option<T> {
        let value = Value::Mapping(self.entries.clone());
        let mut said = Diagnostics::default();
        let mut own = Reader { diagnostics: &mut said, ..*reader };
        let record = T::read_node(&Node { mark: self.root.mark, length: 0, value }, &mut own);
        for diagnostic in said {
            reader.diagnostics.push(Diagnostic { replacement: None, ..diagnostic });
        }
        record
    }

    /// What the document says and nobody took, as paths: the highest of each part that was left whole.
    pub(super) fn not_carried(&self, ignored: &[&str]) -> Vec<NotCarried> {
        let mut found = Vec::new();
        for entry in self.root.entries().unwrap_or_default() {
            if !ignored.contains(&&*entry.key) {
                self.left(&entry.key, entry.mark, &entry.value, &mut found);
            }
        }
        found
    }

    /// Adds what is left below `node` to `found`; says whether anything below was taken.
    fn left(&self, path: &str, mark: Mark, node: &Node, found: &mut Vec<NotCarried>) -> bool {
        if self.taken.contains(&node.mark) {
            return true;
        }
        let before = found.len();
        let mut taken = false;
        match &node.value {
            Value::Null => return false,
            Value::Scalar(scalar) if scalar.text.trim().is_empty() => return false,
            Value::Scalar(_) => {}
            Value::Sequence(items) if items.is_empty() => return false,
            Value::Mapping(entries) if entries.is_empty() => return false,
            Value::Sequence(items) => {
                for (position, item) in items.iter().enumerate() {
                    taken |= self.left(&format!("{path}[{position}]"), item.mark, item, found);
                }
            }
            Value::Mapping(entries) => {
                for entry in entries {
                    taken |= self.left(&format!("{path}.{}", entry.key), entry.mark, &entry.value, found);
                }
            }
        }
        let says_something = found.len() > before || matches!(node.value, Value::Scalar(_));
        if !taken && says_something {
            found.truncate(before);
            found.push(NotCarried { path: path.into(), mark });
        }
        taken
    }

    /// Gives the field `key` what the text of `at` means: labels and tags are always text.
    fn put_boolean(&mut self, key: &str, at: &Node) {
        let text = text_of(at).unwrap_or_default();
        let meant = match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => "true",
            "false" | "no" | "off" | "0" => "false",
            _ => text,
        };
        let scalar = Scalar { text: meant.into(), quoted: false };
        self.put(key, Node { value: Value::Scalar(scalar), ..at.clone() });
    }

    /// The entries of the section `key`; `None` when the field is something else already.
    fn section(&mut self, key: &str, at: &Node) -> Option<&mut Vec<Entry>> {
        match self.value(key, at.mark, Value::Mapping(Vec::new())) {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of the field `key`, `empty` when it has none yet.
    fn value(&mut self, key: &str, mark: Mark, empty: Value) -> &mut Value {
        let known = self.entries.iter().position(|entry| &*entry.key == key);
        let position = known.unwrap_or_else(|| {
            let value = Node { mark, length: 0, value: empty };
            self.entries.push(Entry { key: key.into(), mark, value });
            self.entries.len() - 1
        });
        &mut self.entries[position].value.value
    }
}

fn is_boolean(field: &str) -> bool {
    ServiceRecord::SHAPE.field(field).is_some_and(|field| matches!(field.shape, Shape::Bool))
}

/// The text of a single value that is not blank.
pub(super) fn text_of(node: &Node) -> Option<&str> {
    node.scalar().map(|scalar| scalar.text.trim()).filter(|text| !text.is_empty())
}

/// A text in the place of `at`. It counts as quoted: how its author wrote it matters only to the other tool.
pub(super) fn made(text: &str, at: &Node) -> Node {
    Node { value: Value::Scalar(Scalar { text: text.into(), quoted: true }), ..at.clone() }
}

/// A name in the form of an id, or as it is when nothing of it can stay.
pub(in crate::catalog) fn reference(name: &str) -> String {
    words::slug(name).unwrap_or_else(|| name.chars().take(id::LONGEST).collect())
}

/// Tells of an address that is a secret, without quoting it.
pub(super) fn secret(node: &Node, reader: &mut Reader<'_>) {
    let mut place = reader.source.place(node.mark, 0);
    place.quote = Box::default();
    reader.diagnostics.push(
        Diagnostic::new(&codes::SECRET_ADDRESS, "this address lets in whoever knows it, so it is not shown")
            .at(place)
            .help("replace the secret where it was made, and write the name of the channel or page instead"),
    );
}
