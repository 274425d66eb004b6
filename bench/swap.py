"""New versions of a user's jar under load: what it costs and whether the old ones go.

A filter with settings on its route (by RDS) is compiled in as many versions as there are swaps. Clients ask all the time,
and one slow request is under way at each swap. It fails where a request fails, where one sees two versions at once or
another one than it began with, where a version does not come into use, or where loaders of old ones are left at the end.
"""

import argparse
import http.client
import http.server
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

SOURCE = """package com.example.swap;

import com.google.protobuf.Struct;
import dev.attache.config.Compiled;
import dev.attache.config.extension.*;
import dev.attache.proxy.http.*;
import dev.attache.proxy.pipeline.*;

public final class Swap implements ExtensionFactory<Struct, HttpFilterSpec> {
    static final String VERSION = "%s";

    public static final class Route implements ExtensionFactory<Struct, OfRoute> {
        public ExtensionKey key() {
            return new ExtensionKey(ExtensionCategory.HTTP_FILTER_OVERRIDE, "com.example.swap.route");
        }
        public String name() { return "com.example.swap"; }
        public Struct prototype() { return Struct.getDefaultInstance(); }
        public Compiled<OfRoute> compile(Struct settings, CompileContext context) {
            return context.result(new OfRoute(VERSION));
        }
    }

    public record OfRoute(String version) {}

    public ExtensionKey key() { return new ExtensionKey(ExtensionCategory.HTTP_FILTER, "com.example.swap"); }
    public String name() { return "com.example.swap"; }
    public Struct prototype() { return Struct.getDefaultInstance(); }
    public Compiled<HttpFilterSpec> compile(Struct settings, CompileContext context) {
        if (VERSION.startsWith("bad")) {
            context.at("text").error("not with this version");
        }
        return context.result(scope -> {
            var counted = scope.stats().counter("swap.counted").cell(scope.worker().index());
            return () -> new HttpFilter() {
                public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
                    OfRoute route = context.override(OfRoute.class);
                    headers.set(HeaderName.of("x-version"), VERSION);
                    headers.set(HeaderName.of("x-route"), route == null ? "none" : route.version());
                    counted.inc();
                    return Step.CONTINUE;
                }
            };
        });
    }
}
"""


class Slow(http.server.BaseHTTPRequestHandler):
    """Answers after a while."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith("/slow"):
            time.sleep(0.3)
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *of):
        pass


def at(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def struct(name, value):
    return {"@type": "type.googleapis.com/xds.type.v3.TypedStruct", "type_url": "x/" + name, "value": value}


def configuration(directory, upstream):
    routes = {"@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", "name": "routes", "virtual_hosts": [
        {"name": "all", "domains": ["*"], "routes": [
            {"match": {"prefix": "/"}, "route": {"cluster": "slow"},
             "typed_per_filter_config": {"swap": struct("com.example.swap.route", {"a": 1})}}]}]}
    (directory / "rds.json").write_text(json.dumps({"version_info": "1", "resources": [routes]}))
    manager = {"name": "hcm", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "swap",
        "rds": {"route_config_name": "routes", "config_source": {
            "path_config_source": {"path": str(directory / "rds.json")}}},
        "http_filters": [
            {"name": "swap", "typed_config": struct("com.example.swap", {"text": "x"})},
            {"name": "router", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}
    slow = {"name": "slow", "type": "STATIC", "connect_timeout": "5s", "load_assignment": {
        "cluster_name": "slow", "endpoints": [{"lb_endpoints": [{"endpoint": {"address": at(upstream)}}]}]}}
    return {"node": {"id": "swap", "cluster": "swap"}, "admin": {"address": at(0)}, "static_resources": {
        "clusters": [slow],
        "listeners": [{"name": "main", "address": at(0), "filter_chains": [{"filters": [manager]}]}]}}


class Proxy:
    def __init__(self, options, directory, upstream):
        self.jdk = pathlib.Path(options.jdk) / "bin"
        config = directory / "envoy.json"
        config.write_text(json.dumps(configuration(directory, upstream)))
        self.log = open(directory / "log", "w")
        self.process = subprocess.Popen(
            [options.launcher, "-c", str(config), "--drain-time-s", "1", "--concurrency", "2",
             "--admin-address-path", str(directory / "admin")],
            env={**os.environ, "ATTACHE_EXTENSIONS": str(directory / "extensions")}, stdout=self.log, stderr=self.log)
        until(lambda: (directory / "admin").exists() and (directory / "admin").read_text(), "no admin address")
        self.admin_port = int((directory / "admin").read_text().rpartition(":")[2])
        until(lambda: self.admin("GET", "/ready") == "LIVE\n", "not live")
        self.port = int(self.admin("GET", "/listeners").strip().rpartition(":")[2])

    def admin(self, method, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=10)
        try:
            connection.request(method, path)
            return connection.getresponse().read().decode()
        except OSError:
            return ""
        finally:
            connection.close()

    def extension(self):
        return json.loads(self.admin("GET", "/extensions"))["extensions"][0]

    def classes(self):
        line = subprocess.check_output([self.jdk / "jstat", "-class", str(self.process.pid)], text=True).splitlines()[1].split()
        return int(line[0]) - int(line[2])

    def metaspace_kib(self):
        text = subprocess.check_output([self.jdk / "jstat", "-gc", str(self.process.pid)], text=True).splitlines()
        return float(dict(zip(text[0].split(), text[1].split()))["MU"])

    def collect(self):
        subprocess.check_call([self.jdk / "jcmd", str(self.process.pid), "GC.run"], stdout=subprocess.DEVNULL)


def until(condition, otherwise, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise SystemExit(otherwise)


class Client(threading.Thread):
    """Asks one request after the other, each connection as long as the proxy lets it."""

    def __init__(self, port, failures):
        super().__init__(daemon=True)
        self.port, self.failures, self.count, self.stop = port, failures, 0, False

    def run(self):
        connection = None
        while not self.stop:
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("GET", "/")
                response = connection.getresponse()
                response.read()
                check(response, self.failures)
                self.count += 1
                if response.will_close:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as e:
                self.failures.append(repr(e))
                connection = None


def check(response, failures):
    if response.status != 200:
        failures.append(f"status {response.status}")
    elif response.getheader("x-version") != response.getheader("x-route"):
        failures.append(f"filter {response.getheader('x-version')}, route {response.getheader('x-route')}")


def ask(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response
    finally:
        connection.close()


def build(options, directory, version):
    source = directory / "src" / "Swap.java"
    classes = directory / "classes"
    shutil.rmtree(classes, ignore_errors=True)
    source.parent.mkdir(exist_ok=True)
    source.write_text(SOURCE % version)
    jdk = pathlib.Path(options.jdk) / "bin"
    subprocess.check_call([jdk / "javac", "-proc:none", "-d", classes, "-cp", options.class_path, source])
    services = classes / "META-INF/services"
    services.mkdir(parents=True)
    (services / "dev.attache.config.extension.ExtensionFactory").write_text(
        "com.example.swap.Swap\ncom.example.swap.Swap$Route\n")
    jar = directory / "jars" / f"{version}.jar"
    jar.parent.mkdir(exist_ok=True)
    subprocess.check_call([jdk / "jar", "--create", "--file", jar, "-C", classes, "."])
    return jar


def versions(options, directory):
    """One is compiled; the others differ from it in the bytes of a constant of the same length."""
    template = build(options, directory, "v00000")
    import zipfile
    for i in range(options.swaps + 1):
        made = directory / "jars" / f"{i}.jar"
        with zipfile.ZipFile(template) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(b"v00000", b"v%05d" % i))
        yield f"v{i:05d}", made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--launcher", default=str(root / "attache"))
    parser.add_argument("--class-path", default=str(root / "packaging/target/attache/lib/*"))
    parser.add_argument("--jdk", default=os.environ.get("JAVA_HOME", "/usr/lib/jvm/temurin-25-jdk-amd64"))
    parser.add_argument("--swaps", type=int, default=200)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="swap-") as name:
        run(options, pathlib.Path(name))


def run(options, directory):
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    extensions = directory / "extensions"
    extensions.mkdir()
    all_versions = list(versions(options, directory))
    bad = build(options, directory, "bad000")

    def install(jar):
        shutil.copy(jar, extensions / ".new")
        os.rename(extensions / ".new", extensions / "swap.jar")

    install(all_versions[0][1])
    proxy = Proxy(options, directory, upstream.server_port)
    failures = []
    try:
        clients = [Client(proxy.port, failures) for _ in range(options.clients)]
        for client in clients:
            client.start()
        before, took, samples, most_old = all_versions[0][0], [], [], 0
        base = None
        for i, (version, jar) in enumerate(all_versions[1:], 1):
            answers = []
            slow = threading.Thread(target=lambda: answers.append(ask(proxy.port, "/slow")))
            slow.start()
            time.sleep(0.1)
            install(jar)
            started = time.monotonic()
            proxy.admin("POST", "/extensions/reload")
            until(lambda: ask(proxy.port, "/").getheader("x-version") == version, f"{version} does not come into use")
            took.append(time.monotonic() - started)
            slow.join()
            check(answers[0], failures)
            if answers[0].getheader("x-version") != before:
                failures.append(f"began with {before}, ended with {answers[0].getheader('x-version')}")
            before = version
            if i % max(1, options.swaps // 10) == 0:
                most_old = max(most_old, proxy.extension()["old_generations"])
                samples.append((proxy.classes(), round(proxy.metaspace_kib())))
                base = base or samples[0]
                print(i, "swaps: classes", samples[-1][0], "metaspace KiB", samples[-1][1],
                      "old", proxy.extension()["old_generations"], "failures", len(failures), flush=True)
        # One that refuses the settings changes nothing.
        install(bad)
        proxy.admin("POST", "/extensions/reload")
        refused = until(lambda: proxy.extension()["state"] == "refused" and proxy.extension(), "is not refused")
        if ask(proxy.port, "/").getheader("x-version") != before or "not with this version" not in str(refused["problems"]):
            failures.append(f"refused: {refused}")
        for client in clients:
            client.stop = True
        for client in clients:
            client.join()

        def gone():
            proxy.collect()
            return proxy.extension()["old_generations"] == 0

        time.sleep(3)
        until(gone, "loaders are left", 60)
        print(json.dumps({
            "swaps": options.swaps, "requests": sum(c.count for c in clients), "failures": failures[:10],
            "seconds to use, median": round(statistics.median(took), 3), "most": round(max(took), 3),
            "classes at first, at last, collected": [base[0], samples[-1][0], proxy.classes()],
            "metaspace KiB at first, most, collected": [base[1], max(s[1] for s in samples), round(proxy.metaspace_kib())],
            "old generations at most": most_old, "left": proxy.extension()["old_generations"]}, indent=1))
        if failures:
            raise SystemExit(1)
    finally:
        proxy.process.terminate()
        proxy.process.wait()
        upstream.shutdown()
        if failures:
            print((directory / "log").read_text()[-3000:])


if __name__ == "__main__":
    main()
