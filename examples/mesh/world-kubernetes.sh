# Sourced by run: a mesh on Kubernetes' API server, without nodes. Pods are made there, istiod's webhook injects them, and
# what it injected is started as a kubelet would, each in its namespace.

api() { STATE="$work/kubernetes" PYTHONDONTWRITEBYTECODE=1 in_space control python3 "$here/apiserver.py" "$@"; }

control_up() {
    local chart="$peers/kube/istio-1.31"
    servers_up || return 1
    printf 'defaultConfig: {discoveryAddress: "%s:15012", concurrency: 1, binaryPath: "%s", proxyMetadata: {CLOUD_PLATFORM: none}}\n' \
        "$domain" "$attache" >>"$work/mesh.yaml"
    api apply "$chart/crd-all.gen.yaml" "$here/objects/kubernetes/istio.yaml" &&
        api keep ConfigMap istio-system istio mesh="$work/mesh.yaml" meshNetworks="$here/networks.yaml" &&
        injected "$chart" && edge_certificate first && control_at 10.77.0.1 && apply policies && apply kubernetes/services
}

# servers_up : the store in memory, the API server and the controllers that need no node.
servers_up() {
    local state="$work/kubernetes"
    mkdir -p "$state"
    openssl genrsa -out "$state/sa.key" 2048 2>/dev/null || return 1
    openssl rsa -in "$state/sa.key" -pubout -out "$state/sa.pub" 2>/dev/null
    echo 'admin-token,admin,admin,"system:masters"' >"$state/tokens.csv"
    background kine ip netns exec mesh-control "$peers/kube/kine" --listen-address 127.0.0.1:2379 \
        --metrics-bind-address 0 --endpoint memory://
    background apiserver ip netns exec mesh-control "$peers/kube/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
        --bind-address=127.0.0.1 --secure-port=6443 --advertise-address=10.77.0.1 --endpoint-reconciler-type=none \
        --cert-dir="$state/pki" --token-auth-file="$state/tokens.csv" --authorization-mode=RBAC --anonymous-auth=false \
        --service-cluster-ip-range=10.96.0.0/16 --service-account-issuer=https://kubernetes.default.svc.cluster.local \
        --service-account-key-file="$state/sa.pub" --service-account-signing-key-file="$state/sa.key" \
        --enable-aggregator-routing=true --enable-priority-and-fairness=false --allow-privileged=true --profiling=false
    eventually 60 api ready 2>>"$work/logs/api.log" || return 1
    cat >"$state/access" <<TEXT
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443", certificate-authority: $state/pki/apiserver.crt}}]
users: [{name: u, user: {token: admin-token}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
TEXT
    background controllers ip netns exec mesh-control "$peers/kube/kube-controller-manager" --kubeconfig "$state/access" \
        --leader-elect=false --bind-address=127.0.0.1 --cert-dir="$state/controllers" --profiling=false \
        --root-ca-file="$state/pki/apiserver.crt" --service-account-private-key-file="$state/sa.key" \
        --controllers=endpointslice-controller,serviceaccount-controller,root-ca-certificate-publisher-controller,namespace-controller,deployment-controller,replicaset-controller
}

# injected CHART : the injector's templates and Helm's defaults for them.
injected() {
    local each
    {
        printf 'policy: enabled\ndefaultTemplates: [sidecar]\ntemplates:\n'
        for each in sidecar=injection-template gateway=gateway-injection-template; do
            printf '  %s: |\n' "${each%=*}"
            sed 's/^/    /' "$1/files/${each#*=}.yaml"
        done
    } >"$work/injector"
    sed '1,/^_internal_defaults_do_not_set:/d; s/^  //' "$1/values.yaml" >"$work/values"
    api keep ConfigMap istio-system istio-sidecar-injector config="$work/injector" values="$work/values"
}

# control_at ADDRESS : istiod there. What it was told is the API server's.
control_at() {
    names "$1"
    sed "s/ADDRESS/$1/" "$here/objects/kubernetes/istiod.yaml" >"$work/istiod.yaml"
    api apply "$work/istiod.yaml" || return 1
    mkdir -p "$work/istiod"
    (cd "$work/istiod" && background istiod env -i PATH="$PATH" HOME="$work/istiod" POD_NAME=istiod-1 POD_NAMESPACE=istio-system \
        SERVICE_ACCOUNT=istiod REVISION=default PILOT_CERT_PROVIDER=istiod CLUSTER_ID=Kubernetes GOMAXPROCS=2 \
        $(istiod_options) ip netns exec mesh-control "$istiod" discovery --kubeconfig "$work/kubernetes/access" \
        --domain=cluster.local --grpcAddr="$1:15010" --secureGRPCAddr="$1:15012" --httpAddr=127.0.0.1:8080 \
        --httpsAddr="$1:15017" --monitoringAddr="$1:15014" --ctrlz_port=0)
    eventually 40 istiod_serves "$1"
}

# apply NAME [EDIT] : objects of the example, edited by sed.
apply() {
    told_of "$1" "credentialName: edge" | sed "${2:-}" >"$work/applied.yaml"
    api apply "$work/applied.yaml"
}

# edge_certificate NAME : what the gateway serves TLS with from now on, as a Secret.
edge_certificate() { api keep Secret istio-system edge tls.crt="$work/keys/$1.pem" tls.key="$work/keys/$1.key"; }

pods() {
    apply kubernetes/pods "s|SERVERS|$(proxy_of v1)|" || return 1
    pod default v1 10.77.0.12 && pod default v2 10.77.0.13 && pod default client 10.77.0.11 &&
        pod istio-system gateway 10.77.0.14 && pod istio-system east 10.78.0.16 && pod default far 10.78.0.17
}

# pod NAMESPACE SPACE ADDRESS : starts what was injected into the pod of that name.
pod() {
    local space="$2" home="$work/pods/$2" environment arguments first each
    api status "$1" "$space" "$3" False || return 1
    mkdir -p "$home"/etc/istio/proxy "$home/var/lib/istio/data" "$home/var/run/secrets/workload-spiffe-uds"
    echo "$1 $3 $2" >"$home/place"
    STATE="$work/kubernetes" PYTHONDONTWRITEBYTECODE=1 in_space control python3 "$here/kubelet.py" "$1" "$space" "$home" || return 1
    touch "$work/logs/$space.log"
    chown -R 1337:1337 "$home" "$work/logs/$space.log"
    mapfile -d '' each <"$home/sysctls"
    [ "${#each[@]}" = 0 ] || in_space "$space" sysctl -qw "${each[@]}" || return 1
    mapfile -d '' first <"$home/init-arguments"
    [ "${#first[@]}" = 0 ] || in_space "$space" "$attache" iptables "${first[@]:1}" >"$work/logs/$space-iptables.log" 2>&1 || return 1
    mapfile -d '' environment <"$home/environment"
    mapfile -d '' arguments <"$home/arguments"
    # Beside what was injected, what the image would bring.
    (cd "$home" && background "$space" ip netns exec "mesh-$space" env -i "${environment[@]}" PATH="$PATH" HOME="$home" \
        "${image[@]}" ATTACHE_JAVA_OPTIONS="${ATTACHE_JAVA_OPTIONS:-}" \
        setpriv --reuid=1337 --regid=1337 --clear-groups "$agent" "${arguments[@]}" \
        $(agent_flags "$space"))
}

# pod_serves SPACE : a pod whose every probe is answered is said to be ready, from when on it is an endpoint.
pod_serves() {
    local namespace address name each probes
    read -r namespace address name <"$work/pods/$1/place"
    mapfile -d '' probes <"$work/pods/$1/probes"
    for each in "${probes[@]}"; do
        in_space control curl -sf -m 3 -o "$work/probe" "http://$address:${each% *}${each#* }" || return 1
    done
    api status "$namespace" "$name" "$address" True
}
