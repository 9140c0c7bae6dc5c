"""Serves an organisation from moto that checks rights, with the policies that we ship: `grants.py TRUTH CRAWL MEMBER`
serves until it is ended.

For every grant of the policy CRAWL there is one more crawl role, and for every grant of MEMBER one more account, that
lacks just this grant. TRUTH names them all, with the keys of a user who may do nothing but assume crawl roles.
moto looks at no trust policy and at no condition, it refuses what is granted for some policies of Organizations alone, and
it calls `tag:` by the name `tagging:`.
"""

import copy
import json
import sys
import urllib.request

from moto_cloud import Cloud, serve

REGIONS = ["eu-central-1", "us-east-1"]
MANAGEMENT = "123456789012"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}

cloud = Cloud()
client = cloud.client


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def grants(policy):
    """Every action that the policy grants."""
    actions = []
    for statement in policy["Statement"]:
        named = statement["Action"]
        actions += [named] if isinstance(named, str) else named
    return sorted(actions)


def without(policy, grant):
    """The policy as moto reads it, without one grant."""
    policy = copy.deepcopy(policy)
    for statement in policy["Statement"]:
        named = statement["Action"]
        if ":organizations:" in statement["Resource"]:
            statement["Resource"] = "*"
        kept = [action for action in ([named] if isinstance(named, str) else named) if action != grant]
        statement["Action"] = kept + [action.replace("tag:", "tagging:") for action in kept if action.startswith("tag:")]
    policy["Statement"] = [statement for statement in policy["Statement"] if statement["Action"]]
    return policy


def role(iam, name, policy):
    """A role at /milepost/ that may do what the policy says."""
    made = iam.create_role(RoleName=name, Path="/milepost/", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    if policy["Statement"]:
        iam.put_role_policy(RoleName=name, PolicyName="shipped", PolicyDocument=json.dumps(policy))
    return made["Arn"]


crawl, member = read(sys.argv[2]), read(sys.argv[3])
# moto has no Resource Explorer.
member["Statement"] = [one for one in member["Statement"] if "resource-explorer-2" not in str(one["Action"])]
organizations = client("organizations")
organizations.create_organization(FeatureSet="ALL")
root = organizations.list_roots()["Roots"][0]["Id"]
organizations.enable_policy_type(RootId=root, PolicyType="TAG_POLICY")
policy = organizations.create_policy(Name="costs", Description="", Type="TAG_POLICY", Content='{"tags": {"costcenter": {}}}')
organizations.attach_policy(PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=root)
unit = organizations.create_organizational_unit(ParentId=root, Name="Prod")["OrganizationalUnit"]["Id"]
accounts = {}
for lacking in [None, None, *grants(member)]:
    number = len(accounts)
    name = f"shop-{number}"
    tags = [{"Key": "OwnerTeam", "Value": "quay"}]
    made = organizations.create_account(Email=f"{name}@example.com", AccountName=name, Tags=tags)
    account = made["CreateAccountStatus"]["AccountId"]
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit)
    accounts[account] = lacking
    arn = f"arn:aws:iam::{account}:role/anybody"
    session = client("sts").assume_role(RoleArn=arn, RoleSessionName="seed")["Credentials"]
    role(client("iam", session=session), "MilepostRead", without(member, lacking))
    for region in REGIONS:
        client("sqs", region, session).create_queue(QueueName="orders", tags={"Service": "tracking"})

iam = client("iam")
roles = {grant: role(iam, f"MilepostCrawl{number}", without(crawl, grant)) for number, grant in enumerate(grants(crawl))}
whole = role(iam, "MilepostCrawl", without(crawl, None))
iam.create_user(UserName="night")
allowed = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::{MANAGEMENT}:role/milepost/*"}
document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
iam.put_user_policy(UserName="night", PolicyName="crawl", PolicyDocument=document)
key = iam.create_access_key(UserName="night")["AccessKey"]

# From here on every call is checked.
reset = urllib.request.Request(f"{cloud.address}/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})
urllib.request.urlopen(reset).read()
truth = {
    "address": cloud.address,
    "regions": REGIONS,
    "key": {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]},
    "role": whole,
    "crawl_without": roles,
    "accounts": [account for account, lacking in accounts.items() if not lacking],
    "member_without": {lacking: account for account, lacking in accounts.items() if lacking},
}
serve(truth, sys.argv[1])
