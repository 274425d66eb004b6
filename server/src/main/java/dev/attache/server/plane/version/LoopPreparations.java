package dev.attache.server.plane.version;

import dev.attache.config.extension.PreparationScope;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.xds.MainLoop;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The main loop as preparations see it. */
public record LoopPreparations(MainLoop mainLoop, CallGate calls) implements PreparationScope {

    @Override
    public Executor loop() {
        return mainLoop;
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return mainLoop.schedule(delay, task)::cancel;
    }
}
