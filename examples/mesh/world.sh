# Sourced by run: namespaces, names, keys, and the order in which a mesh comes up. What is started is noted in $work/pids
# and ended by its number. The control plane and the pods are those of one of two worlds, world-files.sh or
# world-kubernetes.sh, which have the same functions: control_up, control_at, apply, edge_certificate, pods, pod_serves.

domain=istiod.istio-system.svc
spaces=(control client v1 v2 gateway outside east far)

in_space() { local space="$1"; shift; ip netns exec "mesh-$space" "$@"; }

# background NAME COMMAND… : starts in a session of its own, output to a log.
background() {
    local name="$1"
    shift
    setsid "$@" >>"$work/logs/$name.log" 2>&1 </dev/null 9>&- &
    echo "$! $name" >>"$work/pids"
    disown
}

# pid_of NAME : the last process of that name.
pid_of() { awk -v name="$1" '$2 == name { pid = $1 } END { print pid }' "$work/pids"; }

# eventually SECONDS COMMAND… : asks again until it succeeds.
eventually() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt "$until" ] || return 1
        sleep 0.3
    done
}

world_down() {
    local space pid
    for space in "${spaces[@]}"; do
        for pid in $(ip netns pids "mesh-$space" 2>/dev/null); do kill "$pid" 2>/dev/null; done
    done
    sleep 0.5
    for space in "${spaces[@]}"; do
        for pid in $(ip netns pids "mesh-$space" 2>/dev/null); do kill -9 "$pid" 2>/dev/null; done
        ip netns del "mesh-$space" 2>/dev/null
        rm -rf "/etc/netns/mesh-$space"
    done
    rmdir /etc/netns 2>/dev/null
    return 0
}

# link SPACE ADDRESS BRIDGE : an interface of a namespace on a bridge of the control plane's.
link() {
    local name="$1$3"
    ip link add "$name" netns "mesh-$1" type veth peer name "p$name" netns mesh-control || return 1
    ip -n mesh-control link set "p$name" master "br$3" up
    ip -n "mesh-$1" addr add "$2/24" dev "$name"
    ip -n "mesh-$1" link set "$name" up
}

networks() {
    local space
    for space in "${spaces[@]}"; do
        ip netns add "mesh-$space" || return 1
        ip -n "mesh-$space" link set lo up
        mkdir -p "/etc/netns/mesh-$space"
        echo "nameserver 10.77.0.1" >"/etc/netns/mesh-$space/resolv.conf"
    done
    # Bridge 1 is the network of most; on bridge 2 is a pod that only the control plane and the east gateway reach.
    ip -n mesh-control link add br1 type bridge
    ip -n mesh-control addr add 10.77.0.1/24 dev br1
    ip -n mesh-control addr add 10.77.0.2/24 dev br1
    ip -n mesh-control link set br1 up
    ip -n mesh-control link add br2 type bridge
    ip -n mesh-control addr add 10.78.0.1/24 dev br2
    ip -n mesh-control link set br2 up
    link client 10.77.0.11 1 && link v1 10.77.0.12 1 && link v2 10.77.0.13 1 && link gateway 10.77.0.14 1 &&
        link outside 10.77.0.15 1 && link east 10.77.0.16 1 && link east 10.78.0.16 2 && link far 10.78.0.17 2 ||
        return 1
    # Of gateways that come later.
    [ -z "$archive" ] || { link front 10.77.0.18 1 && link alone 10.77.0.19 1; } || return 1
    for space in client v1 v2 gateway outside east ${archive:+front alone}; do ip -n "mesh-$space" route add default via 10.77.0.1; done
    ip -n mesh-far route add default via 10.78.0.1
    echo "nameserver 10.78.0.1" >/etc/netns/mesh-far/resolv.conf
}

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# token SUBJECT AUDIENCE ISSUER : a JSON Web Token by the mesh's key.
token() {
    local now text
    now="$(date +%s)"
    text="$(printf '{"alg":"RS256","kid":"mesh"}' | base64url)"
    text+=".$(printf '{"iss":"%s","sub":"%s","aud":["%s"],"iat":%s,"exp":%s}' "$3" "$1" "$2" "$now" $((now + 86400)) | base64url)"
    printf '%s.%s' "$text" "$(printf %s "$text" | openssl dgst -sha256 -sign "$work/keys/token.pem" -binary | base64url)"
}

# Of who signs tokens, and two certificates for the edge.
keys() {
    local modulus each
    mkdir -p "$work/keys/public"
    openssl genrsa -out "$work/keys/token.pem" 2048 2>/dev/null || return 1
    modulus="$(openssl rsa -in "$work/keys/token.pem" -noout -modulus | cut -d= -f2 | python3 -c \
        'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read().strip()))' | base64url)"
    jwks="{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"kid\":\"mesh\",\"n\":\"$modulus\",\"e\":\"AQAB\"}]}"
    echo "$jwks" >"$work/keys/public/jwks.json"
    for each in first second; do
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$each" -addext subjectAltName=DNS:edge.test \
            -keyout "$work/keys/$each.key" -out "$work/keys/$each.pem" 2>/dev/null || return 1
    done
}

# names ADDRESS : names and addresses that the name server tells; istiod is at this one from now on. Pods of a headless
# service have names of their own.
names() {
    cat >"$work/names.new" <<TEXT
$domain $1
v1.gossip.default.svc.cluster.local 10.77.0.12
v2.gossip.default.svc.cluster.local 10.77.0.13
TEXT
    mv "$work/names.new" "$work/names"
}

istiod_answers() { in_space control curl -sf -m 1 -o "$work/syncz" http://127.0.0.1:8080/debug/syncz; }

# istiod_serves ADDRESS : proxies can reach it. It answers earlier, but workloads that it has read from files by then never
# become endpoints.
istiod_serves() { in_space control bash -c ": </dev/tcp/$1/15010" 2>/dev/null && istiod_answers; }

# mesh_options : what the mesh is told beside mesh.yaml.
mesh_options() {
    [ -n "$plain" ] || printf 'enablePrometheusMerge: true\ndefaultProviders: {metrics: [prometheus]}\n'
}

# istiod_options : the environment of an istiod without Istio's own filters, or nothing.
istiod_options() {
    [ -z "$plain" ] || printf '%s\n' PILOT_ENABLE_METADATA_EXCHANGE=false PILOT_ENABLE_ALPN_FILTER=false
}

# told_of NAME [EDGE] : the objects of the example by this name, with the key that tokens are checked with and what the
# edge serves TLS with.
told_of() { sed -e "s|JWKS|$jwks|" -e "s|EDGE|${2:-}|" "$here/objects/$1.yaml"; }

# proxy_of SPACE : the proxy of that pod.
proxy_of() { case "$1" in v1 | v2) echo "${servers:-$attache}" ;; *) echo "$attache" ;; esac; }

# agent_flags SPACE : Attache's agent runs Attache in its own process, and another proxy beside it.
agent_flags() {
    [ -z "$own_agent" ] || { [ -z "$separate" ] && [ "$(proxy_of "$1")" = "$attache" ]; } || echo --separate
}

ready() { in_space "$1" curl -sf -m 2 -o "$work/ready" http://127.0.0.1:15021/healthz/ready; }

world_up() {
    local space
    world_down
    rm -rf "$work"
    mkdir -p "$work/logs" "$work/pods"
    : >"$work/pids"
    networks && keys || return 1
    cp "$here/mesh.yaml" "$work/mesh.yaml"
    mesh_options >>"$work/mesh.yaml"
    background names ip netns exec mesh-control python3 "$here/names.py" "$work/names"
    for space in v1 v2 far; do
        background "$space-service" ip netns exec "mesh-$space" python3 "$here/service.py" "$space" 8080
    done
    control_up && pods || return 1
    for space in v1 v2 client gateway east far; do
        eventually 120 ready "$space" && eventually 20 pod_serves "$space" ||
            { echo "mesh: $space is not ready; see $work/logs/$space.log" >&2; return 1; }
    done
    eventually 30 told || { echo "mesh: istiod does not tell the proxies who serves" >&2; return 1; }
}

# told : each pod with a service knows it, and who asks them knows where they are.
told() {
    local space
    for space in v1 v2 far; do
        admin "$space" /clusters >"$work/clusters" && grep -q '^inbound|8080||::' "$work/clusters" || return 1
    done
    for space in client gateway; do
        admin "$space" /clusters >"$work/clusters" && grep -q '|echo[.].*::10.77.0.12:8080::' "$work/clusters" &&
            grep -q '|echo[.].*::10.77.0.13:8080::' "$work/clusters" && grep -q '|far[.].*::10.77.0.16:15443::' "$work/clusters" ||
            return 1
    done
}
