"""moto on loopback, with clients of it: what `cloud.py` and `grants.py` make their organisations in."""

import json
import logging
import os
import threading

import boto3
from moto.server import ThreadedMotoServer

# Keys of nobody: moto lets them do everything until it is told to check rights.
NOBODY = {"AccessKeyId": "test", "SecretAccessKey": "test", "SessionToken": None}


class Cloud:
    """A moto of its own, at any port that is free."""

    def __init__(self):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        server.start()
        self.host, self.port = server.get_host_and_port()
        self.address = f"http://{self.host}:{self.port}"

    def client(self, service, region="us-east-1", session=None):
        """A client of the management account, or of whom the session is."""
        keys = session or NOBODY
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.address,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )


def serve(truth, path):
    """Writes the truth to the path, whole or not at all, and serves until it is ended."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(truth, file)
    os.replace(path + ".new", path)
    print(f"moto serves at {truth['address']}", flush=True)
    threading.Event().wait()
