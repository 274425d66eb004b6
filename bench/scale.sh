#!/usr/bin/env bash
# Thousands of clusters over ADS, Attache beside Envoy: see scale.py --help for the options. Takes about two minutes.
# Builds what it needs (Maven, JDK 25); wants the real Envoy (see ../.ci/peers) and taskset.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -n "${ATTACHE_BENCH_CLASSES:-}" ] || mvn -q -B -Dquick -DskipTests -pl bench -am package
exec python3 bench/scale.py "$@"
