#!/usr/bin/env python3
"""What the rotation of one secret costs that N clusters use, beside Envoy in the same run.

usage: bench/rotation.py ENVOY ATTACHE [--clusters 1,64,1000] [--rotations 20]

Each cluster has mutual TLS as a mesh configures it: the certificate and the authority of all come from the same two SDS
resources (files), the names to accept are its own. Measured is the CPU of the process during the rotations, less what
it uses when nothing happens. The first rotations of a cold JVM are part of it.
"""
import argparse, json, os, subprocess, tempfile, time, urllib.request

TYPE = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3."


def certificate(directory, name):
    key, chain = os.path.join(directory, name + ".key"), os.path.join(directory, name + ".pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", chain, "-days", "3", "-subj", "/CN=" + name], stderr=subprocess.DEVNULL, check=True)
    return {"certificate_chain": {"inline_string": open(chain).read()}, "private_key": {"inline_string": open(key).read()}}


def deliver(path, name, secret):
    json.dump({"resources": [{"@type": TYPE + "Secret", "name": name, **secret}]}, open(path + ".new", "w"))
    os.rename(path + ".new", path)


def cluster(n, port, sds):
    source = lambda f: {"resource_api_version": "V3", "path_config_source": {"path": os.path.join(sds, f)}}
    return {"name": f"c{n}", "type": "STATIC", "connect_timeout": "1s", "load_assignment": {"cluster_name": f"c{n}", "endpoints": [{"lb_endpoints": [
        {"endpoint": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}}]}]},
        "transport_socket": {"name": "tls", "typed_config": {"@type": TYPE + "UpstreamTlsContext", "sni": f"outbound_.80_._.s{n}.ns.svc", "common_tls_context": {
            "alpn_protocols": ["istio"], "tls_certificate_sds_secret_configs": [{"name": "default", "sds_config": source("default.json")}],
            "combined_validation_context": {
                "default_validation_context": {"match_typed_subject_alt_names": [{"san_type": "URI", "matcher": {"exact": f"spiffe://mesh/ns/x/sa/s{n}"}}]},
                "validation_context_sds_secret_config": {"name": "ROOTCA", "sds_config": source("ca.json")}}}}}}


def cpu(process):
    fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def admin(port, path):
    return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10).read().decode()


def free():
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def measure(binary, clusters, secrets, authority):
    with tempfile.TemporaryDirectory() as directory:
        port = free()
        deliver(os.path.join(directory, "ca.json"), "ROOTCA", {"validation_context": {"trusted_ca": authority["certificate_chain"]}})
        deliver(os.path.join(directory, "default.json"), "default", {"tls_certificate": secrets[0]})
        config = os.path.join(directory, "config.json")
        json.dump({"admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}, "node": {"id": "i", "cluster": "c"},
                   "static_resources": {"clusters": [cluster(n, free(), directory) for n in range(clusters)]}}, open(config, "w"))
        command = [binary, "-c", config, "--concurrency", "1", "-l", "warning"]
        if os.path.basename(binary) == "envoy":
            command.append("--use-dynamic-base-id")
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.time() + 120
            while True:
                try:
                    if admin(port, "/ready").strip() == "LIVE":
                        break
                except OSError:
                    pass
                assert time.time() < deadline and process.poll() is None, binary
                time.sleep(.2)
            time.sleep(5)
            before = cpu(process)
            time.sleep(3)
            idle = (cpu(process) - before) / 3
            before, began = cpu(process), time.time()
            for secret in secrets[1:]:
                deliver(os.path.join(directory, "default.json"), "default", {"tls_certificate": secret})
                time.sleep(.5)
            used = cpu(process) - before - idle * (time.time() - began)
            taken = int(admin(port, "/stats?filter=^sds.default.update_success$").split(":")[1])
            assert taken == len(secrets), (binary, taken)
            return max(used, .001) * 1000 / (len(secrets) - 1)
        finally:
            process.kill()
            process.wait()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("envoy")
    arguments.add_argument("attache")
    arguments.add_argument("--clusters", default="1,64,1000")
    arguments.add_argument("--rotations", type=int, default=20)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        secrets = [certificate(directory, f"r{i}") for i in range(given.rotations + 1)]
        authority = certificate(directory, "ca")
    for clusters in map(int, given.clusters.split(",")):
        envoy = measure(given.envoy, clusters, secrets, authority)
        attache = measure(given.attache, clusters, secrets, authority)
        print(f"{clusters} clusters: Envoy {envoy:.1f} ms of CPU per rotation, Attache {attache:.1f}, ratio {attache / envoy:.2f}", flush=True)


main()
