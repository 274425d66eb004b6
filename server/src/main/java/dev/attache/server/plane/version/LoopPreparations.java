package dev.attache.server.plane.version;

import dev.attache.config.extension.PreparationScope;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.xds.MainLoop;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The main loop as preparations see it. */
public record LoopPreparations(MainLoop mainLoop, CallGate calls) implements PreparationScope {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    @Override
    public Executor loop() {
        return mainLoop;
    }

    @Override
    public void warn(String problem) {
        LOG.warn("{}", problem);
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return mainLoop.schedule(delay, task)::cancel;
    }
}
