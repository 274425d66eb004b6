#!/usr/bin/env bash
# gRPC's interoperability test client and server, in Java: a directory of jars.
source "$(dirname "$0")/lib.sh"
have grpc-interop && exit 0
need mvn "install Maven 3.8 or newer"
new="$(mktemp -d "$PEERS/grpc-interop.XXXXXX")"
mvn -q -B -f "$here/grpc-interop/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
    -DoutputDirectory="$new" || { rm -rf "$new"; exit 1; }
chmod 755 "$new"
mv "$new" "$PEERS/grpc-interop"
echo "peer grpc-interop: installed"
