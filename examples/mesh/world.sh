# Sourced by run: namespaces, names, keys, istiod, pods. What is started is noted in $work/pids and ended by its number.

domain=istiod.istio-system.svc
spaces=(control client v1 v2 gateway outside east far)

in_space() { local space="$1"; shift; ip netns exec "mesh-$space" "$@"; }

# background NAME COMMAND… : starts in a session of its own, output to a log.
background() {
    local name="$1"
    shift
    setsid "$@" >>"$work/logs/$name.log" 2>&1 </dev/null 9>&- &
    echo "$! $name" >>"$work/pids"
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
    for space in client v1 v2 gateway outside east; do ip -n "mesh-$space" route add default via 10.77.0.1; done
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

keys() {
    local ca="$work/istiod/etc/cacerts" modulus
    mkdir -p "$ca" "$work/keys/public"
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/O=Attache/CN=Mesh of the example' \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
        -keyout "$ca/ca-key.pem" -out "$ca/ca-cert.pem" 2>/dev/null || return 1
    cp "$ca/ca-cert.pem" "$ca/root-cert.pem"
    cp "$ca/ca-cert.pem" "$ca/cert-chain.pem"
    openssl genrsa -out "$work/keys/token.pem" 2048 2>/dev/null || return 1
    modulus="$(openssl rsa -in "$work/keys/token.pem" -noout -modulus | cut -d= -f2 | python3 -c \
        'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read().strip()))' | base64url)"
    jwks="{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"kid\":\"mesh\",\"n\":\"$modulus\",\"e\":\"AQAB\"}]}"
    echo "$jwks" >"$work/keys/public/jwks.json"
}

# istiod_up ADDRESS : the control plane, which names have by this address from now on.
istiod_up() {
    local environment=(POD_NAMESPACE=istio-system GOMAXPROCS=2
        'JWT_RULE={"issuer":"https://pods.mesh.test","jwks_uri":"http://127.0.0.1:8098/jwks.json","audiences":["istio-ca"]}')
    [ -z "$plain" ] || environment+=(PILOT_ENABLE_METADATA_EXCHANGE=false PILOT_ENABLE_ALPN_FILTER=false)
    echo "$domain $1" >"$work/names"
    (cd "$work/istiod" && background istiod env "${environment[@]}" ip netns exec mesh-control "$istiod" discovery \
        --registries= --configDir=objects --meshConfig=mesh.yaml --networksConfig="$here/networks.yaml" \
        --domain=cluster.local --clusterID=Kubernetes --grpcAddr="$1:15010" --secureGRPCAddr="$1:15012" \
        --httpAddr=127.0.0.1:8080 --monitoringAddr="$1:15014" --ctrlz_port=0)
    eventually 40 istiod_answers
}

istiod_answers() { in_space control curl -sf -m 1 -o "$work/syncz" http://127.0.0.1:8080/debug/syncz; }

control_up() {
    mkdir -p "$work/istiod/objects"
    cp "$here/mesh.yaml" "$work/istiod/mesh.yaml"
    [ -n "$plain" ] || printf 'enablePrometheusMerge: true\ndefaultProviders: {metrics: [prometheus]}\n' >>"$work/istiod/mesh.yaml"
    background names ip netns exec mesh-control python3 "$here/names.py" "$work/names"
    background keys ip netns exec mesh-control python3 -m http.server 8098 --bind 127.0.0.1 --directory "$work/keys/public"
    control_at 10.77.0.1
}

# control_at ADDRESS : istiod there, and what it is told, services when their workloads are known: istiod 1.27 gives a
# workload that comes after two services that select it only one of them.
control_at() {
    istiod_up "$1" || return 1
    apply policies
    apply workloads
    eventually 20 istiod_knows configz echo-v1 echo-v2 '"far"' || return 1
    apply services
    eventually 20 istiod_knows endpointz 10.77.0.13 10.78.0.17
}

# istiod_knows PAGE TEXT… : a debugging page of istiod has each of the texts.
istiod_knows() {
    local page="$1" text
    shift
    in_space control curl -sf -m 2 "http://127.0.0.1:8080/debug/$page" >"$work/known" || return 1
    for text in "$@"; do grep -qF -- "$text" "$work/known" || return 1; done
}

# apply NAME : takes objects of the example to istiod, with the key that tokens are checked with.
apply() {
    sed "s|JWKS|$jwks|" "$here/objects/$1.yaml" >"$work/istiod/$1.new"
    mv "$work/istiod/$1.new" "$work/istiod/objects/$1.yaml"
}

# pod SPACE ADDRESS NAMESPACE ACCOUNT LABELS KIND [NAME=VALUE…] : an agent with its proxy; sidecars with interception.
pod() {
    local space="$1" address="$2" namespace="$3" account="$4" labels="$5" kind="$6" home="$work/pods/$1" proxy="$attache"
    case "$space" in v1 | v2) proxy="${servers:-$attache}" ;; esac
    shift 6
    mkdir -p "$home"/var/run/secrets/{tokens,istio,workload-spiffe-uds} "$home"/etc/istio/{proxy,pod} "$home/var/lib/istio/data"
    token "system:serviceaccount:$namespace:$account" istio-ca https://pods.mesh.test >"$home/var/run/secrets/tokens/istio-token"
    cp "$work/istiod/etc/cacerts/root-cert.pem" "$home/var/run/secrets/istio/"
    tr ' ' '\n' <<<"$labels" | sed 's/=\(.*\)/="\1"/' >"$home/etc/istio/pod/labels"
    : >"$home/etc/istio/pod/annotations"
    touch "$work/logs/$space.log"
    chown -R 1337:1337 "$home" "$work/logs/$space.log"
    [ "$kind" = router ] || in_space "$space" "$attache" iptables -p 15001 -z 15006 -u 1337 -m REDIRECT -i '*' -x '' \
        -b '*' -d 15090,15021,15020 >"$work/logs/$space-iptables.log" 2>&1 || return 1
    (cd "$home" && background "$space" ip netns exec "mesh-$space" env -i PATH="$PATH" HOME="$home" POD_NAME="$space" \
        POD_NAMESPACE="$namespace" INSTANCE_IP="$address" HOST_IP="$address" SERVICE_ACCOUNT="$account" CLOUD_PLATFORM=none \
        CA_ADDR="$domain:15012" PILOT_CERT_PROVIDER=istiod TRUST_DOMAIN=cluster.local ISTIO_META_CLUSTER_ID=Kubernetes \
        ISTIO_META_MESH_ID=cluster.local ISTIO_META_INTERCEPTION_MODE=REDIRECT ISTIO_META_WORKLOAD_NAME="$account" \
        ISTIO_META_OWNER="kubernetes://apis/apps/v1/namespaces/$namespace/deployments/$account" ISTIO_BOOTSTRAP="$template" \
        ATTACHE_JAVA_OPTIONS="${ATTACHE_JAVA_OPTIONS:-}" \
        "PROXY_CONFIG={\"binaryPath\":\"$proxy\",\"concurrency\":1,\"discoveryAddress\":\"$domain:15012\"}" "$@" \
        setpriv --reuid=1337 --regid=1337 --clear-groups "$agent" proxy "$kind" --domain "$namespace.svc.cluster.local" \
        --proxyLogLevel=warning --proxyComponentLogLevel=misc:error --log_output_level=default:info)
}

ready() { in_space "$1" curl -sf -m 2 -o "$work/ready" http://127.0.0.1:15021/healthz/ready; }

world_up() {
    local space prober='{"/app-health/app/readyz":{"httpGet":{"path":"/ready","port":8080,"scheme":"HTTP"},"timeoutSeconds":2}}'
    world_down
    rm -rf "$work"
    mkdir -p "$work/logs" "$work/pods"
    : >"$work/pids"
    networks && keys && control_up || return 1
    for space in v1 v2 far; do
        background "$space-service" ip netns exec "mesh-$space" python3 "$here/service.py" "$space" 8080
    done
    pod v1 10.77.0.12 default server "app=echo version=v1" sidecar ISTIO_META_NETWORK=network1 "ISTIO_KUBE_APP_PROBERS=$prober" &&
        pod v2 10.77.0.13 default server "app=echo version=v2" sidecar ISTIO_META_NETWORK=network1 &&
        pod client 10.77.0.11 default client app=client sidecar ISTIO_META_NETWORK=network1 SECRET_TTL=40s &&
        pod gateway 10.77.0.14 istio-system gateway istio=ingressgateway router ISTIO_META_NETWORK=network1 &&
        pod east 10.78.0.16 istio-system east istio=eastwestgateway router ISTIO_META_NETWORK=network2 &&
        pod far 10.78.0.17 default server "app=far" sidecar ISTIO_META_NETWORK=network2 || return 1
    for space in v1 v2 client gateway east far; do
        eventually 120 ready "$space" || { echo "mesh: $space is not ready; see $work/logs/$space.log" >&2; return 1; }
    done
    eventually 20 told || { echo "mesh: istiod does not tell v1, v2 and far that they serve" >&2; return 1; }
}

# told : each pod with a service knows it.
told() {
    local space
    for space in v1 v2 far; do
        admin "$space" /clusters >"$work/clusters" && grep -q '^inbound|8080||::' "$work/clusters" || return 1
    done
}
