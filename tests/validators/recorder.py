"""Stands in front of an emulator, hands every call on, and writes it down for `aws_models.py` to judge."""

import http.client
import http.server
import json
import threading

# What belongs to one connection alone.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Recorder(http.server.ThreadingHTTPServer):
    """Serves until the process ends; calls go to the file at `path`, one a line, without anybody's keys."""

    daemon_threads = True

    def __init__(self, host, port, path):
        super().__init__(("127.0.0.1", 0), Handler)
        self.emulator, self.lock = (host, port), threading.Lock()
        self.file = open(path, "w", encoding="utf-8")
        self.address = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def write(self, record):
        with self.lock:
            self.file.write(json.dumps(record) + "\n")
            self.file.flush()


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def hand_on(self):
        question = self.rfile.read(int(self.headers.get("content-length", 0)))
        connection = http.client.HTTPConnection(*self.server.emulator, timeout=60)
        headers = {key: value for key, value in self.headers.items() if key.lower() not in HOP_BY_HOP}
        connection.request(self.command, self.path, question, headers)
        answer = connection.getresponse()
        body = answer.read()
        # `Credential=KEY/DATE/REGION/SERVICE/aws4_request`
        service = self.headers["authorization"].split("Credential=")[1].split("/")[3]
        told = {name: self.headers[name] for name in ("content-type", "x-amz-target") if self.headers[name]}
        record = {"by": "moto", "service": service, "method": self.command, "path": self.path, "headers": told}
        record |= {"body": question.decode(), "status": answer.status, "answer": body.decode()}
        self.server.write(record)
        self.send_response(answer.status)
        for key, value in answer.getheaders():
            if key.lower() not in HOP_BY_HOP:
                self.send_header(key, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = hand_on

    def log_message(self, *_):
        """Says nothing: every call is written down."""
