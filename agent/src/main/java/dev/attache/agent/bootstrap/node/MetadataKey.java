package dev.attache.agent.bootstrap.node;

import java.util.Arrays;
import java.util.Optional;

/**
 * The keys of a node's metadata that have a type ({@code istio.io/istio/pkg/model}, {@code
 * BootstrapNodeMetadata}), with the names that templates know them by. All others are taken as they
 * are.
 */
enum MetadataKey {
    PROXY_CONFIG("ProxyConfig", Kind.MESSAGE),
    ISTIO_VERSION("IstioVersion", Kind.TEXT),
    ISTIO_REVISION("IstioRevision", Kind.TEXT),
    LABELS("Labels", Kind.MAP),
    STATIC_LABELS("StaticLabels", Kind.MAP),
    ANNOTATIONS("Annotations", Kind.MAP),
    INSTANCE_IPS("InstanceIPs", Kind.TEXTS),
    NAMESPACE("Namespace", Kind.TEXT),
    NODE_NAME("NodeName", Kind.TEXT),
    WORKLOAD_NAME("WorkloadName", Kind.TEXT),
    INTERCEPTION_MODE("InterceptionMode", Kind.TEXT),
    SERVICE_ACCOUNT("ServiceAccount", Kind.TEXT),
    HTTP_PROXY_PORT("HTTPProxyPort", Kind.TEXT),
    MESH_ID("MeshID", Kind.TEXT),
    CLUSTER_ID("ClusterID", Kind.TEXT),
    NETWORK("Network", Kind.TEXT),
    REQUESTED_NETWORK_VIEW("RequestedNetworkView", Kind.TEXTS),
    POD_PORTS("PodPorts", Kind.PORTS),
    TLS_SERVER_CERT_CHAIN("TLSServerCertChain", Kind.TEXT),
    TLS_SERVER_KEY("TLSServerKey", Kind.TEXT),
    TLS_SERVER_ROOT_CERT("TLSServerRootCert", Kind.TEXT),
    TLS_CLIENT_CERT_CHAIN("TLSClientCertChain", Kind.TEXT),
    TLS_CLIENT_KEY("TLSClientKey", Kind.TEXT),
    TLS_CLIENT_ROOT_CERT("TLSClientRootCert", Kind.TEXT),
    BASE("CertBaseDir", Kind.TEXT),
    IDLE_TIMEOUT("IdleTimeout", Kind.TEXT),
    HTTP10("HTTP10", Kind.TEXT),
    GENERATOR("Generator", Kind.TEXT),
    ENABLE_SELF_DISCOVERY("EnableSelfDiscovery", Kind.TRUTH),
    DNS_CAPTURE("DNSCapture", Kind.TRUTH),
    DNS_AUTO_ALLOCATE("DNSAutoAllocate", Kind.TRUTH),
    DNS_PROXY_ADDR("DNSProxyAddr", Kind.TEXT),
    ENABLE_HBONE("EnableHBONE", Kind.TRUTH),
    DISABLE_HBONE_SEND("DisableHBONESend", Kind.TRUTH),
    AUTO_REGISTER_GROUP("AutoRegisterGroup", Kind.TEXT),
    WORKLOAD_ENTRY("WorkloadEntry", Kind.TEXT),
    UNPRIVILEGED_POD("UnprivilegedPod", Kind.TEXT),
    PLATFORM_METADATA("PlatformMetadata", Kind.MAP),
    STS_PORT("StsPort", Kind.TEXT),
    ENVOY_STATUS_PORT("EnvoyStatusPort", Kind.WHOLE),
    ENVOY_PROMETHEUS_PORT("EnvoyPrometheusPort", Kind.WHOLE),
    ENVOY_SECURE_METRICS_PORT("EnvoySecureMetricsPort", Kind.WHOLE),
    ENVOY_SECURE_MERGED_METRICS_PORT("EnvoySecureMergedMetricsPort", Kind.WHOLE),
    EXIT_ON_ZERO_ACTIVE_CONNECTIONS("ExitOnZeroActiveConnections", Kind.TRUTH),
    INBOUND_LISTENER_EXACT_BALANCE("InboundListenerExactBalance", Kind.TRUTH),
    OUTBOUND_LISTENER_EXACT_BALANCE("OutboundListenerExactBalance", Kind.TRUTH),
    CLOUDRUN_ADDR("CloudrunAddr", Kind.TEXT),
    METADATA_DISCOVERY("MetadataDiscovery", Kind.TRUTH),
    ENVOY_SKIP_DEPRECATED_LOGS("EnvoySkipDeprecatedLogs", Kind.TRUTH),
    WORKLOAD_IDENTITY_SOCKET_FILE("WorkloadIdentitySocketFile", Kind.TEXT),
    NAME("InstanceName", Kind.TEXT),
    OWNER("Owner", Kind.TEXT),
    PILOT_SAN("PilotSubjectAltName", Kind.LIST),
    OUTLIER_LOG_PATH("OutlierLogPath", Kind.TEXT),
    APP_CONTAINERS("AppContainers", Kind.TEXT),
    ISTIO_PROXY_SHA("IstioProxySHA", Kind.TEXT);

    /** What a value is, and how it is written in JSON. */
    enum Kind {
        TEXT,
        /** Parted by commas in one text. */
        TEXTS,
        /** The text {@code true} or {@code false}. */
        TRUTH,
        WHOLE,
        /** Text by text. */
        MAP,
        LIST,
        /** A list of ports, as JSON within a text. */
        PORTS,
        MESSAGE
    }

    private final String goName;
    private final Kind kind;

    MetadataKey(String goName, Kind kind) {
        this.goName = goName;
        this.kind = kind;
    }

    String goName() {
        return goName;
    }

    Kind kind() {
        return kind;
    }

    static Optional<MetadataKey> of(String name) {
        return Arrays.stream(values()).filter(key -> key.name().equals(name)).findFirst();
    }
}
