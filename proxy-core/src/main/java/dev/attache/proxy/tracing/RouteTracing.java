package dev.attache.proxy.tracing;

import dev.attache.proxy.stream.format.Formatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.route.v3.Tracing}: what a route says in the connection manager's place.
 * Immutable.
 *
 * @param tags those of the manager that are called otherwise hold besides
 * @param operation names the server's span, or null
 * @param upstreamOperation names those of attempts, or null
 */
public record RouteTracing(
        Sampling sampling,
        List<CustomTag> tags,
        @Nullable Formatter operation,
        @Nullable Formatter upstreamOperation) {

    public RouteTracing {
        tags = List.copyOf(tags);
    }

    boolean has(String tag) {
        for (int i = 0; i < tags.size(); i++) {
            if (tags.get(i).name().equals(tag)) {
                return true;
            }
        }
        return false;
    }
}
