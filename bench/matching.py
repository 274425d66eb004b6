#!/usr/bin/env python3
"""What a matcher tree of 1,000 entries costs beside one of ten, in CPU of the proxy, beside Envoy.

    bench/matching.py ENVOY ATTACHE [--requests 20000] [--rounds 5]

Each proxy answers by itself behind an extension with a matcher, whose tree looks a request up among 10 and among 1,000
entries, the one that holds last: in a list of exact values, in an or_matcher of them, in an exact map, in a prefix map,
in address ranges. Prints CPU per request in microseconds, the least of all rounds, and what 1,000 entries cost more than
ten. All take turns. The kernel counts CPU in ticks of 10 ms: 10,000 requests resolve one microsecond.
"""

import argparse
import tempfile

from sidecall import HTTP, Proxy, free_port, listener, load, per_request

TYPE = "type.googleapis.com/"
SKIP = {
    "action": {
        "name": "skip",
        "typed_config": {"@type": TYPE + "envoy.extensions.filters.common.matcher.action.v3.SkipFilter"},
    }
}
SIZES = (10, 1000)


def named(kind, **fields):
    return {"name": "input", "typed_config": {"@type": TYPE + kind, **fields}}


HOST = named("envoy.type.matcher.v3.HttpRequestHeaderMatchInput", header_name=":authority")
SOURCE = named("envoy.extensions.matching.common_inputs.network.v3.SourceIPInput")


def single(value):
    return {"single_predicate": {"input": HOST, "value_match": {"exact": value}}}


def values(count):
    """What the client sends is the last of them."""
    return [f"host-{i}.example.com" for i in range(count - 1)] + ["bench"]


def as_list(count):
    return {"matcher_list": {"matchers": [{"predicate": single(value), "on_match": SKIP} for value in values(count)]}}


def as_or(count):
    any_of = {"or_matcher": {"predicate": [single(value) for value in values(count)]}}
    return {"matcher_list": {"matchers": [{"predicate": any_of, "on_match": SKIP}]}}


def as_map(kind):
    return lambda count: {"matcher_tree": {"input": HOST, kind: {"map": {value: SKIP for value in values(count)}}}}


def as_ranges(count):
    prefixes = [(f"10.{i // 256}.{i % 256}.0", 24) for i in range(count - 1)] + [("127.0.0.0", 8)]
    ranges = [{"ranges": [{"address_prefix": p, "prefix_len": n}], "on_match": SKIP} for p, n in prefixes]
    custom = named("xds.type.matcher.v3.IPMatcher", range_matchers=ranges)
    return {"matcher_tree": {"input": SOURCE, "custom_match": custom}}


KINDS = {
    "list of exact values": as_list,
    "or_matcher of exact values": as_or,
    "exact map": as_map("exact_match_map"),
    "prefix map": as_map("prefix_match_map"),
    "address ranges": as_ranges,
}


def matched(tree):
    buffer = {"name": "buffer", "typed_config": {"@type": HTTP + "buffer.v3.Buffer", "max_request_bytes": 1000}}
    config = {
        "@type": TYPE + "envoy.extensions.common.matching.v3.ExtensionWithMatcher",
        "extension_config": buffer,
        "xds_matcher": tree,
    }
    return [{"name": "matched", "typed_config": config}]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("envoy")
    parser.add_argument("attache")
    parser.add_argument("--requests", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    answer = {"direct_response": {"status": 200, "body": {"inline_string": "ok"}}}
    with tempfile.TemporaryDirectory() as folder:
        proxies, figures = {}, {}
        try:
            for name, binary in (("Envoy", options.envoy), ("Attache", options.attache)):
                ports = {(kind, size): free_port() for kind in KINDS for size in SIZES}
                listeners = [
                    listener(f"{kind} {size}".replace(" ", "-"), port, answer, matched(KINDS[kind](size)))
                    for (kind, size), port in ports.items()
                ]
                proxies[name] = (Proxy(binary, listeners, [], folder), ports)
                for port in ports.values():
                    load(port, options.requests)
            for _ in range(options.rounds):
                for name, (proxy, ports) in proxies.items():
                    for key, port in ports.items():
                        figures.setdefault((name, *key), []).append(per_request(proxy, port, options.requests))
            for kind in KINDS:
                for name in proxies:
                    few, many = (min(figures[name, kind, size]) for size in SIZES)
                    print(f"{kind}, {name}: {few:.1f} us with ten, {many:.1f} with 1,000: {many / few:.2f}")
        finally:
            for proxy, _ in proxies.values():
                proxy.stop()


if __name__ == "__main__":
    main()
