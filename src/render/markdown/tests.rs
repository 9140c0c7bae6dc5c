//! What documents look like.

use super::*;
use crate::render::links::Href;

fn body(text: &str) -> String {
    let rendered = render(text, &Alone);
    assert_eq!(rendered.plain, None, "{text}");
    rendered.body.as_str().trim_end().to_owned()
}

#[test]
fn blocks_are_written_in_the_vocabulary_of_the_portal() {
    for (markdown, markup) in [
        ("a *b* **c** ~~d~~ `e`", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>"),
        ("a  \nb\nc", "<p>a<br>\nb\nc</p>"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("---", "<hr>"),
        (
            "> [!WARNING]\n> a",
            "<aside class=\"notice warning\" aria-label=\"Warning\"><p><b>Warning</b></p>\n<p>a</p>\n</aside>",
        ),
        (
            "- [x] a\n- [ ] b",
            "<ul>\n<li class=\"task\"><input type=\"checkbox\" checked disabled aria-label=\"done\"> a</li>\n<li class=\"task\"><input type=\"checkbox\" disabled aria-label=\"open\"> b</li>\n</ul>",
        ),
        (
            "|a|b|\n|-|-:|\n|1|2|",
            "<table>\n<thead><tr><th scope=\"col\">a</th><th scope=\"col\" class=\"number\">b</th></tr></thead>\n<tbody>\n<tr><td>1</td><td class=\"number\">2</td></tr>\n</tbody>\n</table>",
        ),
        (
            "```\na < b\n```",
            "<pre role=\"group\" tabindex=\"0\" aria-label=\"Code\"><code>a &lt; b</code></pre>",
        ),
    ] {
        assert_eq!(body(markdown), markup, "{markdown}");
    }
}

#[test]
fn loose_task_lists_keep_their_boxes() {
    let markup = body("- [ ] a\n\n- [x] b\n\n  c");
    assert_eq!(markup.matches("<li class=\"task\"><p><input").count(), 2, "{markup}");
}

#[test]
fn raw_html_is_text_and_comments_are_nothing() {
    assert_eq!(body("a <b>c</b> <!-- x --> d<br>e"), "<p>a &lt;b&gt;c&lt;/b&gt;  d<br>e</p>");
    assert_eq!(body("<!-- what to write\nhere -->"), "");
    assert_eq!(
        body("<div onclick=x>\n\ntext\n\n</div>"),
        "<pre role=\"group\" tabindex=\"0\" aria-label=\"HTML, shown as text\"><code>&lt;div onclick=x&gt;</code></pre>\n<p>text</p>\n<pre role=\"group\" tabindex=\"0\" aria-label=\"HTML, shown as text\"><code>&lt;/div&gt;</code></pre>"
    );
}

#[test]
fn details_open_and_close_whatever_the_author_forgot() {
    let whole = "<details>\n<summary>More</summary>\n\ntext\n\n</details>";
    assert_eq!(body(whole), "<details><summary>More</summary>\n<p>text</p>\n</details>");
    assert_eq!(body("<details>\n\ntext"), "<details><p>text</p>\n</details>");
    assert_eq!(body("</details>\n\ntext"), "<p>text</p>");
    assert_eq!(body("> <details>\n\ntext"), "<blockquote>\n</blockquote>\n<p>text</p>");
}

#[test]
fn headings_begin_below_the_title_of_the_page() {
    let rendered = render(
        "# Runbook\n\n## Start here\n\nSee [start](#start-here), [x](#nowhere).\n\n### Roll `back`\n",
        &Alone,
    );
    assert_eq!(
        rendered.body.as_str(),
        "<h2 id=\"h-start-here\">Start here</h2>\n<p>See <a href=\"#h-start-here\">start</a>, x.</p>\n<h3 id=\"h-roll-back\">Roll <code>back</code></h3>\n"
    );
    assert_eq!(rendered.contents.len(), 1);
    assert_eq!(rendered.contents[0].inside[0].text, "Roll back");
    assert_eq!(body("# A\n\n# B"), "<h2 id=\"h-a\">A</h2>\n<h2 id=\"h-b\">B</h2>");
}

#[test]
fn front_matter_is_left_out() {
    assert_eq!(body("---\ntitle: X\nscript: <b>\n---\n\ntext"), "<p>text</p>");
    assert_eq!(body("text\n\n---\nfoo: bar\n---\n"), "<p>text</p>\n<hr>\n<h2 id=\"h-foo-bar\">foo: bar</h2>");
}

#[test]
fn links_to_elsewhere_say_where() {
    assert_eq!(
        body("[dashboard](https://dash.example.com/d?a=1&b=2 \"title\")"),
        "<p><a href=\"https://dash.example.com/d?a=1&amp;b=2\" rel=\"noopener noreferrer\">dashboard</a> <span class=\"muted small\">(dash.example.com)</span></p>"
    );
    assert_eq!(
        body("See https://a.example/x, now"),
        "<p>See <a href=\"https://a.example/x\" rel=\"noopener noreferrer\">https://a.example/x</a>, now</p>"
    );
    assert_eq!(body("[x](other.md) and `https://a.example`"), "<p>x and <code>https://a.example</code></p>");
}

#[test]
fn pictures_become_links_with_their_words() {
    assert_eq!(
        body("![flow](https://x.example/flow.png)"),
        "<p><a href=\"https://x.example/flow.png\" rel=\"noopener noreferrer\">Image: flow</a> <span class=\"muted small\">(x.example)</span></p>"
    );
    assert_eq!(body("![flow](flow.png)"), "<p>Image: flow</p>");
    assert_eq!(
        body("[![build](badge.svg)](https://ci.example)"),
        "<p><a href=\"https://ci.example/\" rel=\"noopener noreferrer\">build</a> <span class=\"muted small\">(ci.example)</span></p>"
    );
}

#[test]
fn footnotes_are_numbered_as_they_are_named() {
    let markup = body("a[^x] b[^y] c[^x]\n\n[^y]: why\n[^x]: because\n[^z]: never\n");
    assert!(markup.contains("id=\"ref-1\"") && markup.contains("id=\"ref-1-2\""), "{markup}");
    assert!(markup.contains("<li id=\"note-1\"><p>because</p>"), "{markup}");
    assert!(!markup.contains("never"), "{markup}");
}

#[test]
fn links_between_documents_become_links_of_the_portal() {
    struct Portal;
    impl Surroundings for Portal {
        fn path(&self) -> &str {
            "docs/runbook.md"
        }
        fn repository(&self) -> Option<(&str, &str)> {
            Some(("https://git.example.com/o/r", "abc"))
        }
        fn page(&self, path: &str, _: Option<&str>) -> Option<Href> {
            (path == "docs/architecture.md").then(|| Href::anchor("page"))
        }
    }
    let rendered = render("[a](architecture.md) [b](../x.yaml)", &Portal);
    assert_eq!(
        rendered.body.as_str(),
        "<p><a href=\"#page\">a</a> <a href=\"https://git.example.com/o/r/blob/abc/x.yaml\" rel=\"noopener noreferrer\">b</a></p>\n"
    );
}

#[test]
fn a_document_that_would_cost_too_much_is_shown_as_it_is() {
    let deep = format!("{} x", ">".repeat(200));
    let rendered = render(&deep, &Alone);
    assert_eq!(rendered.plain, Some("it is nested too deeply"));
    assert!(rendered.body.as_str().contains("&gt;&gt; x</code>"));
    let wide = format!("|{}\n|{}\n{}", "a|".repeat(500), "-|".repeat(500), "|x\n".repeat(5000));
    assert!(render(&wide, &Alone).plain.is_some());
}

#[test]
fn colours_go_before_a_document_becomes_plain() {
    let code = format!("```yaml\n{}```", "a: 'b' # c\n".repeat(20_000));
    let rendered = render(&code, &Alone);
    assert_eq!(rendered.plain, None);
    assert!(!rendered.body.as_str().contains("hl-"));
    assert!(body("```yaml\na: 'b' # c\n```").contains("hl-comment"));
}
