package dev.attache.filters.tracers.zipkin;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.call.HttpServices;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.tracing.SharedTracers;
import dev.attache.filters.tracing.TracerSettings;
import dev.attache.filters.tracing.WorkerTracers;
import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.route.HeaderMutations;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig.CollectorEndpointVersion;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig.TraceContextOption;
import org.jspecify.annotations.Nullable;

/** {@code envoy.tracers.zipkin}. */
public final class ZipkinFactory implements ExtensionCompiler<ZipkinConfig, SharedTracers> {

    private static final String TIMEOUT = "tracing.zipkin.request_timeout";
    private static final long DEFAULT_TIMEOUT = 5_000;

    @Override
    public ZipkinConfig prototype() {
        return ZipkinConfig.getDefaultInstance();
    }

    @Override
    public Compiled<SharedTracers> compile(ZipkinConfig proto, CompileContext context) {
        HttpService collector = collector(proto, context);
        if (collector == null) {
            return context.result(null);
        }
        TracerSettings settings = TracerSettings.of("zipkin", context);
        ZipkinSpec spec =
                new ZipkinSpec(
                        collector,
                        proto.getCollectorEndpointVersion() == CollectorEndpointVersion.HTTP_PROTO,
                        proto.getTraceId128Bit(),
                        !proto.hasSharedSpanContext() || proto.getSharedSpanContext().getValue(),
                        proto.getSplitSpansForRequest(),
                        proto.getTraceContextOption()
                                == TraceContextOption.USE_B3_WITH_W3C_PROPAGATION,
                        Overlay.of(proto).flag("timestamp_trace_ids"),
                        settings.flushSpans(),
                        settings.flushMillis());
        return context.result(
                new SharedTracers(
                        context.settings()
                                .shared()
                                .slot(WorkerTracers.class, spec, () -> tracers(spec))));
    }

    private static WorkerTracers tracers(ZipkinSpec spec) {
        return new WorkerTracers(context -> new ZipkinTracer(spec, context));
    }

    private static @Nullable HttpService collector(ZipkinConfig proto, CompileContext context) {
        long timeout = context.settings().runtime().integer(TIMEOUT).orElse(DEFAULT_TIMEOUT);
        if (proto.hasCollectorService()) {
            HttpService service =
                    HttpServices.compile(
                            proto.getCollectorService(), context.at("collector_service"));
            return checked(
                    new HttpService(
                            service.cluster(),
                            service.authority().isEmpty() ? service.cluster() : service.authority(),
                            service.path(),
                            service.added(),
                            timeout),
                    context);
        }
        if (proto.getCollectorCluster().isEmpty()) {
            context.error("Either collector_cluster or collector_service must be specified");
            return null;
        }
        if (proto.getCollectorEndpoint().isEmpty()) {
            context.error("collector_endpoint must be specified when using collector_cluster");
            return null;
        }
        String host = proto.getCollectorHostname();
        return checked(
                new HttpService(
                        proto.getCollectorCluster(),
                        host.isEmpty() ? proto.getCollectorCluster() : host,
                        proto.getCollectorEndpoint(),
                        HeaderMutations.NONE,
                        timeout),
                context);
    }

    private static HttpService checked(HttpService service, CompileContext context) {
        if (!context.settings().knownClusters().test(service.cluster())) {
            context.error("envoy.tracers.zipkin: unknown cluster '" + service.cluster() + "'");
        }
        return service;
    }
}
