package dev.attache.proxy.accesslog;

import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.WorkerContext;

/** What an access log finds around it on one worker. Loop-confined. */
public interface AccessLogScope {

    WorkerContext worker();

    /** Calls to the clusters of this worker. */
    ScopedCalls calls();

    /** All stats. */
    StatsStore stats();

    /**
     * Lets go of something when nothing more is written: whoever writes has closed, and its drain
     * time is over.
     *
     * @param release run once, on any thread
     */
    void whenDrained(Runnable release);
}
