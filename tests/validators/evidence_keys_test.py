"""Evidence packs signed by keys that we never see: in the agent of OpenSSH, behind a command (OpenSSL, AWS KMS as moto
plays it), and stamped by an authority (OpenSSL's). Verified by OpenSSH and OpenSSL, and then by us."""

import os
import re
import subprocess
import sys
import tempfile
import textwrap
import unittest
import zipfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from moto_cloud import Cloud

ROOT = Path(__file__).resolve().parents[2]
MILEPOST = os.environ.get("MILEPOST", str(ROOT / "target/debug/milepost"))
SIGNER = "evidence@example.com"
NAMESPACE = "evidence-pack"
TAG_MANIFEST = "tagmanifest-sha256.txt"
PRETEND = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-central-1"}

# What `aws kms sign --message fileb:///dev/stdin --message-type RAW --query Signature --output text` does.
KMS = """\
import base64, sys, boto3
address, key, algorithm = sys.argv[1:]
kms = boto3.client("kms", endpoint_url=address)
answer = kms.sign(KeyId=key, Message=sys.stdin.buffer.read(), MessageType="RAW", SigningAlgorithm=algorithm)
print(base64.b64encode(answer["Signature"]).decode())
"""

# An authority of our own: what signs must be made for time stamps and nothing else (RFC 3161, section 2.3).
AUTHORITY = """\
[ tsa ]
default_tsa = ours
[ ours ]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
[ stamping ]
extendedKeyUsage = critical,timeStamping
"""


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)


class Pack(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="milepost-")))

    def ok(self, done, said=""):
        self.assertEqual(done.returncode, 0, f"{done.stdout}{done.stderr}")
        self.assertIn(said, f"{done.stdout}{done.stderr}")
        return done

    def seal(self, *words, environment=None):
        """A pack of one service; 4 is "done, but some source was incomplete", as one account of the example is."""
        return run(MILEPOST, "evidence", "pack", "catalog", "--now", "2026-11-21", "--service", "label-render",
                   "--out", self.folder / "out", "--ledger", self.folder / "ledger.jsonl", *words, cwd=ROOT,
                   env=os.environ | PRETEND | (environment or {}))

    def sealed(self, *words, environment=None):
        done = self.seal(*words, environment=environment)
        self.assertIn(done.returncode, (0, 4), done.stderr)
        self.archive = Path(done.stdout.split("  ", 1)[1].strip())
        with zipfile.ZipFile(self.archive) as archive:
            archive.extractall(self.folder)
        return self.folder / self.archive.stem

    def accepted(self, pack, public):
        """OpenSSH accepts the signature, and so does `evidence verify`."""
        allowed = self.folder / "allowed_signers"
        allowed.write_text(f'{SIGNER} namespaces="{NAMESPACE}" {public}')
        message = (pack / TAG_MANIFEST).read_text()
        keygen = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", SIGNER, "-n", NAMESPACE,
                  "-s", pack / f"{TAG_MANIFEST}.sig"]
        self.ok(run(*keygen, input=message), f'Good "{NAMESPACE}" signature for {SIGNER}')
        self.assertNotEqual(run(*keygen, input=message + "x").returncode, 0)
        self.ok(run(MILEPOST, "evidence", "verify", self.archive, "--allowed-signers", allowed), SIGNER)


class Keys(Pack):
    def test_a_key_that_only_the_agent_has(self):
        key = self.folder / "key"
        self.ok(run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key))
        said = self.ok(run("ssh-agent", "-s", "-a", self.folder / "agent")).stdout
        agent = {"SSH_AUTH_SOCK": str(self.folder / "agent"), "SSH_AGENT_PID": re.search(r"PID=(\d+)", said)[1]}
        self.addCleanup(run, "ssh-agent", "-k", env=os.environ | agent)
        self.ok(run("ssh-add", "-q", key, env=os.environ | agent))
        key.unlink()
        public = key.with_suffix(".pub")
        self.accepted(self.sealed("--key", public, environment=agent), public.read_text())
        self.ok(run("ssh-add", "-q", "-D", env=os.environ | agent))
        refused = self.seal("--key", public, environment=agent)
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("does not sign", refused.stderr)

    def test_keys_of_openssl_that_sign_raw_bytes(self):
        kinds = {
            "ed25519": (["-algorithm", "ed25519"], "openssl pkeyutl -sign -rawin -inkey {key} -in {bytes}"),
            "rsa": (["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:3072"], "openssl dgst -sha512 -sign {key}"),
            "p256": (["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "openssl dgst -sha256 -sign {key}"),
            "p384": (["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"], "openssl dgst -sha384 -sign {key}"),
            "p521": (["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"], "openssl dgst -sha512 -sign {key}"),
        }
        publics = {}
        for name, (words, command) in kinds.items():
            with self.subTest(key=name):
                key = self.folder / f"{name}.pem"
                self.ok(run("openssl", "genpkey", *words, "-out", key))
                publics[name] = self.folder / f"{name}.pub"
                publics[name].write_text(openssh(self.ok(run("openssl", "pkey", "-in", key, "-pubout")).stdout))
                # This one wants a file whose length it knows.
                command = command.format(key=key, bytes=self.folder / "bytes")
                command = f"cat > {self.folder}/bytes; {command} < {self.folder}/bytes"
                pack = self.sealed("--sign-command", command, "--public-key", publics[name])
                self.accepted(pack, publics[name].read_text())
        # The answer of one key with the public half of another is found out before anything is written.
        archive = self.archive.read_bytes()
        refused = self.seal("--sign-command", f"openssl dgst -sha256 -sign {self.folder}/rsa.pem",
                            "--public-key", publics["ed25519"])
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("no signature of such a key", refused.stderr)
        other = self.folder / "other.pem"
        self.ok(run("openssl", "genpkey", *kinds["p256"][0], "-out", other))
        refused = self.seal("--sign-command", f"openssl dgst -sha256 -sign {other}", "--public-key", publics["p256"])
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("does not fit", refused.stderr)
        self.assertEqual(self.archive.read_bytes(), archive)

    def test_keys_that_never_leave_a_key_service(self):
        cloud = Cloud()
        kms = cloud.client("kms", "eu-central-1")
        script = self.folder / "sign.py"
        script.write_text(KMS)
        for spec, algorithm in [("ECC_NIST_P256", "ECDSA_SHA_256"), ("RSA_3072", "RSASSA_PKCS1_V1_5_SHA_512")]:
            with self.subTest(key=spec):
                key = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec=spec)["KeyMetadata"]["KeyId"]
                der = kms.get_public_key(KeyId=key)["PublicKey"]
                public = self.folder / f"{spec}.pub"
                public.write_text(openssh(serialization.load_der_public_key(der)))
                command = f"{sys.executable} {script} {cloud.address} {key} {algorithm}"
                self.accepted(self.sealed("--sign-command", command, "--public-key", public), public.read_text())
        failed = self.seal("--sign-command", f"{sys.executable} {script} {cloud.address} nobody {algorithm}",
                           "--public-key", public)
        self.assertEqual(failed.returncode, 2, failed.stderr)
        self.assertIn("NotFoundException", failed.stderr)


class Stamps(Pack):
    def authority(self, name):
        """The folder of an authority, and the command that reaches it."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "tsa.cnf").write_text(AUTHORITY.format(folder=folder))
        (folder / "serial").write_text("01\n")
        root = ["-x509", "-newkey", "ed25519", "-nodes", "-days", "2", "-subj", f"/CN={name} root"]
        self.ok(run("openssl", "req", *root, "-keyout", folder / "ca.key", "-out", folder / "ca.pem"))
        self.ok(run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
                    "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr"))
        self.ok(run("openssl", "x509", "-req", "-days", "2", "-in", folder / "tsa.csr", "-CA", folder / "ca.pem",
                    "-CAkey", folder / "ca.key", "-CAcreateserial", "-extfile", folder / "tsa.cnf",
                    "-extensions", "stamping", "-out", folder / "tsa.pem"))
        command = f"""
            cat > {folder}/question
            openssl ts -reply -config {folder}/tsa.cnf -queryfile {folder}/question -out {folder}/answer 2> {folder}/said
            cat {folder}/answer
        """
        return folder / "ca.pem", textwrap.dedent(command)

    def test_the_word_of_an_authority(self):
        root, command = self.authority("stamps")
        pack = self.sealed("--time-stamp-command", command)
        stamp = pack / f"{TAG_MANIFEST}.tsr"
        self.ok(run("openssl", "ts", "-verify", "-data", pack / TAG_MANIFEST, "-in", stamp, "-CAfile", root), "OK")
        verify = [MILEPOST, "evidence", "verify", self.archive]
        self.ok(run(*verify, "--time-stamp-authority", root), "an authority says that the pack was there")
        self.ok(run(*verify), "whose word it is must be known from outside")
        stranger, other = self.authority("stranger")
        refused = run(*verify, "--time-stamp-authority", stranger)
        self.assertEqual(refused.returncode, 3, refused.stdout)
        # The stamp of another pack is found out when it is fetched, and when it is put there later.
        fetched = f"cat > /dev/null; cat {stamp}"
        refused = self.seal("--without-inputs", "--time-stamp-command", fetched)
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("no time stamp was given", refused.stderr)
        (pack / TAG_MANIFEST).write_text((pack / TAG_MANIFEST).read_text().replace("bagit.txt", "bagit.txT"))
        refused = run(MILEPOST, "evidence", "verify", pack)
        self.assertEqual(refused.returncode, 3, refused.stdout)


def openssh(key):
    """A public key, given as PEM or by its object, as OpenSSH writes it."""
    if isinstance(key, str):
        key = serialization.load_pem_public_key(key.encode())
    encoding, form = serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    return f"{key.public_bytes(encoding, form).decode()}\n"


if __name__ == "__main__":
    unittest.main()
