package dev.attache.proxy.network.http;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.TrafficDirection;
import dev.attache.proxy.network.http.request.RequestIdHeader;
import dev.attache.proxy.network.http.request.RequestIds;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.tracing.RouteTracing;
import dev.attache.proxy.tracing.Sampling;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.tracing.StreamTrace;
import dev.attache.proxy.tracing.TraceReason;
import dev.attache.proxy.tracing.Tracer;
import dev.attache.proxy.tracing.TracingOptions;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/**
 * {@code tracing} of one connection manager on one worker: decides whether a request is traced,
 * writes that into its id, counts it, and begins its span. Loop-confined.
 */
final class RequestTracing {

    private final TracingOptions options;
    private final RequestIds ids;
    private final boolean egress;
    private final WorkerContext worker;
    private final Tracer tracer;
    private final Runnable release;
    private final String node;
    private final String zone;
    private final Scope scope;
    private @Nullable Counts counts;

    /** What is counted, below {@code http.<stat_prefix>.tracing.}. */
    private static final class Counts {
        final Cell clientEnabled;
        final Cell healthCheck;
        final Cell notTraceable;
        final Cell randomSampling;
        final Cell serviceForced;

        Counts(Scope scope, int worker) {
            clientEnabled = scope.counter("client_enabled").cell(worker);
            healthCheck = scope.counter("health_check").cell(worker);
            notTraceable = scope.counter("not_traceable").cell(worker);
            randomSampling = scope.counter("random_sampling").cell(worker);
            serviceForced = scope.counter("service_forced").cell(worker);
        }

        Cell of(TraceReason reason) {
            return switch (reason) {
                case NOT_TRACEABLE -> notTraceable;
                case SAMPLING -> randomSampling;
                case SERVICE_FORCED -> serviceForced;
                case CLIENT_FORCED -> clientEnabled;
            };
        }
    }

    /**
     * @param scope {@code http.<stat_prefix>.}
     */
    RequestTracing(TracingSpec spec, RequestIds ids, NetworkFilterContext context, Scope scope) {
        TracingSpec.Provider provider = spec.provider();
        TracingSpec.Opened opened =
                provider == null ? TracingSpec.Opened.NONE : provider.open(context);
        this.options = spec.options();
        this.ids = ids;
        this.egress = context.direction() == TrafficDirection.OUTBOUND;
        this.worker = context.worker();
        this.tracer = opened.tracer();
        this.release = opened.release();
        this.node = Octets.of(context.nodeId());
        this.zone = Octets.of(context.nodeZone());
        this.scope = scope.scope("tracing.");
    }

    void close() {
        release.run();
    }

    private Counts counts() {
        Counts counting = counts;
        if (counting == null) {
            counting = new Counts(scope, worker.index());
            counts = counting;
        }
        return counting;
    }

    /** A traced stream is over: why it was traced, or that it was not. */
    void count(TraceReason reason) {
        counts().of(reason).inc();
    }

    void countHealthCheck() {
        counts().healthCheck.inc();
    }

    /** Whether and why the request is traced; its id says so from now on. */
    TraceReason decide(Headers request, @Nullable RouteTracing route) {
        if (!ids.samplesTraces()) {
            return TraceReason.SAMPLING;
        }
        int id = request.indexOf(HeaderName.X_REQUEST_ID);
        long value = id < 0 ? -1 : RequestIdHeader.number(request, id);
        if (value < 0) {
            return TraceReason.NOT_TRACEABLE;
        }
        Sampling sampling = route == null ? options.sampling() : route.sampling();
        TraceReason told = RequestIdHeader.traceReason(request, id);
        TraceReason reason = sampling.decide(request, told, value % 10_000, worker.random());
        if (reason != told && ids.packTraceReason()) {
            RequestIdHeader.traceReason(request, id, reason);
        }
        return reason;
    }

    /** The request's trace, before filters see it. */
    StreamTrace begin(
            Headers request, StreamInfo info, TraceReason reason, StreamTrace.Stream stream) {
        String operation = egress ? "egress " + request.getOr(HeaderName.AUTHORITY, "") : "ingress";
        Span span =
                tracer.start(
                        request,
                        new Tracer.Start(
                                info,
                                operation,
                                egress,
                                options.spawnUpstreamSpan(),
                                reason.traced(),
                                StreamTrace.begin(info)));
        if (span.isSampled()) {
            span.tag("node_id", node);
            span.tag("zone", zone);
        }
        info.traceId = span.traceId().isEmpty() ? null : span.traceId();
        info.spanId = span.spanId().isEmpty() ? null : span.spanId();
        return new StreamTrace(options, span, info, stream);
    }
}
