"""Prints the totals of all Surefire and Failsafe reports below a directory, one line a class.

Usage: summary.py DIRECTORY [FAILED_STEP …]. Exit code 1 where a test or a step failed, or nothing ran.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree

tests = failures = errors = skipped = 0
again = []
for report in sorted(pathlib.Path(sys.argv[1]).rglob("*TEST-*.xml")):
    suite = ElementTree.parse(report).getroot()
    count = [int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")]
    tests, failures, errors, skipped = (
        total + n for total, n in zip((tests, failures, errors, skipped), count)
    )
    print(
        "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d, Time elapsed: %s s -- in %s"
        % (*count, suite.get("time", "0"), suite.get("name", report.stem))
    )
    for case in suite.iter("testcase"):
        for problem in [*case.findall("failure"), *case.findall("error")]:
            text = (problem.get("message") or problem.text or "").strip().splitlines()
            print("  FAILED %s.%s: %s" % (case.get("classname"), case.get("name"), text[0] if text else ""))
        for problem in [*case.findall("flakyFailure"), *case.findall("flakyError")]:
            text = (problem.get("message") or problem.text or "").strip().splitlines()
            again.append("%s.%s: %s" % (case.get("classname"), case.get("name"), " ".join(text)[:200]))
        for reason in case.findall("skipped"):
            print("  skipped %s.%s: %s" % (case.get("classname"), case.get("name"), reason.get("message") or ""))

print("Tests run: %d, Failures: %d, Errors: %d, Skipped: %d" % (tests, failures, errors, skipped))
for line in again:
    print("passed at another try only: " + line)
for step in sys.argv[2:]:
    print("step failed: " + step)
bad = failures + errors
if not bad and len(sys.argv) > 2:
    bad = len(sys.argv) - 2
print("%d passed, %d failed, %d skipped" % (tests - failures - errors - skipped, bad, skipped))
sys.exit(1 if bad or tests == 0 else 0)
