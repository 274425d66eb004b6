#!/usr/bin/env bash
# The HTTP/2 conformance tester.
source "$(dirname "$0")/lib.sh"
have h2spec && exit 0
go_build h2spec github.com/summerwind/h2spec/cmd/h2spec github.com/summerwind/h2spec@v2.2.1+incompatible
