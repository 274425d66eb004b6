#!/usr/bin/env bash
# How long installing the rules of a sidecar takes from fork to exit, as an init container does it:
# iptables-restore alone, this command without and with an AOT cache, and the real istio-iptables if
# it is there. Every run starts from a namespace without rules. Needs root, iptables, iproute2.
#   usage: bench/interception/startup.sh [runs]        (default 20)
set -euo pipefail

runs=${1:-20}
here=$(cd "$(dirname "$0")/../.." && pwd)
classes=$here/iptables/target/classes
peers=${ATTACHE_PEERS:-/opt/peers}
work=$(mktemp -d)
ns=attache-bench-$$
java=${ATTACHE_JAVA_HOME:-$(ls -d /usr/lib/jvm/*25* 2>/dev/null | head -n 1)}/bin/java
[ -x "$java" ] || { echo "set ATTACHE_JAVA_HOME to a JDK 25" >&2; exit 1; }
[ -d "$classes" ] || { echo "build first: mvn -q -pl iptables -am test-compile" >&2; exit 1; }
trap 'ip netns del "$ns" 2>/dev/null || true; rm -rf "$work"' EXIT

ip netns add "$ns"
ip -n "$ns" link set lo up
ip -n "$ns" link add eth0 type veth peer name peer0
ip -n "$ns" addr add 192.0.2.10/24 dev eth0
ip -n "$ns" addr add 2001:db8::10/64 dev eth0 nodad
ip -n "$ns" link set eth0 up
ip -n "$ns" link set peer0 up

flags=(-p 15001 -z 15006 -u 1337 -m REDIRECT -i '*' -b '*' -d 15090,15021,15020 --dual-stack)
quiet=(--log_output_level default:none)
# -Xint: a run is over before compiled code would pay for its compilation.
# What the container runs: a jar, not a directory; the AOT cache takes nothing else.
jar=$work/interception.jar
"${java%/java}/jar" --create --file "$jar" -C "$classes" .
base=("$java" -XX:+UseSerialGC -Xint -Xmx64m --enable-native-access=ALL-UNNAMED)
main=(-cp "$jar" dev.attache.iptables.InterceptionMain iptables)

DRY_RUN_FILE_PATH=$work/rules ip netns exec "$ns" "${base[@]}" "${main[@]}" "${flags[@]}" "${quiet[@]}" --dry-run
awk -v dir="$work" '/tables-save$/ {next} /^\* / {if (seen[$2]++) v6=1} {print > (dir (v6 ? "/v6" : "/v4"))}' "$work/rules"

flush() {
  for f in iptables ip6tables; do
    ip netns exec "$ns" $f -t nat -F; ip netns exec "$ns" $f -t nat -X
  done
}
restore() { ip netns exec "$ns" sh -c "iptables-restore --noflush < $work/v4; ip6tables-restore --noflush < $work/v6"; }
attache() { ip netns exec "$ns" "${base[@]}" "$@" "${main[@]}" "${flags[@]}" "${quiet[@]}"; }
istio() { ip netns exec "$ns" "$peers/istio-iptables" "${flags[@]}" >/dev/null 2>&1; }

# Wall-clock time depends on what else the machine does; the CPU time of the run and its children does
# so far less.
measure() {
  local name=$1 i TIMEFORMAT='%R %U %S'
  shift
  for ((i = 0; i < runs; i++)); do
    flush
    { time "$@" >/dev/null 2>&1; } 2>&1
  done | awk -v name="$name" '
    function middle(t, n) {
      for (i = 2; i <= n; i++) for (j = i; j > 1 && t[j] < t[j-1]; j--) {x = t[j]; t[j] = t[j-1]; t[j-1] = x}
      return t[int((n+1)/2)]
    }
    {wall[NR] = $1 * 1000; cpu[NR] = ($2 + $3) * 1000}
    END {m = middle(wall, NR); c = middle(cpu, NR); printf "%-46s %7.0f %7.0f %7.0f\n", name, m, wall[1], c}'
}

# The cache is trained as the launcher trains it.
"${base[@]}" -XX:AOTCacheOutput="$work/interception.aot" -cp "$jar" \
  dev.attache.iptables.InterceptionMain intercept train >"$work/training" 2>&1 || { cat "$work/training" >&2; exit 1; }
ls -l "$work/interception.aot" | awk '{printf "AOT cache: %.1f MB\n", $5/1e6}'
printf "%-46s %7s %7s %7s\n" "milliseconds, $runs runs, IPv4 and IPv6" median min "CPU"
measure "iptables-restore and ip6tables-restore alone" restore
measure "attache, JDK's own class archive" attache
measure "attache, AOT cache" attache -XX:AOTCache="$work/interception.aot"
[ -x "$peers/istio-iptables" ] && measure "istio-iptables (Go)" istio
measure_dry() { ip netns exec "$ns" "${base[@]}" -XX:AOTCache="$work/interception.aot" "${main[@]}" "${flags[@]}" "${quiet[@]}" --dry-run; }
measure "attache --dry-run, AOT cache" measure_dry
