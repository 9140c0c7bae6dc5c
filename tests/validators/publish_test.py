"""Publishes sites with the program itself to two stores that speak S3, and to folders, and reads them as readers do.

moto knows locks, conditions and CloudFront but takes any checksum and any signature; s3s-fs knows checksums and
signatures but lets several writers win. So each is asked for what it is right about.
Usage: `publish_test.py MILEPOST S3S_FS`.
"""

import base64
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from moto_cloud import Cloud
from spoiler import PASSING, Spoiler

MILEPOST, S3S_FS = (str(Path(path).resolve()) for path in sys.argv[1:3])
BUCKET, SECRET = "portal", "secret-of-tests"
ALL_KINDS = os.environ.get("MILEPOST_TESTS_ALL_FAULTS")
WORK = Path(tempfile.mkdtemp(prefix="milepost-publish-"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Store:
    """A store, and who asks it directly."""

    def __init__(self, name, address):
        self.name, self.address = name, address
        retries = Config(retries={"max_attempts": 5}, s3={"addressing_style": "path"})
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
        self.s3 = boto3.client("s3", endpoint_url=address, config=retries, **keys)
        self.s3.create_bucket(Bucket=BUCKET)
        self.count = 0

    def prefix(self):
        """A folder that nobody used before."""
        self.count += 1
        return f"{self.name}-{self.count}"

    def get(self, key):
        return self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def put(self, key, text):
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())

    def keys(self, prefix):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return sorted(found["Key"] for page in pages for found in page.get("Contents", []))

    def pointer(self, prefix):
        return json.loads(self.get(f"{prefix}/.milepost/current.json"))

    def seen(self, prefix):
        """What readers see who follow the pointer: path to text; nothing before the first publication."""
        try:
            release = self.pointer(prefix)["release"]
        except ClientError:
            return {}
        return self.below(f"{prefix}/releases/{release}/")

    def below(self, folder):
        keys = [key for key in self.keys(folder) if "/.milepost/" not in key]
        with ThreadPoolExecutor(8) as pool:
            return {key.removeprefix(folder): text.decode() for key, text in zip(keys, pool.map(self.get, keys))}


def start_moto():
    cloud = Cloud()
    store = Store("moto", cloud.address)
    store.cloud = cloud
    return store


def start_s3s():
    root, port = WORK / "s3s", free_port()
    root.mkdir()
    command = [S3S_FS, "--host", "127.0.0.1", "--port", str(port), "--access-key", "test", "--secret-key", SECRET, str(root)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    return Store("s3s", f"http://127.0.0.1:{port}"), process


class Site:
    """A built site of some pages, and what it should look like to readers."""

    def __init__(self, seed, pages=12):
        self.folder = Path(tempfile.mkdtemp(dir=WORK))
        self.files = {}
        style = "body{color:black}"
        fingerprint = hashlib.sha256(style.encode()).hexdigest()[:10]
        self.write(f"assets/site.{fingerprint}.css", style)
        self.write("tables/all services.csv", "a,b\n1,2\n")
        self.write("api/v1/index.json", json.dumps({"seed": seed, "long": "x" * 2000}))
        for page in range(pages):
            # Every third page is not the same in every site.
            self.write(f"services/{page}/index.html", f"<h1>{page}</h1>{seed if page % 3 == 0 else ''}")
        self.write("index.html", f"<h1>{seed}</h1>")

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.files[path] = text

    def remove(self, path):
        (self.folder / path).unlink()
        del self.files[path]


def command(site, to, *options):
    return [MILEPOST, "publish", str(site.folder if site else "nowhere"), "--to", to, *options]


def environment(address, **more):
    kept = {key: os.environ[key] for key in ("PATH", "TMPDIR") if key in os.environ}
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
    files = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "HOME": str(WORK)}
    return kept | keys | files | {"AWS_ENDPOINT_URL": address, "AWS_EC2_METADATA_DISABLED": "true"} | more


def publish(address, site, prefix, *options, **more):
    """Runs to the end: exit code, standard output, standard error."""
    to = f"s3://{BUCKET}/{prefix}"
    done = subprocess.run(
        command(site, to, *options), env=environment(address, **more), capture_output=True, text=True, timeout=300
    )
    return done.returncode, done.stdout, done.stderr


class Case(unittest.TestCase):
    def whole(self, store, prefix, site, why=""):
        self.assertEqual(store.seen(prefix), site.files, why)

    def done(self, result, code=0):
        self.assertEqual(result[0], code, result[2] + result[1])
        return result[1] + result[2]


class OnEveryStore(Case):
    """What has to hold wherever a site lies."""

    def test_only_what_changed_is_sent_and_nothing_takes_at_most_three_requests(self):
        for store in STORES:
            with self.subTest(store.name), Spoiler(store.address) as door:
                prefix, site = store.prefix(), Site("first")
                self.done(publish(door.address, site, prefix, "--apply"))
                self.assertEqual(len(door.sent()), len(site.files))
                self.whole(store, prefix, site)
                # New times, same bytes.
                for path in site.files:
                    os.utime(site.folder / path)
                door.calls.clear()
                said = self.done(publish(door.address, site, prefix, "--apply"))
                self.assertIn("unchanged", said)
                self.assertLessEqual(len(door.calls), 3, door.calls)
                self.assertEqual({method for method, _ in door.calls} - {"GET", "HEAD"}, set())
                site.write("services/1/index.html", "changed")
                plan = json.loads(publish(door.address, site, prefix, "--format", "json")[1])
                door.calls.clear()
                applied = json.loads(publish(door.address, site, prefix, "--apply", "--format", "json")[1])
                self.assertEqual(plan, applied)
                uploads = [item["path"] for item in plan["uploads"]["items"]]
                self.assertEqual(uploads, ["services/1/index.html"])
                self.assertEqual(plan["copies"]["files"], len(site.files) - 1)
                self.assertEqual(len([path for path in door.sent() if "services/1/" in path]), 1)
                self.whole(store, prefix, site)

    def test_a_plan_alone_changes_nothing(self):
        for store in STORES:
            with self.subTest(store.name), Spoiler(store.address) as door:
                self.done(publish(door.address, Site("first"), store.prefix()))
                self.assertEqual({method for method, _ in door.calls}, {"GET"})

    def test_readers_are_told_what_files_are(self):
        for store in STORES:
            with self.subTest(store.name):
                prefix, site = store.prefix(), Site("first")
                self.done(publish(store.address, site, prefix, "--apply", "--in-place", "--precompress"))
                style = next(path for path in site.files if path.endswith(".css"))
                expected = {
                    "index.html": ("text/html; charset=utf-8", "no-cache", None, None),
                    style: ("text/css; charset=utf-8", "public, max-age=31536000, immutable", None, None),
                    "tables/all services.csv": ("text/csv; charset=utf-8", "no-cache", None, "attachment"),
                    "api/v1/index.json": ("application/json", "no-cache", "gzip", None),
                }
                for path, told in expected.items():
                    found = store.s3.head_object(Bucket=BUCKET, Key=f"{prefix}/{path}")
                    names = ("ContentType", "CacheControl", "ContentEncoding", "ContentDisposition")
                    self.assertEqual(tuple(found.get(name) or None for name in names), told, path)
                self.assertIn("unchanged", self.done(publish(store.address, site, prefix, "--in-place", "--precompress")))

    def test_an_earlier_publication_comes_back(self):
        for store in STORES:
            with self.subTest(store.name), Spoiler(store.address) as door:
                prefix, old, new = store.prefix(), Site("old"), Site("new")
                self.done(publish(door.address, old, prefix, "--apply"))
                self.done(publish(door.address, new, prefix, "--apply"))
                door.calls.clear()
                self.done(publish(door.address, None, prefix, "--rollback", "--apply"))
                self.assertEqual(door.sent(), [])
                self.whole(store, prefix, old)
                listed = json.loads(publish(store.address, None, prefix, "--releases", "--format", "json")[1])
                self.assertEqual(len(listed["releases"]), 2)
                self.assertEqual(listed["current"], store.pointer(prefix)["release"])
                self.done(publish(door.address, None, prefix, "--rollback", "2", "--apply"))
                self.whole(store, prefix, new)
                self.done(publish(door.address, None, prefix, "--rollback", "77", "--apply"), 2)

    def test_what_is_not_ours_is_never_touched(self):
        for store in STORES:
            with self.subTest(store.name):
                prefix, old, new = store.prefix(), Site("old"), Site("new")
                new.remove("services/2/index.html")
                store.put(f"{prefix}/theirs.html", "theirs")
                day = lambda number: ("--apply", "--in-place", "--now", f"2026-11-{number}T03:00:00Z")
                self.done(publish(store.address, old, prefix, *day(20)))
                self.done(publish(store.address, new, prefix, *day(21)))
                # Gone from the site, and still there for who has an old page open.
                self.assertIn("services/2/index.html", store.below(f"{prefix}/"))
                self.done(publish(store.address, new, prefix, *day(22)))
                self.assertEqual(store.below(f"{prefix}/"), new.files | {"theirs.html": "theirs"})
                taken = store.prefix()
                store.put(f"{taken}/index.html", "theirs")
                self.assertIn("index.html", self.done(publish(store.address, old, taken, "--apply", "--in-place"), 5))
                self.assertEqual(store.keys(f"{taken}/"), [f"{taken}/index.html"])

    def test_old_publications_go_as_their_manifests_say(self):
        for store in STORES:
            with self.subTest(store.name):
                prefix = store.prefix()
                site = Site("0", pages=2)
                names = []
                for number in range(12):
                    site.write("index.html", f"<h1>{number}</h1>")
                    now = f"2026-11-{1 if number < 11 else 20:02}T03:00:00Z"
                    self.done(publish(store.address, site, prefix, "--apply", "--now", now))
                    names.append(store.pointer(prefix)["release"])
                    if number == 0:
                        store.put(f"{prefix}/releases/{names[0]}/theirs.txt", "theirs")
                self.assertEqual(store.below(f"{prefix}/releases/{names[0]}/"), {"theirs.txt": "theirs"})
                self.assertEqual(store.below(f"{prefix}/releases/{names[1]}/"), {})
                self.assertEqual(len(store.below(f"{prefix}/releases/{names[2]}/")), len(site.files))
                self.assertEqual(len(store.pointer(prefix)["releases"]), 10)

    def test_much_is_not_removed_unless_somebody_says_so(self):
        for store in STORES:
            with self.subTest(store.name):
                prefix, site = store.prefix(), Site("first", pages=30)
                before = dict(site.files)
                self.done(publish(store.address, site, prefix, "--apply"))
                for page in range(15):
                    site.remove(f"services/{page}/index.html")
                said = self.done(publish(store.address, site, prefix, "--apply"), 5)
                self.assertIn("15 of 30 files of `services/`", said)
                self.assertEqual(store.seen(prefix), before)
                mark = said.split("--accept-removals ")[1].split("`")[0]
                self.done(publish(store.address, site, prefix, "--apply", "--accept-removals", mark))
                self.whole(store, prefix, site)

    def test_a_fault_at_any_call_costs_nothing(self):
        for store in STORES:
            prefix, old = store.prefix(), Site("old", pages=3)
            self.done(publish(store.address, old, prefix, "--apply"))
            with Spoiler(store.address) as door:
                self.done(publish(door.address, Site("new", pages=3), prefix, "--apply"))
                calls = len(door.calls)
            # A store that checks nothing would take what was changed on the way.
            kinds = [kind for kind in PASSING if store.name == "s3s" or kind != "corrupt"]
            for number in range(1, calls + 1):
                # Two kinds at each call, others at the next: every kind at every call takes minutes.
                two = [kinds[2 * number % len(kinds)], kinds[(2 * number + 1) % len(kinds)]]
                for kind in kinds if ALL_KINDS else two:
                    site = Site(f"{number} {kind}", pages=3)
                    spoil = lambda call, method, path: kind if call == number else None
                    with self.subTest(f"{store.name} {number} {kind}"), Spoiler(store.address, spoil) as door:
                        self.done(publish(door.address, site, prefix, "--apply"))
                        self.whole(store, prefix, site)
                        self.assertNotIn(f"{prefix}/.milepost/lock.json", store.keys(f"{prefix}/.milepost/"))

    def test_a_store_that_fails_for_ever_is_given_up_and_the_old_site_stays(self):
        store = STORES[1]
        prefix, old = store.prefix(), Site("old", pages=3)
        self.done(publish(store.address, old, prefix, "--apply"))
        spoil = lambda call, method, path: "corrupt" if method == "PUT" and "/services/" in path else None
        with Spoiler(store.address, spoil) as door:
            said = self.done(publish(door.address, Site("new", pages=3), prefix, "--apply"), 1)
        self.assertIn("10 times in a row", said)
        self.whole(store, prefix, old)

    def test_credentials_that_end_lose_nothing_that_was_sent(self):
        for store in STORES:
            prefix, old, new = store.prefix(), Site("old"), Site("new", pages=30)
            self.done(publish(store.address, old, prefix, "--apply"))
            spoil = lambda call, method, path: "expired" if call > 20 and ".milepost/lock" not in path else None
            with self.subTest(store.name), Spoiler(store.address, spoil) as door:
                said = self.done(publish(door.address, new, prefix, "--apply", "--jobs", "1"), 2)
                self.assertIn("ExpiredToken", said)
                self.assertIn("get new ones", said)
                self.whole(store, prefix, old)
                sent = len([path for path in door.sent()])
                self.assertGreater(sent, 5)
            with Spoiler(store.address) as door:
                self.done(publish(door.address, new, prefix, "--apply"))
                self.whole(store, prefix, new)
                self.assertLess(len(door.sent()), len(new.files) - 5)

    def test_refusals_say_what_to_do(self):
        store = STORES[0]
        for kind, hint in [("denied", "s3:PutObject"), ("elsewhere", "AWS_REGION=eu-north-1"), ("expired", "get new ones")]:
            with self.subTest(kind), Spoiler(store.address, lambda *_: kind) as door:
                self.assertIn(hint, self.done(publish(door.address, Site("x", pages=1), store.prefix(), "--apply"), 2))
        missing = command(Site("x", pages=1), "s3://nobody-has-this/x", "--apply")
        done = subprocess.run(missing, env=environment(store.address), capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, "NoSuchBucket; create the bucket" in done.stderr), (2, True), done.stderr)
        nobody = environment(store.address, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
        done = subprocess.run(missing, env=nobody, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, "no credentials for AWS were found" in done.stderr), (2, True), done.stderr)
        wrong = publish(STORES[1].address, Site("x", pages=1), "x", "--apply", AWS_SECRET_ACCESS_KEY="wrong")
        self.assertIn("SignatureDoesNotMatch", self.done(wrong, 2))


class OnMoto(Case):
    """What takes conditions that hold, and CloudFront."""

    def test_of_two_at_once_one_wins_and_the_other_says_so(self):
        store = STORES[0]
        for number in range(8):
            prefix = store.prefix()
            sites = [Site(f"{number} one"), Site(f"{number} other")]
            run = lambda site: publish(store.address, site, prefix, "--apply")
            with ThreadPoolExecutor(2) as pool:
                results = list(pool.map(run, sites))
            codes = sorted(code for code, _, _ in results)
            self.assertIn(codes, [[0, 0], [0, 5]], results)
            seen = store.seen(prefix)
            winners = [site for site, (code, _, _) in zip(sites, results) if code == 0]
            self.assertIn(seen, [site.files for site in winners])
            for code, _, said in results:
                self.assertTrue(code == 0 or "is publishing there since" in said or "meanwhile" in said, said)

    def test_a_lock_names_its_holder_and_ends(self):
        store = STORES[0]
        prefix, site = store.prefix(), Site("first", pages=2)
        note = {"format": "milepost-lock/1", "by": "nightly@elsewhere", "nonce": "1", "machine": None, "process": None}
        now = time.time()
        stamp = lambda seconds: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + seconds))
        lock = f"{prefix}/.milepost/lock.json"
        store.put(lock, json.dumps(note | {"since": stamp(-60), "until": stamp(240)}))
        said = self.done(publish(store.address, site, prefix, "--apply"), 5)
        self.assertIn("`nightly@elsewhere` is publishing there since", said)
        self.assertEqual(store.keys(f"{prefix}/"), [lock])
        store.put(lock, json.dumps(note | {"since": stamp(-900), "until": stamp(-600)}))
        self.done(publish(store.address, site, prefix, "--apply"))
        self.whole(store, prefix, site)
        self.assertNotIn(lock, store.keys(f"{prefix}/"))

    def test_s3_is_told_the_digest_of_every_file(self):
        store = STORES[0]
        prefix, site = store.prefix(), Site("first", pages=2)
        with Spoiler(store.address) as door:
            self.done(publish(door.address, site, prefix, "--apply", "--in-place"))
        for path, text in site.files.items():
            digest = hashlib.sha256(text.encode())
            noted = store.s3.head_object(Bucket=BUCKET, Key=f"{prefix}/{path}")["Metadata"]
            self.assertEqual(noted["milepost-sha256"], digest.hexdigest())
            told = door.sums[f"/{BUCKET}/{prefix}/{quote(path)}"]
            self.assertEqual(told, base64.b64encode(digest.digest()).decode())

    def test_cloudfront_hears_of_what_changed_and_of_nothing_else(self):
        store = STORES[0]
        network = store.cloud.client("cloudfront")
        origin = {"Id": "o", "DomainName": "portal.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
        behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"}
        made = network.create_distribution(
            DistributionConfig={
                "CallerReference": "1",
                "Comment": "",
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [origin]},
                "DefaultCacheBehavior": behaviour,
            }
        )["Distribution"]["Id"]
        listed = lambda: network.list_invalidations(DistributionId=made)["InvalidationList"].get("Items", [])
        prefix, site = store.prefix(), Site("first", pages=30)
        run = lambda: self.done(publish(store.address, site, prefix, "--apply", "--distribution", made))
        run()
        self.assertEqual(listed(), [])
        site.write("services/1/index.html", "changed")
        run()
        run()
        self.assertEqual(len(listed()), 1)
        batch = network.get_invalidation(DistributionId=made, Id=listed()[0]["Id"])["Invalidation"]["InvalidationBatch"]
        self.assertEqual(sorted(batch["Paths"]["Items"]), ["/services/1/", "/services/1/index.html"])
        self.assertIn(store.pointer(prefix)["release"], batch["CallerReference"])
        for page in range(20):
            site.write(f"services/{page}/index.html", "all changed")
        said = run()
        self.assertIn("/services/*", said)
        self.assertNotIn("/services/1/", said.split("invalidate")[1])

    def test_kills_at_random_moments_leave_the_old_site_or_the_new_one(self):
        store = STORES[0]
        for options in [(), ("--in-place",)]:
            prefix, chance = store.prefix(), random.Random(7)
            sites = [Site("a"), Site("b")]
            self.done(publish(store.address, sites[0], prefix, "--apply", *options))
            start = time.monotonic()
            self.done(publish(store.address, sites[1], prefix, "--apply", *options))
            length = time.monotonic() - start
            store.put(f"{prefix}/theirs.html", "theirs")
            for number in range(25):
                before, after = sites[(number + 1) % 2], sites[number % 2]
                to = f"s3://{BUCKET}/{prefix}"
                with subprocess.Popen(
                    command(after, to, "--apply", *options),
                    env=environment(store.address),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                ) as run:
                    time.sleep(chance.uniform(0, length * 1.1))
                    run.send_signal(signal.SIGKILL)
                if not options:
                    self.assertIn(store.seen(prefix), [before.files, after.files], number)
                # The next run is right at once: who held the lock is dead, and on this machine.
                self.done(publish(store.address, after, prefix, "--apply", *options))
                if options:
                    self.assertEqual(store.below(f"{prefix}/"), after.files | {"theirs.html": "theirs"}, number)
                else:
                    self.whole(store, prefix, after, number)


class ToFolders(Case):
    """What has to hold where files are the target."""

    def run_to(self, site, folder, *options, code=0):
        done = subprocess.run(command(site, str(folder), *options), env=environment(""), capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout + done.stderr

    def seen(self, folder):
        # A reader who opened the folder goes on reading that one.
        site = Path(folder, "current").resolve()
        return {str(file.relative_to(site)): file.read_text() for file in site.rglob("*") if file.is_file()}

    def test_only_what_changed_is_written(self):
        folder, site = WORK / "folder", Site("first")
        self.run_to(site, folder, "--apply")
        self.assertEqual(self.seen(folder), site.files)
        self.assertIn("unchanged", self.run_to(site, folder, "--apply"))
        kept = (folder / "current/services/2/index.html").stat().st_ino
        site.write("services/1/index.html", "changed")
        self.assertIn("1 sent", self.run_to(site, f"file://{folder}", "--apply"))
        self.assertEqual(self.seen(folder), site.files)
        self.assertEqual((folder / "current/services/2/index.html").stat().st_ino, kept)
        self.run_to(None, folder, "--rollback", "--apply")
        self.assertNotEqual(self.seen(folder), site.files)

    def test_kills_at_random_moments_leave_the_old_site_or_the_new_one(self):
        folder, chance = WORK / "killed", random.Random(11)
        sites = [Site("a", pages=60), Site("b", pages=60)]
        self.run_to(sites[0], folder, "--apply")
        start = time.monotonic()
        self.run_to(sites[1], folder, "--apply")
        length = time.monotonic() - start
        for number in range(40):
            after = sites[number % 2]
            with subprocess.Popen(
                command(after, str(folder), "--apply"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as run:
                time.sleep(chance.uniform(0, length * 1.1))
                run.send_signal(signal.SIGKILL)
            self.assertIn(self.seen(folder), [site.files for site in sites], number)
            self.run_to(after, folder, "--apply")
            self.assertEqual(self.seen(folder), after.files, number)

    def test_a_full_disk_leaves_the_old_site(self):
        folder = WORK / "small"
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "milepost", str(folder)]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            self.skipTest("only who may mount can make a small disk")
        try:
            old, new = Site("old", pages=2), Site("new", pages=2)
            self.run_to(old, folder, "--apply")
            new.write("large.json", "x" * 400_000)
            said = self.run_to(new, folder, "--apply", code=1)
            self.assertIn("the disk is full: make room and run it again", said)
            self.assertEqual(self.seen(folder), old.files)
            new.write("large.json", "small")
            self.run_to(new, folder, "--apply")
            self.assertEqual(self.seen(folder), new.files)
        finally:
            subprocess.run(["umount", str(folder)], check=True)


if __name__ == "__main__":
    s3s, process = start_s3s()
    STORES = [start_moto(), s3s]
    try:
        unittest.main(argv=sys.argv[:1] + sys.argv[3:])
    finally:
        process.kill()
        shutil.rmtree(WORK, ignore_errors=True)
