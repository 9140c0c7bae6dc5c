"""What is deployed: the templates by cfn-lint and checkov, the policies in them against those that we test, the function
in them against the one that we run."""

import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import hcl2
from cfnlint.decode import decode

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "deploy/cloudformation").glob("*.yaml"))

# What a policy that we ship names, and what a template has in its place.
NAMES = {
    "arn:aws:": "arn:${AWS::Partition}:",
    ":::example-portal": ":::${SiteBucketName}",
    ":::example-evidence": ":::${EvidenceBucketName}",
    ":111122223333:distribution/EDFDVBD6EXAMPLE": ":${AWS::AccountId}:distribution/${DistributionId}",
    "arn:${AWS::Partition}:cloudfront::111122223333:key-value-store/11111111-2222-3333-4444-555555555555":
        "KeyValueStoreArn",
}
CONDITIONS = {"${aws:PrincipalOrgID}": "OrganizationId"}


def template(name):
    read, problems = decode(str(ROOT / f"deploy/cloudformation/{name}.yaml"))
    assert not problems, problems
    return read


def plain(value):
    """A value of a template without the functions around it."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)) in ("Fn::Sub", "Ref"):
            return next(iter(value.values()))
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def renamed(policy):
    text = json.dumps(policy)
    for ours, theirs in (NAMES | CONDITIONS).items():
        text = text.replace(ours, theirs)
    return json.loads(text)


class Templates(unittest.TestCase):
    def test_cfn_lint_finds_nothing(self):
        self.assertGreaterEqual(len(TEMPLATES), 3)
        lint = Path(sys.executable).parent / "cfn-lint"
        done = subprocess.run([lint, *TEMPLATES], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stdout)

    def test_checkov_finds_nothing_that_is_not_argued(self):
        checkov = os.environ.get("CHECKOV", str(ROOT / "target/checkov/bin/checkov"))
        done = subprocess.run([checkov, "-d", TEMPLATES[0].parent, "--framework", "cloudformation", "-o", "json",
                               "--skip-download"], capture_output=True, text=True)
        report = json.loads(done.stdout)
        results = report["results"]
        failed = [(check["check_id"], check["resource"], check["check_name"]) for check in results["failed_checks"]]
        self.assertEqual(failed, [])
        self.assertGreater(len(results["passed_checks"]), 50)
        for skipped in results["skipped_checks"]:
            self.assertGreater(len(skipped["check_result"]["suppress_comment"]), 20, skipped["check_id"])

    def test_the_policies_in_templates_are_those_that_are_tested(self):
        roles = {("ci", "CollectRole"): "crawl", ("ci", "PublishRole"): "publish", ("ci", "EvidenceRole"): "evidence",
                 ("member-role", "ReadRole"): "member-read"}
        for (name, role), policy in roles.items():
            ours = renamed(json.loads((ROOT / f"deploy/policies/{policy}.json").read_text()))
            policies = template(name)["Resources"][role]["Properties"]["Policies"]
            self.assertEqual([plain(one["PolicyDocument"]) for one in policies], [ours], role)

    def test_the_function_in_the_template_is_the_one_that_runs(self):
        function = template("portal")["Resources"]["PortalFunction"]["Properties"]
        self.assertEqual(function["FunctionCode"].rstrip("\n"),
                         (ROOT / "deploy/cloudfront/portal.js").read_text().rstrip("\n"))
        self.assertLess(len(function["FunctionCode"].encode()), 10 * 1024, "CloudFront takes 10 KB")

    def test_pages_are_served_with_the_headers_that_serve_sends(self):
        headers = template("portal")["Resources"]["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]
        written = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        readme = re.search(r"^Content-Security-Policy: (.*)$", (ROOT / "README.md").read_text(), re.M)
        self.assertEqual(written, readme[1])

    def test_nothing_in_them_is_public(self):
        resources = template("portal")["Resources"]
        buckets = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::S3::Bucket"]
        self.assertEqual(len(buckets), 3)
        for bucket in buckets:
            self.assertEqual(set(bucket["PublicAccessBlockConfiguration"].values()), {True})
        for one in resources.values():
            if one["Type"] != "AWS::S3::BucketPolicy":
                continue
            for statement in one["Properties"]["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow":
                    self.assertIn("Service", statement["Principal"])
                    self.assertIn("Condition", statement)

    def test_only_one_environment_of_one_repository_is_trusted(self):
        resources = template("ci")["Resources"]
        roles = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::IAM::Role"]
        self.assertEqual(len(roles), 3)
        for role in roles:
            (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(plain(statement["Condition"]), {"StringEquals": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": "repo:${Repository}:environment:${Environment}"}})


class Terraform(unittest.TestCase):
    """Parsed, and held against the templates; what needs its registry (validate, plan) was done by nobody."""

    FILES = sorted((ROOT / "deploy/terraform").glob("*.tf"))

    def test_it_can_be_parsed_and_asks_for_what_the_templates_do(self):
        resources = set()
        for path in self.FILES:
            with open(path, encoding="utf-8") as file:
                for one in hcl2.load(file).get("resource", []):
                    resources.update(name.strip('"') for name in one)
        for needed in ("aws_s3_bucket_public_access_block", "aws_s3_bucket_object_lock_configuration",
                       "aws_cloudfront_origin_access_control", "aws_cloudfront_function",
                       "aws_cloudfront_key_value_store", "aws_cloudfront_response_headers_policy",
                       "aws_iam_role", "aws_cloudformation_stack_set"):
            self.assertIn(needed, resources)

    def test_what_it_replaces_in_the_policies_is_in_them(self):
        text = "".join(path.read_text() for path in self.FILES)
        for name in ("crawl", "publish", "evidence"):
            self.assertIn(f'policies/{name}.json")', text)
        policies = "".join(path.read_text() for path in (ROOT / "deploy/policies").glob("*.json"))
        replaced = re.findall(r'"((?:example-|arn:aws:cloudfront)[^"$]*)"', text) + ["${aws:PrincipalOrgID}"]
        self.assertEqual(len(replaced), 5)
        for one in replaced:
            self.assertIn(one, policies)

    def test_pages_have_the_same_headers(self):
        headers = template("portal")["Resources"]["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]
        policy = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        self.assertIn(f'content_security_policy = "{policy}"', (ROOT / "deploy/terraform/portal.tf").read_text())


if __name__ == "__main__":
    unittest.main()
