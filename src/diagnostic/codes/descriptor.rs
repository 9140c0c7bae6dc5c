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
}
