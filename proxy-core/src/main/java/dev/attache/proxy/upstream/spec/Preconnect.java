package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.upstream.host.Host;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code preconnect_policy}; ratios of streams that connections are kept ready for, 1 = off.
 *
 * @param hosts by their metadata, those that connections are kept ready to; null = all
 */
public record Preconnect(
        double perUpstreamRatio, double predictiveRatio, @Nullable Predicate<Metadata> hosts) {
    public static final Preconnect NONE = new Preconnect(1, 1, null);

    /** Whether more connections to a host are opened than it needs now. */
    public boolean keepsReady(Host host) {
        return perUpstreamRatio > 1 && host.healthy() && isNamed(host);
    }

    /** Whether that is so but for its metadata. */
    public boolean skips(Host host) {
        return perUpstreamRatio > 1 && host.healthy() && !isNamed(host);
    }

    private boolean isNamed(Host host) {
        return hosts == null || hosts.test(host.metadata());
    }
}
