package dev.attache.proxy.route;

import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.Headers;
import java.util.List;

/**
 * {@code envoy.config.route.v3.VirtualCluster}: requests that are counted together. Immutable.
 *
 * @param name empty for the one that takes what no other does
 * @param headers all must match
 */
public record VirtualCluster(String name, List<HeaderMatcher> headers) {

    /** What Envoy calls the requests of a virtual host that match none of its virtual clusters. */
    public static final VirtualCluster OTHER = new VirtualCluster("", List.of());

    public VirtualCluster {
        headers = List.copyOf(headers);
    }

    /** As it stands in stat names. */
    public String statName() {
        return name.isEmpty() ? "other" : name;
    }

    boolean matches(Headers request) {
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.get(i).matches(request)) {
                return false;
            }
        }
        return true;
    }
}
