# What the questions of policies/ are written in; $port is the policy's listener.

# get PATH OPTION… : a request over HTTP
get() { curl -sS -i --max-time 15 --noproxy '*' --path-as-is "${@:2}" "http://127.0.0.1:$port$1" 2>&1; }

# gets PATH OPTION… : a request over HTTPS to shop.example.com
gets() {
    curl -s -i --max-time 15 --noproxy '*' --path-as-is --cacert "$work/ca.pem" \
        --resolve "shop.example.com:$port:127.0.0.1" "${@:2}" "https://shop.example.com:$port$1"
}

# rpc METHOD OPTION… : a gRPC call with an empty message; headers and trailers, and the answer's text
rpc() {
    printf '\0\0\0\0\0' | get "/$1" --http2-prior-knowledge -H 'content-type: application/grpc' -H 'te: trailers' \
        --data-binary @- "${@:2}" | tr -d '\000-\011'
}

# bytes LINE : a line over TCP and what comes back
bytes() { exec 3<>"/dev/tcp/127.0.0.1/$port" && echo "$1" >&3 && head -n 1 <&3; }

# tell SERVICE : which paths a service was asked for
tell() {
    local of
    case "$1" in one) of=9001 ;; two) of=9002 ;; three) of=9003 ;; esac
    curl -sS --max-time 15 --noproxy '*' "http://127.0.0.1:$of/seen" | tr -d '[]\n' | tr ',' '\n'
}

# until_seen SERVICE PATH : waits until a service was asked for a path
until_seen() {
    for _ in {1..100}; do
        tell "$1" | grep -q "\"$2\"" && echo seen && return
        sleep 0.1
    done
    echo "never seen"
}

# until_ok PATH OPTION… : asks until the answer is 200, and shows that one's first line
until_ok() {
    for _ in {1..50}; do
        get "$@" | head -n 1 | grep ' 200' && return
        sleep 0.2
    done
    get "$@"
}
