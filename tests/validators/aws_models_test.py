"""Tests the judge of `aws_models.py`: sound calls pass, and every broken one is refused with what is wrong."""

import copy
import json
import unittest

from aws_models import granted, judged

XML = "https://sts.amazonaws.com/doc/2011-06-15/"


def json_call(service, target, question, answer, status=200):
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": target}
    record = {"by": "stand-in", "service": service, "method": "POST", "path": "/", "headers": headers}
    return record | {"body": json.dumps(question), "status": status, "answer": json.dumps(answer)}


def accounts(question, answer, status=200):
    return json_call("organizations", "AWSOrganizationsV20161128.ListAccounts", question, answer, status)


def resources(question, answer):
    return json_call("tagging", "ResourceGroupsTaggingAPI_20170126.GetResources", question, answer)


def assume(form, answer):
    record = {"by": "stand-in", "service": "sts", "method": "POST", "path": "/", "headers": {}}
    return record | {"body": form, "status": 200, "answer": answer}


def search(question, answer, path="/Search"):
    record = {"by": "stand-in", "service": "resource-explorer-2", "method": "POST", "path": path, "headers": {}}
    return record | {"body": json.dumps(question), "status": 200, "answer": json.dumps(answer)}


ACCOUNT = {"Id": "111122223333", "Name": "shop", "State": "ACTIVE", "Paths": ["o-exampleorgid/r-abcd/ou-abcd-11111111/111122223333/"]}
ROLE = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fread&RoleSessionName=night"
SESSION = (
    f'<AssumeRoleResponse xmlns="{XML}"><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLEEXAMPLE00</AccessKeyId>'
    "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
    "</Credentials></AssumeRoleResult></AssumeRoleResponse>"
)


class Judge(unittest.TestCase):
    def refused(self, record, said):
        findings = judged(record).findings
        self.assertTrue(any(said in finding for finding in findings), f"{said!r} in {findings}")

    def test_sound_calls_pass(self):
        resource = {"ResourceARN": "arn:aws:sqs:eu-central-1:111122223333:q", "Tags": [{"Key": "k", "Value": ""}]}
        for record in [
            accounts({}, {"Accounts": [ACCOUNT], "NextToken": "more"}),
            accounts({"NextToken": "more"}, {"__type": "AccessDeniedException", "message": "no"}, 400),
            resources({"ResourcesPerPage": 100}, {"ResourceTagMappingList": [resource], "PaginationToken": ""}),
            assume(ROLE + "&ExternalId=milepost&DurationSeconds=3600", SESSION),
            search({"QueryString": "tag:none", "MaxResults": 1}, {"Count": {"TotalResources": 3, "Complete": True}}),
        ]:
            self.assertEqual(judged(record).findings, [])

    def test_broken_questions_are_refused(self):
        sound = {"Accounts": []}
        unknown = accounts({}, sound)
        unknown["headers"]["x-amz-target"] = "AWSOrganizationsV20161128.ListEverything"
        for record, said in [
            (unknown, "there is no operation `ListEverything`"),
            (json_call("organizations", "Wrong.ListAccounts", {}, sound), "`Wrong` is not"),
            (accounts({"Nexttoken": "x"}, sound), "there is no member `Nexttoken`"),
            (accounts({"MaxResults": "20"}, sound), '"20" is no integer'),
            (accounts({"MaxResults": True}, sound), "true is no integer"),
            (accounts({"MaxResults": 21}, sound), "21 is more than 20"),
            (accounts({"MaxResults": 0}, sound), "0 is less than 1"),
            (accounts({"NextToken": None}, sound), "null is no string"),
            (resources({"TagFilters": [{"Values": "x"}]}, {}), '"x" is no list'),
            (resources({"PaginationToken": "x" * 2049}, {}), "2049 is more than 2048"),
            (resources({"ResourceTypeFilters": ["x" * 257]}, {}), "question.ResourceTypeFilters[0]: 257 is more than 256"),
            (assume("Action=AssumeRole&Version=2011-06-15&RoleSessionName=night", SESSION), "`RoleArn` is missing"),
            (assume(ROLE.replace("2011-06-15", "2011"), SESSION), "the version is not that of the model"),
            (assume(ROLE.replace("night", "a%20night"), SESSION), "is not like"),
            (assume(ROLE + "&DurationSeconds=60", SESSION), "60 is less than 900"),
            (assume(ROLE + "&RoleSessionName=twice", SESSION), "a member is there twice"),
            (assume(ROLE.replace("AssumeRole", "BecomeRoot"), SESSION), "there is no operation `BecomeRoot`"),
            (search({}, {}), "`QueryString` is missing"),
            (search({"QueryString": "tag:none", "MaxResults": 1001}, {}), "1001 is more than 1000"),
            (search({"QueryString": "x"}, {}, "/Find"), "there is no operation at POST /Find"),
            (accounts({}, sound) | {"service": "iam"}, "nobody should ask `iam`"),
        ]:
            self.refused(record, said)
        plain = accounts({}, sound)
        plain["headers"]["content-type"] = "application/json"
        self.refused(plain, "the content type is not")

    def test_invented_answers_are_refused(self):
        for change, said in [
            ({"State": "OPEN"}, "`OPEN` is none of"),
            ({"Id": "12"}, "is not like"),
            ({"Owner": "me"}, "there is no member `Owner`"),
            ({"Name": ""}, "0 is less than 1"),
            ({"Paths": "o-x"}, '"o-x" is no list'),
        ]:
            self.refused(accounts({}, {"Accounts": [ACCOUNT | change]}), said)
        self.refused(accounts({}, {"Accounts": [], "NextToken": None}), "null is no string")
        self.refused(accounts({}, {"__type": "MadeUpException"}, 400), "the answer fails with `MadeUpException`")
        self.refused(resources({}, {"ResourceTagMappingList": [{"ResourceARN": "x" * 2000}]}), "2000 is more than")
        self.refused(assume(ROLE, SESSION.replace("Expiration>", "Expires>")), "there is no member `Expires`")
        self.refused(assume(ROLE, SESSION.replace("AssumeRoleR", "AssumeR")), "the answer is not a `AssumeRoleResponse`")
        self.refused(assume(ROLE, SESSION.replace("ASIAEXAMPLEEXAMPLE00", "AK")), "2 is less than 16")

    def test_answers_of_others_are_theirs(self):
        record = accounts({}, {"Accounts": [], "NextToken": None})
        self.assertEqual(judged(copy.deepcopy(record) | {"by": "moto"}).findings, [])

    def test_grants_are_read_from_policies(self):
        statements = [{"Action": "a:B"}, {"Action": ["c:D", "c:E"]}]
        self.assertEqual(granted([{"Statement": statements}]), {"a:B", "c:D", "c:E"})


if __name__ == "__main__":
    unittest.main()
