#!/usr/bin/env bash
# Runs the fuzz targets (@FuzzTest in src/test/java of every module) with Jazzer, each for a set time, and says of each
# how many inputs it ran, what it covered and what it found. Their seeds run in the normal tests; this goes on from them.
#
#   bench/fuzz.sh [-w SECONDS] [-o SECONDS] [-j JOBS] [TARGET…]
#     -w SECONDS   for targets that read what peers send, tagged `wire` (default 1200)
#     -o SECONDS   for the others (default 300)
#     -j JOBS      targets at once (default 1)
#     TARGET       part of Class.method; without any, all of them
#   FUZZ_CLASSPATH  class path with every module's classes and test classes, where they are compiled already
#   FUZZ_JAVA       java to use
#
# The corpus grows in target/fuzz/corpus and is used again. An input that fails stays in target/fuzz/findings/TARGET:
# mend the fault, and put the file into src/test/resources/…/CLASSInputs/METHOD, where every build replays it.
set -euo pipefail
cd "$(dirname "$0")/.."
wire=1200 other=300 jobs=1
while getopts w:o:j:h option; do
    case "$option" in
        w) wire=$OPTARG ;;
        o) other=$OPTARG ;;
        j) jobs=$OPTARG ;;
        *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; [ "$option" = h ]; exit ;;
    esac
done
shift $((OPTIND - 1))
out=$PWD/target/fuzz
java=${FUZZ_JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}
mkdir -p "$out/log"

# Lines "module class method seconds".
targets() {
    local file module class kind
    grep -rl --include='*.java' '@FuzzTest' ./*/src/test/java | sort | while read -r file; do
        module=${file#./} module=${module%%/*}
        class=${file#*/src/test/java/} class=${class%.java}
        kind=$other
        ! grep -q '^@Tag("wire")' "$file" || kind=$wire
        awk '/^ *@FuzzTest/ {wanted = 1} wanted && match($0, /void [A-Za-z0-9_]+/) {print substr($0, RSTART + 5, RLENGTH - 5); wanted = 0}' "$file" |
            while read -r method; do echo "$module ${class//\//.} $method $kind"; done
    done
}

chosen() {
    local line part
    while read -r line; do
        set -- $line
        for part in "${parts[@]}"; do
            case "${2##*.}.$3" in *"$part"*) echo "$line"; break ;; esac
        done
    done
}

# In the module's directory.
class_path() {
    echo "${FUZZ_CLASSPATH:-target/test-classes:target/classes:$(cat target/fuzz.classpath 2>/dev/null)}"
}

# run MODULE CLASS METHOD SECONDS
run() {
    local name=${2##*.}.$3 log status=0 started=$SECONDS
    log=$out/log/$name.log
    mkdir -p "$out/findings/$name" "$out/corpus/$name"
    (cd "$1" && exec nice -n 19 "$java" -Xmx768m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
        --sun-misc-unsafe-memory-access=allow -Dio.netty.leakDetection.level=simple -Dio.netty.leakDetection.samplingInterval=1 ${FUZZ_JAVA_OPTIONS:-} -cp "$(class_path)" \
        com.code_intelligence.jazzer.Jazzer --target_class="$2" --target_method="$3" \
        --instrumentation_includes='dev.attache.**:io.netty.handler.codec.http2.**' --max_duration="$4s" \
        -artifact_prefix="$out/findings/$name/" -print_final_stats=1 -timeout=120 "$out/corpus/$name") >"$log" 2>&1 || status=$?
    local runs coverage found=-
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1)
    coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
    ! grep -q 'LEAK:' "$log" || found="a buffer leaks, see $log"
    [ "$status" = 0 ] || found=$(sed -n 's/^== Java Exception: //p' "$log" | head -1 | cut -c1-120)
    [ "$status" = 0 ] || found=${found:-"ended with $status, see $log"}
    rmdir "$out/findings/$name" 2>/dev/null || true
    printf '%-56s %6s s %12s runs %6s covered  %s\n' "$name" $((SECONDS - started)) "${runs:-0}" "${coverage:-?}" "$found" | tee -a "$out/summary.txt"
}

parts=("${@:-}")
mapfile -t list < <(targets | chosen)
[ "${#list[@]}" -gt 0 ] || { echo "no target matches: $*" >&2; exit 1; }
if [ -z "${FUZZ_CLASSPATH:-}" ]; then
    mvn -q -B -Dquick test-compile org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
        -Dmdep.outputFile=target/fuzz.classpath -Dmdep.includeScope=test \
        -pl "$(printf '%s\n' "${list[@]}" | cut -d' ' -f1 | sort -u | paste -sd,)" -am
fi
: >"$out/summary.txt"
for line in "${list[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
    run $line &
done
wait
! grep -qv 'covered  -$' "$out/summary.txt"
