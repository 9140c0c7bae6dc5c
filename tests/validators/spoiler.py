"""Stands in front of a store that speaks S3, counts what it is asked, and spoils the calls that a test names.

What is asked again is done again, as S3 does it: an answer that was lost is not kept for who asks twice.
"""

import http.client
import http.server
import socket
import struct
import threading

from recorder import HOP_BY_HOP

XML = [("content-type", "application/xml")]

# Refused before anything was done, lost before, lost after it was done, cut in the middle, answered by something else,
# and changed on the way.
PASSING = ["slow", "internal", "reset", "lost", "half", "page", "corrupt"]

ANSWERS = {
    "slow": (503, "SlowDown", []),
    "internal": (500, "InternalError", []),
    "expired": (400, "ExpiredToken", []),
    "denied": (403, "AccessDenied", []),
    "elsewhere": (301, "PermanentRedirect", [("x-amz-bucket-region", "eu-north-1")]),
}


class Spoiler(http.server.ThreadingHTTPServer):
    """Serves until it is closed. `spoil` is handed the number of a call, its method and its path, and names a fault."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address, spoil=lambda number, method, path: None):
        super().__init__(("127.0.0.1", 0), Handler)
        host, port = address.removeprefix("http://").split(":")
        self.store, self.spoil = (host, int(port)), spoil
        self.lock, self.calls, self.sums = threading.Lock(), [], {}
        self.address = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def heard(self, method, path, headers):
        with self.lock:
            self.calls.append((method, path))
            self.sums[path.split("?")[0]] = headers.get("x-amz-checksum-sha256")
            return len(self.calls)

    def sent(self):
        """Files of the site that came by."""
        return [path for method, path in self.calls if method == "PUT" and ".milepost" not in path]

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def hand_on(self):
        question = self.rfile.read(int(self.headers.get("content-length", 0)))
        number = self.server.heard(self.command, self.path, self.headers)
        kind = self.server.spoil(number, self.command, self.path)
        if kind == "reset":
            return self.reset()
        if kind == "page":
            return self.give(502, [("content-type", "text/html")], b"<html><h1>502 Bad Gateway</h1></html>")
        if kind in ANSWERS:
            status, code, headers = ANSWERS[kind]
            body = f"<Error><Code>{code}</Code><Message>of our own making</Message></Error>"
            return self.give(status, XML + headers, body.encode())
        if kind == "corrupt" and question:
            question = bytes([question[0] ^ 1]) + question[1:]
        status, headers, body = self.ask(question)
        if kind == "lost":
            return self.reset()
        return self.give(status, headers, body, half=kind == "half" and len(body) > 1)

    def ask(self, question):
        connection = http.client.HTTPConnection(*self.server.store, timeout=60)
        headers = {key: value for key, value in self.headers.items() if key.lower() not in HOP_BY_HOP}
        connection.request(self.command, self.path, question, headers)
        answer = connection.getresponse()
        body = answer.read()
        kept = [pair for pair in answer.getheaders() if pair[0].lower() not in HOP_BY_HOP]
        if self.command == "HEAD":
            kept += [("content-length", answer.getheader("content-length", "0"))]
        connection.close()
        return answer.status, kept, body

    def give(self, status, headers, body, half=False):
        self.send_response(status)
        for key, value in headers:
            self.send_header(key, value)
        if self.command != "HEAD":
            self.send_header("content-length", str(len(body)))
        elif status >= 300 and not any(key.lower() == "content-length" for key, _ in headers):
            self.send_header("content-length", "0")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if half else body)
        if half:
            self.wfile.flush()
            self.reset()

    def reset(self):
        """Ends the connection as a broken one ends: without a word."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = hand_on

    def handle(self):
        # Who was killed ends the connection in the middle.
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        """Says nothing."""
