#!/usr/bin/env python3
"""Resident memory and start of agent and proxy in one process, beside pilot-agent with Envoy, as ratios.

usage: agent.py [--attache FILE] [--peers DIR] [--rounds N]

Each side runs as a sidecar of an istiod from files, on loopback without interception; memory is read five seconds after
the readiness port says 200, summed over the processes; the median of the rounds counts. Wants openssl, and the peers
that .ci/peers installs.
"""
import argparse, os, pathlib, shutil, socket, statistics, subprocess, tempfile, time, urllib.error, urllib.request

SETTLE = 5
LIMIT = 60


def free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def openssl(*arguments, cwd):
    subprocess.run(["openssl", *arguments], cwd=cwd, check=True, capture_output=True)


def certificates(work):
    """A root that signs for istiod, and a workload's certificate of it."""
    ca, own = work / "istiod/etc/cacerts", work / "prov"
    ca.mkdir(parents=True), own.mkdir()
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca-key.pem", "-out", "root-cert.pem", "-days", "2",
            "-subj", "/O=bench", "-addext", "keyUsage=critical,keyCertSign,cRLSign", cwd=ca)
    for name in ("ca-cert.pem", "cert-chain.pem"):
        shutil.copy(ca / "root-cert.pem", ca / name)
    shutil.copy(ca / "root-cert.pem", own / "root-cert.pem")
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-subj", "/O=x", "-out", "csr", cwd=own)
    (own / "ext").write_text("subjectAltName=critical,URI:spiffe://cluster.local/ns/default/sa/client\n"
                             "extendedKeyUsage=serverAuth,clientAuth\nkeyUsage=critical,digitalSignature\n")
    openssl("x509", "-req", "-in", "csr", "-CA", ca / "ca-cert.pem", "-CAkey", ca / "ca-key.pem", "-days", "1",
            "-CAcreateserial", "-extfile", "ext", "-out", "cert-chain.pem", cwd=own)


def istiod(work, peers, port):
    home = work / "istiod"
    (home / "config").mkdir()
    (home / "mesh.yaml").write_text("rootNamespace: istio-system\ntrustDomain: cluster.local\n")
    ports = ["--%s=127.0.0.1:%d" % (name, free()) for name in ("grpcAddr", "httpAddr", "monitoringAddr")]
    return subprocess.Popen(
        [peers / "pilot-discovery", "discovery", "--registries=", "--configDir=config", "--meshConfig=mesh.yaml",
         "--networksConfig=/dev/null", "--domain=cluster.local", "--clusterID=Kubernetes", "--secureGRPCAddr=127.0.0.1:%d" % port,
         "--ctrlz_port=%d" % free(), *ports],
        cwd=home, env={**os.environ, "POD_NAMESPACE": "istio-system", "PILOT_ENABLE_METADATA_EXCHANGE": "false",
                       "PILOT_ENABLE_ALPN_FILTER": "false"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def family(pid):
    found = [pid]
    for thread in pathlib.Path("/proc/%d/task" % pid).iterdir():
        for child in (thread / "children").read_text().split():
            found += family(int(child))
    return found


def resident(pid):
    total = 0
    for one in family(pid):
        for line in pathlib.Path("/proc/%d/status" % one).read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total / 1024


def ready(port):
    try:
        with urllib.request.urlopen("http://127.0.0.1:%d/healthz/ready" % port, timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def run(work, name, command, binary, control, template):
    home = work / name
    shutil.rmtree(home, ignore_errors=True)
    (home / "etc/istio/pod").mkdir(parents=True)
    (home / "var/lib/istio/data").mkdir(parents=True)
    for file in ("labels", "annotations"):
        (home / "etc/istio/pod" / file).write_text("")
    status = free()
    config = ('{"binaryPath":"%s","concurrency":1,"discoveryAddress":"127.0.0.1:%d","proxyAdminPort":%d,"statusPort":%d}'
              % (binary, control, free(), status))
    environment = {
        "PATH": os.environ["PATH"], "PROXY_CONFIG": config, "ISTIOD_SAN": "istiod.istio-system.svc", "PROV_CERT": str(work / "prov"),
        "INSTANCE_IP": "127.0.0.1", "POD_NAME": "client", "POD_NAMESPACE": "default", "SERVICE_ACCOUNT": "client",
        "TRUST_DOMAIN": "cluster.local", "ISTIO_META_CLUSTER_ID": "Kubernetes", "ISTIO_META_INTERCEPTION_MODE": "NONE",
        "ENVOY_STATUS_PORT": str(free()), "ENVOY_PROMETHEUS_PORT": str(free()), "CLOUD_PLATFORM": "none", "ISTIO_BOOTSTRAP": str(template)}
    with open(work / (name + ".log"), "w") as log:
        started = time.monotonic()
        process = subprocess.Popen([*command, "proxy", "sidecar"], cwd=home, env=environment, stdout=log, stderr=log)
    try:
        while not ready(status):
            if time.monotonic() - started > LIMIT or process.poll() is not None:
                raise SystemExit("%s did not get ready: %s" % (name, work / (name + ".log")))
            time.sleep(0.05)
        took = time.monotonic() - started
        time.sleep(SETTLE)
        return resident(process.pid), took
    finally:
        if process.poll() is None:
            for one in reversed(family(process.pid)):
                os.kill(one, 9)
        process.wait()


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser()
    parser.add_argument("--attache", default=here.parent / "attache", type=pathlib.Path)
    parser.add_argument("--peers", default=os.environ.get("ATTACHE_PEERS", "/opt/peers"), type=pathlib.Path)
    parser.add_argument("--rounds", default=3, type=int)
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="attache-bench-agent-"))
    certificates(work)
    control, results = free(), {"attache": [], "pilot-agent": []}
    plane = istiod(work, options.peers, control)
    try:
        time.sleep(6)
        template = options.peers / "kube/istio-1.31/envoy_bootstrap.json"
        for _ in range(options.rounds):
            results["attache"].append(run(work, "attache", [options.attache, "agent"], "none", control, template))
            results["pilot-agent"].append(
                run(work, "pilot-agent", [options.peers / "kube/pilot-agent-1.31"], options.peers / "envoy", control, template))
    finally:
        plane.kill()
        plane.wait()
    shutil.rmtree(work)
    medians = {name: [statistics.median(part) for part in zip(*rounds)] for name, rounds in results.items()}
    for name, (memory, start) in medians.items():
        print("%-12s %7.1f MiB resident, ready after %5.2f s" % (name, memory, start))
    ours, theirs = medians["attache"], medians["pilot-agent"]
    print("ratio        %7.2f               %13.2f" % (ours[0] / theirs[0], ours[1] / theirs[1]))


if __name__ == "__main__":
    main()
