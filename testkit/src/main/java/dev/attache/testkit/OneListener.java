package dev.attache.testkit;

/**
 * A bootstrap with one listener {@code web} on loopback, whose connection manager answers by
 * itself: for tests that want a proxy and do not care which. Immutable.
 */
public final class OneListener {

    private static final String EXTENSION = "type.googleapis.com/envoy.extensions.filters.";

    private final int port;
    private final String network;
    private final String transport;
    private final String manager;
    private final String filters;

    private OneListener(
            int port, String network, String transport, String manager, String filters) {
        this.port = port;
        this.network = network;
        this.transport = transport;
        this.manager = manager;
        this.filters = filters;
    }

    /** At any port. */
    public static OneListener plain() {
        return new OneListener(0, "", "", "", "");
    }

    public OneListener port(int at) {
        return new OneListener(at, network, transport, manager, filters);
    }

    /**
     * With a {@code DownstreamTlsContext}.
     *
     * @param context its fields, in YAML's flow style
     */
    public OneListener tls(String context) {
        String socket =
                """
                      transport_socket:
                        name: tls
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext, %s}
                """
                        .formatted(context);
        return new OneListener(port, network, socket, manager, filters);
    }

    /**
     * With more fields of the connection manager.
     *
     * @param fields one, in one line
     */
    public OneListener with(String fields) {
        String more = manager + "          " + fields + "\n";
        return new OneListener(port, network, transport, more, filters);
    }

    /** With one more network filter before the connection manager; as {@link #filter}. */
    public OneListener networkFilter(String name, String message, String fields) {
        String filter =
                "      - name: %s\n        typed_config: {\"@type\": %s%s, %s}\n"
                        .formatted(name, EXTENSION, message, fields);
        return new OneListener(port, network + filter, transport, manager, filters);
    }

    /**
     * With one more filter before the router.
     *
     * @param message its message's name below {@code envoy.extensions.filters.}
     * @param fields in YAML's flow style
     */
    public OneListener filter(String name, String message, String fields) {
        String filter =
                "          - name: %s\n            typed_config: {\"@type\": %s%s, %s}\n"
                        .formatted(name, EXTENSION, message, fields);
        return new OneListener(port, network, transport, manager, filters + filter);
    }

    /**
     * The bootstrap with one virtual host {@code all}.
     *
     * @param domains in YAML's flow style
     * @param routes each in YAML's flow style
     */
    public String routes(String domains, String... routes) {
        StringBuilder lines = new StringBuilder();
        for (String route : routes) {
            lines.append("              - ").append(route).append('\n');
        }
        return """
        static_resources:
          listeners:
          - name: web
            address: {socket_address: {address: 127.0.0.1, port_value: %d}}
            filter_chains:
            - filters:
        NETWORK      - name: http
                typed_config:
                  "@type": %snetwork.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: web
        MANAGER          http_filters:
        FILTERS          - name: router
                    typed_config: {"@type": %shttp.router.v3.Router}
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: %s
                      routes:
        """
                        .formatted(port, EXTENSION, EXTENSION, domains)
                        .replace("NETWORK", network)
                        .replace("MANAGER", manager)
                        .replace("FILTERS", filters)
                + lines
                + transport;
    }
}
