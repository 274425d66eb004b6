package dev.attache.proxy.network;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.WorkerContext;

/**
 * What a network filter finds around it: its worker, its listener, the stats. Owned by the listener's
 * share on one worker; loop-confined.
 */
public interface NetworkFilterContext {

    WorkerContext worker();

    /** Where stats with their own prefix live ({@code http.<prefix>.}, {@code tcp.<prefix>.}). */
    StatsStore stats();

    /** {@code listener.<address>.}, for what is counted per listener. */
    Scope listenerScope();

    String listenerName();

    TrafficDirection direction();

    Metadata listenerMetadata();

    /** {@code FilterChain.metadata}. */
    Metadata filterChainMetadata();

    /** Asked per response or idle moment: should this connection leave now? */
    DrainDecision drain();

    /** {@code per_connection_buffer_limit_bytes}. */
    int bufferLimitBytes();

    /** The chain's transport is {@code secure()}. */
    boolean secureTransport();
}
