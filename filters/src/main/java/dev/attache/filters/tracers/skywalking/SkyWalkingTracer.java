package dev.attache.filters.tracers.skywalking;

import dev.attache.filters.tracing.WorkerTracers;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.worker.WorkerContext;
import java.util.UUID;

/** The segments of one worker. Loop-confined. */
final class SkyWalkingTracer implements WorkerTracers.Closing {

    private static final long VERSION = 0xf000L;
    private static final long VARIANT = 0xc000_0000_0000_0000L;

    private final WorkerContext worker;
    private final String service;
    private final String instance;
    private final SegmentStream stream;

    SkyWalkingTracer(SkyWalkingSpec spec, NetworkFilterContext context) {
        this.worker = context.worker();
        this.service = spec.service().isEmpty() ? Octets.of(context.nodeCluster()) : spec.service();
        this.instance = spec.instance().isEmpty() ? Octets.of(context.nodeId()) : spec.instance();
        this.stream =
                new SegmentStream(
                        spec.grpc(),
                        spec.maxCacheSize(),
                        worker,
                        context.calls(),
                        context.stats().scope("tracing.skywalking."));
        stream.open();
    }

    String service() {
        return service;
    }

    String instance() {
        return instance;
    }

    @Override
    public Span start(Headers request, Start start) {
        String told = request.getOr(Sw8.HEADER, "");
        Sw8 caller = told.isEmpty() ? null : Sw8.parse(told);
        String traceId = caller == null ? identifier() : caller.traceId();
        String path = request.getOr(HeaderName.PATH, "");
        Segment segment = new Segment(this, traceId, identifier(), path, caller);
        Address client = start.info().downstreamRemoteAddress();
        return new SkyWalkingSpan(
                segment,
                null,
                path,
                client instanceof IpAddress ip ? ip.host() : client.toString(),
                start.epochNanos(),
                // As in Envoy, whoever calls with a context wants to see what comes of it.
                caller != null || start.traced());
    }

    private String identifier() {
        long high = worker.random() & ~VERSION | 0x4000L;
        long low = worker.random() & ~VARIANT | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    void report(Segment segment) {
        stream.send(SegmentMessages.of(segment, service, instance));
    }

    @Override
    public void close() {
        stream.close();
    }
}
