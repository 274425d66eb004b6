"""The service of the example: says who it is and what it was asked.

    service.py VERSION PORT

/unstable and /broken: version v2 answers 503.
"""
import http.server
import json
import sys

version, port = sys.argv[1], int(sys.argv[2])


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        """The proxy logs."""

    def do_GET(self):
        fails = version == "v2" and self.path in ("/unstable", "/broken")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = json.dumps({"version": version, "path": self.path, "headers": headers}).encode()
        self.send_response(503 if fails else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("0.0.0.0", port), Service).serve_forever()
