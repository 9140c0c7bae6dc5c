//! The only file that knows the template engine: templates by name, embedded in the binary and
//! replaceable one by one, and the [`Html`] value that is not escaped.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use tera::{Context, ErrorKind, Kwargs, State, Tera};

/// A template as the binary carries it.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Its path below `site-templates/`.
    pub name: &'static str,
    /// Its text.
    pub source: &'static str,
}

/// The template of the page called `$name`: `site-templates/pages/$name.html`.
macro_rules! page_template {
    ($name:literal) => {
        $crate::render::templates::Template {
            name: concat!("pages/", $name, ".html"),
            source: include_str!(concat!("../../../site-templates/pages/", $name, ".html")),
        }
    };
}
pub(crate) use page_template;

macro_rules! shared_templates {
    ($($name:literal),* $(,)?) => {
        /// Templates that belong to no page: the layout, and one file for each group of components.
        pub const SHARED: &[Template] = &[$(Template {
            name: $name,
            source: include_str!(concat!("../../site-templates/", $name)),
        }),*];
    };
}
shared_templates!(
    "layout.html",
    "macros/changes.html",
    "macros/compliance.html",
    "macros/drift.html",
    "macros/facts.html",
    "macros/frame.html",
    "macros/parts.html",
    "macros/rules.html",
    "macros/tag_policies.html",
);

/// Markup that is already safe. Only code that builds it element by element may vouch for it: a test
/// lists the files that do.
///
/// Held as the engine's own value, so that many pages can show it and none copies it.
#[derive(Clone, Debug, PartialEq)]
pub struct Html(tera::Value);

impl Html {
    /// Vouches that `markup` came from nobody but us.
    pub(in crate::render) fn vouch(markup: impl AsRef<str>) -> Self {
        Self(tera::Value::safe_string(markup.as_ref()))
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        self.0.as_str().unwrap_or_default()
    }
}

impl Default for Html {
    fn default() -> Self {
        Self::vouch("")
    }
}

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// What is wrong with a template: an error of ours, or of whoever replaced it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("template `{name}`{}: {message}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct TemplateError {
    /// The template.
    pub name: String,
    /// The line, when it is known.
    pub line: Option<usize>,
    /// What is wrong, with the quoted line where the engine gives it.
    pub message: String,
}

/// Every template, compiled.
#[derive(Debug)]
pub struct Templates {
    engine: Tera,
}

impl Templates {
    /// Compiles `embedded`, each replaced by the text of the same name in `overrides`.
    pub fn new(embedded: &[Template], overrides: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let known = |name: &str| embedded.iter().any(|template| template.name == name);
        if let Some(name) = overrides.keys().find(|name| !known(name)) {
            let names: Vec<&str> = embedded.iter().map(|template| template.name).collect();
            return Err(TemplateError {
                name: name.clone(),
                line: None,
                message: format!("replaces no template; there are {}", crate::words::list(&names)),
            });
        }
        let mut engine = Tera::new();
        // Every name ends in the empty suffix: nothing is ever written unescaped.
        engine.autoescape_on([""]);
        engine.set_escape_fn(super::escape::write);
        engine.register_filter("safe", refuse_safe);
        let texts = embedded.iter().map(|template| {
            (template.name, overrides.get(template.name).map_or(template.source, String::as_str))
        });
        engine.add_raw_templates(texts).map_err(|error| explain("", &error))?;
        Ok(Self { engine })
    }

    /// Renders the component called `name` with `arguments`: a part that many pages share, rendered once.
    pub fn part(&self, name: &str, arguments: &impl Serialize) -> Result<Html, TemplateError> {
        let context = Context::from_serialize(arguments).map_err(|error| explain(name, &error))?;
        let rendered = self.engine.render_component(name, &context, None, true);
        rendered.map(Html::vouch).map_err(|error| explain(name, &error))
    }

    /// Renders `page` with the template called `name`; the template sees its fields, and `frame`.
    pub fn render(
        &self,
        name: &str,
        page: &impl Serialize,
        frame: &impl Serialize,
    ) -> Result<Vec<u8>, TemplateError> {
        let mut context = Context::from_serialize(page).map_err(|error| explain(name, &error))?;
        context.insert("frame", frame);
        let mut bytes = Vec::with_capacity(16 * 1024);
        self.engine.render_to(name, &context, &mut bytes).map_err(|error| explain(name, &error))?;
        Ok(bytes)
    }
}

/// Stands in place of the engine's `safe`, for replaced templates too.
fn refuse_safe(_: tera::Value, _: Kwargs, _: &State) -> tera::TeraResult<tera::Value> {
    Err(tera::Error::message("`safe` is switched off: text of repositories must stay text"))
}

fn explain(template: &str, error: &tera::Error) -> TemplateError {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => TemplateError {
            name: report.filename().to_owned(),
            line: Some(report.span().start_line),
            message: error.to_string(),
        },
        _ => TemplateError { name: template.to_owned(), line: None, message: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Template = Template { name: "layout.html", source: "<p>{% block main %}{% endblock %}</p>" };

    fn render(source: &'static str, page: &impl Serialize) -> Result<String, TemplateError> {
        let templates = Templates::new(&[BASE, Template { name: "x.json", source }], &BTreeMap::new())?;
        templates.render("x.json", page, &()).map(|bytes| String::from_utf8(bytes).expect("text"))
    }

    #[derive(Serialize)]
    struct Page {
        text: &'static str,
        markup: Html,
        nested: Vec<Html>,
    }

    fn page() -> Page {
        Page {
            text: "<b>{{ 7*7 }}</b>",
            markup: Html::vouch("<i>x</i>"),
            nested: vec![Html::vouch("<u>y</u>")],
        }
    }

    #[test]
    fn text_is_escaped_whatever_the_template_is_called_and_markup_is_not() {
        let written = render("{{ text }} {{ markup }} {{ nested[0] }}", &page()).expect("renders");
        assert_eq!(written, "&lt;b&gt;{{ 7*7 }}&lt;/b&gt; <i>x</i> <u>y</u>");
    }

    #[test]
    fn there_is_no_way_to_call_text_safe() {
        let error = render("{{ text | safe }}", &page()).expect_err("refused");
        assert!(error.message.contains("switched off"), "{error}");
    }

    #[test]
    fn errors_name_the_template_and_the_line() {
        let error =
            render("{% extends \"layout.html\" %}\n{% block main %}\n{{ texd }}{% endblock %}", &page())
                .expect_err("misspelt");
        assert_eq!((&*error.name, error.line), ("x.json", Some(3)));
        let error = render("a\n{% if %}", &page()).expect_err("broken");
        assert_eq!((&*error.name, error.line), ("x.json", Some(2)));
    }

    #[test]
    fn templates_are_replaced_one_by_one_and_only_those_that_exist() {
        let overrides = |name: &str| BTreeMap::from([(name.to_owned(), "mine: {{ text }}".to_owned())]);
        let templates = Templates::new(&[BASE], &overrides("layout.html")).expect("compiles");
        assert_eq!(
            templates.render("layout.html", &page(), &()).expect("renders"),
            b"mine: &lt;b&gt;{{ 7*7 }}&lt;/b&gt;"
        );
        let error = Templates::new(&[BASE], &overrides("pages/sevice.html")).expect_err("unknown");
        assert!(error.to_string().contains("`layout.html`"), "{error}");
    }
}
