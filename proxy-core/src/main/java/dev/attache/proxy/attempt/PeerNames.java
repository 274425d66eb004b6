package dev.attache.proxy.attempt;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import java.util.List;

/** SNI and names to verify, where a cluster takes them from the request. Pure. */
public final class PeerNames {

    private PeerNames() {}

    public static boolean areWanted(UpstreamHttpSpec http) {
        return http.autoSni() || http.autoSanValidation();
    }

    /** What the request calls its server: without a port. */
    public static String serverName(UpstreamHttpSpec http, Headers request) {
        HeaderName source =
                http.overrideAutoSniHeader() != null
                        ? http.overrideAutoSniHeader()
                        : HeaderName.AUTHORITY;
        String value = request.get(source);
        if (value == null || value.isEmpty()) {
            value = request.getOr(HeaderName.AUTHORITY, "");
        }
        return withoutPort(value);
    }

    /** How {@code host} is dialled for a request to {@code name}. */
    public static TransportOptions options(UpstreamHttpSpec http, String name, Host host) {
        return options(http, name, host, TransportOptions.NONE);
    }

    /**
     * The same.
     *
     * @param byFilters what filters have asked for, where the cluster does not
     */
    public static TransportOptions options(
            UpstreamHttpSpec http, String name, Host host, TransportOptions byFilters) {
        boolean literal = isIp(name);
        return new TransportOptions(
                http.autoSni() && !literal ? name : byFilters.serverNameOverride(),
                http.autoSanValidation() ? List.of(name) : byFilters.sanOverrides(),
                byFilters.alpnOverride(),
                List.of(),
                host.hostname().isEmpty() ? null : host.hostname(),
                byFilters.proxyHeader(),
                byFilters.shared(),
                byFilters.source());
    }

    private static boolean isIp(String name) {
        try {
            IpAddress.parse(name, 0);
            return true;
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }

    private static String withoutPort(String authority) {
        if (authority.startsWith("[")) {
            int close = authority.indexOf(']');
            return close < 0 ? authority : authority.substring(1, close);
        }
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }
}
