#!/usr/bin/env bash
# Zipkin's server, one jar, for ZipkinIT. Not among all.sh: the test passes over where it is not installed.
source "$(dirname "$0")/lib.sh"
[ -e "$PEERS/zipkin.jar" ] && { echo "peer zipkin.jar: already in $PEERS"; exit 0; }
need mvn "install Maven 3.8 or newer"
dir="$(mktemp -d)"
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy -DoutputDirectory="$dir" \
    -Dartifact=io.zipkin:zipkin-server:3.5.1:jar:exec || { rm -rf "$dir"; exit 1; }
install -m644 "$dir"/*.jar "$PEERS/zipkin.jar"
rm -rf "$dir"
echo "peer zipkin.jar: installed"
