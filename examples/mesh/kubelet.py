"""The part of a kubelet that a pod with Istio's proxy needs before its containers start.

    kubelet.py NAMESPACE POD HOME

Reads the pod back from the API server, as the injector left it, lays the volumes of the proxy's container (`istio-proxy`, or
`attache` of a gateway that knows no Istio) out below HOME and writes beside them, each item ended by NUL, what is to be started:

    init-arguments     of the container `istio-init`; empty where it has none
    arguments          of the proxy
    environment        of the proxy, NAME=VALUE
    sysctls            of the pod, NAME=VALUE
    probes             ports and paths that say whether it is ready, PORT PATH
    images             of `istio-init` and the proxy
    volumes            the places where the proxy's container has some
    init-who, who      USER:GROUP[:read-only][:CAPABILITY…] of the two containers
    ready              the command that says whether the proxy is ready, where no address does
    stop               the command that runs in the proxy's container before it is ended
    first              the names of the containers that start one after the other, before the others

STATE in the environment is the directory of the API server's files.
"""
import json
import os
import re
import sys

import apiserver

namespace, name, home = sys.argv[1:]
pod = apiserver.call("GET", f"/api/v1/namespaces/{namespace}/pods/{name}")
containers = pod["spec"]["containers"] + pod["spec"].get("initContainers", [])
named = {container["name"]: container for container in containers}
proxy = named.get("istio-proxy") or named["attache"]
SIZES = {"": 1, "m": 0.001, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def write(file, text):
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open(file, "w", encoding="utf-8") as out:
        out.write(text)


def field(reference):
    """What a fieldRef says: text, or lines of a whole map."""
    of_map = re.fullmatch(r"metadata\.(labels|annotations)\['(.*)'\]", reference["fieldPath"])
    if of_map:
        return pod["metadata"].get(of_map[1], {}).get(of_map[2], "")
    value = pod
    for key in reference["fieldPath"].split("."):
        value = value.get(key, {} if key in ("labels", "annotations") else "")
    return value if isinstance(value, str) else "\n".join(f"{k}={json.dumps(v)}" for k, v in sorted(value.items()))


def amount(reference):
    """What a resourceFieldRef says, rounded up to whole divisors; without a limit that of a node with two processors."""
    kind, resource = reference["resource"].split(".")
    given = proxy.get("resources", {}).get(kind, {}).get(resource, {"cpu": "2", "memory": "4Gi"}[resource])

    def units(quantity):
        number, unit = re.fullmatch(r"([0-9.]+)(\w*)", quantity).groups()
        return float(number) * SIZES[unit]

    divisor = reference.get("divisor", "1")
    return str(int(-(-units(given) // units("1" if divisor == "0" else divisor))))


def token(source):
    account = pod["spec"]["serviceAccountName"]
    bound = {"kind": "Pod", "apiVersion": "v1", "name": name, "uid": pod["metadata"]["uid"]}
    spec = {"expirationSeconds": source.get("expirationSeconds", 3600), "boundObjectRef": bound}
    spec["audiences"] = [source["audience"]] if "audience" in source else None
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
    where = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
    return apiserver.call("POST", where, json.dumps(request).encode())["status"]["token"]


def config_map(reference):
    where = f"/api/v1/namespaces/{namespace}/configmaps/{reference['name']}"
    if reference.get("optional"):
        try:
            return apiserver.call("GET", where)
        except OSError as absent:
            if ": 404 " in str(absent):
                return {}
            raise
    # Controllers put theirs into each namespace, some time after it was made.
    return apiserver.until(20, lambda: apiserver.call("GET", where))


def lay_out(place, volume):
    os.makedirs(place, exist_ok=True)
    if "configMap" in volume:
        items = config_map(volume["configMap"]).get("data", {})
        for key, text in items.items():
            write(f"{place}/{key}", text)
    for each in volume.get("downwardAPI", {}).get("items", []):
        write(f"{place}/{each['path']}", field(each["fieldRef"]) if "fieldRef" in each else amount(each["resourceFieldRef"]))
    if "serviceAccountToken" in volume:
        write(f"{place}/{volume['serviceAccountToken']['path']}", token(volume["serviceAccountToken"]))
    for source in volume.get("projected", {}).get("sources", []):
        lay_out(place, source)


def environment():
    values = {}
    for each in proxy.get("env", []):
        source = each.get("valueFrom", {})
        if "fieldRef" in source:
            values[each["name"]] = field(source["fieldRef"])
        elif "resourceFieldRef" in source:
            values[each["name"]] = amount(source["resourceFieldRef"])
        else:
            values[each["name"]] = expanded(each.get("value", ""), values)
    return values


def expanded(text, values):
    return re.sub(r"\$\(([\w.-]+)\)", lambda found: values.get(found[1], found[0]), text)


def probe(container):
    asked = container.get("readinessProbe", {}).get("httpGet")
    return [f"{asked['port']} {asked['path']}"] if asked else []


def who(container):
    """As what a container runs, of its own and the pod's security context."""
    context = {**pod["spec"].get("securityContext", {}), **container.get("securityContext", {})}
    parts = [str(context.get("runAsUser", 1337)), str(context.get("runAsGroup", context.get("runAsUser", 1337)))]
    if context.get("readOnlyRootFilesystem"):
        parts.append("read-only")
    return [":".join(parts + context.get("capabilities", {}).get("add", []))]


volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
for mount in proxy["volumeMounts"]:
    lay_out(home + mount["mountPath"], volumes[mount["name"]])
env = environment()
parts = {
    "init-arguments": named.get("istio-init", {}).get("args", []),
    "arguments": [expanded(each, env) for each in proxy.get("command", []) + proxy.get("args", [])],
    "environment": [f"{key}={value}" for key, value in env.items()],
    "sysctls": [f"{each['name']}={each['value']}" for each in pod["spec"].get("securityContext", {}).get("sysctls", [])],
    "probes": [each for container in containers for each in probe(container)],
    "images": [container["image"] for container in containers if container in (named.get("istio-init"), proxy)],
    "volumes": [mount["mountPath"].rstrip("/") for mount in proxy["volumeMounts"]],
    "init-who": who(named["istio-init"]) if "istio-init" in named else [],
    "who": who(proxy),
    "ready": proxy.get("readinessProbe", {}).get("exec", {}).get("command", []),
    "stop": proxy.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", []),
    "first": [container["name"] for container in pod["spec"].get("initContainers", [])],
}
for part, items in parts.items():
    write(f"{home}/{part}", "".join(f"{item}\0" for item in items))
