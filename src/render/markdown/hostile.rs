//! Payloads that other portals fell for. Each is rendered, parsed as a browser would, and the tree is
//! held against the short list of what a document may contain.

use scraper::Html as Dom;

use super::*;
use crate::render::links::Href;

/// Every element a document may bring, with the attributes it may have.
const ALLOWED: &[(&str, &[&str])] = &[
    ("html", &[]),
    ("body", &[]),
    ("p", &[]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("blockquote", &[]),
    ("aside", &["class", "aria-label"]),
    ("pre", &["class", "role", "tabindex", "aria-label"]),
    ("code", &[]),
    ("ul", &[]),
    ("ol", &["start"]),
    ("li", &["class", "id"]),
    ("input", &["type", "checked", "disabled", "aria-label"]),
    ("table", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["scope", "class"]),
    ("td", &["class"]),
    ("em", &[]),
    ("strong", &[]),
    ("b", &[]),
    ("del", &[]),
    ("ins", &[]),
    ("sup", &[]),
    ("br", &[]),
    ("hr", &[]),
    ("a", &["href", "rel", "id", "aria-label"]),
    ("span", &["class"]),
    ("section", &["class", "aria-label"]),
    ("details", &[]),
    ("summary", &[]),
];

/// Values that the writer itself gives to attributes; a document chooses none of them but these kinds.
fn attribute_is_ours(name: &str, value: &str) -> bool {
    match name {
        "href" => {
            value.starts_with("https://")
                || value.starts_with("http://")
                || value.starts_with("mailto:")
                || value.starts_with('#')
        }
        "id" => ["h-", "note-", "ref-"].iter().any(|prefix| value.starts_with(prefix)),
        "class" => {
            ["notice", "notice warning", "notice fail", "number", "task", "footnotes", "diff", "muted small"]
                .contains(&value)
                || ["hl-keyword", "hl-property", "hl-string", "hl-comment"].contains(&value)
        }
        "start" => value.parse::<u64>().is_ok(),
        "type" => value == "checkbox",
        _ => true,
    }
}

/// A repository whose relative links all lead somewhere, so that nothing is saved by having none.
struct Everywhere;

impl Surroundings for Everywhere {
    fn path(&self) -> &str {
        "docs/runbook.md"
    }
    fn repository(&self) -> Option<(&str, &str)> {
        Some(("https://git.example.com/o/r", "4c1f0a2"))
    }
    fn page(&self, path: &str, _: Option<&str>) -> Option<Href> {
        path.ends_with(".md").then(|| Href::anchor("page"))
    }
}

fn check(payload: &str) {
    let rendered = render(payload, &Everywhere);
    let markup = rendered.body.as_str();
    let dom = Dom::parse_fragment(markup);
    assert!(dom.errors.is_empty(), "{payload:?} gives markup with errors: {:?}\n{markup}", dom.errors);
    for element in dom.tree.values().filter_map(|node| node.as_element()) {
        let Some((_, attributes)) = ALLOWED.iter().find(|(name, _)| *name == element.name()) else {
            panic!("{payload:?} brings <{}>:\n{markup}", element.name());
        };
        for (name, value) in element.attrs() {
            assert!(
                attributes.contains(&name) && attribute_is_ours(name, value),
                "{payload:?} brings {name}={value:?}:\n{markup}"
            );
        }
    }
    assert!(dom.tree.values().all(|node| !node.is_comment() && !node.is_doctype()), "{payload:?}\n{markup}");
    for contents in &rendered.contents {
        assert!(contents.href.as_str().starts_with('#'), "{payload:?}");
    }
}

/// Destinations that must never become links, in every notation that Markdown has for them.
const DESTINATIONS: &[&str] = &[
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;&#x61;vascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "java&#10;script:alert(1)",
    "java&#0;script:alert(1)",
    "&#1;javascript:alert(1)",
    "&#32;javascript:alert(1)",
    "javascript\\:alert(1)",
    "\\javascript:alert(1)",
    "javascript%3Aalert(1)",
    "%6Aavascript:alert(1)",
    "javascript:%0aalert(1)",
    "javascript://example.com/%0aalert(1)",
    "vbscript:msgbox(1)",
    "VBScript:x",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "data&colon;text/html,x",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "blob:https://example.com/x",
    "file:///etc/passwd",
    "filesystem:https://example.com/x",
    "view-source:https://example.com",
    "jar:https://example.com!/x",
    "ftp://example.com/x",
    "ws://example.com",
    "intent://x#Intent;scheme=https;end",
    "ms-word:ofe|u|https://example.com",
    "about:blank",
    "feed:javascript:alert(1)",
    "livescript:x",
    "mocha:x",
    "//evil.example/x",
    "\\\\evil.example/x",
    "/\\evil.example/x",
    "https:evil.example",
    "https:/\\evil.example",
    "https://user:password@evil.example/",
    "https://git.example.com@evil.example/",
    "https://\u{202e}elpmaxe.live",
    "https://exam\u{200b}ple.com/\"onmouseover=alert(1)",
    "https://example.com/\"onmouseover=\"alert(1)",
    "https://example.com/'><script>alert(1)</script>",
    "https://example.com/`onload=x`",
    "../../../../etc/passwd",
    "/../../x",
    "..%2f..%2f..%2fx",
    "%2e%2e/%2e%2e/%2e%2e/x",
    "x.md%00.html",
    "mailto:a@b.c?body=\"><script>",
    "mailto:&quot;&gt;&lt;script&gt;@x.example",
    "#\"><script>alert(1)</script>",
    "#javascript:alert(1)",
    "?javascript:alert(1)",
    "",
    " ",
    ":",
    "://",
    "https://",
    "https://[::1",
    "https://%00",
];

#[test]
fn no_destination_leads_where_it_must_not() {
    for destination in DESTINATIONS {
        let angle = destination.replace(['<', '>'], "");
        for payload in [
            format!("[x]({destination})"),
            format!("[x](<{angle}>)"),
            format!("[x]({destination} \"title\" )"),
            format!("![x]({destination})"),
            format!("[![x]({destination})]({destination})"),
            format!("<{angle}>"),
            format!("[x]\n\n[x]: {destination}"),
            format!("[x][y]\n\n[y]: <{angle}> 'a\"onx=1 b'"),
            format!("|[x]({destination})|\n|-|\n|[x]({destination})|"),
            format!("# [x]({destination})\n\n[^1]\n\n[^1]: [x]({destination})"),
            format!("> - [ ] **[x]({destination})**"),
            (*destination).to_owned(),
        ] {
            check(&payload);
        }
    }
}

/// Whole documents that try something else.
const DOCUMENTS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "a <script>alert(1)</script> b",
    "<img src=x onerror=alert(1)>",
    "a <img src=x onerror=alert(1)> b",
    "<svg onload=alert(1)>",
    "<svg><animate attributeName=href values=javascript:alert(1) /><a id=x><text>x</text></a></svg>",
    "<svg><set attributeName=onmouseover to=alert(1)>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)></style>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example'</style>",
    "<p style=\"background:url(javascript:alert(1))\">x</p>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<details>\n<summary><img src=x onerror=alert(1)></summary>\n</details>",
    "<details>\n<summary onclick=alert(1)>x</summary>\n</details>",
    "<details>\n<summary>&lt;script&gt;</summary>\n</details>",
    "<details>\n</details>\n</details>\n<details>",
    "- <details>\n\n- </details>",
    "</article></main><script>alert(1)</script>",
    "<!-- --><script>alert(1)</script><!-- -->",
    "<!--><script>alert(1)</script>-->",
    "a <!-->b<script>alert(1)</script>",
    "<!-- -- --><b>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>",
    "<!DOCTYPE html><script>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><script>",
    "<title></title><script>",
    "<plaintext>",
    "<xmp><script>",
    "<a href=javascript:alert(1)>x</a>",
    "<a id=main name=forms>clobber</a>",
    "# main\n\n# attributes\n\n# __proto__\n\n# constructor",
    "# <script>alert(1)</script>",
    "# \"onmouseover=alert(1) x=\"",
    "# x {#main .evil onclick=alert(1)}",
    "# \u{202e}gnirts\u{202c}",
    "#\n\n##\n\n###",
    "text {{7*7}} {% include \"/etc/passwd\" %} {{ frame.organisation | safe }}",
    "${7*7} #{7*7} <%= 7*7 %> ${{ secrets.TOKEN }}",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```\"><script>alert(1)</script>\nx\n```",
    "```html onmouseover=alert(1)\n<script>alert(1)</script>\n```",
    "```js'\"><img\n`${alert(1)}` // </script>\n```",
    "```diff\n+<script>alert(1)</script>\n-</ins><b>\n```",
    "```mermaid\ngraph TD; A[<img src=x onerror=alert(1)>] --> B\nclick A \"javascript:alert(1)\"\n```",
    "``` \n`````\n<b>",
    "`<script>alert(1)</script>`",
    "`` ` `` ` <b> `",
    "    <script>alert(1)</script>",
    "[x](https://a.example \"\\\"onmouseover=alert(1) x=\\\"\")",
    "[x](https://a.example '<script>alert(1)</script>')",
    "[<script>alert(1)</script>](https://a.example)",
    "[x](https://a.example)<script>",
    "![<img src=x onerror=alert(1)>](https://a.example/x.png)",
    "![\" onerror=\"alert(1)](https://a.example/x.png)",
    "[a [b](https://b.example) c](https://a.example)",
    "[a ![b ![c](https://c.example) d](https://b.example) e](https://a.example)",
    "![a [b](https://b.example) c](https://a.example)",
    "[x]: javascript:alert(1)\n[x]",
    "[x][]\n\n[X]: <javascript:alert(1)>",
    "<https://a.example/\"onx=1>",
    "<https://a.example/<script>>",
    "<javascript:alert(1)>",
    "<mailto:x@y.example?subject=<script>>",
    "<x@y.example>",
    "https://a.example/\"><script>alert(1)</script>",
    "https://a.example/?q=<script>alert(1)</script>&x='y'",
    "http://user:pw@a.example http://a.example:99999/ https://[::1]/x https://xn--/ http://",
    "(https://a.example/(((((()))))) https://a.example))))))",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "[^\"><script>]\n\n[^\"><script>]: x",
    "[^a]: [^a]\n\n[^a]",
    "[^a][^b]\n\n[^a]: [^b]\n[^b]: [^a]\n[^a]: again",
    "[^1]\n\n[^1]: > - [^1]\n    ## heading",
    "|<script>alert(1)</script>|\n|-|\n|<img src=x onerror=alert(1)>|",
    "|a|b\n|:-|-:|\n|\\|<b>|`|`|",
    "> [!NOTE]<script>\n> x",
    "> [!WARNING]\n> <script>alert(1)</script>",
    "> [!CAUTION]\n> > [!TIP]\n> > x",
    "> [!EVIL]\n> x",
    "- [ ] <input onfocus=alert(1) autofocus>",
    "- [x] [y](javascript:alert(1))\n  - [ ] <b>",
    "99999999999999999999. x",
    "999999999. x",
    "~~<s>~~ ***<i>*** __<u>__",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x0;&#xFFFE;&#xD800;&#x110000;&nbsp;&bogus;",
    "\u{0}\u{1}\u{b}\u{1b}[31m\u{7f}\u{85}\u{fffe}\u{feff}",
    "\u{feff}# title",
    "a\rb\r\nc\u{2028}d\u{2029}e",
    "\u{202e}\u{2066}if (admin)\u{2069} {\u{202c}",
    "---\ntitle: <script>alert(1)</script>\n---\n<script>",
    "---\ntitle: x\n# never closed",
    "+++\ntitle = \"x\"\n+++\n<script>",
    "\\<script\\>alert(1)\\</script\\>",
    "a\\\n<br onclick=x>\n<br/ ><br/><BR>",
    "<a\nhref=javascript:alert(1)\n>x",
    "<div\n\nonclick=alert(1)>",
    "<!A><!B <script>",
    "$$<script>$$ $x$ ^x^ ~y~ [[evil|x]] :smile: @user #1",
    "<kbd>x</kbd> H<sub>2</sub>O <mark>",
];

#[test]
fn no_document_brings_more_than_the_short_list() {
    assert!(DESTINATIONS.len() + DOCUMENTS.len() > 100);
    for document in DOCUMENTS {
        check(document);
        check(&format!("> {}", document.replace('\n', "\n> ")));
        check(&format!("- {}", document.replace('\n', "\n  ")));
        check(&format!("text\n\n{document}\n\ntext"));
        check(&format!("*{document}* [{document}](x.md) **{document}**"));
    }
}

#[test]
fn template_syntax_stays_text() {
    let rendered = render("{{7*7}} {{ frame | safe }}", &Alone);
    assert_eq!(rendered.body.as_str(), "<p>{{7*7}} {{ frame | safe }}</p>\n");
}

#[test]
fn text_of_a_payload_can_still_be_read() {
    let rendered = render("<script>alert(1)</script>", &Alone);
    let text: String = Dom::parse_fragment(rendered.body.as_str()).root_element().text().collect();
    assert_eq!(text.trim(), "<script>alert(1)</script>");
}

proptest::proptest! {
    #[test]
    fn nothing_at_all_brings_more_than_the_short_list(
        pieces in proptest::collection::vec(0..PIECES.len(), 0..24),
    ) {
        let document: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        check(&document);
    }
}

/// Pieces that mean something to Markdown, to HTML or to addresses, put together at random.
const PIECES: &[&str] = &[
    "<",
    ">",
    "\"",
    "'",
    "&",
    "&lt;",
    "&colon;",
    "script",
    "</script>",
    "<script>",
    "<img src=x onerror=alert(1)>",
    "javascript:",
    "https://a.example/",
    "mailto:a@b.c",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](",
    "[x](",
    "[^1]",
    "[^1]: ",
    "`",
    "```",
    "~~~",
    "\n",
    "\n\n",
    "    ",
    "- ",
    "- [ ] ",
    "1. ",
    "> ",
    "> [!NOTE]\n",
    "# ",
    "## ",
    "|",
    "|-|\n",
    "*",
    "**",
    "_",
    "~~",
    "\\",
    "<!--",
    "-->",
    "<details>",
    "<summary>",
    "</summary>",
    "</details>",
    "<br>",
    "---\n",
    "x",
    "a b",
    "=",
    "{{",
    "}}",
    "\u{202e}",
    "\0",
    "é",
    "#",
    "?",
    "//",
    ":",
    "[y]: ",
    "<div>\n",
    "</div>",
    "\t",
];
