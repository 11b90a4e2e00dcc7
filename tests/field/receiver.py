"""The SOC's end: takes signed webhooks over TLS and writes each body on a line. receiver.py ADDRESS PORT CHAIN KEY SECRET FILE."""

from __future__ import annotations

import json
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError

ADDRESS, PORT, CHAIN, KEY, SECRET, FILE = sys.argv[1:]


class Handler(BaseHTTPRequestHandler):
    """Answers 204 to what is well signed, 401 to anything else."""

    def do_POST(self) -> None:
        """One message."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            Webhook(SECRET).verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError:
            self.send_response(401)
        else:
            with Path(FILE).open("a") as file:
                file.write(json.dumps(json.loads(body)) + "\n")
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CHAIN, KEY)
server = ThreadingHTTPServer((ADDRESS, int(PORT)), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
print("ready", flush=True)
server.serve_forever()
