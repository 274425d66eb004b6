package dev.attache.filters.tracers.zipkin;

import dev.attache.proxy.call.HttpService;

/**
 * {@code envoy.config.trace.v3.ZipkinConfig}. Immutable.
 *
 * @param protobuf spans are sent so, and not as JSON
 * @param longIds new traces have 128 bits
 * @param sharedContext a server's span has the identifier of its client's
 * @param splits the proxy is a hop of its own in the trace
 * @param w3c contexts are read and written in W3C's form besides
 * @param timestamped the first bits of new traces are the time
 * @param flushSpans so many spans are sent at once
 */
record ZipkinSpec(
        HttpService collector,
        boolean protobuf,
        boolean longIds,
        boolean sharedContext,
        boolean splits,
        boolean w3c,
        boolean timestamped,
        int flushSpans,
        long flushMillis) {}
