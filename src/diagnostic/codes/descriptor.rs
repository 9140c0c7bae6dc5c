//! Descriptors that cannot be used, or not as they are.

use super::codes;

codes! {
    NO_SERVICE_ID = "no-service-id", Error, "a descriptor has no usable id",
        "`serviceId` names the service for ever; pages, tags and references use it. Without one the document is listed as unreadable.";
    UNCLEAR_DESCRIPTOR = "unclear-descriptor", Note, "a file may be meant for us",
        "It has the name of a descriptor and neither `apiVersion: milepost/v1`, nor `serviceId`, nor a `service` mapping with a `name`, nor the marks of another tool. It is listed and describes no service.";
    DECLARED_TWICE = "declared-twice", Error, "a field is given twice in two shapes",
        "The sections of the nested contract may stand inside `service` or beside it, and a field has another name in the flat shape. The document gives one field in two of these places. The first is used.";
    IMPLEMENTATION_DETAIL = "implementation-detail", Warning, "a record names a detail of its implementation",
        "Listener priorities, subnets, log group names and security group rules say how a golden path builds something. Teams should state what they need (`exposure`, `dataClassification`, `slo`, `allowedCallers`, `requiresDatabase`), so that the path can change the rest without asking every team (lesson §13.2). Nothing reads such keys.";
    PLACEHOLDER = "placeholder", Note, "a value was never filled in",
        "The value is one of the `placeholders` of `milepost.yaml`: a default owner, a `TODO`, a text in angle brackets. Rules can tell such values from real ones.";
    UNSUPPORTED_VERSION = "unsupported-version", Warning, "a document names another version of the format",
        "This program reads `milepost/v1`. The document has a `serviceId`, so it is read as if it said so; fields of another version may be missed.";
    NO_KIND = "no-kind", Error, "a descriptor of another tool has no kind",
        "Backstage, Datadog and OpenSLO tell by `kind` what a document describes: a component, a group, an objective. Without one nobody can say, and the tool refuses the document too. It is listed as unreadable.";
    UNMAPPED_WORD = "unmapped-word", Note, "a word of another tool's descriptor means nothing here",
        "Lifecycles and tiers are free text in most formats. The common words are known; this one is not, so the field stays empty and the word is kept as a label. Say what it means in a `service.yaml` beside it (ours wins per field), or use one of the common words.";
    MISSING_TARGET = "missing-target", Warning, "a location leads to no descriptor",
        "A Backstage `Location` lists descriptors by path or pattern. Nothing lies at this one, or it leaves the repository. Addresses of other places are not followed: a repository speaks for itself.";
    REPEATED_ENTITY = "repeated-entity", Note, "something is described again",
        "Two documents of other tools in one repository describe the same service, team, product or capability. Usually one is a copy. The first in the order of the files is used.";
    NAMESAKE = "namesake", Warning, "two services have one name",
        "A document of another tool has the id of a service that lies in a different repository, and names a repository of its own. Nothing of it is used, so that no field of one is taken for the other's. Where both are one service, name the same repository in both.";
    SECRET_ADDRESS = "secret-address", Warning, "a descriptor holds an address that is a secret",
        "Whoever knows such an address may post, read or act: a chat hook, a link with a token, an address with a password. It is never shown. It lies in a repository, so treat it as known to everybody who can read that.";
    OWNERS_DISAGREE = "owners-disagree", Note, "`CODEOWNERS` and the owner of a service disagree",
        "The last rule of `CODEOWNERS` that fits the descriptor's folder names teams that are known, and the owner of the service is none of them. Whoever reviews a folder usually answers for what is in it.";
}
