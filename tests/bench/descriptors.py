"""Measures `check` of 20,000 descriptors of 2 KB in one call against `cat` of the same files, and of one file alone.

    python3 tests/bench/descriptors.py [--files 20000] [--rounds 5] [--milepost target/release/milepost]

Each round runs both, one after the other, and the ratio is taken within the round: on a shared machine seconds mean
little. Files are read once before, so that neither waits for the disk.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from run import ROOT, run

SIZE = 2048

DESCRIPTOR = """\
serviceId: service-{number}
displayName: Service {number}
description: Prices a parcel for the web shop and the partner API, for customers with and without a contract.
businessCapability: order-intake
type: http-service
ownerTeam: team-{team}
technicalOwner: "@mira"
businessOwner: pricing@example.com
onCall: checkout-primary
criticality: tier-2
failureImpact: Customers see no delivery price; orders stall after ten minutes.
dataClassification: internal
exposure: {{type: public, auth: oauth2, waf: true, rateLimit: true, approvedBy: security}}
runtime: ecs-fargate
goldenPath: http-service@3
environments:
  - {{name: prod, accountId: "012345678901", region: eu-central-1}}
  - {{name: dev, accountId: "109876543210", region: eu-central-1}}
costCenter: CC-4100
product: parcels
managedBy: terraform
slo: {{availability: 99.9, p95LatencyMs: 300}}
resilience: {{rto: 4h, rpo: 15m}}
observability: {{logs: true, metrics: true, traces: true, events: true, alarms: true}}
dependsOn:
  - {{service: service-{other}, kind: soft}}
lifecycle: {{state: production, createdAt: 2026-01-31}}
"""


def descriptor(number, files):
    """One descriptor, filled with a comment to its size."""
    text = DESCRIPTOR.format(number=number, team=number % 40, other=(number * 7 + 1) % files)
    line = "# What on-call has to know about it stands in the runbook, and why it is so in the decisions.\n"
    text += line * ((SIZE - len(text)) // len(line))
    return text + "#" * (SIZE - len(text) - 1) + "\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--files", type=int, default=20_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--milepost", type=Path, default=ROOT / "target/release/milepost")
    chosen = arguments.parse_args()
    if not chosen.milepost.is_file():
        sys.exit(f"there is no `{chosen.milepost}`: build it with `cargo build --release`")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for number in range(chosen.files):
            file = folder / f"{number // 200:03}" / f"service-{number}" / "service.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(descriptor(number, chosen.files))
        contestants = {
            "cat": ["sh", "-c", f"find {folder} -name service.yaml -print0 | xargs -0 cat"],
            "check": [chosen.milepost, "check", folder, "--quiet", "--now", "2026-11-21"],
            "one file": [chosen.milepost, "check", folder / "000/service-0/service.yaml", "--quiet"],
        }
        for command in contestants.values():
            run(command)
        rounds = [{name: run(command) for name, command in contestants.items()} for _ in range(chosen.rounds)]
        print(f"{chosen.files} files of {SIZE} bytes, {chosen.rounds} rounds")
        for name in contestants:
            costs = [one[name] for one in rounds]
            wall, cores = (statistics.median(getattr(cost, key) for cost in costs) for key in ("wall", "cores"))
            print(f"  {name:9} {wall * 1000:8.1f} ms   all cores {cores * 1000:8.1f} ms   {max(c.memory for c in costs):5.0f} MB"
                  f"   at best {min(c.wall for c in costs) * 1000:.1f} ms")
        for key, word in (("wall", "time"), ("cores", "work of all cores")):
            times = statistics.median(getattr(one["check"], key) / getattr(one["cat"], key) for one in rounds)
            print(f"  check takes {times:.1f} times the {word} of cat")


if __name__ == "__main__":
    main()
