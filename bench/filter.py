#!/usr/bin/env python3
"""What a filter written against the API costs beside the same filter of the engine, in CPU of the proxy.

    bench/filter.py ATTACHE LIBRARIES [--requests 20000] [--rounds 5]

Each subject is a process of its own that answers by itself behind one filter, which reads a header of the request,
sets one of the response and counts: written as the engine's own filters are (bench/filter), as a lambda for heads
(examples/hello-filter), and as a method on a virtual thread that only goes on (bench/filter). LIBRARIES is where the
proxy's jars are, packaging/target/attache/lib; javac is that of JAVA_HOME, or on the path, of a JDK 25. Prints CPU per
request in microseconds, the least of all rounds, since neighbours only add to it, and the ratio to the engine's
filter. All take turns. The kernel counts CPU in ticks of 10 ms: 10,000 requests resolve one microsecond.
"""

import argparse
import os
import shutil
import subprocess
import tempfile

from sidecall import Proxy, free_port, listener, load, per_request

HERE = os.path.dirname(os.path.abspath(__file__))
JDK = os.path.join(os.environ["JAVA_HOME"], "bin") if "JAVA_HOME" in os.environ else ""
HELLO = os.path.join(HERE, "..", "examples", "hello-filter", "src", "main")
STRUCT = "type.googleapis.com/xds.type.v3.TypedStruct"
SUBJECTS = {
    "none": None,
    "engine": "com.example.bench.engine",
    "headers": "com.example.hello",
    "blocking": "com.example.bench.blocking",
}


def sources(folder):
    return [
        os.path.join(parent, name)
        for parent, _, names in os.walk(folder)
        for name in names
        if name.endswith(".java")
    ]


def jar(source, services, libraries, folder, name):
    """Compiles a folder of sources into a jar of extensions."""
    classes = os.path.join(folder, name)
    subprocess.run(
        [os.path.join(JDK, "javac"), "-proc:none", "-nowarn", "-d", classes, "-cp", os.path.join(libraries, "*"), *sources(source)],
        check=True,
    )
    shutil.copytree(services, classes, dirs_exist_ok=True)
    extensions = os.path.join(folder, "extensions")
    os.makedirs(extensions, exist_ok=True)
    subprocess.run(
        [os.path.join(JDK, "jar"), "--create", "--file", os.path.join(extensions, name + ".jar"), "-C", classes, "."], check=True
    )
    return extensions


def filter_of(name):
    config = {"@type": STRUCT, "type_url": "type.googleapis.com/" + name, "value": {"greeting": "good day"}}
    return [{"name": "measured", "typed_config": config}]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("attache")
    parser.add_argument("libraries")
    parser.add_argument("--requests", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    answer = {"direct_response": {"status": 200, "body": {"inline_string": "ok"}}}
    with tempfile.TemporaryDirectory() as folder:
        own = os.path.join(HERE, "filter")
        jar(os.path.join(own, "java"), os.path.join(own, "resources"), options.libraries, folder, "bench")
        os.environ["ATTACHE_EXTENSIONS"] = jar(
            os.path.join(HELLO, "java"), os.path.join(HELLO, "resources"), options.libraries, folder, "hello"
        )
        proxies = {}
        try:
            for subject, name in SUBJECTS.items():
                port = free_port()
                filters = filter_of(name) if name else []
                proxies[subject] = (Proxy(options.attache, [listener("main", port, answer, filters)], [], folder), port)
            figures = {subject: [] for subject in proxies}
            for _, port in proxies.values():
                load(port, 3 * options.requests)
            order = list(proxies)
            for _ in range(options.rounds):
                order.append(order.pop(0))
                for subject in order:
                    proxy, port = proxies[subject]
                    figures[subject].append(per_request(proxy, port, options.requests))
            engine = min(figures["engine"])
            for subject, each in figures.items():
                cost = min(each)
                print(f"{subject}: {cost:.1f} us a request, {cost / engine:.3f} of the engine's filter")
        finally:
            for proxy, _ in proxies.values():
                proxy.stop()


if __name__ == "__main__":
    main()
