package main

import (
	"os"

	"istio.io/istio/pkg/log"
	"istio.io/istio/tools/istio-iptables/pkg/cmd"
)

func main() {
	c := cmd.GetCommand(log.DefaultOptions())
	if err := c.Execute(); err != nil {
		os.Exit(255)
	}
}
