package dev.attache.filters.resource_monitors.fixed_heap;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.overload.ResourceMonitorSpec;
import io.envoyproxy.envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig;

/** Memory in use against a limit of the configuration. */
public final class FixedHeapFactory
        implements ExtensionCompiler<FixedHeapConfig, ResourceMonitorSpec> {
    @Override
    public FixedHeapConfig prototype() {
        return FixedHeapConfig.getDefaultInstance();
    }

    @Override
    public Compiled<ResourceMonitorSpec> compile(FixedHeapConfig proto, CompileContext context) {
        long max = proto.getMaxHeapSizeBytes();
        Overlay runtime = Overlay.of(proto).overlay("max_heap_size_bytes_runtime");
        if (runtime != null) {
            if (max != 0) {
                context.error(
                        "fixed_heap: exactly one of max_heap_size_bytes or"
                                + " max_heap_size_bytes_runtime must be set");
            }
            max = fromRuntime(runtime, context);
        }
        if (max <= 0) {
            context.error("fixed_heap: max heap size must be greater than 0");
            return context.result(null);
        }
        long limit = max;
        return context.result(() -> new FixedHeapMonitor(limit));
    }

    /** {@code RuntimeUInt64}: the value of a runtime key, or else its default. */
    private static long fromRuntime(Overlay runtime, CompileContext context) {
        return context.settings()
                .runtime()
                .integer(runtime.text("runtime_key"))
                .orElse(runtime.number("default_value"));
    }
}
