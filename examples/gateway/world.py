"""One world: the services, Envoy Gateway and the proxy that it starts, in a network namespace of its own.

    world.py WORK GATEWAY PROXY JAVA CALLS ANSWERS [--keep]

WORK       a directory for everything that the world writes, beside one for the keys that worlds share
GATEWAY    the program envoy-gateway
PROXY      what it starts in Envoy's place
JAVA       a Java of 25 or newer with a class path, by which Calls.java runs, or nothing
ANSWERS    the file to write: what every policy's questions were answered, what the control plane says of its resources, and
           what the proxy refused
"""
import base64
import glob
import hashlib
import json
import os
import re
import shlex
import shutil
import string
import subprocess
import sys
import time
import urllib.request

here = os.path.dirname(os.path.abspath(__file__))
version = "1.39.1"
protocols = {
    "HTTP": "protocol: HTTP",
    "HTTPS": "protocol: HTTPS, tls: {mode: Terminate, certificateRefs: [{name: certificate}]}",
    "TLS Passthrough": "protocol: TLS, tls: {mode: Passthrough}",
    "TLS Terminate": "protocol: TLS, tls: {mode: Terminate, certificateRefs: [{name: certificate}]}",
    "TCP": "protocol: TCP",
}


class Policy:
    """A file of policies/: what it is, which listener it wants, what is asked."""

    def __init__(self, file, port):
        self.name = os.path.basename(file)[: -len(".yaml")]
        self.port = port
        with open(file) as lines:
            self.text = lines.read()
        self.title, = self.lines("is")
        self.protocol, = self.lines("on")
        self.asks = self.lines("ask")

    def lines(self, key):
        return [line[6:].strip() for line in self.text.splitlines() if line.startswith(f"#{key} ")]

    def listener(self):
        routes = "allowedRoutes: {namespaces: {from: Same}}"
        return f"    - {{name: {self.name}, port: {self.port}, {protocols[self.protocol]}, {routes}}}"


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, **options).stdout


def coded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def keys(work):
    """A certificate that is its own authority, a token and the set of keys it is checked with, a password."""
    if not os.path.exists(f"{work}/../keys/token"):
        make_keys(f"{work}/../keys")
    for name in os.listdir(f"{work}/../keys"):
        shutil.copy(f"{work}/../keys/{name}", work)
    read = {name: open(f"{work}/{name}.pem", "rb").read() for name in ("cert", "key", "ca")}
    password = base64.b64encode(hashlib.sha1(b"secret").digest()).decode()
    values = {
        "cert64": base64.b64encode(read["cert"]).decode(),
        "key64": base64.b64encode(read["key"]).decode(),
        "ca64": base64.b64encode(read["ca"]).decode(),
        "ca_text": json.dumps(read["ca"].decode()),
        "jwks": open(f"{work}/jwks.json").read(),
        "htpasswd64": base64.b64encode(f"anna:{{SHA}}{password}\n".encode()).decode(),
    }
    return values, open(f"{work}/token").read()


def make_keys(work):
    os.makedirs(work)
    cert, key = f"{work}/cert.pem", f"{work}/key.pem"
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "30", "-subj",
        "/CN=shop.example.com", "-addext", "subjectAltName=DNS:shop.example.com,DNS:localhost")
    run("cp", cert, f"{work}/ca.pem")
    modulus = bytes.fromhex(run("openssl", "rsa", "-in", key, "-noout", "-modulus").decode().strip().split("=")[1])
    jwks = {"keys": [{"kty": "RSA", "kid": "shop", "alg": "RS256", "n": coded(modulus), "e": "AQAB"}]}
    claims = {"iss": "https://issuer.example.com", "aud": "shop", "sub": "anna", "exp": 4102444800, "role": "admin", "scope": "read write"}
    signed = coded(json.dumps({"alg": "RS256", "kid": "shop"}).encode()) + "." + coded(json.dumps(claims).encode())
    token = signed + "." + coded(run("openssl", "dgst", "-sha256", "-sign", key, input=signed.encode()))
    write(f"{work}/jwks.json", json.dumps(jwks))
    write(f"{work}/token", token)


def write(file, text):
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open(file, "w") as out:
        out.write(text)


def fill(text, values):
    return string.Template(text).safe_substitute(values)


def resources(work, policies, values):
    values = {**values, "work": work, "version": version, "listeners": "\n".join(policy.listener() for policy in policies)}
    write(f"{work}/envoy-gateway.yaml", fill(open(f"{here}/envoy-gateway.yaml").read(), values))
    write(f"{work}/resources/gateway.yaml", fill(open(f"{here}/gateway.yaml").read().partition("\n")[2], values))
    for policy in policies:
        write(f"{work}/resources/{policy.name}.yaml", fill(policy.text.partition("---\n")[2], values))


def start(work, name, *command):
    with open(f"{work}/{name}.log", "wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)


def until(what, seconds, condition, *processes):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        if any(process.poll() is not None for process in processes):
            break
        time.sleep(0.2)
    raise SystemExit(f"world: waited in vain until {what}; the logs are in {sys.argv[1]}")


def fetch(url):
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def admin(work):
    """The address of the proxy's admin port, which the starter has it write to a file."""
    for file in glob.glob(f"{work}/run/**/admin-address.txt", recursive=True) + glob.glob(f"{work}/state/**/admin-address.txt", recursive=True):
        address = open(file).read().strip()
        if address:
            return f"http://{address}"
    return ""


def ask(work, policy, command, token):
    """What a line of #ask prints, in a shell with the functions of asks.sh."""
    environment = {**os.environ, "work": work, "port": str(policy.port), "token": token}
    script = f"source {shlex.quote(here)}/asks.sh; {command}"
    try:
        done = subprocess.run(["bash", "-c", script], capture_output=True, env=environment, timeout=60)
    except subprocess.TimeoutExpired:
        return "no end within a minute"
    return plain((done.stdout + done.stderr).decode("latin-1"))


def plain(text):
    """Without what is another each time: dates, identifiers, durations."""
    text = re.sub(r"(?mi)^date: .*\r?\n", "", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", text)
    text = re.sub(r"(?mi)^(x-envoy-upstream-service-time): \d+", r"\1: N", text)
    return re.sub(r"nonce=[^&;\s]+|OauthNonce[^=]*=[^;]*|state=[^&\s]+|CodeVerifier[^=]*=[^;]*|code_challenge=[^&\s]+", "SECRET", text)


def served(work, policy, token):
    for line in open(f"{work}/envoy-gateway.log", errors="replace"):
        if "failed to load resources" in line:
            raise SystemExit(f"world: {line}")
    return "200 OK" in ask(work, policy, policy.asks[0], token)


def settled(work):
    """Nothing was said of any resource for three seconds, and nothing warms."""
    if time.time() - os.path.getmtime(f"{work}/envoy-gateway.log") < 3:
        return False
    warming = fetch(f"{admin(work)}/stats?filter=warming")
    return all(line.endswith(": 0") for line in warming.splitlines()) and "total_listeners_warming" in warming


def statuses(log):
    """Conditions that are not true, by kind and name, from what the control plane logs where Kubernetes would keep them."""
    last = {}
    text = re.sub(r"\x1b\[[0-9;]*m", "", open(log, errors="replace").read())
    pattern = r'"key": ?"([^"]*)"'
    for block in re.finditer(r"Got new status for (\w+)(.*?)(?=\n\d{4}-|\Z)", text, re.S):
        key = re.search(pattern, block.group(2)) or re.search(pattern, text[max(0, block.start() - 400) : block.start()])
        last[(block.group(1), key.group(1) if key else "?")] = block.group(2)
    return {f"{kind} {key}": status for (kind, key), status in last.items()}


def refused(address):
    """Resources that the proxy refused, each with its reason, from its own dump."""
    reasons = []

    def walk(node, name):
        if isinstance(node, dict):
            name = node.get("name", name)
            if isinstance(node.get("error_state"), dict):
                reasons.append([name, node["error_state"].get("details", "")])
            for value in node.values():
                walk(value, name)
        elif isinstance(node, list):
            for value in node:
                walk(value, name)

    dump = fetch(f"{address}/config_dump")
    walk(json.loads(dump) if dump else {}, "")
    counts = [line for line in fetch(f"{address}/stats?filter=update_rejected").splitlines() if not line.endswith(": 0")]
    return {"resources": reasons, "counts": counts}


def main(work, gateway, proxy, java, answers, *rest):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.makedirs(work, exist_ok=True)
    values, token = keys(work)
    policies = [Policy(file, 8000 + i) for i, file in enumerate(sorted(glob.glob(f"{here}/policies/*.yaml")), 1)]
    resources(work, policies, values)
    link = f"{work}/data/envoy-versions/{version}/bin/envoy"
    os.makedirs(os.path.dirname(link))
    os.symlink(proxy, link)
    start(work, "services", sys.executable, f"{here}/services.py", work)
    if java:
        start(work, "calls", *shlex.split(java), f"{here}/Calls.java", "9010")
    configuration = f"{work}/envoy-gateway.yaml"
    home = {**os.environ, "HOME": work}
    subprocess.run([gateway, "certgen", "--local", "--config-home", f"{work}/config"], check=True, capture_output=True, env=home)
    os.environ["HOME"] = work
    started = time.monotonic()
    control = start(work, "envoy-gateway", gateway, "server", "--config-path", configuration)
    quickstart = next(policy for policy in policies if policy.name == "quickstart")
    until("the first route served", 90, lambda: served(work, quickstart, token), control)
    first = time.monotonic() - started
    until("everything is applied", 60, lambda: settled(work), control)
    until("the services run", 60, lambda: fetch("http://127.0.0.1:9001/seen"))
    if java:
        until("the gRPC services run", 60, lambda: ask(work, quickstart, "port=9010 rpc x.Y/Z", token).startswith("HTTP/2 200"))
    said = {policy.name: [ask(work, policy, command, token) for command in policy.asks] for policy in policies}
    result = {
        "first": first,
        "policies": {p.name: {"title": p.title, "asks": p.asks, "answers": said[p.name]} for p in policies},
        "statuses": statuses(f"{work}/envoy-gateway.log"),
        "refused": refused(admin(work)),
    }
    write(answers, json.dumps(result, indent=1))
    if "--keep" in rest:
        print(f"world: {proxy} goes on running, its admin port is {admin(work)}", flush=True)
        control.wait()


main(*sys.argv[1:])
