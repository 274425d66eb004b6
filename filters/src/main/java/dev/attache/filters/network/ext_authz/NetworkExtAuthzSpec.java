package dev.attache.filters.network.ext_authz;

import dev.attache.filters.authorization.AuthorizationService;
import dev.attache.filters.authorization.ToldMetadata;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The filter as configured. Immutable.
 *
 * @param failureModeAllow whether a connection goes on where nobody knows
 * @param enabled connections that it matches are asked about; null = all
 * @param metadata of the connection that the service is told
 * @param labels of the destination
 * @param shadow answers are kept in the filter state, and nothing comes of them
 */
record NetworkExtAuthzSpec(
        String statPrefix,
        AuthorizationService.OverGrpc service,
        boolean failureModeAllow,
        boolean certificate,
        boolean tlsSession,
        @Nullable MetadataMatch enabled,
        ToldMetadata metadata,
        Map<String, String> labels,
        boolean shadow)
        implements NetworkFilterSpec {

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        NetworkExtAuthzStats stats =
                new NetworkExtAuthzStats(
                        context.ownScope("ext_authz." + statPrefix + "."),
                        context.worker().index());
        return NetworkFilterFactory.asking(
                service.described(),
                connection -> new NetworkExtAuthzFilter(this, stats, context, connection));
    }
}
