package dev.attache.server.lifecycle;

import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.network.TrafficDirection;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.StatsStore;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * {@code POST /drain_listeners}: clients are asked to leave, and listening ends. Counts {@code
 * listener_manager.listener_stopped}. Main loop.
 */
public final class ListenerDraining {

    private final Engine engine;
    private final EventLoop loop;
    private final DrainControl drain;
    private final Counter stopped;

    public ListenerDraining(Engine engine, EventLoop loop, DrainControl drain, StatsStore stats) {
        this.engine = engine;
        this.loop = loop;
        this.drain = drain;
        this.stopped = stats.counter("listener_manager.listener_stopped");
    }

    /**
     * Clients are asked to leave in any case; listening stops at once, after the drain time where
     * graceful, or not at all.
     */
    public void begin(boolean inboundOnly, boolean graceful, boolean skipExit) {
        engine.startDrainSequence(inboundOnly);
        if (!graceful && !skipExit) {
            stop(inboundOnly);
        } else if (!skipExit) {
            loop.schedule(() -> stop(inboundOnly), drain.drainTimeMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void stop(boolean inboundOnly) {
        long count =
                engine.snapshot().listeners().values().stream()
                        .filter(listener ->
                                !inboundOnly
                                        || listener.trafficDirection() == TrafficDirection.INBOUND)
                        .count();
        engine.stopListeners(inboundOnly);
        stopped.add(count);
    }
}
