package dev.attache.filters.tracers.datadog;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.tracing.SharedTracers;
import dev.attache.filters.tracing.WorkerTracers;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.config.trace.v3.DatadogConfig;

/** {@code envoy.tracers.datadog}. */
public final class DatadogFactory implements ExtensionCompiler<DatadogConfig, SharedTracers> {

    @Override
    public DatadogConfig prototype() {
        return DatadogConfig.getDefaultInstance();
    }

    @Override
    public Compiled<SharedTracers> compile(DatadogConfig proto, CompileContext context) {
        String cluster = proto.getCollectorCluster();
        if (!context.settings().knownClusters().test(cluster)) {
            context.at("collector_cluster")
                    .error("envoy.tracers.datadog: unknown cluster '" + cluster + "'");
        }
        String service = proto.getServiceName();
        String hostname = proto.getCollectorHostname();
        DatadogSpec spec =
                new DatadogSpec(
                        cluster,
                        hostname.isEmpty() ? cluster : hostname,
                        Octets.of(service.isEmpty() ? "envoy" : service));
        return context.result(
                new SharedTracers(
                        context.settings()
                                .shared()
                                .slot(WorkerTracers.class, spec, () -> tracers(spec))));
    }

    private static WorkerTracers tracers(DatadogSpec spec) {
        return new WorkerTracers(context -> new DatadogTracer(spec, context));
    }
}
