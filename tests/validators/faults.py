"""Stands in front of an emulator and spoils a share of the calls on their way, as networks and clouds do.

Which call is spoiled, and how, follows from the call's own text, how often it was made, and the seed: a run can be
repeated, whatever comes side by side. What is asked for again after its answer was lost gets that very answer: AWS's
page tokens can be used again, moto's cannot.
"""

import collections
import hashlib
import http.client
import http.server
import json
import socket
import struct
import threading

from recorder import HOP_BY_HOP

# Refused before anything was done, lost before, lost after it was done, cut in the middle, answered by something else.
KINDS = ["throttle", "internal", "unavailable", "reset", "lost", "half", "page"]

ERRORS = {
    "throttle": (400, "ThrottlingException"),
    "internal": (500, "InternalFailure"),
    "unavailable": (503, "ServiceUnavailable"),
}


class Faults(http.server.ThreadingHTTPServer):
    """Serves until the process ends, and spoils about `share` of the calls to the emulator at `host` and `port`."""

    daemon_threads = True

    def __init__(self, host, port, share, seed):
        super().__init__(("127.0.0.1", 0), Handler)
        self.emulator, self.share, self.seed = (host, port), share, seed
        self.lock, self.times, self.kept = threading.Lock(), collections.Counter(), {}
        self.address = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def fault(self, call):
        """What becomes of the call this time; nothing, for most."""
        with self.lock:
            self.times[call] += 1
            lot = hashlib.sha256(f"{self.seed} {self.times[call]} {call}".encode()).digest()
        return KINDS[lot[0] % len(KINDS)] if int.from_bytes(lot[1:5]) < self.share * 2**32 else None


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def hand_on(self):
        question = self.rfile.read(int(self.headers.get("content-length", 0)))
        # The credential names who asks and where; the signature changes with the second.
        scope = self.headers.get("authorization", "").split("Signature=")[0]
        target = self.headers.get("x-amz-target", "")
        call = "\n".join([self.command, self.path, target, scope, question.decode()])
        kind = self.server.fault(call)
        if kind == "reset":
            return self.reset()
        if kind == "page":
            return self.give(502, [("content-type", "text/html")], b"<html><h1>502 Bad Gateway</h1></html>")
        if kind in ERRORS:
            return self.refuse(*ERRORS[kind], bool(target))
        with self.server.lock:
            answer = self.server.kept.pop(call, None)
        status, headers, body = answer or self.ask(question)
        if kind in ("lost", "half"):
            with self.server.lock:
                self.server.kept[call] = (status, headers, body)
        if kind == "lost":
            return self.reset()
        return self.give(status, headers, body, half=kind == "half")

    def ask(self, question):
        connection = http.client.HTTPConnection(*self.server.emulator, timeout=60)
        headers = {key: value for key, value in self.headers.items() if key.lower() not in HOP_BY_HOP}
        connection.request(self.command, self.path, question, headers)
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, [pair for pair in answer.getheaders() if pair[0].lower() not in HOP_BY_HOP], body

    def refuse(self, status, code, is_json):
        if is_json:
            body = json.dumps({"__type": code, "message": "of our own making"}).encode()
            return self.give(status, [("content-type", "application/x-amz-json-1.1")], body)
        body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>"
        return self.give(status, [("content-type", "text/xml")], body.encode())

    def give(self, status, headers, body, half=False):
        self.send_response(status)
        for key, value in headers:
            self.send_header(key, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if half else body)
        if half:
            self.wfile.flush()
            self.reset()

    def reset(self):
        """Ends the connection as a broken one ends: without a word."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = hand_on

    def log_message(self, *_):
        """Says nothing."""
