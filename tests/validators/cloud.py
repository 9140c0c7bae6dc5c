"""Serves an organisation from moto on loopback, and writes what is in it: `cloud.py TRUTH` serves until it is ended.

Accounts lie in units and have tags; resources are made inside each account, through its role. TRUTH names the address,
the accounts with their units, and every resource with its tags: what a crawl must find, and nothing else. What is asked
there is written down beside TRUTH, for `aws_models.py`.
"""

import json
import os
import sys

from faults import Faults
from moto_cloud import Cloud, serve
from recorder import Recorder

REGIONS = ["ap-southeast-3", "eu-central-1", "us-east-1"]
ACCOUNTS = 6
QUEUES = 55  # more than two pages of three services together

cloud = Cloud()
client = cloud.client

organizations = client("organizations")
organizations.create_organization(FeatureSet="ALL")
root = organizations.list_roots()["Roots"][0]["Id"]
organizations.enable_policy_type(RootId=root, PolicyType="TAG_POLICY")


def unit(parent, name):
    made = organizations.create_organizational_unit(ParentId=parent, Name=name)
    return made["OrganizationalUnit"]["Id"]


workloads = unit(root, "Workloads")
units = {"Workloads/Prod": unit(workloads, "Prod"), "Workloads/Try": unit(workloads, "Try"), "Core": unit(root, "Core")}
accounts, resources = {}, {}
for number in range(ACCOUNTS):
    made = organizations.create_account(
        Email=f"a{number}@example.com",
        AccountName=f"shop-{number}",
        Tags=[{"Key": "OwnerTeam", "Value": f"team-{number}"}],
    )
    account = made["CreateAccountStatus"]["AccountId"]
    name = sorted(units)[number % len(units)]
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=units[name])
    accounts[account] = {"name": f"shop-{number}", "unit": name, "tags": {"OwnerTeam": f"team-{number}"}, "state": "ACTIVE"}
closed = list(accounts)[-1]
for account in accounts:
    role = f"arn:aws:iam::{account}:role/milepost/MilepostRead"
    session = client("sts").assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
    for region in REGIONS if account != closed else []:
        found = resources.setdefault(f"{account} {region}", {})
        sqs, sns, dynamodb = (client(service, region, session) for service in ("sqs", "sns", "dynamodb"))
        for number in range(QUEUES):
            tags = {"Service": f"s{number % 4}", "hostile": "<script>alert(1)</script>=1+1\u202e"}
            queue = sqs.create_queue(QueueName=f"queue-{number}", tags=tags)["QueueUrl"]
            arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            found[arn] = tags
            listed = [{"Key": key, "Value": value} for key, value in tags.items()]
            found[sns.create_topic(Name=f"topic-{number}", Tags=listed)["TopicArn"]] = tags
        table = dynamodb.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            Tags=[{"Key": "service", "Value": "s1"}],
        )
        found[table["TableDescription"]["TableArn"]] = {"service": "s1"}
policies = {}
for name, key in {"costs": "CostCenter", "teams": "OwnerTeam"}.items():
    document = json.dumps({"tags": {key.lower(): {"tag_key": {"@@assign": key}}}})
    made = organizations.create_policy(Name=name, Description="", Type="TAG_POLICY", Content=document)
    targets = [root, units["Core"], next(iter(accounts))]
    for target in targets:
        organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=target)
    policies[name] = {"document": document, "targets": sorted(targets)}
organizations.close_account(AccountId=closed)
accounts[closed]["state"] = "SUSPENDED"
recorder = Recorder(cloud.host, cloud.port, os.path.splitext(sys.argv[1])[0] + "-calls.jsonl")
# A fifth of the calls is spoiled on this way; three attempts of an SDK do not carry a night then.
faults = [Faults(*recorder.server_address, share=0.2, seed=seed).address for seed in range(3)]
truth = {"address": recorder.address, "faulty": faults, "regions": REGIONS, "accounts": accounts, "policies": policies, "resources": resources}
serve(truth, sys.argv[1])
