package dev.attache.mesh;

import dev.attache.conformance.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A proxy as istiod knows it.
 *
 * @param type {@code sidecar}, {@code router} or {@code waypoint}
 * @param metadata more of it than every proxy has
 */
record MeshNode(
        String type,
        String address,
        String name,
        String namespace,
        Map<String, String> labels,
        Map<String, Object> metadata) {

    private static final String WORKLOADS =
            "- {name: metadata_discovery, typed_config: {'@type':"
                    + " type.googleapis.com/udpa.type.v1.TypedStruct, type_url:"
                    + " type.googleapis.com/istio.workload.BootstrapExtension, value: {config_source:"
                    + " {ads: {}}}}}";

    /** A sidecar that reaches workloads of the ambient mesh through tunnels. */
    static MeshNode tunnelling() {
        return new MeshNode(
                "sidecar",
                "127.0.0.12",
                "server",
                "default",
                Map.of("app", "echo", "version", "v1"),
                Map.of("ENABLE_HBONE", "true"));
    }

    /** A waypoint of the ambient mesh. */
    static MeshNode waypoint() {
        return new MeshNode(
                "waypoint",
                "127.0.0.14",
                "wp",
                "amb",
                Map.of("gateway.networking.k8s.io/gateway-name", "wp"),
                Map.of("ENABLE_HBONE", "true", "METADATA_DISCOVERY", "true"));
    }

    /** A server's sidecar. */
    static MeshNode sidecar() {
        return new MeshNode(
                "sidecar",
                "127.0.0.12",
                "server",
                "default",
                Map.of("app", "echo", "version", "v1", "service.istio.io/canonical-name", "echo"),
                Map.of());
    }

    /** A client's sidecar with TPROXY, on a network of many. */
    static MeshNode transparent() {
        return new MeshNode(
                "sidecar",
                "127.0.0.11",
                "client",
                "default",
                Map.of("app", "client"),
                Map.of("INTERCEPTION_MODE", "TPROXY", "NETWORK", "near"));
    }

    /** An ingress gateway. */
    static MeshNode gateway() {
        return new MeshNode(
                "router",
                "127.0.0.13",
                "gw",
                "istio-system",
                Map.of("istio", "ingressgateway"),
                Map.of());
    }

    String id() {
        return "%s~%s~%s.%s~%s.svc.cluster.local"
                .formatted(type, address, name, namespace, namespace);
    }

    /** What istiod calls it in its pages. */
    String key() {
        return name + "." + namespace;
    }

    String identity() {
        return "spiffe://cluster.local/ns/" + namespace + "/sa/" + name;
    }

    /** A port of the loopback, as an address of a configuration. */
    static String loopback(int port) {
        return "{socket_address: {address: 127.0.0.1, port_value: " + port + "}}";
    }

    /**
     * The bootstrap that Istio's agent would write, without its own listeners.
     *
     * @param xds istiod's address
     * @param secrets the address of what serves the workload's secrets
     */
    String bootstrap(String version, int admin, String xds, String secrets) {
        return bootstrap(version, admin, "DELTA_GRPC", xds, secrets);
    }

    /** The same with the other manner of asking, {@code GRPC}. */
    String bootstrap(String version, int admin, String manner, String xds, String secrets) {
        return """
        node: {id: "%s", cluster: "%s.%s", locality: {region: r1, zone: z1}, metadata: %s}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        bootstrap_extensions:
        - name: envoy.bootstrap.internal_listener
          typed_config: {"@type": type.googleapis.com/udpa.type.v1.TypedStruct, type_url: type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener, value: {buffer_size_kb: 64}}
        %s
        dynamic_resources:
          lds_config: {ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3}
          cds_config: {ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3}
          ads_config:
            api_type: %s
            set_node_on_first_message_only: true
            transport_api_version: V3
            grpc_services: [{envoy_grpc: {cluster_name: xds-grpc}}]
        static_resources:
          clusters: [%s, %s]
        """
                .formatted(
                        id(),
                        name,
                        namespace,
                        Tree.json(allMetadata(version), false),
                        admin,
                        "true".equals(metadata.get("METADATA_DISCOVERY")) ? WORKLOADS : "",
                        manner,
                        cluster("xds-grpc", xds),
                        cluster("sds-grpc", secrets));
    }

    private Map<String, Object> allMetadata(String version) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("NAME", name);
        all.put("NAMESPACE", namespace);
        all.put("SERVICE_ACCOUNT", name);
        all.put("WORKLOAD_NAME", name);
        all.put(
                "OWNER",
                "kubernetes://apis/apps/v1/namespaces/" + namespace + "/deployments/" + name);
        all.put("CLUSTER_ID", "Kubernetes");
        all.put("MESH_ID", "cluster.local");
        all.put("ISTIO_VERSION", version);
        all.put("INSTANCE_IPS", address);
        all.put("INTERCEPTION_MODE", "REDIRECT");
        all.put("LABELS", labels);
        all.put("PROXY_CONFIG", Map.of("statusPort", 15020, "proxyAdminPort", 15000));
        all.put("PILOT_SAN", List.of("istiod.istio-system.svc"));
        all.put("POD_PORTS", "[]");
        all.put("APP_CONTAINERS", "app");
        all.put("METADATA_DISCOVERY", "false");
        all.putAll(metadata);
        return all;
    }

    private static String cluster(String name, String address) {
        return """
        {name: %s, alt_stat_name: "%s;", type: STATIC, connect_timeout: 1s, typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http2_protocol_options: {}}}}, load_assignment: {cluster_name: %s, endpoints: [{lb_endpoints: [{endpoint: {address: %s}}]}]}}
        """
                .formatted(name, name, name, address)
                .strip();
    }
}
