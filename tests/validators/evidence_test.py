"""The evidence pack of the example organisation in the hands of judges that are not ours: OpenSSH, sha256sum, shasum,
bagit, compliance-trestle, oscal-validate, NIST's schema of OSCAL, the shapes of in-toto; and a recount of its numbers."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
from google.protobuf.json_format import ParseDict
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement

from evidence_recount import Recount, files_of

ROOT = Path(__file__).resolve().parents[2]
MILEPOST = os.environ.get("MILEPOST", str(ROOT / "target/debug/milepost"))
SIGNER = "evidence@example.com"
NAMESPACE = "evidence-pack"
TAG_MANIFEST = "tagmanifest-sha256.txt"
DOCUMENTS = ("assessment-plan", "assessment-results")


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)


def milepost(*words, into, now="2026-11-21"):
    """Seals a pack and unpacks it; 4 is "done, but some source was incomplete", as one account of the example is."""
    done = run(MILEPOST, "evidence", "pack", "catalog", "--now", now, "--out", into / "out",
               "--ledger", into / "ledger.jsonl", *words, cwd=ROOT)
    assert done.returncode in (0, 4), done.stderr
    path = Path(done.stdout.split("  ", 1)[1].strip())
    with zipfile.ZipFile(path) as archive:
        archive.extractall(into)
    return into / path.stem


class Pack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="milepost-")))
        key = cls.folder / "key"
        made = run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", SIGNER, "-f", key)
        assert made.returncode == 0, made.stderr
        public = key.with_suffix(".pub").read_text()
        (cls.folder / "allowed_signers").write_text(f'{SIGNER} namespaces="{NAMESPACE}" {public}')
        cls.pack = milepost("--key", key, into=cls.folder)

    def accepted(self, done, said=""):
        self.assertEqual(done.returncode, 0, f"{done.stdout}{done.stderr}")
        self.assertIn(said, f"{done.stdout}{done.stderr}")

    def refused(self, done, said):
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn(said, f"{done.stdout}{done.stderr}")

    def changed(self):
        """A copy of the pack, to be changed."""
        copy = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="milepost-"))) / self.pack.name
        shutil.copytree(self.pack, copy)
        return copy


class Seal(Pack):
    def signed(self, identity=SIGNER, namespace=NAMESPACE, message=None, allowed=None):
        message = (self.pack / TAG_MANIFEST).read_text() if message is None else message
        return run("ssh-keygen", "-Y", "verify", "-f", allowed or self.folder / "allowed_signers", "-I", identity,
                   "-n", namespace, "-s", self.pack / f"{TAG_MANIFEST}.sig", input=message)

    def test_openssh_accepts_the_signature_and_nothing_else(self):
        self.accepted(self.signed(), f'Good "{NAMESPACE}" signature for {SIGNER}')
        self.refused(self.signed(namespace="file"), "namespace")
        self.refused(self.signed(identity="somebody@example.com"), "Could not verify")
        self.refused(self.signed(message=(self.pack / TAG_MANIFEST).read_text() + "\n"), "Could not verify")
        stranger = self.folder / "stranger"
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stranger)
        allowed = self.folder / "others"
        allowed.write_text(f"{SIGNER} {stranger.with_suffix('.pub').read_text()}")
        self.refused(self.signed(allowed=allowed), "Could not verify")

    def test_digests_are_those_of_the_manifests(self):
        tools = [["sha256sum"], ["shasum", "-a", "256"]]
        self.assertTrue(shutil.which("sha256sum"))
        changed = self.changed()
        with open(changed / "data/results/results.csv", "a") as file:
            file.write("x")
        for tool in tools:
            if not shutil.which(tool[0]):
                continue
            check = [*tool, "-c", TAG_MANIFEST, "manifest-sha256.txt"]
            self.accepted(run(*check, cwd=self.pack), "data/results/results.csv: OK")
            self.refused(run(*check, cwd=changed), "data/results/results.csv: FAILED")

    def test_bagit_accepts_the_bag_and_sees_what_was_added(self):
        validate = [sys.executable, "-m", "bagit", "--validate"]
        self.accepted(run(*validate, self.pack), "is valid")
        added = self.changed()
        (added / "data/more.txt").write_text("x")
        self.refused(run(*validate, added), "Payload-Oxum validation failed")

    def test_the_archive_is_one_that_unzip_reads(self):
        archive = self.folder / "out" / f"{self.pack.name}.zip"
        self.accepted(run(sys.executable, "-m", "zipfile", "-t", archive), "Done testing")


class Statements(Pack):
    def test_the_statement_has_the_shapes_of_in_toto(self):
        document = json.loads((self.pack / "data/run.intoto.json").read_text())
        statement = statement_pb2.Statement()
        ParseDict(document, statement)
        self.assertGreater(len(statement.subject), 100)
        Statement.copy_from_pb(statement).validate()
        provenance = ParseDict(document["predicate"], provenance_pb2.Provenance())
        self.assertEqual(provenance.build_definition.build_type, document["predicate"]["buildDefinition"]["buildType"])
        with self.assertRaises(Exception):
            ParseDict(document | {"subjects": []}, statement_pb2.Statement())


class Oscal(Pack):
    def path(self, name):
        return self.pack / f"data/oscal/{name}.json"

    def document(self, name):
        return json.loads(self.path(name).read_text())

    def test_the_schema_of_nist_accepts_both(self):
        text = (files("oscal_validate") / "vendor/oscal/complete_schema.json").read_text()
        validator = jsonschema_rs.validator_for(text)
        for name in DOCUMENTS:
            document = self.document(name)
            self.assertEqual([str(error) for error in validator.iter_errors(document)], [], name)
            document[name]["uuid"] = "not-one"
            self.assertFalse(validator.is_valid(document))

    def test_trestle_reads_and_validates_both(self):
        trestle = Path(sys.executable).parent / "trestle"
        workspace = self.enterContext(tempfile.TemporaryDirectory(prefix="milepost-"))
        self.accepted(run(trestle, "init", "--full", cwd=workspace))
        for name in DOCUMENTS:
            self.accepted(run(trestle, "import", "-f", self.path(name), "-o", "night", cwd=workspace))
            self.accepted(run(trestle, "validate", "-t", name, "-n", "night", cwd=workspace), "VALID")
        again = self.document("assessment-results")
        observations = again["assessment-results"]["results"][0]["observations"]
        observations.append(observations[0])
        twice = self.changed() / "data/oscal/twice.json"
        twice.write_text(json.dumps(again))
        self.refused(run(trestle, "import", "-f", twice, "-o", "twice", cwd=workspace), "Duplicate")

    def validate(self, path):
        done = run(sys.executable, "-m", "oscal_validate", "--format", "json",
                   "--resolve", self.path("assessment-plan").parent, path)
        return json.loads(done.stdout)["findings"]

    def test_oscal_validate_finds_no_mistake(self):
        for name in DOCUMENTS:
            found = {(finding["severity"], finding["code"]) for finding in self.validate(self.path(name))}
            # It holds documents against a release that is newer than the one that trestle reads, and says so.
            self.assertEqual({one for one in found if one[0] in ("ERROR", "WARNING")},
                             {("WARNING", "OSCAL_VERSION_DIFFERS")}, name)
        twice = self.document("assessment-results")
        observations = twice["assessment-results"]["results"][0]["observations"]
        observations.append(observations[0])
        path = self.changed() / "data/oscal/assessment-results.json"
        path.write_text(json.dumps(twice))
        self.assertIn(("ERROR", "UUID_NOT_UNIQUE"), {(one["severity"], one["code"]) for one in self.validate(path)})

    def test_what_is_reviewed_are_controls_of_nist_or_our_own(self):
        reviewed = self.document("assessment-plan")["assessment-plan"]["reviewed-controls"]
        ids = [control["control-id"] for selection in reviewed["control-selections"]
               for control in selection["include-controls"]]
        self.assertIn("ac-3", ids)
        self.assertTrue(all(re.fullmatch(r"[a-z]{2}-\d+(\.\d+)?|org_[a-z0-9._-]+", one) for one in ids), ids)

    def test_both_are_the_same_wherever_they_are_made(self):
        elsewhere = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="milepost-")))
        again = milepost(into=elsewhere)
        for name in DOCUMENTS:
            self.assertEqual((again / f"data/oscal/{name}.json").read_bytes(), self.path(name).read_bytes())


class Numbers(Pack):
    def test_every_number_is_there_again(self):
        recount = Recount(files_of(self.pack)).run()
        self.assertEqual(recount.findings, [])
        self.assertGreater(recount.compared, 4000)

    def test_packs_of_a_part_can_be_recounted(self):
        for words in [["--framework", "pciDss"], ["--team", "checkout"], ["--control", "encryption-at-rest"]]:
            into = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="milepost-")))
            self.assertEqual(Recount(files_of(milepost(*words, into=into))).run().findings, [], words)

    def test_a_period_can_be_recounted(self):
        into = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="milepost-")))
        part = ["--framework", "pciDss"]
        for day in ("2026-11-20", "2026-11-21", "2026-11-24"):
            milepost(*part, into=into, now=day)
        whole = files_of(milepost(*part, "--since", "2026-11-20", into=into, now="2026-11-25"))
        self.assertEqual(Recount(whole).run().findings, [])
        rows = json.loads(whole["data/period.json"])
        self.assertEqual([row["run"] for row in rows], [1, 2, None, None, 3, 4])
        for changed in (rows[:1] + rows[2:], rows[:2] + rows[3:], [rows[0] | {"snapshot": "0" * 64}, *rows[1:]]):
            findings = Recount(whole | {"data/period.json": json.dumps(changed).encode()}).run().findings
            self.assertTrue(any(one.startswith(("period", "README.txt, period")) for one in findings), findings)

    def test_one_number_that_is_altered_does_not_agree(self):
        """Each in turn, in every file that counts something; what is around is altered with it, to cover the tracks."""
        whole = files_of(self.pack)
        numbers = {
            "bag-info.txt": r"(?<=Payload-Oxum: )\d+|(?<=\d{5}\.)\d+$",
            "data/README.txt": r"\d+(?= rows| files)|(?<=rows of )\d+|(?<=compared with )\d+",
            "data/summary.html": r'(?<=<td class="number">)\d+|\d+(?= things left out)',
            "data/population/index.json": r'(?<="rows":)\d+|(?<="ofAll":)\d+',
            "data/population/teams.json": r'(?<="services":)\d+',
            "data/population/accounts.json": r'(?<="resources":)\d+',
            "data/population/repositories.json": r'(?<="services":)\d+',
            "data/population/exceptions.json": r'(?<="hides":)\d+',
            "data/controls/index.json": r'(?<="(?:pass|fail)":)\d+|(?<="unknown":)\d+|(?<="waived":)\d+|(?<="notApplicable":)\d+',
            "data/scope.json": r'(?<="items": )\d+',
            "data/inputs/index.json": r'(?<="bytes":)\d+',
            "data/oscal/assessment-results.json": r"(?<=\"value\": \")\d+(?=\")|(?<=: )\d+(?= of \d+\")|(?<=for )\d+(?= subject)|\d+(?= (?:of \d+ controls|results? fail))",
        }
        for path, pattern in numbers.items():
            text = whole[path].decode("utf-8")
            found = list(re.finditer(pattern, text, re.M))
            self.assertTrue(found, path)
            for match in found[:: max(1, len(found) // 12)]:
                altered = text[: match.start()] + str(int(match[0]) + 1) + text[match.end():]
                findings = Recount(whole | {path: altered.encode()}).run().findings
                # Digests see any change; the number itself must be seen, too.
                seen = [finding for finding in findings if not re.match(r"\S*(manifest|intoto)|OSCAL, digest", finding)]
                self.assertTrue(seen, f"{path}: {altered[match.start() - 60: match.end() + 20]}")

    def test_a_result_that_is_altered_or_left_out_does_not_agree(self):
        whole = files_of(self.pack)
        path = "data/results/results.json"
        rows = json.loads(whole[path])
        better = [row | {"outcome": "pass"} if row["outcome"] == "unknown" else row for row in rows]
        for changed in (rows[:-1], better):
            findings = Recount(whole | {path: json.dumps(changed).encode()}).run().findings
            self.assertTrue(any(finding.startswith("controls/index") for finding in findings)
                            or any(finding.startswith("README") for finding in findings), findings)

    def test_a_reference_of_oscal_that_leads_nowhere_does_not_agree(self):
        whole = files_of(self.pack)
        path = "data/oscal/assessment-results.json"
        for kind in ("related-observations", "related-risks"):
            document = json.loads(whole[path])
            findings = document["assessment-results"]["results"][0]["findings"]
            (reference,) = next(finding[kind] for finding in findings if len(finding.get(kind, [])) > 0)[:1]
            reference.update({key: "00000000-0000-4000-8000-000000000000" for key in reference})
            said = Recount(whole | {path: json.dumps(document).encode()}).run().findings
            self.assertTrue(any(one.startswith(f"OSCAL, {kind}") for one in said), said)

    def test_an_exception_that_is_taken_out_is_missed(self):
        whole = files_of(self.pack)
        taken = next(path for path in whole if path.startswith("data/exceptions/"))
        findings = Recount({path: data for path, data in whole.items() if path != taken}).run().findings
        for said in ("exceptions, files", "README.txt, results and exceptions", "bag-info.txt, Payload-Oxum"):
            self.assertTrue(any(finding.startswith(said) for finding in findings), findings)

    def test_it_says_what_does_not_agree_and_ends_with_1(self):
        script = Path(__file__).with_name("evidence_recount.py")
        self.accepted(run(sys.executable, script, self.pack), "0 do not agree")
        changed = self.changed()
        path = changed / "data/README.txt"
        path.write_text(re.sub(r"(results +)\d+", r"\g<1>1", path.read_text()))
        self.refused(run(sys.executable, script, changed), "README.txt, results and exceptions: it says")


if __name__ == "__main__":
    unittest.main()
