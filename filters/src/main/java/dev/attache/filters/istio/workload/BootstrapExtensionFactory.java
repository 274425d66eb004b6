package dev.attache.filters.istio.workload;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.bootstrap.ProcessSubscription;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;

/** Reads {@code istio.workload.BootstrapExtension}. */
public final class BootstrapExtensionFactory implements OverlayCompiler<ProcessSubscription> {
    @Override
    public Compiled<ProcessSubscription> compile(Overlay proto, CompileContext context) {
        ConfigSource source = proto.message("config_source", ConfigSource.getDefaultInstance());
        return context.result(
                new WorkloadSubscriptionWire(
                        source == null ? ConfigSource.getDefaultInstance() : source,
                        WorkloadDirectory.of(context)));
    }
}
