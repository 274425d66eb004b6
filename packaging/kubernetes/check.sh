#!/usr/bin/env bash
# The chart and the values for Istio, by Helm itself (.ci/peers/kube.sh builds it): what is right is rendered, what is wrong is
# refused with its name, and Istio's own chart takes what is said of the image. 77 where Helm is missing.
set -uo pipefail
here="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
peers="${ATTACHE_PEERS:-/opt/peers}/kube"
helm="$peers/helm"
[ -x "$helm" ] && [ -r "$peers/istiod-1.31/Chart.yaml" ] || { echo "no $helm with Istio's chart; .ci/peers/kube.sh builds it"; exit 77; }
failed=0

fail() { echo "FAIL $*"; failed=1; }

# takes OPTION… : the chart is in order with these, and is rendered.
takes() {
    "$helm" lint --strict "$here/attache" "$@" >/dev/null || fail "lint $*"
    "$helm" template example "$here/attache" "$@" >/dev/null || fail "template $*"
}

# renders TEXT OPTION… : what is rendered has a line with the text.
renders() {
    local text="$1"
    shift
    "$helm" template example "$here/attache" "$@" | grep -F -- "$text" >/dev/null || fail "no '$text' with $*"
}

# refuses WORDS OPTION… : the values are refused, and the message has these words.
refuses() {
    local words="$1" said
    shift
    said="$("$helm" template example "$here/attache" "$@" 2>&1 >/dev/null)" && fail "taken: $*"
    grep -qF -- "$words" <<<"$said" || fail "refused without '$words': $said"
}

alone=(--values "$here/example-standalone.yaml")
istio=(--values "$here/example-istio.yaml")
takes "${alone[@]}"
takes "${istio[@]}"
takes "${alone[@]}" --set standalone.configMap=mine
takes "${alone[@]}" --set autoscaling.enabled=true,disruptionBudget.enabled=true,image.digest="sha256:$(printf 0%.0s {1..64})"
takes "${istio[@]}" --set istio.revision=canary,istio.network=n1,javaOptions=-Xmx256m,env.A=b,service.annotations.a=b
renders 'image: registry.example.com/attache:v2' "${alone[@]}" --set image.tag=v2
renders 'image: r.test:5000/a@sha256:' "${alone[@]}" --set image.repository=r.test:5000/a,image.digest="sha256:$(printf 0%.0s {1..64})"
renders 'name: mine' "${alone[@]}" --set standalone.configMap=mine
renders 'inject.istio.io/templates: "gateway"' "${istio[@]}"
renders 'image: auto' "${istio[@]}"
renders 'kind: HorizontalPodAutoscaler' "${istio[@]}" --set autoscaling.enabled=true
refuses "at '/standalone'"
refuses "at '/mode'" --set mode=sidecar
refuses "'tagg' not allowed" "${istio[@]}" --set image.tagg=1
refuses "at '/service/ports/0/port'" "${istio[@]}" --set 'service.ports[0].name=a,service.ports[0].port=70000'
refuses "at '/image/repository'" "${istio[@]}" --set image.repository=a:b
refuses "at '/resources/limits/memory'" "${istio[@]}" --set resources.limits.memory=much
refuses "at '/standalone/logLevel'" "${alone[@]}" --set standalone.logLevel=loud
refuses "make them equal" "${alone[@]}" --set standalone.adminPort=9999
refuses "port_value is not there" --set mode=standalone,standalone.config.node.id=a
refuses "at '/replicas'" "${istio[@]}" --set replicas=-1

# injects FILE TEXT : Istio's chart puts the text into its injector's configuration.
injects() {
    "$helm" template istiod "$peers/istiod-1.31" --namespace istio-system --values "$here/$1" \
        --show-only templates/istiod-injector-configmap.yaml | grep -F -- "$2" >/dev/null || fail "$1: Istio's chart has no '$2'"
}
reference="$(sed -n 's/^ *image: *//p' "$here/istio-values.yaml" | head -1)"
injects istio-values.yaml "\"image\": \"$reference\""
injects istio-template.yaml "\$image := \"$reference\""
[ "$failed" = 0 ] && echo "chart and values: in order"
exit "$failed"
