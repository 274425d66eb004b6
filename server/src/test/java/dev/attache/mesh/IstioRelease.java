package dev.attache.mesh;

import dev.attache.conformance.Peers;
import java.nio.file.Files;
import java.nio.file.Path;

/** An Istio that is installed among the peers: its programs and its chart. */
enum IstioRelease {
    /** The last one here that works without Kubernetes too. */
    OLDER("1.27.9", "istio-1.27", "gateway-api-1.3", "pilot-agent"),
    CURRENT("1.31.0", "istio-1.31", "gateway-api", "pilot-agent-1.31");

    private final String version;
    private final Path chart;
    private final Path gatewayApi;
    private final Path agent;

    IstioRelease(String version, String chart, String gatewayApi, String agent) {
        this.version = version;
        this.chart = KubernetesServers.program(chart);
        this.gatewayApi = KubernetesServers.program(gatewayApi);
        this.agent = KubernetesServers.program(agent);
    }

    String version() {
        return version;
    }

    /** The control plane. */
    Path istiod() {
        return this == OLDER
                ? Peers.peer("pilot-discovery")
                : KubernetesServers.program("pilot-discovery-1.31");
    }

    /** What starts a proxy in a pod. */
    Path agent() {
        return agent;
    }

    /** The folder with the files of its chart. */
    Path chart() {
        return chart;
    }

    /** The folder with the definitions of the Gateway API that it was made for. */
    Path gatewayApi() {
        return gatewayApi;
    }

    /** All of it is here, with the API server that it is to run on. */
    boolean installed() {
        return Files.isExecutable(KubernetesServers.program("kube-apiserver"))
                && Files.isExecutable(istiod())
                && Files.isExecutable(agent)
                && Files.isDirectory(chart)
                && Files.isDirectory(gatewayApi);
    }
}
