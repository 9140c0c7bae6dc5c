//! A drawing of a service among its neighbours, in three layers from left to right: what needs it, the
//! service, what it needs. The lists beside it say the same in words.

use std::fmt::Write;

use serde::Serialize;

use crate::render::parts::cut;

/// With more neighbours than that a drawing shows nothing that the lists do not show better.
const MOST: usize = 60;
/// Longest label, in characters; longer ones are cut.
const LONGEST: usize = 24;
const BOX_WIDTH: usize = 200;
const BOX_HEIGHT: usize = 30;
const ROW: usize = 40;
const LEFT: usize = 0;
const MIDDLE: usize = 280;
const RIGHT: usize = 560;

/// What the template draws. Positions are those of an image of `width` by `height`.
#[derive(Debug, Serialize)]
pub(super) struct Drawing {
    width: usize,
    height: usize,
    edges: String,
    boxes: Vec<Node>,
}

/// A box with its label.
#[derive(Debug, Serialize)]
struct Node {
    x: usize,
    y: usize,
    text_x: usize,
    text_y: usize,
    text: String,
    own: bool,
}

impl Drawing {
    /// Draws `own` between those that need it and those that it needs; `None` when it has no neighbours,
    /// or too many.
    pub(super) fn of(own: &str, left: &[String], right: &[String]) -> Option<Self> {
        if left.is_empty() && right.is_empty() || left.len() + right.len() > MOST {
            return None;
        }
        let rows = left.len().max(right.len());
        let height = rows * ROW;
        let mut edges = String::new();
        let mut boxes = vec![node(MIDDLE, (height - ROW) / 2, own, true)];
        let middle = boxes[0].y + BOX_HEIGHT / 2;
        for (row, label) in left.iter().enumerate() {
            let node = node(LEFT, offset(left.len(), rows) + row * ROW, label, false);
            edge(&mut edges, LEFT + BOX_WIDTH, node.y + BOX_HEIGHT / 2, MIDDLE, middle);
            boxes.push(node);
        }
        for (row, label) in right.iter().enumerate() {
            let node = node(RIGHT, offset(right.len(), rows) + row * ROW, label, false);
            edge(&mut edges, MIDDLE + BOX_WIDTH, middle, RIGHT, node.y + BOX_HEIGHT / 2);
            boxes.push(node);
        }
        Some(Self { width: RIGHT + BOX_WIDTH, height, edges, boxes })
    }
}

/// How far down a column of `count` boxes begins, so that it stands in the middle of `rows`.
fn offset(count: usize, rows: usize) -> usize {
    (rows - count) * ROW / 2
}

fn node(x: usize, top: usize, label: &str, own: bool) -> Node {
    let y = top + (ROW - BOX_HEIGHT) / 2;
    Node { x, y, text_x: x + 10, text_y: y + 20, text: cut(label, LONGEST).into_owned(), own }
}

/// A line that leaves and arrives level.
fn edge(edges: &mut String, x: usize, y: usize, to_x: usize, to_y: usize) {
    let bend = (x + to_x) / 2;
    if y == to_y {
        write!(edges, "M{x} {y}H{to_x}").expect("writing to text cannot fail");
    } else {
        write!(edges, "M{x} {y}C{bend} {y} {bend} {to_y} {to_x} {to_y}")
            .expect("writing to text cannot fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("service-{number}")).collect()
    }

    #[test]
    fn boxes_never_overlap_and_stay_inside() {
        for (left, right) in [(0, 1), (1, 0), (2, 3), (7, 1), (30, 30)] {
            let drawing = Drawing::of("own", &labels(left), &labels(right)).expect("drawn");
            assert_eq!(drawing.boxes.len(), left + right + 1);
            for (position, one) in drawing.boxes.iter().enumerate() {
                assert!(one.x + BOX_WIDTH <= drawing.width && one.y + BOX_HEIGHT <= drawing.height);
                for other in &drawing.boxes[position + 1..] {
                    assert!(one.x != other.x || one.y.abs_diff(other.y) >= BOX_HEIGHT);
                }
            }
        }
    }

    #[test]
    fn without_neighbours_or_with_too_many_there_is_no_drawing() {
        assert!(Drawing::of("own", &[], &[]).is_none());
        assert!(Drawing::of("own", &labels(31), &labels(30)).is_none());
    }

    #[test]
    fn edges_lead_from_box_to_box() {
        let drawing = Drawing::of("own", &labels(1), &labels(2)).expect("drawn");
        assert_eq!(drawing.edges, "M200 40H280M480 40C520 40 520 20 560 20M480 40C520 40 520 60 560 60");
    }
}
