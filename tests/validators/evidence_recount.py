"""Recounts an evidence pack: derives every number in it again from the files in it, and says which do not agree.

Shares no code with the program that made the pack and needs nothing but Python: `evidence_recount.py FOLDER`, where
FOLDER is the one that holds bagit.txt. Ends with 1 when something does not agree.
"""

import csv
import io
import json
import re
import sys
from collections import Counter, defaultdict
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from evidence_recount_oscal import OUTCOMES, Oscal, several, sha256

KEYS = {"accounts": "account", "exceptions": "exception", "repositories": "repository",
        "resources": "arn", "services": "service", "teams": "team"}


def files_of(folder):
    """Every file below `folder`, by its path with slashes."""
    paths = (path for path in Path(folder).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


class Recount:
    """What was compared, and what did not agree."""

    def __init__(self, files):
        self.files = files
        self.compared = 0
        self.findings = []
        self.payload = {path: data for path, data in files.items() if path.startswith("data/")}
        self.rows = {name: self.json(f"population/{name}.json") for name in KEYS}
        self.results = self.json("results/results.json")
        self.controls = self.json("controls/index.json")
        self.exclusions = self.json("exclusions.json")
        self.scope = self.json("scope.json")
        self.whole = self.json("pack.json")["covers"] == {"controls": [], "frameworks": [], "services": [], "teams": []}

    def json(self, path):
        return json.loads(self.files[f"data/{path}"])

    def text(self, path):
        return self.files[path].decode("utf-8")

    def agree(self, what, said, counted):
        self.compared += 1
        if said != counted:
            self.findings.append(f"{what}: it says {said!r}, and there is {counted!r}")

    def run(self):
        self.bag()
        self.statement()
        self.tables()
        self.populations()
        self.register()
        self.proofs()
        self.readme()
        self.summary()
        self.inputs()
        self.ledger()
        self.period()
        if self.controls:
            Oscal(self).run()
        return self

    # What is around the payload.

    def bag(self):
        oxum = re.search(r"^Payload-Oxum: (.*)$", self.text("bag-info.txt"), re.M)
        counted = f"{sum(map(len, self.payload.values()))}.{len(self.payload)}"
        self.agree("bag-info.txt, Payload-Oxum", oxum and oxum[1], counted)
        around = {path for path in self.files if not path.startswith(("data/", "tagmanifest-"))}
        for manifest, expected in [("manifest-sha256.txt", set(self.payload)), ("tagmanifest-sha256.txt", around)]:
            lines = dict(reversed(line.split("  ", 1)) for line in self.text(manifest).splitlines())
            self.agree(f"{manifest}, files", set(lines), expected)
            for path, digest in lines.items():
                self.agree(f"{manifest}, {path}", digest, sha256(self.files.get(path, b"")))

    def statement(self):
        own = "data/run.intoto.json"
        subjects = {one["name"]: one["digest"]["sha256"] for one in self.json("run.intoto.json")["subject"]}
        self.agree(f"{own}, subjects", set(subjects), set(self.payload) - {own})
        for path, digest in subjects.items():
            self.agree(f"{own}, {path}", digest, sha256(self.payload.get(path, b"")))

    def tables(self):
        """Every table is there twice, with the same rows."""
        for path in self.payload:
            if not path.endswith(".csv"):
                continue
            twin = path.removesuffix(".csv") + ".json"
            if twin not in self.payload:
                continue
            written = list(csv.reader(io.StringIO(self.payload[path].decode("utf-8-sig"), newline="")))
            exact = json.loads(self.payload[twin])
            self.agree(f"{path}, rows", len(written) - 1, len(exact))
            for number, (cells, row) in enumerate(zip(written[1:], exact), 1):
                self.agree(f"{path}, heads", written[0], list(row))
                plain = [self.plain(value) for value in row.values()]
                cells = [cell if cell == text else cell.removeprefix("'") for cell, text in zip(cells, plain)]
                self.agree(f"{path}, row {number}", cells, plain)

    @staticmethod
    def plain(value):
        return "" if value is None else {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)

    # What there is.

    def not_covered(self, kind):
        counts = [row["what"].split(" ", 1) for row in self.exclusions if row["kind"] == "not-covered"]
        return sum(int(count) for count, of in counts if of == kind)

    def populations(self):
        index = {row["population"]: row for row in self.json("population/index.json")}
        self.agree("population/index, populations", set(index), set(KEYS))
        for name, key in KEYS.items():
            rows, said = self.rows[name], index[name]
            self.agree(f"population/index, rows of {name}", said["rows"], len(rows))
            self.agree(f"population/{name}, rows that differ", len(rows), len({row[key] for row in rows}))
            self.agree(f"population/index, all {name}", said["ofAll"], len(rows) + self.not_covered(name))
            numbers = [int(number) for number in re.findall(r"\b\d+\b", said["comparedWith"])]
            self.agree(f"population/index, compared with, {name}", numbers, self.compared_with(name, said["ofAll"]))
        self.ownership()

    def compared_with(self, name, of_all):
        asked = [one for source in self.scope["sources"] for one in source["asked"]]
        listings = [one["outcome"] for one in asked if one["operation"] == "tagging:GetResources"]
        refused = sum(row["kind"] == "listing-refused" for row in self.exclusions)
        unreadable = sum(row["kind"] == "descriptor-unreadable" for row in self.exclusions)
        described = [row for row in self.rows["repositories"] if row["class"] == "with-descriptor"]
        return {
            "accounts": [sum(row["listedByOrganizations"] for row in self.rows["accounts"])],
            "resources": [len(listings) - refused, len(listings)],
            "services": [sum(row["services"] for row in self.rows["repositories"]), len(described), unreadable],
        }.get(name, [])

    def ownership(self):
        """Numbers in one population that another one explains."""
        if not self.whole:
            return
        services, resources = self.rows["services"], self.rows["resources"]
        teams = Counter(row["team"] for row in services)
        for row in self.rows["teams"]:
            self.agree(f"population/teams, services of {row['team']}", row["services"], teams[row["team"]])
        accounts = Counter(row["account"] for row in resources)
        asked = {one["account"] for source in self.scope["sources"] for one in source["asked"]
                 if one["operation"] == "tagging:GetResources"}
        refused = {row["what"].split(" ")[0] for row in self.exclusions if row["kind"] == "listing-refused"}
        unasked = {row["what"] for row in self.exclusions if row["kind"] in ("account-excluded", "account-not-asked")}
        self.agree("exclusions, accounts that nobody asked", unasked, {row["account"] for row in self.rows["accounts"]} - asked)
        for row in self.rows["accounts"]:
            one = row["account"]
            known = accounts[one] if one in asked - refused else None
            self.agree(f"population/accounts, resources of {one}", row["resources"], known)
        described = Counter(row["pointer"].split("@")[0] for row in services)
        for row in self.rows["repositories"]:
            name = row["repository"]
            self.agree(f"population/repositories, services of {name}", row["services"], described[name] + self.claims(name))
        items = sum(one["items"] or 0 for source in self.scope["sources"] for one in source["asked"]
                    if one["operation"] == "tagging:GetResources")
        self.agree("scope, resources listed", items, len(resources))

    def claims(self, repository):
        """Descriptors in `repository` of a service that is listed as another repository's: they contradict."""
        contested = {row["service"] for row in self.rows["services"]
                     if row["conflict"] and not row["pointer"].startswith(f"{repository}@")}
        inputs = [row for row in self.json("inputs/index.json") if row["repository"] == repository and row["file"]]
        texts = [self.text(row["file"]) for row in inputs]
        return sum(len(re.findall(rf"^(?:serviceId|  name): *{re.escape(one)} *$", text, re.M))
                   for one in contested for text in texts)

    def register(self):
        """The exceptions: a file each, and as many results waived as they say."""
        files = [path for path in self.payload if path.startswith("data/exceptions/")]
        self.agree("exceptions, files", len(files), len(self.rows["exceptions"]))
        ids = {json.loads(self.payload[path])["record"]["id"] for path in files}
        self.agree("exceptions, ids", ids, {row["exception"] for row in self.rows["exceptions"]})
        waived = Counter(row["exception"] for row in self.results if row["outcome"] == "waived")
        if self.whole:
            for row in self.rows["exceptions"]:
                one = row["exception"]
                self.agree(f"population/exceptions, hidden by {one}", row["hides"], waived[one])

    def proofs(self):
        """The controls: the outcomes of the rules that prove each."""
        by_control = defaultdict(Counter)
        rules = defaultdict(set)
        for row in self.results:
            for control in several(row["controls"]):
                by_control[control][OUTCOMES[row["outcome"]]] += 1
                rules[control].add(row["rule"])
        in_force = defaultdict(set)
        for row in self.rows["exceptions"]:
            if row["waives"] and row["control"]:
                in_force[row["control"]].add(row["exception"])
        for row in self.controls:
            one = row["control"]
            for column in OUTCOMES.values():
                self.agree(f"controls/index, {column} of {one}", row[column], by_control[one][column])
            listed = several(row["rules"])
            self.agree(f"controls/index, rules of {one}, each once", len(listed), len(set(listed)))
            self.agree(f"controls/index, rules of {one} with results", rules[one] - set(listed), set())
            self.agree(f"controls/index, exceptions to {one}", set(several(row["exceptions"])), in_force[one])

    # What is said of it for people.

    def readme(self):
        text = self.text("data/README.txt")
        said = {name: (int(rows), int(of)) for name, rows, of in re.findall(r"^  (\S+) +(\d+) rows of (\d+)$", text, re.M)}
        index = self.json("population/index.json")
        self.agree("README.txt, populations", said, {row["population"]: (row["rows"], row["ofAll"]) for row in index})
        compared = re.findall(r"^ +compared with (.*)$", text, re.M)
        self.agree("README.txt, compared with", compared, [row["comparedWith"] for row in index])
        numbers = dict(re.findall(r"^  (results|exceptions) +(\d+) (?:rows:|files,)", text, re.M))
        files = sum(path.startswith("data/exceptions/") for path in self.payload)
        self.agree("README.txt, results and exceptions", numbers,
                   {"results": str(len(self.results)), "exceptions": str(files)})

    def summary(self):
        page = Page()
        page.feed(self.text("data/summary.html"))
        index = self.json("population/index.json")
        said = [row[:3] for row in page.tables["Populations"]]
        self.agree("summary.html, populations", said,
                   [[row["population"], str(row["rows"]), str(row["ofAll"])] for row in index])
        numbers = [[int(cell) for cell in row[2:]] for row in page.tables["Controls"]]
        counted = [[len(several(row["rules"])), *(row[column] for column in ("pass", "fail", "waived", "unknown"))]
                   for row in self.controls]
        self.agree("summary.html, controls", numbers, counted)
        self.agree("summary.html, exceptions", len(page.tables["Exceptions"]), len(self.rows["exceptions"]))
        left_out = re.search(r"<p>(\S+) things? left out;", self.text("data/summary.html"))
        count = str(len(self.exclusions)) if self.exclusions else "No"
        self.agree("summary.html, left out", left_out and left_out[1], count)

    # What was judged.

    def inputs(self):
        listed = set()
        for row in self.json("inputs/index.json"):
            if row["file"] is None:
                continue
            listed.add(row["file"])
            data = self.payload.get(row["file"], b"")
            self.agree(f"inputs/index, bytes of {row['file']}", row["bytes"], len(data))
            self.agree(f"inputs/index, digest of {row['file']}", row["sha256"], sha256(data))
        self.sources()
        texts = {path for path in self.payload if path.startswith(("data/inputs/repositories/", "data/inputs/catalog/"))}
        self.agree("inputs/index, files", listed, texts)

    def sources(self):
        """The items of each source, from the records of the night; there are none where the inputs are withheld."""
        items, asked = Counter(), Counter()
        for line in filter(None, self.payload.get("data/inputs/snapshot.jsonl", b"").splitlines()):
            ((kind, record),) = json.loads(line).items()
            if kind in ("repository", "tag-listing", "facts"):
                items[record["source"]] += 1
            elif kind == "cost":
                items[record["source"]] += record["charges"]
            if kind == "account":
                asked[record["source"], "organizations:ListAccounts"] += 1
            elif kind == "tag-policies":
                asked[record["source"], "organizations:ListPolicies"] += len(record["answer"].get("Ok", []))
            elif kind == "untagged":
                asked[record["source"], "resource-explorer-2:Search"] += record["answer"].get("Ok", {}).get("resources", 0)
        for source in self.scope["sources"] if items else []:
            name = source["name"]
            self.agree(f"scope, items of {name}", source["items"], items[name])
            for operation in {operation for _, operation in asked}:
                said = sum(one["items"] or 0 for one in source["asked"] if one["operation"] == operation)
                self.agree(f"scope, {operation} of {name}", said, asked[name, operation])

    def ledger(self):
        previous = None
        for number, line in enumerate(self.text("data/ledger.jsonl").splitlines(), 1):
            run = json.loads(line)
            self.agree(f"ledger.jsonl, number of line {number}", run["number"], number)
            self.agree(f"ledger.jsonl, line before line {number}", run["previous"], previous)
            previous = sha256(line.encode())

    def period(self):
        """The days follow one another, and the runs are those of the ledger with the one of this pack."""
        since = self.json("pack.json").get("since")
        said = re.search(r"^Period: (\S+) to (\S+), (\d+) days?, (?:each|(\d+) of them)", self.text("data/README.txt"), re.M)
        self.agree("README.txt, period", bool(said), since is not None)
        if not since or not said:
            return
        rows = self.json("period.json")
        days = sorted({date.fromisoformat(row["day"]) for row in rows})
        own = {row["day"] for row in rows if row["run"] is not None and row["note"] is None}
        without = len(days) - sum(str(day) in own for day in days)
        counted = (since, str(days[-1]), str((days[-1] - days[0]).days + 1), str(without) if without else None)
        self.agree("README.txt, period", said.groups(), counted)
        self.agree("period, days", len(days), (days[-1] - days[0]).days + 1)
        self.agree("summary.html, period", f"{counted[2]} day" in self.text("data/summary.html"), True)
        known = {}
        for line in self.text("data/ledger.jsonl").splitlines():
            run = json.loads(line)
            known[run["number"]] = (run["at"], run.get("collectedAt"), run["snapshot"], " | ".join(sorted(run["packs"])))
        last = len(known) + 1
        columns = ("at", "collectedAt", "snapshot", "packs")
        listed = {row["run"]: tuple(row[column] for column in columns) for row in rows if row["run"] is not None}
        # One collection that is judged again is no night of its own.
        first = {}
        for run, row in sorted({**listed, **known}.items()):
            first.setdefault(row[1:3], run)
        for row in rows:
            seen = row["run"] and row["collectedAt"] and first.get((row["collectedAt"], row["snapshot"]), row["run"])
            note = f"same snapshot as run {seen}" if seen and seen < row["run"] else None
            self.agree(f"period, note on run {row['run']}", row["note"], note)
        self.agree("period, run of this pack", last in listed, True)
        for run, row in listed.items():
            if run != last:
                self.agree(f"period, run {run}", row, known.get(run))
        for row in rows:
            # The day is that of the organisation's zone, which is at most one away from that of UTC.
            if row["at"] and abs((date.fromisoformat(row["at"][:10]) - date.fromisoformat(row["day"])).days) > 1:
                self.agree(f"period, day of run {row['run']}", row["day"], row["at"][:10])
        first, least = str(days[0]), min(listed)
        missing = [run for run, (at, *_) in known.items() if at[:10] > first and run not in listed and run >= least]
        self.agree("period, runs that are missing", missing, [])


class Page(HTMLParser):
    """The rows of the tables of a page, by the heading above each."""

    def __init__(self):
        super().__init__()
        self.tables = defaultdict(list)
        self.heading, self.within, self.in_body = "", [], False

    def handle_starttag(self, tag, attributes):
        if tag == "tbody":
            self.in_body = True
        if tag == "tr" and self.in_body:
            self.tables[self.heading].append([])
        if tag in ("th", "td") and self.in_body:
            self.tables[self.heading][-1].append("")
        if tag in ("h2", "th", "td"):
            self.within.append(tag)
        if tag == "h2":
            self.heading = ""

    def handle_endtag(self, tag):
        if self.within and self.within[-1] == tag:
            self.within.pop()
        if tag == "tbody":
            self.in_body = False

    def handle_data(self, data):
        if self.within[-1:] == ["h2"]:
            self.heading += data
        elif self.within and self.in_body:
            self.tables[self.heading][-1][-1] += data


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        recount = Recount(files_of(arguments[0])).run()
    except KeyError as missing:
        print(f"{missing} is missing")
        return 1
    for finding in recount.findings:
        print(finding)
    print(f"{recount.compared} things compared, {len(recount.findings)} do not agree")
    return 1 if recount.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
