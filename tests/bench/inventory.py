"""Makes up what AWS says of a large organisation, and measures what `build` takes to reconcile it.

    python3 tests/bench/inventory.py [--resources 2000000] [--accounts 200] [--services 10000] [--milepost target/release/milepost]

17 regions each; sizes are uneven, as they are in life: a tenth of the accounts holds half of everything. A known share
is wrong on purpose, and every listing follows from a fixed seed. The bare work beside it is reading the same bytes.
"""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

import organisation
from run import HERE, ROOT, Cost, run

REGIONS = [
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-central-1", "eu-west-1",
    "eu-west-2", "eu-west-3", "eu-north-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
    "ap-northeast-2", "ap-northeast-3",
]
KINDS = [
    "sqs:{region}:{account}:{name}", "lambda:{region}:{account}:function:{name}", "s3:::{account}-{region}-{name}",
    "dynamodb:{region}:{account}:table/{name}", "logs:{region}:{account}:log-group:/app/{name}",
    "ec2:{region}:{account}:instance/i-{name}", "secretsmanager:{region}:{account}:secret:{name}",
]


def drifted(tags, dice):
    """The same tags, of which six in a hundred are wrong in one of the ways that are found in life."""
    chance = dice.random()
    if chance < 0.02:
        return [tag for tag in tags if tag["Key"] != "Service"]
    if chance < 0.04:
        return [{"Key": tag["Key"].lower(), "Value": tag["Value"]} for tag in tags]
    if chance < 0.06:
        return [{**tag, "Value": "nobody-declared-this"} if tag["Key"] == "Service" else tag for tag in tags]
    return tags


def write(folder, made, accounts, resources):
    """Writes one recorded answer for each account and region; gives how many bytes that are."""
    dice = random.Random(20261122)
    weights = [10 if number % 10 == 0 else 1 for number in range(accounts)]
    written = 0
    for number in range(accounts):
        account = f"{100000000000 + number:012d}"
        owned = made[number::accounts] or made[:1]
        count = resources * weights[number] // sum(weights) // len(REGIONS)
        for region in REGIONS:
            listing = []
            for index in range(count):
                service = owned[index % len(owned)]
                name = f"{service.id}-{index:06d}"
                kind = KINDS[index % len(KINDS)].format(region=region, account=account, name=name)
                tags = drifted(organisation.tags(service), dice)
                listing.append({"ResourceARN": f"arn:aws:{kind}", "Tags": tags})
            text = json.dumps({
                "operation": "tagging:GetResources", "account": account, "region": region,
                "collectedAt": "2026-11-20T03:00:00Z",
                "answer": {"ResourceTagMappingList": listing, "PaginationToken": ""}})
            organisation.write(folder / f"{account}-{region}.json", text)
            written += len(text)
    return written


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--resources", type=int, default=2_000_000)
    options.add_argument("--accounts", type=int, default=200)
    options.add_argument("--services", type=int, default=10_000)
    options.add_argument("--milepost", type=lambda path: Path(path).resolve(), default=ROOT / "target/release/milepost")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        catalog, site = folder / "catalog", folder / "site"
        made = organisation.services(chosen.services)
        for number, service in enumerate(made):
            service.account = f"{100000000000 + number % chosen.accounts:012d}"
        organisation.for_milepost(catalog, made, HERE / "catalog")
        for listing in (catalog / "aws").glob("*.json"):
            listing.unlink()
        written = write(catalog / "aws", made, chosen.accounts, chosen.resources)
        print(f"{chosen.resources} resources in {chosen.accounts} accounts and {len(REGIONS)} regions, {written / 1e6:.0f} MB")
        bare = run(["cat"] + sorted((catalog / "aws").glob("*.json")))
        build = [chosen.milepost, "build", catalog, "--out", site, "--now", "2026-11-21", "--verbose"]
        costs: list[Cost] = [run(build, cwd=folder) for _ in range(2)]
        for name, cost in zip(["full build", "unchanged"], costs):
            phases = ", ".join(f"{phase} {seconds:.2f}" for phase, seconds in cost.phases.items())
            print(f"  {name:12} {cost.wall:8.2f} s, {cost.wall / max(bare.wall, 0.001):.0f} times reading the bytes, "
                  f"{cost.memory:6.0f} MB at the peak ({phases})")


if __name__ == "__main__":
    sys.exit(main())
