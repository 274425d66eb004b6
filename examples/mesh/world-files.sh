# Sourced by run: a mesh without Kubernetes. istiod takes its objects from files, and pods are told as workloads.

control_up() {
    local ca="$work/istiod/etc/cacerts"
    mkdir -p "$work/istiod/objects" "$ca"
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/O=Attache/CN=Mesh of the example' \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
        -keyout "$ca/ca-key.pem" -out "$ca/ca-cert.pem" 2>/dev/null || return 1
    cp "$ca/ca-cert.pem" "$ca/root-cert.pem"
    cp "$ca/ca-cert.pem" "$ca/cert-chain.pem"
    background keys ip netns exec mesh-control python3 -m http.server 8098 --bind 127.0.0.1 --directory "$work/keys/public"
    edge_certificate first
    control_at 10.77.0.1
}

# control_at ADDRESS : istiod there, and what it is told, services when their workloads are known: istiod 1.27 gives a
# workload that comes after two services that select it only one of them.
control_at() {
    rm -f "$work"/istiod/objects/*
    istiod_up "$1" || return 1
    apply policies
    apply files/workloads
    eventually 20 istiod_knows configz echo-v1 echo-v2 '"far"' || return 1
    apply files/services
    eventually 20 istiod_knows endpointz 10.77.0.13 10.78.0.17
}

# istiod_up ADDRESS : the control plane, which names have by this address from now on.
istiod_up() {
    local environment=(POD_NAMESPACE=istio-system GOMAXPROCS=2
        'JWT_RULE={"issuer":"https://pods.mesh.test","jwks_uri":"http://127.0.0.1:8098/jwks.json","audiences":["istio-ca"]}')
    names "$1"
    (cd "$work/istiod" && background istiod env "${environment[@]}" $(istiod_options) ip netns exec mesh-control "$istiod" \
        discovery --registries= --configDir=objects --meshConfig="$work/mesh.yaml" --networksConfig="$here/networks.yaml" \
        --domain=cluster.local --clusterID=Kubernetes --grpcAddr="$1:15010" --secureGRPCAddr="$1:15012" \
        --httpAddr=127.0.0.1:8080 --monitoringAddr="$1:15014" --ctrlz_port=0)
    eventually 40 istiod_serves "$1"
}

# istiod_knows PAGE TEXT… : a debugging page of istiod has each of the texts.
istiod_knows() {
    local page="$1" text
    shift
    in_space control curl -sf -m 2 "http://127.0.0.1:8080/debug/$page" >"$work/known" || return 1
    for text in "$@"; do grep -qF -- "$text" "$work/known" || return 1; done
}

# apply NAME [EDIT] : takes objects of the example to istiod, edited by sed.
apply() {
    local name="${1#files/}" edge="$work/edge"
    told_of "$1" "serverCertificate: $edge/cert.pem, privateKey: $edge/key.pem" | sed "${2:-}" >"$work/istiod/$name.new"
    mv "$work/istiod/$name.new" "$work/istiod/objects/$name.yaml"
}

# edge_certificate NAME : what the gateway serves TLS with from now on, as files of its pod.
edge_certificate() {
    mkdir -p "$work/edge"
    cp "$work/keys/$1.key" "$work/edge/key.new" && chmod a+r "$work/edge/key.new" && mv "$work/edge/key.new" "$work/edge/key.pem" &&
        cp "$work/keys/$1.pem" "$work/edge/cert.new" && mv "$work/edge/cert.new" "$work/edge/cert.pem"
}

pods() {
    local prober='{"/app-health/app/readyz":{"httpGet":{"path":"/ready","port":8080,"scheme":"HTTP"},"timeoutSeconds":2}}'
    pod v1 10.77.0.12 default server "app=echo version=v1" sidecar ISTIO_META_NETWORK=network1 "ISTIO_KUBE_APP_PROBERS=$prober" &&
        pod v2 10.77.0.13 default server "app=echo version=v2" sidecar ISTIO_META_NETWORK=network1 &&
        pod client 10.77.0.11 default client app=client sidecar ISTIO_META_NETWORK=network1 SECRET_TTL=40s &&
        pod gateway 10.77.0.14 istio-system gateway istio=ingressgateway router ISTIO_META_NETWORK=network1 &&
        pod east 10.78.0.16 istio-system east istio=eastwestgateway router ISTIO_META_NETWORK=network2 &&
        pod far 10.78.0.17 default server "app=far" sidecar ISTIO_META_NETWORK=network2
}

# pod SPACE ADDRESS NAMESPACE ACCOUNT LABELS KIND [NAME=VALUE…] : an agent with its proxy; sidecars with interception.
pod() {
    local space="$1" address="$2" namespace="$3" account="$4" labels="$5" kind="$6" home="$work/pods/$1"
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
        ISTIO_META_OWNER="kubernetes://apis/apps/v1/namespaces/$namespace/deployments/$account" "${image[@]}" \
        ATTACHE_JAVA_OPTIONS="${ATTACHE_JAVA_OPTIONS:-}" \
        "PROXY_CONFIG={\"binaryPath\":\"$(proxy_of "$space")\",\"concurrency\":1,\"discoveryAddress\":\"$domain:15012\"}" "$@" \
        setpriv --reuid=1337 --regid=1337 --clear-groups "$agent" proxy "$kind" $(agent_flags "$space") --domain "$namespace.svc.cluster.local" \
        --proxyLogLevel=warning --proxyComponentLogLevel=misc:error --log_output_level=default:info)
}

# pod_serves SPACE : nobody asks, a workload serves when it is told.
pod_serves() { :; }
