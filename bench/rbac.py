#!/usr/bin/env python3
"""What a thousand rbac policies cost beside ten, in CPU of the proxy, beside Envoy.

    bench/rbac.py ENVOY ATTACHE [--requests 20000] [--rounds 3]

Each policy allows one exact principal: the URI in a client certificate, on a listener with mutual TLS, or the value of
a header, on a plain one. The client's is the last of them by name. Answers are direct responses, so that the filter is
a large part of a request. Prints CPU per request (microseconds) without the filter, with ten and with a thousand
policies, and the ratio of the last two; both proxies take turns in
every round. openssl makes the certificates.
"""

import argparse
import os
import socket
import ssl
import statistics
import subprocess
import tempfile
import threading

from sidecall import HTTP, Proxy, free_port, listener

SIZES = (0, 10, 1000)
TLS = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"


def principal(index):
    return f"spiffe://bench/ns/bench/sa/p{index:04}"


def policies(count, identify):
    return {
        f"p{index:04}": {"permissions": [{"any": True}], "principals": [identify(principal(index))]}
        for index in range(1000 - count, 1000)
    }


def by_certificate(name):
    return {"authenticated": {"principal_name": {"exact": name}}}


def by_header(name):
    return {"header": {"name": "x-principal", "string_match": {"exact": name}}}


def rbac(count, identify):
    if count == 0:
        return []
    rules = {"action": "ALLOW", "policies": policies(count, identify)}
    return [{"name": "envoy.filters.http.rbac", "typed_config": {"@type": HTTP + "rbac.v3.RBAC", "rules": rules}}]


def certificates(folder):
    """A CA of its own, a server and a client with the last principal."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca", "-days", "2")
    for name, names in (("server", "DNS:bench"), ("client", "URI:" + principal(999))):
        openssl("req", *new, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        with open(os.path.join(folder, f"{name}.ext"), "w", encoding="ascii") as out:
            out.write("subjectAltName=" + names)
        openssl(
            *["x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
            *["-out", f"{name}.pem", "-days", "2", "-extfile", f"{name}.ext"],
        )


def secured(listener_json, folder):
    pair = {
        "certificate_chain": {"filename": os.path.join(folder, "server.pem")},
        "private_key": {"filename": os.path.join(folder, "server.key")},
    }
    context = {
        "@type": TLS,
        "require_client_certificate": True,
        "common_tls_context": {
            "tls_certificates": [pair],
            "validation_context": {"trusted_ca": {"filename": os.path.join(folder, "ca.pem")}},
        },
    }
    listener_json["filter_chains"][0]["transport_socket"] = {"name": "tls", "typed_config": context}
    return listener_json


class Client:
    """Sends requests, over TLS where there is a folder with certificates."""

    def __init__(self, folder=None):
        self.context = None
        if folder is not None:
            self.context = ssl.create_default_context(cafile=os.path.join(folder, "ca.pem"))
            self.context.load_cert_chain(os.path.join(folder, "client.pem"), os.path.join(folder, "client.key"))

    def connect(self, port):
        plain = socket.create_connection(("127.0.0.1", port))
        return plain if self.context is None else self.context.wrap_socket(plain, server_hostname="bench")

    def load(self, port, requests, connections=4):
        request = f"GET / HTTP/1.1\r\nhost: bench\r\nx-principal: {principal(999)}\r\n\r\n".encode("ascii")
        failed = []

        def client(count):
            with self.connect(port) as peer:
                for _ in range(count):
                    peer.sendall(request)
                    seen = b""
                    while b"\r\n\r\nok" not in seen:
                        piece = peer.recv(65536)
                        seen += piece
                        if not piece or b" 403 " in seen:
                            failed.append(seen)
                            return

        threads = [threading.Thread(target=client, args=(requests // connections,)) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise SystemExit(f"not answered: {failed[0][:200]!r}")

    def per_request(self, proxy, port, requests):
        before = proxy.cpu()
        self.load(port, requests)
        return (proxy.cpu() - before) * 1e6 / requests


def subject(binary, folder):
    """The proxy, and its ports by way and number of policies."""
    answer = {"direct_response": {"status": 200, "body": {"inline_string": "ok"}}}
    ports, listeners = {}, []
    for size in SIZES:
        for way, identify in (("certificate", by_certificate), ("header", by_header)):
            port = ports[way, size] = free_port()
            made = listener(f"{way}{size}", port, answer, rbac(size, identify))
            listeners.append(secured(made, folder) if way == "certificate" else made)
    return Proxy(binary, listeners, [], folder), ports


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("envoy")
    parser.add_argument("attache")
    parser.add_argument("--requests", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        certificates(folder)
        clients = {"certificate": Client(folder), "header": Client()}
        subjects = {
            "Envoy": subject(options.envoy, folder),
            "Attache": subject(options.attache, folder),
        }
        try:
            figures = {}
            for turn in range(options.rounds + 1):
                for name, (proxy, ports) in subjects.items():
                    for (way, size), port in ports.items():
                        took = clients[way].per_request(proxy, port, options.requests)
                        if turn > 0:  # the first is to warm up
                            figures.setdefault((name, way, size), []).append(took)
            for name in subjects:
                for way in clients:
                    none, ten, thousand = (statistics.median(figures[name, way, size]) for size in SIZES)
                    print(
                        f"{name}, by {way}: no filter {none:.1f} us, 10 policies {ten:.1f} us, 1000 {thousand:.1f} us;"
                        f" 1000 beside 10: {thousand / ten:.2f}"
                    )
        finally:
            for proxy, _ in subjects.values():
                proxy.stop()


if __name__ == "__main__":
    main()
