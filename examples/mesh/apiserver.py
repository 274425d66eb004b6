"""A client of the API server of the example, which is on loopback of its namespace.

    apiserver.py ready
    apiserver.py apply FILE…                       objects in YAML, one after another; the name stands first in `metadata`
    apiserver.py keep KIND NAMESPACE NAME KEY=FILE…  a ConfigMap or a Secret of files
    apiserver.py status NAMESPACE POD ADDRESS READY  what a kubelet says of a pod; READY is True or False
    apiserver.py bind NAMESPACE LABEL=VALUE NODE   what a scheduler does with the pod that has the label; prints its name
    apiserver.py balancer NAMESPACE SERVICE ADDRESS  what a cloud says of a Service: the address of its load balancer
    apiserver.py images NAMESPACE POD              the containers of a pod and their images, a line each
    apiserver.py programmed NAMESPACE GATEWAY      fails unless the Gateway of the Gateway API is

STATE in the environment is the directory of the server's files. Exits 1 where the server refuses.
"""
import base64
import json
import os
import re
import ssl
import sys
import time
import urllib.error
import urllib.request

state = os.environ["STATE"]
resources = {}


def send(method, path, body=None, form="application/json"):
    """The answer's text; OSError with the server's words where it refuses."""
    context = ssl.create_default_context(cafile=f"{state}/pki/apiserver.crt")
    with open(f"{state}/tokens.csv", encoding="ascii") as tokens:
        head = {"Authorization": "Bearer " + tokens.read().split(",")[0], "Content-Type": form}
    request = urllib.request.Request("https://127.0.0.1:6443" + path, body, head, method=method)
    try:
        with urllib.request.urlopen(request, context=context, timeout=30) as answer:
            return answer.read()
    except urllib.error.HTTPError as refusal:
        raise OSError(f"{method} {path}: {refusal.code} {refusal.read().decode()[:900]}") from refusal


def call(*request):
    return json.loads(send(*request))


def until(seconds, attempt):
    """The result of what is tried again until it does not fail."""
    end = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except (OSError, KeyError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def resource(version, kind):
    """What the server calls a kind, which it may be about to learn."""
    if (version, kind) not in resources:
        for each in call("GET", ("/apis/" if "/" in version else "/api/") + version)["resources"]:
            if "/" not in each["name"]:
                resources[version, each["kind"]] = each
    return resources[version, kind]


def path(version, kind, namespace, name):
    found = until(30, lambda: resource(version, kind))
    place = f"/namespaces/{namespace or 'default'}" if found["namespaced"] else ""
    return ("/apis/" if "/" in version else "/api/") + f"{version}{place}/{found['name']}/{name}"


def first(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1) if found else None


def put(where, text):
    where += "?fieldManager=example&force=true&fieldValidation=Strict"
    call("PATCH", where, text.encode(), "application/apply-patch+yaml")


def apply(document):
    metadata = first(r"^metadata:((?: .*)?\n(?:[ #].*\n)*)", document)
    namespace = first(r"(?:^  |\{|, )namespace: \"?([^\s,}\"]+)", metadata)
    name = first(r"(?:^  |\{)name: \"?([^\s,}\"]+)", metadata)
    where = path(first(r"^apiVersion: (\S+)", document), first(r"^kind: (\S+)", document), namespace, name)
    # What a webhook judges has to wait for the webhook.
    until(20, lambda: put(where, document))


def keep(kind, namespace, name, *files):
    data = {}
    for each in files:
        key, file = each.split("=", 1)
        with open(file, "rb") as content:
            data[key] = content.read()
    text = {key: (base64.b64encode(value) if kind == "Secret" else value).decode() for key, value in data.items()}
    body = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, "data": text}
    put(path("v1", kind, namespace, name), json.dumps(body))


def status(namespace, pod, address, ready):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    conditions = {"PodScheduled": "True", "Initialized": "True", "ContainersReady": ready, "Ready": ready}
    body = {
        "phase": "Running",
        "podIP": address,
        "podIPs": [{"ip": address}],
        "hostIP": "10.77.0.1",
        "startTime": now,
        "conditions": [{"type": k, "status": v, "lastTransitionTime": now} for k, v in conditions.items()],
    }
    where = path("v1", "Pod", namespace, pod) + "/status"
    call("PATCH", where, json.dumps({"status": body}).encode(), "application/merge-patch+json")


def bind(namespace, label, node):
    pods = f"/api/v1/namespaces/{namespace}/pods"
    found = until(30, lambda: {each["metadata"]["name"]: each for each in call("GET", f"{pods}?labelSelector={label}")["items"]}.popitem())
    target = {"target": {"apiVersion": "v1", "kind": "Node", "name": node}}
    if "nodeName" not in found[1]["spec"]:
        call("POST", f"{pods}/{found[0]}/binding", json.dumps({"apiVersion": "v1", "kind": "Binding", "metadata": {"name": found[0]}, **target}).encode())
    print(found[0])


def balancer(namespace, service, address):
    where = path("v1", "Service", namespace, service) + "/status"
    body = {"status": {"loadBalancer": {"ingress": [{"ip": address}]}}}
    until(30, lambda: call("PATCH", where, json.dumps(body).encode(), "application/merge-patch+json"))


def images(namespace, pod):
    spec = call("GET", path("v1", "Pod", namespace, pod))["spec"]
    for each in spec.get("initContainers", []) + spec["containers"]:
        print(each["name"], each["image"])


def programmed(namespace, gateway):
    status = call("GET", path("gateway.networking.k8s.io/v1", "Gateway", namespace, gateway))["status"]
    said = [each for each in status["conditions"] if each["type"] == "Programmed"]
    if not said or said[0]["status"] != "True":
        raise OSError(f"the Gateway {gateway} is not programmed: {said}")


def main(command, *arguments):
    if command == "ready":
        send("GET", "/readyz")
    elif command == "apply":
        for file in arguments:
            with open(file, encoding="utf-8") as text:
                for document in re.split(r"^---$", text.read(), flags=re.MULTILINE):
                    if first(r"^(kind): ", document):
                        apply(document)
    else:
        {each.__name__: each for each in (keep, status, bind, balancer, images, programmed)}[command](*arguments)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as problem:
        sys.exit(str(problem))
