//! Whose something is: where an ARN, an account, a repository, a tag or a host is pasted. What answers is the index of
//! `src/render/who.rs`, read by `assets/js/who.js`.

use serde::Serialize;

use super::Kind;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Place};
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    /// How many bits of a hash name a file of the index.
    bits: u32,
    /// Keys of tags whose values can be asked about.
    keys: Vec<&'p str>,
    /// Lists that stand in where no script runs.
    lists: Vec<Link>,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("who");
    type Shown<'p> = Page<'p>;
    type Subject = ();

    fn list(_: &Portal<'_>) -> Vec<(SitePath, ())> {
        vec![(Place::Who.path(), ())]
    }

    fn page<'p>(portal: &'p Portal<'_>, (): &'p (), here: Here<'p>) -> (Head, Page<'p>) {
        let head = Head { title: "Whose is it?".to_owned(), ..Head::default() };
        let listed = [Section::Services, Section::Teams, Section::Accounts].into_iter();
        let lists = listed.filter(|section| portal.sections.contains(section));
        let page = Page {
            bits: portal.whose.bits(),
            keys: portal.whose.tag_keys().collect(),
            lists: lists.map(|section| Link::new(section.text(), here.to(section.place()))).collect(),
        };
        (head, page)
    }
}
