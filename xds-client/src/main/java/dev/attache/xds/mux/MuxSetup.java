package dev.attache.xds.mux;

import dev.attache.xds.ControlPlaneStats;
import dev.attache.xds.MainLoop;
import dev.attache.xds.UpdateJournal;
import dev.attache.xds.stream.Backoff;
import dev.attache.xds.stream.RateLimit;
import dev.attache.xds.stream.XdsTransport;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every stream needs, whatever its flavour.
 *
 * @param loop where everything runs
 * @param transport the way to the control plane; the mux closes it
 * @param node this proxy, as the control plane shall see it
 * @param nodeOnFirstMessageOnly {@code set_node_on_first_message_only}
 * @param backoff waits between attempts; owned by the mux
 * @param rateLimit limit on requests, or null; owned by the mux
 * @param stats the {@code control_plane.*} stats
 * @param journal hears of responses and losses
 */
public record MuxSetup(
        MainLoop loop,
        XdsTransport transport,
        Supplier<Node> node,
        boolean nodeOnFirstMessageOnly,
        Backoff backoff,
        @Nullable RateLimit rateLimit,
        ControlPlaneStats stats,
        UpdateJournal.Stream journal) {}
