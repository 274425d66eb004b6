package dev.attache.server.plane;

import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.client.Subscription;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.Set;

/** How stores subscribe; {@code XdsClient.subscribe} in the assembled proxy. Main loop only. */
@FunctionalInterface
public interface Subscriber {

    /** Throws {@link dev.attache.xds.client.ConfigSourceException} if the source cannot be used. */
    Subscription subscribe(
            ConfigSource source,
            ResourceType type,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats stats);
}
