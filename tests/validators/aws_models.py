"""Judges questions to AWS, and answers of our stand-in, by the models that AWS's own SDK for Python carries (botocore).

`aws_models.py POLICIES... RECORDS...` reads every call of the RECORDS (`*.jsonl`) that tests wrote: an operation must be
known, its members too, the required ones there, and each of the right type, length, pattern and among the listed values.
What is asked must be granted by the POLICIES (`*.json`), and what they grant must be asked. AWS never answered here, so
what a stand-in invents would otherwise go unseen.
"""

import collections
import functools
import json
import sys
import urllib.parse
import xml.etree.ElementTree

import botocore.loaders
import regex

# Services by the name that questions are signed for, and by what their actions are called in a policy.
SERVICES = {
    "organizations": ("organizations", "organizations"),
    "tagging": ("resourcegroupstaggingapi", "tag"),
    "sts": ("sts", "sts"),
    "resource-explorer-2": ("resource-explorer-2", "resource-explorer-2"),
}
# Everybody may ask who they are.
UNGRANTED = {"sts:GetCallerIdentity"}
# Errors of every service, which models do not list.
COMMON = {
    "AccessDenied", "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException",
}


@functools.cache
def model(service):
    return botocore.loaders.Loader().load_service_model(service, "service-2")


class Call:
    """A question, its answer, and what is wrong with them."""

    def __init__(self, record):
        self.record = record
        self.findings = []
        self.operation = None
        self.service, self.prefix = SERVICES.get(record["service"], (None, None))
        if not self.service:
            self.find(f"nobody should ask `{record['service']}`")
            return
        self.model = model(self.service)
        kinds = {"json": self.json_question, "query": self.query_question, "rest-json": self.rest_question}
        protocols = [self.model["metadata"]["protocol"], *self.model["metadata"].get("protocols", [])]
        kinds[next(kind for kind in protocols if kind in kinds)]()

    @property
    def action(self):
        return f"{self.prefix}:{self.operation}"

    def find(self, said):
        self.findings.append(f"{self.record['service']} {self.operation or ''}: {said}")

    def look_up(self, operation):
        if operation not in self.model["operations"]:
            return self.find(f"there is no operation `{operation}`")
        self.operation = operation
        return self.model["operations"][operation]

    def json_question(self):
        metadata, headers = self.model["metadata"], self.record["headers"]
        prefix, _, operation = headers.get("x-amz-target", "").partition(".")
        if prefix != metadata["targetPrefix"]:
            self.find(f"`{prefix}` is not `{metadata['targetPrefix']}`")
        kind = f"application/x-amz-json-{metadata['jsonVersion']}"
        if headers.get("content-type") != kind:
            self.find(f"the content type is not `{kind}`")
        if found := self.look_up(operation):
            self.judge(found.get("input"), json.loads(self.record["body"] or "{}"), "question")

    def query_question(self):
        members = urllib.parse.parse_qsl(self.record["body"], keep_blank_values=True, strict_parsing=True)
        form = dict(members)
        if len(form) != len(members):
            self.find("a member is there twice")
        if form.pop("Version", None) != self.model["metadata"]["apiVersion"]:
            self.find("the version is not that of the model")
        if found := self.look_up(form.pop("Action", "")):
            shape = found.get("input", {}).get("shape")
            self.judge(found.get("input"), self.typed(shape, form), "question")

    def typed(self, name, form):
        """A form has texts alone: numbers become numbers where the model says so."""
        members = self.model["shapes"][name]["members"] if name else {}
        kinds = {key: self.model["shapes"][member["shape"]]["type"] for key, member in members.items()}
        return {key: int(text) if kinds.get(key) == "integer" and text.isdigit() else text for key, text in form.items()}

    def rest_question(self):
        path = urllib.parse.urlsplit(self.record["path"])
        for operation, found in self.model["operations"].items():
            http = found["http"]
            if http["method"] == self.record["method"] and http["requestUri"].split("?")[0] == path.path:
                self.look_up(operation)
                question = json.loads(self.record["body"] or "{}")
                question.update(urllib.parse.parse_qsl(path.query))
                return self.judge(found.get("input"), question, "question")
        return self.find(f"there is no operation at {self.record['method']} {path.path}")

    def judge_answer(self):
        """Finds what AWS would never say."""
        found = self.operation and self.model["operations"][self.operation]
        if not found:
            return
        text, is_xml = self.record["answer"], "query" in self.model["metadata"]["protocol"]
        if self.record["status"] >= 400:
            return self.judge_error(found, text, is_xml)
        if not is_xml:
            return self.judge(found.get("output"), json.loads(text), "answer")
        root = xml.etree.ElementTree.fromstring(text)
        space = f"{{{self.model['metadata']['xmlNamespace']}}}"
        wrapper = root.find(space + found["output"]["resultWrapper"])
        if root.tag != f"{space}{self.operation}Response" or wrapper is None:
            return self.find(f"the answer is not a `{self.operation}Response`")
        self.judge(found["output"], self.of_xml(found["output"]["shape"], wrapper, space), "answer")

    def judge_error(self, found, text, is_xml):
        if is_xml:
            code = xml.etree.ElementTree.fromstring(text).findtext(".//{*}Code")
        else:
            code = json.loads(text).get("__type")
        shapes = [error["shape"] for error in found.get("errors", [])]
        known = COMMON.union(shapes, (self.model["shapes"][shape].get("error", {}).get("code") for shape in shapes))
        if code not in known:
            self.find(f"the answer fails with `{code}`")

    def of_xml(self, name, element, space):
        shape = self.model["shapes"][name]
        if shape["type"] == "structure":
            members, found = shape["members"], {}
            for child in element:
                key = child.tag.removeprefix(space)
                known = members.get(key)
                found[key] = self.of_xml(known["shape"], child, space) if known else child.text
            return found
        text = element.text or ""
        return int(text) if shape["type"] == "integer" and text.isdigit() else text

    def judge(self, reference, value, path):
        if reference is None:
            if value:
                self.find(f"{path}: it takes nothing")
            return
        self.judge_shape(reference["shape"], value, path)

    def judge_shape(self, name, value, path):
        shape = self.model["shapes"][name]
        kinds = {
            "structure": dict, "map": dict, "list": list, "string": str, "boolean": bool,
            "integer": int, "long": int, "float": (int, float), "double": (int, float), "blob": str,
            "timestamp": (int, float, str),
        }
        is_number_for_truth = isinstance(value, bool) and shape["type"] != "boolean"
        if not isinstance(value, kinds[shape["type"]]) or is_number_for_truth:
            return self.find(f"{path}: {json.dumps(value)[:60]} is no {shape['type']}")
        size = len(value) if isinstance(value, (str, list, dict)) else value
        if shape["type"] not in ("structure", "timestamp", "blob"):
            if "min" in shape and size < shape["min"]:
                self.find(f"{path}: {size} is less than {shape['min']}")
            if "max" in shape and size > shape["max"]:
                self.find(f"{path}: {size} is more than {shape['max']}")
        if "enum" in shape and value not in shape["enum"]:
            self.find(f"{path}: `{value}` is none of {shape['enum']}")
        if "pattern" in shape and not regex.fullmatch(shape["pattern"], value):
            self.find(f"{path}: `{value[:60]}` is not like `{shape['pattern']}`")
        if shape["type"] == "structure":
            names = {member.get("locationName", key): member for key, member in shape["members"].items()}
            for required in shape.get("required", []):
                if shape["members"][required].get("locationName", required) not in value:
                    self.find(f"{path}: `{required}` is missing")
            for key, inner in value.items():
                if key not in names:
                    self.find(f"{path}: there is no member `{key}`")
                else:
                    self.judge_shape(names[key]["shape"], inner, f"{path}.{key}")
        elif shape["type"] == "list":
            for position, inner in enumerate(value):
                self.judge_shape(shape["member"]["shape"], inner, f"{path}[{position}]")
        elif shape["type"] == "map":
            for key, inner in value.items():
                self.judge_shape(shape["key"]["shape"], key, f"{path} key")
                self.judge_shape(shape["value"]["shape"], inner, f"{path}.{key}")


def judged(record):
    """The call of a record. Answers count when they are those of our own stand-in; moto's are known to differ."""
    call = Call(record)
    if record["by"] == "stand-in":
        call.judge_answer()
    return call


def granted(policies):
    """Every action that the policies grant."""
    actions = set()
    for policy in policies:
        for statement in policy["Statement"]:
            named = statement["Action"]
            actions.update([named] if isinstance(named, str) else named)
    return actions


def main(paths):
    policies = [json.load(open(path, encoding="utf-8")) for path in paths if path.endswith(".json")]
    allowed, asked, findings = granted(policies), collections.Counter(), collections.Counter()
    for path in (path for path in paths if path.endswith(".jsonl")):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                call = judged(json.loads(line))
                asked[(call.record["by"], call.action)] += 1
                findings.update(call.findings)
    actions = {action for _, action in asked} - UNGRANTED
    findings.update(f"{action} is asked and no policy grants it" for action in actions - allowed)
    findings.update(f"{action} is granted and nobody asks it" for action in allowed - actions)
    for (by, action), count in sorted(asked.items()):
        print(f"{by}: {action} {count} times")
    for finding, count in sorted(findings.items()):
        print(f"{finding} ({count} times)", file=sys.stderr)
    print(f"{sum(asked.values())} calls judged, {len(findings)} findings")
    return 1 if findings or not asked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
