#!/usr/bin/env bash
# Every peer; goes on where one fails and says so at the end.
cd "$(dirname "$0")" || exit 1
export PATH="$PATH:/usr/local/go/bin:/usr/sbin:/sbin"
failed=()
for script in packages envoy h2spec grpc-interop gcp istio-iptables istiod; do
    bash "$script.sh" || failed+=("$script")
done
[ ${#failed[@]} -eq 0 ] || { echo "peers not installed: ${failed[*]}" >&2; exit 1; }
