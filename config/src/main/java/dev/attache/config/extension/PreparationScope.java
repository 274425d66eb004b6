package dev.attache.config.extension;

import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.upstream.dial.Cancellable;
import java.time.Duration;
import java.util.concurrent.Executor;

/** What a {@link Preparation} finds around it on the main loop. Main loop only. */
public interface PreparationScope {

    /** Calls to clusters, which are there before any listener warms. */
    CallGate calls();

    /** The loop itself, where calls are answered. */
    Executor loop();

    /** Tells operators of trouble that {@link Preparation.Outcome} is not told of any more. */
    void warn(String problem);

    Cancellable schedule(Duration delay, Runnable task);
}
