"""Measures what it takes to seal, verify and recompute an evidence pack, against zipping the same bytes.

    python3 tests/bench/evidence.py [--services 10000] [--milepost target/release/milepost]

The same bytes are the files of the pack itself, zipped by Python's own library at the same level. Only ratios count.
"""

import argparse
import tempfile
import time
import zipfile
from pathlib import Path

import organisation
from run import HERE, ROOT, run


def zipped(pack, target):
    """Zips the files of `pack` again; gives the seconds it took, the bytes before and those after."""
    with zipfile.ZipFile(pack) as given:
        files = [(name, given.read(name)) for name in given.namelist()]
    began = time.monotonic()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
        for name, content in files:
            made.writestr(name, content)
    return time.monotonic() - began, sum(len(content) for _, content in files), target.stat().st_size


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--services", type=int, default=10_000)
    options.add_argument("--milepost", type=lambda path: Path(path).resolve(), default=ROOT / "target/release/milepost")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        catalog = folder / "catalog"
        organisation.for_milepost(catalog, organisation.services(chosen.services), HERE / "catalog")
        milepost = [chosen.milepost, "--now", "2026-11-21", "--verbose"]
        run([*milepost, "collect", catalog], cwd=folder)
        pack = run([*milepost, "evidence", "pack", catalog, "--offline"], cwd=folder)
        (made,) = (folder / "evidence").glob("*.zip")
        verify = run([*milepost, "evidence", "verify", made], cwd=folder)
        again = run([*milepost, "evidence", "verify", made, "--recompute"], cwd=folder)
        seconds, unpacked, size = zipped(made, folder / "same.zip")
        print(f"{chosen.services} services: {unpacked / 1e6:.0f} MB in the pack, zipped by Python in {seconds:.2f} s")
        for name, cost in [("pack", pack), ("verify", verify), ("verify --recompute", again)]:
            ratio = cost.wall / seconds
            print(f"{name}: {cost.wall:.2f} s, {ratio:.1f} times zipping the same bytes, {cost.memory:.0f} MB")
        print(f"size: {made.stat().st_size / 1e6:.1f} MB, {made.stat().st_size / size:.2f} times the zip of Python")


if __name__ == "__main__":
    main()
