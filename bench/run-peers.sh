#!/usr/bin/env bash
# Attache, Envoy, HAProxy and nginx side by side on this machine: HTTP/1.1, HTTP/2 and TCP, same cores, same
# upstream, rounds interleaved. Loopback only. See peers.py --help for the options; --quick takes about three
# minutes. Needs wrk, h2load, nginx, haproxy, taskset and the real Envoy (see ../.ci/peers).
set -euo pipefail
cd "$(dirname "$0")"
export PATH="$PATH:/usr/sbin:/sbin"
for tool in python3 wrk h2load nginx haproxy taskset; do
    command -v "$tool" >/dev/null || { echo "run-peers needs $tool: run .ci/peers/packages.sh" >&2; exit 1; }
done
exec python3 peers.py "$@"
