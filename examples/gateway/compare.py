"""Compares what two worlds answered, a line for each policy, and shows what differs.

    compare.py HERE WORK    (WORK/envoy.json and WORK/attache.json are of world.py; HERE/expected says what is not expected
                            to be alike: a policy and the reason, one a line)

A policy passes if it was accepted by the control plane, if Attache refused nothing of it, and if all answers are the same.
"""
import difflib
import json
import sys

here, work = sys.argv[1:]
envoy, attache = (json.load(open(f"{work}/{name}.json")) for name in ("envoy", "attache"))
expected = dict(line.strip().split(None, 1) for line in open(f"{here}/expected") if line.strip() and not line.startswith("#"))


def rejected(world, policy):
    """Statuses of the policy's resources that say no, but for references, which policies break on purpose."""
    return [
        key
        for key, text in world["statuses"].items()
        if key.partition(" ")[2].partition("/")[2].startswith(policy)
        and 'status: "False"\n    type: Accepted' in text
    ]


def refusals(world, policy):
    ending = f"/{policy}"
    return [f"{name}: {reason}" for name, reason in world["refused"]["resources"] if name.endswith(ending)]


def differences(policy):
    mine, theirs = attache["policies"][policy], envoy["policies"][policy]
    for command, expected_answer, answer in zip(mine["asks"], theirs["answers"], mine["answers"]):
        if answer != expected_answer:
            yield f"{command}"
            lines = difflib.unified_diff(expected_answer.splitlines(), answer.splitlines(), lineterm="", n=0)
            yield from (line for line in lines if not line.startswith(("---", "+++", "@@")))


def verdict(policy):
    said = []
    if rejected(attache, policy):
        said.append("not accepted: " + ", ".join(rejected(attache, policy)))
    if rejected(attache, policy) != rejected(envoy, policy):
        said.append("not accepted with Envoy: " + ", ".join(rejected(envoy, policy)))
    said += [f"refused: {one}" for one in refusals(attache, policy)]
    return said + list(differences(policy))


counts = {"ok": 0, "left out": 0, "FAILED": 0}
for policy in attache["policies"]:
    said = verdict(policy)
    if not said and policy in expected:
        said = ["it passes: take it out of expected\n"]
        word = "FAILED"
    else:
        word = "ok" if not said else "left out" if policy in expected else "FAILED"
    counts[word] += 1
    title = attache["policies"][policy]["title"]
    note = f" ({expected[policy]})" if word == "left out" else f", {len(attache['policies'][policy]['asks'])} questions"
    print(f"{word:9}{policy}: {title}{note}")
    if word == "FAILED" or word == "left out" and "-v" in sys.argv:
        print("".join(f"             {line[:300]}\n" for line in said), end="")


def meant(name, reason):
    """Whether a refusal is a policy's, or, where it names no resource, one that is expected by its last word."""
    return any(name.endswith(f"/{policy}") for policy in attache["policies"]) or any(
        cause.split()[-1].rpartition(".")[2] in reason for cause in expected.values()
    )


others = [f"{name}: {reason}" for name, reason in attache["refused"]["resources"] if not meant(name, reason)]
for other in others:
    print(f"FAILED   refused: {other[:500]}")
    counts["FAILED"] += 1
print(f"gateway: first answers after {envoy['first']:.0f} s with Envoy, {attache['first']:.0f} s with Attache; " + ", ".join(f"{n} {word}" for word, n in counts.items()))
sys.exit(counts["FAILED"] > 0)
