"""Recounts the OSCAL documents of an evidence pack, which say again what its tables say. Part of `evidence_recount.py`."""

import hashlib
import re
from collections import defaultdict
from functools import cache

OUTCOMES = {"pass": "pass", "fail": "fail", "waived": "waived", "unknown": "unknown", "n/a": "notApplicable"}
BETWEEN = " | "


def several(cell):
    """The values in a cell that may hold several."""
    return cell.split(BETWEEN) if cell else []


@cache
def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Oscal:
    """The numbers of the OSCAL documents, which say again what the tables say."""

    def __init__(self, recount):
        self.of = recount
        self.agree = recount.agree
        self.plan = recount.json("oscal/assessment-plan.json")["assessment-plan"]
        self.results = recount.json("oscal/assessment-results.json")["assessment-results"]
        self.result = self.results["results"][0]

    @staticmethod
    def props(thing):
        return {prop["name"]: prop["value"] for prop in thing.get("props", []) if "ns" in prop}

    def run(self):
        self.populations()
        self.outcomes()
        self.verdicts()
        self.risks()
        self.files()
        self.references()

    def populations(self):
        said = [prop["value"] for prop in self.result["props"]]
        index = self.of.json("population/index.json")
        self.agree("OSCAL, populations", said, [f"{row['population']}: {row['rows']} of {row['ofAll']}" for row in index])

    def outcomes(self):
        """An observation for each outcome of each rule, naming everything that it came for."""
        named = {}
        for component in self.plan["local-definitions"].get("components", []):
            kind, one = next((kind, one) for kind, one in self.props(component).items() if kind != "team")
            named[component["uuid"]] = (kind, one)
        covered = {row["control"] for row in self.of.controls}
        expected = defaultdict(set)
        for row in self.of.results:
            if covered & set(several(row["controls"])):
                expected[row["scorecard"], row["rule"], row["outcome"]].add((row["subjectKind"], row["subject"]))
        seen = set()
        for observation in self.result["observations"]:
            props = self.props(observation)
            if "outcome" not in props:
                continue
            key = (props["scorecard"], props["rule"], props["outcome"])
            seen.add(key)
            self.agree(f"OSCAL, count of {key}", props["count"], str(len(expected[key])))
            said = re.search(r" for (\d+) subjects?$", observation["description"])
            self.agree(f"OSCAL, words for {key}", said and said[1], str(len(expected[key])))
            subjects = {named[subject["subject-uuid"]] for subject in observation.get("subjects", [])}
            self.agree(f"OSCAL, subjects of {key}", subjects, set() if props["outcome"] == "n/a" else expected[key])
        self.agree("OSCAL, outcomes", seen, {key for key, subjects in expected.items() if subjects})

    def verdicts(self):
        """What is said of each control: a pass only where everything is known."""
        of_controls = {self.props(one)["control"]: self.props(one) for one in self.result["observations"]
                       if "verdict" in self.props(one)}
        findings = defaultdict(list)
        for finding in self.result.get("findings", []):
            findings[self.props(finding)["control"]].append(finding)
        self.agree("OSCAL, controls", set(of_controls), {row["control"] for row in self.of.controls})
        service_rules = {row["rule"] for row in self.of.results if row["subjectKind"] == "service"}
        contradicted = sum(row["conflict"] for row in self.of.rows["services"])
        silent = 0
        for row in self.of.controls:
            one, props = row["control"], of_controls[row["control"]]
            for column in OUTCOMES.values():
                name = "not-applicable" if column == "notApplicable" else column
                self.agree(f"OSCAL, {name} of {one}", props[name], str(row[column]))
            unjudged = contradicted if service_rules & set(several(row["rules"])) else 0
            self.agree(f"OSCAL, not judged of {one}", props["services-not-judged"], str(unjudged))
            state = self.state(row, unjudged)
            silent += state is None
            states = {(finding["target"]["status"]["state"], finding["target"]["status"]["reason"]) for finding in findings[one]}
            self.agree(f"OSCAL, findings on {one}", states, {state} if state else set())
            numbers = {"fail": row["fail"], "other": row["waived"], "pass": row["pass"]}
            for finding in findings[one]:
                said = finding["target"]["status"]
                self.agree(f"OSCAL, description of the finding on {one}", finding["description"], said["remarks"])
                known, *rest = re.findall(r"\d+", said["remarks"])
                self.agree(f"OSCAL, remarks on {one}", known, str(numbers[said["reason"]]))
                if row["unknown"]:
                    self.agree(f"OSCAL, unknown in remarks on {one}", rest, [str(row["unknown"])])
        said = re.match(r"(\d+) of (\d+) controls", self.result["remarks"])
        self.agree("OSCAL, controls without a finding", said and said.groups(), (str(silent), str(len(self.of.controls))))

    @staticmethod
    def state(row, unjudged):
        if row["fail"]:
            return ("not-satisfied", "fail")
        if row["waived"]:
            return ("not-satisfied", "other")
        if row["pass"] and not row["unknown"] and not unjudged:
            return ("satisfied", "pass")
        return None

    def risks(self):
        """Every exception is a risk with its state, its end and what it hides."""
        risks = {self.props(risk)["exception"]: self.props(risk) for risk in self.result.get("risks", [])}
        rows = self.of.rows["exceptions"]
        self.agree("OSCAL, risks", set(risks), {row["exception"] for row in rows})
        for row in rows:
            props = risks[row["exception"]]
            for name, column in [("state", "state"), ("last-day", "expiresAt"), ("results-waived", "hides")]:
                counted = None if row[column] is None else str(row[column])
                self.agree(f"OSCAL, {name} of {row['exception']}", props.get(name), counted)

    def files(self):
        for document in (self.plan, self.results):
            for resource in document["back-matter"]["resources"]:
                link = resource["rlinks"][0]
                path = "data/" + link["href"].removeprefix("../")
                self.agree(f"OSCAL, digest of {path}", link["hashes"][0]["value"], sha256(self.of.payload.get(path, b"")))

    def references(self):
        """Whatever is named is there, in these two documents."""
        everything = list(self.things([self.plan, self.results]))
        names = {thing["uuid"] for thing in everything if "uuid" in thing}
        reviewed = self.plan["reviewed-controls"]["control-objective-selections"]
        objectives = {one["objective-id"] for selection in reviewed for one in selection["include-objectives"]}
        for thing in everything:
            for kind in ("related-observations", "related-risks", "associated-activities", "subjects", "actors"):
                for reference in thing.get(kind, []):
                    for key, name in reference.items():
                        if key.endswith("-uuid"):
                            self.agree(f"OSCAL, {kind}", name in names and name, name)
            if "href" in thing and thing["href"].startswith("#"):
                self.agree("OSCAL, references to files", thing["href"][1:] in names, True)
            if "target-id" in thing:
                self.agree(f"OSCAL, objective {thing['target-id']}", thing["target-id"] in objectives, True)

    @classmethod
    def things(cls, value):
        """Every object within `value`."""
        if isinstance(value, dict):
            yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            yield from cls.things(inner)
