package dev.attache.server.flags;

/**
 * What flags say of the admin port: all empty and false, it is as open as Envoy's.
 *
 * @param tokenFile {@code --admin-token-file}; empty = no token is demanded
 * @param tlsCert {@code --admin-tls-cert}; empty = plain text
 * @param tlsKey {@code --admin-tls-key}, with {@code tlsCert}
 * @param clientCa {@code --admin-client-ca}; empty = clients show no certificate
 * @param openReady {@code --admin-open-ready}: {@code /ready} is answered to everybody
 * @param readOnly {@code --admin-read-only}
 * @param metricsAddress {@code --metrics-address}; empty = there is no port for metrics alone
 */
public record AdminOptions(
        String tokenFile,
        String tlsCert,
        String tlsKey,
        String clientCa,
        boolean openReady,
        boolean readOnly,
        String metricsAddress) {

    public static final AdminOptions OPEN = new AdminOptions("", "", "", "", false, false, "");
}
