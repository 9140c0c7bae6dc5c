//! Documents of other tools that go by the same file names, recognised by shape: a wrong `apiVersion`
//! does not make a Kubernetes manifest one of ours.

use std::sync::Arc;

use crate::catalog::yaml::Node;

/// Groups of `apiVersion` and who they belong to. The first that fits wins.
const GROUPS: &[(&str, &str)] = &[
    ("backstage.io", "Backstage"),
    ("openslo", "OpenSLO"),
    ("serving.knative.dev", "Knative"),
    ("knative.dev", "Knative"),
    ("argoproj.io", "Argo"),
    ("kustomize.config.k8s.io", "Kustomize"),
    ("kustomize.toolkit.fluxcd.io", "Flux"),
    ("fluxcd.io", "Flux"),
    ("istio.io", "Istio"),
    ("traefik", "Traefik"),
    ("crossplane.io", "Crossplane"),
    ("cnrm.cloud.google.com", "Config Connector"),
    ("services.k8s.aws", "AWS controllers for Kubernetes"),
    ("monitoring.coreos.com", "Prometheus operator"),
    ("k8s.io", "Kubernetes"),
];

/// Groups of Kubernetes without a domain.
const KUBERNETES: &[&str] = &["v1", "apps", "batch", "autoscaling", "policy", "extensions"];

/// What other tool's document this is; `None` when no other tool is known to write such.
pub(super) fn kind(root: &Node) -> Option<Arc<str>> {
    if let Some(items) = root.items() {
        return list(items);
    }
    let has = |key: &str| root.get(key).is_some();
    let mapping = |key: &str| root.get(key).is_some_and(|node| node.entries().is_some());
    match (text(root, "apiVersion"), text(root, "kind")) {
        (version, Some("Service")) if is_kubernetes_service(root) && version.and_then(owner).is_none() => {
            return Some("Kubernetes Service".into());
        }
        (Some(version), Some(kind)) => {
            let cloud_run = version.contains("knative.dev") && is_cloud_run(root);
            return Some(if cloud_run { format!("Cloud Run {kind}").into() } else { named(version, kind) });
        }
        (None, Some("List")) if has("items") => return Some("Kubernetes List".into()),
        _ => {}
    }
    let what = if text(root, "type") == Some("google.api.Service") {
        "Google API service configuration"
    } else if has("openapi") || has("swagger") {
        "OpenAPI description"
    } else if has("asyncapi") {
        "AsyncAPI description"
    } else if has("AWSTemplateFormatVersion") || (mapping("Resources") && has("Transform")) {
        "CloudFormation template"
    } else if mapping("services") && is_compose(root) {
        "Compose file"
    } else if text(root, "service").is_some() && has("provider") {
        "Serverless Framework configuration"
    } else if text(root, "runtime").is_some() && (text(root, "service").is_some() || has("handlers")) {
        "App Engine configuration"
    } else if has("jobs") && (has("on") || has("true")) {
        "GitHub workflow"
    } else if has("_format_version") {
        "Kong configuration"
    } else if mapping("resource") && has("stateChangeSets") {
        "Spinnaker configuration"
    } else {
        return None;
    };
    Some(what.into())
}

/// The words for an object of `kind` in `version`.
pub(super) fn named(version: &str, kind: &str) -> Arc<str> {
    let kind = if kind.is_empty() { "object without a kind" } else { kind };
    match owner(version) {
        Some(owner) => format!("{owner} {kind}").into(),
        None => format!("{kind} of {version}").into(),
    }
}

/// Whose objects have this `apiVersion`.
pub(super) fn owner(version: &str) -> Option<&'static str> {
    let group = version.split('/').next().unwrap_or(version);
    let ends =
        |name: &str| group.strip_suffix(name).is_some_and(|head| head.is_empty() || head.ends_with('.'));
    if KUBERNETES.contains(&group) {
        return Some("Kubernetes");
    }
    GROUPS.iter().find(|(name, _)| ends(name)).map(|(_, owner)| *owner)
}

/// The text under `key`.
pub(super) fn text<'n>(root: &'n Node, key: &str) -> Option<&'n str> {
    Some(&root.get(key)?.scalar()?.text)
}

fn is_kubernetes_service(root: &Node) -> bool {
    let spec = |key: &str| root.get("spec").is_some_and(|spec| spec.get(key).is_some());
    spec("ports") || spec("selector") || spec("clusterIP") || spec("externalName")
}

/// Google's own annotations tell its managed service from Knative elsewhere.
fn is_cloud_run(root: &Node) -> bool {
    let below = |node: Option<&Node>| {
        let entries = node.and_then(|node| node.get("metadata")?.get("annotations")?.entries());
        entries.unwrap_or_default().iter().any(|entry| entry.key.starts_with("run.googleapis.com"))
    };
    below(Some(root)) || below(root.get("spec").and_then(|spec| spec.get("template")))
}

fn is_compose(root: &Node) -> bool {
    let services = root.get("services").and_then(Node::entries).unwrap_or_default();
    services.iter().any(|entry| entry.value.get("image").is_some() || entry.value.get("build").is_some())
}

fn list(items: &[Node]) -> Option<Arc<str>> {
    let first = items.first()?;
    if let Some(what) = kind(first).filter(|_| items.iter().all(|item| item.get("apiVersion").is_some())) {
        return Some(format!("list of objects such as {what}").into());
    }
    (first.get("hosts").is_some() && (first.get("tasks").is_some() || first.get("roles").is_some()))
        .then(|| "Ansible playbook".into())
}
