# Sourced by run after world-kubernetes.sh: pods whose proxies are containers of an image. istiod's own Helm chart is told of it
# by packaging/kubernetes, its webhook injects the name, and a container of what was unpacked is started with the user, the
# capabilities, the arguments, the environment and the volumes that were injected. Takes the place of two functions there.

unpacked="$work-image"
kubernetes="$here/../../packaging/kubernetes"
reference="$(sed -n 's/^ *image: *//p' "$kubernetes/istio-values.yaml" | head -1)"
spaces+=(front alone)

image_there() {
    local chart="$peers/kube/istiod-1.31"
    [ -r "$archive" ] || missing "no $archive; mvn -Ppackages package makes it"
    [ -x "$peers/kube/helm" ] && [ -r "$chart/Chart.yaml" ] || missing "no $peers/kube/helm with $chart; .ci/peers/kube.sh builds it"
    rm -rf "$unpacked"
    mkdir "$unpacked"
    python3 "$here/unpack.py" "$archive" "$unpacked" || missing "$archive is no image in OCI's form"
    # Pods are told of the proxy of the image by the name that it has there.
    attache=/usr/local/bin/envoy own_agent=image
}

# injected CHART : what istiod's own chart makes of the values for the image.
injected() {
    sed "s|$reference|$reference-asked|" "$kubernetes/istio-template.yaml" >"$work/template.yaml"
    "$peers/kube/helm" template istiod "$peers/kube/istiod-1.31" --namespace istio-system \
        --values "$kubernetes/istio-values.yaml" --values "$work/template.yaml" \
        --show-only templates/istiod-injector-configmap.yaml >"$work/injector.yaml" &&
        api apply "$work/injector.yaml" "$peers"/kube/gateway-api/*.yaml
}

# charted NAME OPTION… : what Attache's chart makes, of a release by that name.
charted() {
    local name="$1"
    shift
    "$peers/kube/helm" template "$name" "$kubernetes/attache" --namespace default "$@" >"$work/$name.yaml" && api apply "$work/$name.yaml"
}

# pod NAMESPACE SPACE ADDRESS [NAME] : starts what was injected into the pod of that name.
pod() {
    local space="$2" name="${4:-$2}" home="$work/pods/$2" each first arguments volumes
    api status "$1" "$name" "$3" False || return 1
    mkdir -p "$home/init"
    echo "$1 $3 $name" >"$home/place"
    STATE="$work/kubernetes" PYTHONDONTWRITEBYTECODE=1 in_space control python3 "$here/kubelet.py" "$1" "$name" "$home" || return 1
    printf '127.0.0.1 localhost\n::1 localhost\n%s %s\n' "$3" "$name" >"$home/hosts"
    cp "$home/hosts" "$home/init/hosts"
    touch "$work/logs/$space.log"
    chown -R 1337:1337 "$home"
    mapfile -d '' each <"$home/sysctls"
    [ "${#each[@]}" = 0 ] || in_space "$space" sysctl -qw "${each[@]}" || return 1
    mapfile -d '' first <"$home/init-arguments"
    mapfile -d '' each <"$home/init-who"
    [ "${#first[@]}" = 0 ] || in_space "$space" "$here/container.sh" "$unpacked" "$home/init" "${each[0]}" -- "${first[@]}" \
        >"$work/logs/$space-iptables.log" 2>&1 || return 1
    mapfile -d '' arguments <"$home/arguments"
    mapfile -d '' volumes <"$home/volumes"
    mapfile -d '' each <"$home/who"
    background "$space" ip netns exec "mesh-$space" "$here/container.sh" "$unpacked" "$home" "${each[0]}" "${volumes[@]}" -- "${arguments[@]}"
}

# made NAMESPACE LABEL=VALUE SPACE ADDRESS : starts the pod that a Deployment made.
made() {
    local name
    name="$(api bind "$1" "$2" node)" && pod "$1" "$3" "$4" "$name"
}

# container SPACE : the first process of a pod's container.
container() { pgrep -P "$(pid_of "$1")"; }

# inside SPACE COMMAND… : what a hook or `kubectl exec` runs, in the container of a pod as its user.
inside() {
    local space="$1"
    shift
    nsenter --target "$(container "$space")" --mount --pid --net --root --wd env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin \
        /usr/bin/setpriv --reuid=1337 --regid=1337 --clear-groups --no-new-privs -- "$@"
}

# The checks of what only an image has.

named() {
    local space
    for space in v1 v2 client gateway east far; do
        tr '\0' '\n' <"$work/pods/$space/images" | sort -u >"$work/seen"
        [ "$(cat "$work/seen")" = "$reference" ] || return 1
    done
}

# Pods that ask for the template `attache` get the image that it names, of which another name is made up here.
asked() {
    local each
    api apply "$here/objects/kubernetes/asked.yaml" || return 1
    : >"$work/seen"
    for each in asked asked-old asked-gateway; do api images default "$each" >>"$work/seen" || return 1; done
    [ "$(grep -c "$reference-asked$" "$work/seen")" = 5 ] && ! grep -q "$reference$" "$work/seen"
}

# Of native sidecars the containers before the others are two: the second goes on running.
native() {
    tr '\0' ' ' <"$work/pods/v1/first" >"$work/seen"
    [ "$(cat "$work/seen")" = 'istio-init istio-proxy ' ]
}

# A gateway of the template `gateway` is as confined as its own Deployment says, and is left out.
confined() {
    local space
    for space in v1 front alone; do
        inside "$space" /bin/bash -c 'id -u; grep ^CapBnd /proc/1/status; >/var/lib/attache/written && echo written' >"$work/seen" 2>&1
        grep -qx 1337 "$work/seen" && grep -q 'CapBnd:.0000000000000000' "$work/seen" && grep -q 'Read-only file system' "$work/seen" ||
            return 1
    done
}

# A Gateway of the Gateway API: istiod makes a Deployment of it, whose pod is the image's, too.
front() {
    apply kubernetes/front && made default gateway.networking.k8s.io/gateway-name=front front 10.77.0.18 &&
        eventually 60 ready front && eventually 20 pod_serves front && api balancer default front-istio 10.77.0.18 &&
        eventually 30 api programmed default front 2>"$work/seen" || return 1
    tr '\0' '\n' <"$work/pods/front/images" >"$work/seen"
    [ "$(cat "$work/seen")" = "$reference" ] && eventually 20 front_serves
}

front_serves() { gives 200 outside http://10.77.0.18/ -H 'Host: front.test' && says 'sa/front-istio'; }

# The gateway of Attache's chart that knows no Istio: a bootstrap of Envoy's, which is the values' own.
alone() {
    local probe
    charted alone --values "$kubernetes/example-standalone.yaml" && made default app.kubernetes.io/instance=alone alone 10.77.0.19 &&
        eventually 60 alone_serves || return 1
    # By what a kubelet runs to ask whether it is ready.
    mapfile -d '' probe <"$work/pods/alone/ready"
    inside alone "${probe[@]}" >"$work/seen" 2>&1
}

alone_serves() { gives 200 outside http://10.77.0.19:8080/ && says 'Attache'; }

# stops SPACE : the hook that runs before a pod's end succeeds, and then the proxy ends by a signal, in time and by itself.
stops() {
    local space="$1" hook process
    mapfile -d '' hook <"$work/pods/$space/stop"
    process="$(pid_of "$space")"
    if [ "${#hook[@]}" != 0 ]; then inside "$space" "${hook[@]}" >"$work/seen" 2>&1 || return 1; fi
    kill "$(container "$space")"
    eventually 30 gone "$process"
}

gone() { ! kill -0 "$1" 2>/dev/null; }

walk_image() {
    check "istiod injects the image into every pod" named
    check "pods that ask for the template get its image" asked
    check "the sidecar is a native one" native
    check "a Gateway of the Gateway API becomes programmed and serves" front
    check "the gateway of the chart serves by itself" alone
    check "containers run as 1337, without capabilities, and cannot write" confined
    check "a pod ends by its hook and a signal" stops v2
    check "so does the chart's gateway" stops alone
}
