# Sourced by run: what a mesh does, one check after another. Each prints a line; what it saw is below $work.

passed=0 failed=0
left_out=()

# check WHAT COMMAND… : a step of the walk.
check() {
    local what="$1"
    shift
    : >"$work/seen"
    if "$@"; then
        passed=$((passed + 1))
        echo "ok   $what"
    else
        failed=$((failed + 1))
        echo "FAIL $what: $(head -c 900 "$work/seen" | tr '\n' ' ')"
    fi
}

# call SPACE URL [OPTION…] : asks as the program of a pod does; the status to stdout, the body to $work/body.
call() {
    local space="$1" url="$2"
    shift 2
    in_space "$space" curl -s -m 6 -o "$work/body" -w '%{http_code}' "$@" "$url"
}

# gives STATUS SPACE URL [OPTION…]
gives() {
    local wanted="$1" got
    shift
    : >"$work/body"
    got="$(call "$@")"
    { echo "status $got instead of $wanted"; cat "$work/body"; } >"$work/seen"
    [ "$got" = "$wanted" ]
}

says() { grep -q -- "$1" "$work/body"; }

echo_test() { local wanted="$1" path="$2"; shift 2; gives "$wanted" client "http://10.96.77.1$path" -H 'Host: echo.default.svc.cluster.local' "$@"; }

# admin SPACE PATH : a page of a proxy's admin interface.
admin() { in_space "$1" curl -s -m 5 "http://127.0.0.1:15000$2"; }

plain_call() {
    echo_test 200 / && says 'URI=spiffe://cluster.local/ns/default/sa/client'
}

# Ports that are not intercepted show that there is a way.
strict() {
    gives 200 outside http://10.77.0.12:15021/healthz/ready && gives 000 outside http://10.77.0.12:8080/
}

canary() {
    local i second=0
    for i in $(seq 200); do
        echo_test 200 "/?$i" || return 1
        ! says '"version": "v2"' || second=$((second + 1))
    done
    echo "$second of 200 were version 2" >"$work/seen"
    [ "$second" -ge 5 ] && [ "$second" -le 40 ]
}

# refused SPACE PATH : its proxy has logged a failure, which the caller did not see.
refused() { grep -q "GET $2 HTTP/1.1\" 503" "$work/logs/$1.log"; }

retries() {
    local i
    for i in $(seq 12); do echo_test 200 /unstable || return 1; done
    echo "version 2 was not asked, or never failed" >"$work/seen"
    eventually 5 refused v2 /unstable
}

fault() { echo_test 418 /fault; }

denial() { echo_test 403 /secret && says 'RBAC: access denied'; }

web_token() {
    local good bad
    good="$(token alice app https://users.mesh.test)"
    bad="$(token alice others https://users.mesh.test)"
    echo_test 403 /private && echo_test 403 /private -H "Authorization: Bearer $bad" &&
        echo_test 401 /private -H "Authorization: Bearer $good.x" && echo_test 200 /private -H "Authorization: Bearer $good"
}

ejected() {
    admin client /clusters >"$work/clusters" &&
        grep -q '^outbound|80||echo.default.svc.cluster.local::10.77.0.13:8080::health_flags::/failed_outlier_check' "$work/clusters"
}

ejection() {
    local i
    ! ejected || { echo "it was ejected before" >"$work/seen"; return 1; }
    for i in $(seq 80); do
        call client http://10.96.77.1/broken -H 'Host: echo.default.svc.cluster.local' >"$work/status"
        ! ejected || break
    done
    echo "after $i requests the host is not ejected" >"$work/seen"
    ejected || return 1
    for i in $(seq 10); do echo_test 200 /broken || return 1; done
}

serial() { admin client /certs | python3 -c 'import json, sys
print([chain["serial_number"] for each in json.load(sys.stdin)["certificates"] for chain in each["cert_chain"]][:1])'; }

rotation() {
    local before until=$((SECONDS + 60)) count=0
    before="$(serial)"
    while [ "$(serial)" = "$before" ]; do
        [ $SECONDS -lt $until ] || { echo "the certificate is $before after $count requests" >"$work/seen"; return 1; }
        echo_test 200 / || return 1
        count=$((count + 1))
    done
    echo_test 200 /
}

second_interface() {
    ip link add more netns mesh-outside type veth peer name more netns mesh-v1 || return 1
    ip -n mesh-outside addr add 10.79.0.1/24 dev more
    ip -n mesh-outside link set more up
    ip -n mesh-v1 addr add 10.79.0.2/24 dev more
    ip -n mesh-v1 link set more up
    eventually 10 gives 200 outside http://10.79.0.2:15021/healthz/ready && gives 000 outside http://10.79.0.2:8080/
}

probe() { gives 200 outside http://10.77.0.12:15020/app-health/app/readyz; }

edge() { gives 200 outside http://10.77.0.14:8080/ -H 'Host: echo.default.svc.cluster.local' && says 'sa/gateway'; }

# edge_shows NAME : the gateway's certificate is that one.
edge_shows() {
    gives 200 outside https://edge.test:8443/ --resolve edge.test:8443:10.77.0.14 --cacert "$work/keys/$1.pem" && says 'sa/gateway'
}

edge_tls() {
    eventually 10 edge_shows first && edge_certificate second && eventually 20 edge_shows second && ! edge_shows first
}

far_network() {
    gives 000 outside http://10.78.0.17:15021/healthz/ready -m 2 &&
        gives 200 client http://10.96.77.2/ -H 'Host: far.default.svc.cluster.local' && says '"version": "far"'
}

# scraped SPACE LABEL… : one series of istio_requests_total, as Prometheus gets it of the agent, has all of these.
scraped() {
    local space="$1" label
    shift
    in_space "$space" curl -s -m 5 http://127.0.0.1:15020/stats/prometheus | grep '^istio_requests_total{' >"$work/series"
    for label in "$@"; do
        grep -F -- "$label" "$work/series" >"$work/found" || {
            echo "no series of $space with $label among: $(head -1 "$work/series")" >"$work/seen"
            return 1
        }
        mv "$work/found" "$work/series"
    done
}

# Each of the pair asks the other by the name of its pod, which is the pod's address.
gossips() { grep -qsx v1 "$work/gossip-v2" && grep -qsx v2 "$work/gossip-v1"; }

by_address() { admin "$1" /clusters | grep -q "^outbound|7946||gossip.default.svc.cluster.local::$2:7946::cx_total::[1-9]"; }

headless() {
    background v1-gossip ip netns exec mesh-v1 python3 "$here/gossip.py" v1 7946 v2.gossip.default.svc.cluster.local "$work/gossip-v1"
    background v2-gossip ip netns exec mesh-v2 python3 "$here/gossip.py" v2 7946 v1.gossip.default.svc.cluster.local "$work/gossip-v2"
    echo "they do not know of each other" >"$work/seen"
    eventually 20 gossips || return 1
    echo "what they said went another way" >"$work/seen"
    eventually 10 by_address v1 10.77.0.13 && eventually 10 by_address v2 10.77.0.12
}

listening() { grep -q listening "$work/logs/wire.log"; }

# sent FROM TO CONDITION : what went from one address to another, by the counts tls and clear.
sent() { awk -v from="$1" -v to="$2" '$1 == from && $2 == to { tls += $3; clear += $4 } END { exit !('"$3"') }' "$work/logs/wire.log"; }

# The edge is asked in clear, which shows that clear text is seen where there is some.
encrypted() {
    local i
    : >"$work/logs/wire.log"
    background wire ip netns exec mesh-control python3 "$here/wire.py" 'GET /' '"gossip"'
    eventually 5 listening || return 1
    for i in $(seq 10); do echo_test 200 "/?clear$i" || return 1; done
    gives 200 outside http://10.77.0.14:8080/ -H 'Host: echo.default.svc.cluster.local' || return 1
    sleep 1
    kill "$(pid_of wire)"
    eventually 5 grep -q '^10[.]' "$work/logs/wire.log" || return 1
    cp "$work/logs/wire.log" "$work/seen"
    sent 10.77.0.15 10.77.0.14 'clear > 0' && sent 10.77.0.11 10.77.0.12 'tls > 0 && clear == 0' &&
        sent 10.77.0.14 10.77.0.12 'tls > 0 && clear == 0' && sent 10.77.0.12 10.77.0.13 'tls > 0 && clear == 0'
}

metrics() {
    eventually 30 scraped v1 'reporter="destination"' 'source_workload="client"' \
        'source_principal="spiffe://cluster.local/ns/default/sa/client"' 'connection_security_policy="mutual_tls"' \
        'destination_service="echo.default.svc.cluster.local"' 'response_code="200"' &&
        eventually 30 scraped client 'reporter="source"' 'source_workload="client"' 'destination_workload="server"' \
            'destination_version="v2"' 'destination_service_name="echo' 'response_code="200"'
}

# accepted SPACE : nothing of what istiod sent was refused.
accepted() {
    admin "$1" '/stats?usedonly&filter=update_rejected' | grep -v ': 0$' >"$work/seen"
    [ ! -s "$work/seen" ]
}

moved() {
    kill "$(pid_of istiod)"
    eventually 10 not_answering || return 1
    echo_test 200 / || return 1
    control_at 10.77.0.2 && apply policies 's/httpStatus: 418/httpStatus: 451/' ||
        { echo "istiod did not start again" >"$work/seen"; return 1; }
    # Agents ask for the name again when they connect again, which they do ever more slowly.
    eventually 90 echo_test 451 /fault
}

not_answering() { ! istiod_answers; }

walk() {
    local space
    check "a plain call becomes mutual TLS" plain_call
    check "a plain call from outside the mesh is refused" strict
    check "a gateway lets the outside in" edge
    check "a gateway ends TLS, and its certificate can be changed" edge_tls
    check "pods of a headless service gossip by address" headless
    check "nothing is in clear between pods" encrypted
    check "a tenth of the calls reach the canary" canary
    check "a retry hides an instance that fails" retries
    [ -n "$plain" ] || check "Istio's metrics know both sides of a call" metrics
    check "a fault is injected" fault
    check "a path is denied" denial
    check "a path wants a JSON Web Token" web_token
    check "a probe is answered under strict mutual TLS" probe
    check "a second network interface is guarded as the first" second_interface
    check "another network is reached through its gateway" far_network
    check "a certificate is rotated under traffic" rotation
    check "an endpoint that fails is ejected" ejection
    check "istiod comes back at another address, by its name" moved
    for space in client v1 v2 far gateway east; do
        check "$space takes all that istiod sends" accepted "$space"
    done
    [ "$world" = kubernetes ] || left_out=("--kubernetes: the same walk on an API server with injected pods")
    [ -z "$plain" ] || left_out+=("Istio's own filters and metrics, as --plain asks")
}
