package dev.attache.server.review.dryrun;

import dev.attache.config.load.LoadedConfig;
import dev.attache.server.review.Given;
import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.util.List;

/** What a dry run is asked about. Immutable. */
sealed interface Sent {

    /** A whole bootstrap. */
    record Whole(LoadedConfig<Bootstrap> bootstrap) implements Sent {}

    /**
     * What a control plane would send.
     *
     * @param all whether it is the state of the world, which for clusters and listeners means that
     *     there are no others
     */
    record Resources(ResourceType type, List<Given> resources, boolean all) implements Sent {}
}
