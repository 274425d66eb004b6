package dev.attache.server.plane.version;

import dev.attache.config.extension.PreparationScope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.plane.history.XdsHistory;
import dev.attache.xds.MainLoop;
import dev.attache.xds.ResourceType;
import dev.attache.xds.mux.Mux;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What the stores of one plane share.
 *
 * @param compiling where large resources are read
 * @param pause holds back ADS requests of types while a response is applied
 * @param publisher takes what is warm to the workers
 * @param drainTime {@code --drain-time-s}
 * @param history where it is noted what becomes of resources
 * @param preparing what preparations of listeners find around them
 */
public record PlaneContext(
        MainLoop loop,
        StatsStore stats,
        Executor compiling,
        Function<Collection<ResourceType>, Mux.Pause> pause,
        Publisher publisher,
        Duration drainTime,
        XdsHistory history,
        PreparationScope preparing) {

    /**
     * Until the lease is closed, requests of these types are held back, so that one says what many
     * changes come to, and nothing is published that is taken over by halves.
     */
    public Lease holdRequests(ResourceType... types) {
        Lease unpublished = publisher.hold();
        Mux.Pause paused = pause.apply(List.of(types));
        return new OnceLease(() -> {
            unpublished.close();
            paused.close();
        });
    }
}
