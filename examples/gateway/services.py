"""The services behind the gateway, one process: each says who it is and what it was asked.

    services.py DIRECTORY        (with cert.pem, key.pem and jwks.json)

9001 one, 9002 two, 9003 three      HTTP; GET /seen says which paths this one was asked for
9443 secure                         the same behind TLS
9005 gate                           allows whom the header x-user names (external authorization over HTTP)
9006 keys                           /jwks.json, and an identity provider's endpoints
9007, 9008                          bytes: "one:" or "two:" and each line back
9009 proxied                        HTTP after a PROXY header, which it tells

A query tells an HTTP service what to do: status=N, times=N (only for the first N requests with that path), delay=SECONDS,
body=TEXT, length=N (that many bytes), header=NAME:VALUE.
"""
import collections
import http.server
import json
import socketserver
import ssl
import sys
import threading
import time
import urllib.parse

directory = sys.argv[1]


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    name = ""
    seen = None

    def log_message(self, *arguments):
        """The proxy logs."""

    def setup(self):
        super().setup()
        self.proxied = ""

    def answer(self):
        path, _, query = self.path.partition("?")
        wishes = dict(urllib.parse.parse_qsl(query))
        body = self.body()
        if path == "/seen":
            return self.send(200, json.dumps(sorted(self.seen)).encode(), {})
        self.seen.append(path)
        status = int(wishes.get("status", 200))
        if "times" in wishes and self.seen.count(path) > int(wishes["times"]):
            status = 200
        time.sleep(float(wishes.get("delay", 0)))
        headers = dict([wishes["header"].split(":", 1)] if "header" in wishes else [])
        self.send(status, self.said(wishes, body), headers)

    def said(self, wishes, body):
        if "length" in wishes:
            return b"x" * int(wishes["length"])
        if "body" in wishes:
            return wishes["body"].encode()
        told = [f"service {self.name}", f"{self.command} {self.path}", *([self.proxied] if self.proxied else [])]
        told += sorted(f"{name.lower()}: {value}" for name, value in self.headers.items())
        return "\n".join([*told, *([body.decode("latin-1")] if body else []), ""]).encode("latin-1")

    def body(self):
        if "chunked" in self.headers.get("transfer-encoding", ""):
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def send(self, status, body, headers):
        self.send_response_only(status)
        for name, value in {"content-type": "text/plain", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do_OPTIONS = answer


class Proxied(Service):
    def handle(self):
        self.proxied = self.rfile.readline().decode().split("\r")[0].rsplit(" ", 2)[0]
        super().handle()


class Gate(Service):
    def answer(self):
        self.body()
        user = self.headers.get("x-user", "")
        if user:
            self.send(200, b"", {"x-allowed": user, "x-kept": "not told to the service"})
        else:
            self.send(403, b"who are you?\n", {"x-denied": "nobody"})

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do_OPTIONS = answer


class Keys(Service):
    def answer(self):
        self.body()
        path = self.path.partition("?")[0]
        if path == "/jwks.json":
            with open(f"{directory}/jwks.json", "rb") as keys:
                return self.send(200, keys.read(), {"content-type": "application/json"})
        if path == "/token":
            token = {"access_token": "opaque", "id_token": open(f"{directory}/token").read(), "expires_in": 3600}
            return self.send(200, json.dumps({**token, "token_type": "Bearer"}).encode(), {"content-type": "application/json"})
        self.send(404, b"", {})

    do_GET = do_POST = answer


class Lines(socketserver.StreamRequestHandler):
    name = ""

    def handle(self):
        for line in self.rfile:
            self.wfile.write(self.name.encode() + b":" + line)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


def serve(port, kind, name, tls=False):
    handler = type(name, (kind,), {"name": name, "seen": collections.deque()})
    server = (Server if issubclass(kind, Service) else socketserver.ThreadingTCPServer)(("127.0.0.1", port), handler)
    server.daemon_threads = True
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{directory}/cert.pem", f"{directory}/key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever).start()


for number, called in enumerate(("one", "two", "three"), 9001):
    serve(number, Service, called)
serve(9443, Service, "secure", tls=True)
serve(9005, Gate, "gate")
serve(9006, Keys, "keys")
serve(9007, Lines, "one")
serve(9008, Lines, "two")
serve(9009, Proxied, "proxied")
