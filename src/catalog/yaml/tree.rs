//! Events of the parser to a tree: keys unique, aliases and merge keys expanded within a budget, depth
//! bounded, so that no document costs more than its share.

use std::collections::BTreeMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StructureStyle, Tag};

use super::frame::{Frame, Opened};
use super::refusal::Refusal;
use super::scene::Scene;
use super::split::Part;
use super::{Limits, Mark, Node, Scalar, Value, wording};
use crate::diagnostic::codes;

/// So many bytes of repeated text cost as much as one node.
const BYTES_PER_NODE: usize = 32;

/// The tree of the one document in `part`; `None` when it is empty.
pub(super) fn read(part: Part<'_>, limits: Limits) -> Result<Option<Node>, Refusal> {
    let nesting = limits.nesting as usize;
    let options = granit_parser::options! {
        // Our own check names the place and the limit; the parser's is the net below it.
        flow_nesting_limit: nesting + 1,
        block_nesting_limit: nesting + 1,
    };
    let mut builder =
        Builder { text: part.text, limits, lines_before: part.lines_before, ..Builder::default() };
    for event in Parser::new_from_str_with_options(part.text, options) {
        match event {
            Ok((event, span)) => {
                builder.take(event, span).map_err(|refusal| builder.refined(part, refusal))?;
            }
            Err(error) => {
                return Err(wording::explain(
                    error.kind(),
                    &builder.scene(part, builder.mark_of(*error.marker())),
                    limits,
                ));
            }
        }
    }
    Ok(builder.root.filter(|root| !root.is_null()))
}

/// What an anchor marks, kept for its aliases; `None` while its end is not met.
type Anchored = Option<(Node, Cost)>;

/// What a node adds to its document.
#[derive(Clone, Copy, Default)]
struct Cost {
    /// Nodes, long texts counted as several.
    nodes: u32,
    /// Lists and mappings that lie in each other, itself included.
    height: u32,
}

#[derive(Default)]
struct Builder<'a> {
    text: &'a str,
    limits: Limits,
    lines_before: u32,
    spent: u32,
    frames: Vec<Frame>,
    anchors: BTreeMap<usize, Anchored>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Refusal> {
        let mark = self.mark_of(span.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.spend(1, mark)?;
                let is_key = self.frames.last().is_some_and(Frame::wants_key);
                let node = scalar(text.into(), style, tag.as_deref(), span, mark, is_key);
                if anchor != 0 {
                    let nodes = weight(&node);
                    self.spend(nodes, mark)?;
                    self.anchors.insert(anchor, Some((node.clone(), Cost { nodes, height: 0 })));
                }
                let plain = style == ScalarStyle::Plain;
                self.attach(node, 0, plain)
            }
            Event::SequenceStart(style, anchor, _) => {
                let mark = if style == StructureStyle::Block { self.dash(span, mark) } else { mark };
                self.open(mark, style, anchor, Opened::sequence())
            }
            Event::MappingStart(style, anchor, _) => self.open(mark, style, anchor, Opened::mapping()),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.repeat(anchor, mark),
            Event::DocumentStart(..) if self.root.is_some() => Err(Refusal::second_document(mark)),
            _ => Ok(()),
        }
    }

    /// Where a list in lines begins: at its first dash, also when that is not indented below its key and
    /// the parser names the place behind it.
    fn dash(&self, span: Span, mark: Mark) -> Mark {
        let at = span.start.byte_offset().unwrap_or(0);
        let (Some(before), Some(there)) = (self.text.get(..at), self.text.get(at..)) else { return mark };
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        let on_dash = there.strip_prefix('-').is_some_and(|rest| rest.starts_with([' ', '\t', '\n', '\r']));
        if on_dash || !before[..before.len() - blanks].ends_with('-') {
            return mark;
        }
        let back = u32::try_from(blanks + 1).unwrap_or(0);
        Mark { column: mark.column.saturating_sub(back).max(1), ..mark }
    }

    fn mark_of(&self, marker: Marker) -> Mark {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Mark {
            line: number(marker.line()).saturating_add(self.lines_before),
            column: number(marker.col()).saturating_add(1),
        }
    }

    /// What is open at `mark`, where reading stopped.
    fn scene<'a>(&'a self, part: Part<'a>, mark: Mark) -> Scene<'a> {
        let keys = self.frames.iter().filter_map(Frame::last_key).collect();
        let bracket = self.frames.iter().rev().find_map(Frame::bracket);
        Scene::new(part, mark, keys, bracket)
    }

    /// A mapping as a key is nearly always a template in braces.
    fn refined(&self, part: Part<'_>, refusal: Refusal) -> Refusal {
        if *refusal.code != codes::COMPLEX_KEY {
            return refusal;
        }
        wording::template(&self.scene(part, refusal.mark)).unwrap_or(refusal)
    }

    fn spend(&mut self, nodes: u32, mark: Mark) -> Result<(), Refusal> {
        self.spent = self.spent.saturating_add(nodes);
        if self.spent > self.limits.nodes {
            return Err(Refusal::too_large(mark, self.limits.nodes));
        }
        Ok(())
    }

    fn open(
        &mut self,
        mark: Mark,
        style: StructureStyle,
        anchor: usize,
        opened: Opened,
    ) -> Result<(), Refusal> {
        if self.frames.last().is_some_and(Frame::wants_key) {
            return Err(Refusal::complex_key(mark));
        }
        if self.frames.len() >= self.limits.nesting as usize {
            return Err(Refusal::too_deep(mark, self.limits.nesting));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, None);
        }
        let spent_before = self.spent;
        self.spend(1, mark)?;
        let flow = style == StructureStyle::Flow;
        self.frames.push(Frame { mark, flow, anchor, spent_before, height: 0, opened });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Refusal> {
        let frame = self.frames.pop().expect("the parser closes only what it opened");
        let height = frame.height + 1;
        let (mark, anchor) = (frame.mark, frame.anchor);
        let nodes = self.spent - frame.spent_before;
        let node = Node { mark, length: 0, value: frame.opened.close() };
        if anchor != 0 {
            self.spend(nodes, mark)?;
            self.anchors.insert(anchor, Some((node.clone(), Cost { nodes, height })));
        }
        self.attach(node, height, false)
    }

    /// Puts a copy of what `anchor` marks at `mark`.
    fn repeat(&mut self, anchor: usize, mark: Mark) -> Result<(), Refusal> {
        let Some(Some((_, cost))) = self.anchors.get(&anchor) else {
            return Err(Refusal::endless_alias(mark));
        };
        let cost = *cost;
        if self.frames.len() + cost.height as usize > self.limits.nesting as usize {
            return Err(Refusal::too_deep(mark, self.limits.nesting));
        }
        self.spend(cost.nodes, mark)?;
        let Some(Some((node, _))) = self.anchors.get(&anchor) else { return Ok(()) };
        let node = node.clone();
        self.attach(node, cost.height, false)
    }

    /// Puts `node` where one is due. `plain` says whether it may be the merge key.
    fn attach(&mut self, node: Node, height: u32, plain: bool) -> Result<(), Refusal> {
        match self.frames.last_mut() {
            Some(frame) => {
                frame.height = frame.height.max(height);
                frame.attach(node, plain)
            }
            None => {
                self.root = Some(node);
                Ok(())
            }
        }
    }
}

/// What a copy of a single value costs.
fn weight(node: &Node) -> u32 {
    let bytes = node.scalar().map_or(0, |scalar| scalar.text.len());
    u32::try_from(1 + bytes / BYTES_PER_NODE).unwrap_or(u32::MAX)
}

/// The node of one scalar. Of tags only those of YAML itself that say text or nothing are respected:
/// every other type is decided by the key, not by the author.
fn scalar(
    text: Box<str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
    span: Span,
    mark: Mark,
    is_key: bool,
) -> Node {
    let plain = style == ScalarStyle::Plain;
    let quoted = match tag.and_then(Tag::core_suffix) {
        Some("str") => true,
        Some("int" | "float" | "bool" | "null") => false,
        _ => !plain || tag.is_some_and(|tag| tag.parts() == ("", "!")),
    };
    let empty = plain && span.is_empty();
    // A key is text whatever it looks like.
    let null = !quoted && !is_key && (empty || matches!(&*text, "" | "~" | "null" | "Null" | "NULL"));
    let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    let one_line = span.start.line() == span.end.line() && !block;
    let length = if one_line { u32::try_from(span.len()).unwrap_or(0) } else { 0 };
    let value = if null {
        Value::Null
    } else {
        let text = if empty { Box::default() } else { text };
        Value::Scalar(Scalar { text, quoted })
    };
    Node { mark, length, value }
}
