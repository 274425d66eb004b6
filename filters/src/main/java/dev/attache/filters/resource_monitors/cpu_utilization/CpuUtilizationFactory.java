package dev.attache.filters.resource_monitors.cpu_utilization;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.overload.ResourceMonitorSpec;
import io.envoyproxy.envoy.extensions.resource_monitors.cpu_utilization.v3.CpuUtilizationConfig;

/** How busy the processors are. */
public final class CpuUtilizationFactory
        implements ExtensionCompiler<CpuUtilizationConfig, ResourceMonitorSpec> {
    @Override
    public CpuUtilizationConfig prototype() {
        return CpuUtilizationConfig.getDefaultInstance();
    }

    @Override
    public Compiled<ResourceMonitorSpec> compile(
            CpuUtilizationConfig proto, CompileContext context) {
        return switch (proto.getMode()) {
            case HOST -> context.result(() -> new CpuUtilizationMonitor(new HostCpu(HostCpu.STAT)));
            case CONTAINER -> {
                CpuTime container = ContainerCpu.find(ContainerCpu.ROOT);
                if (container == null) {
                    context.error("cgroup CPU files not accessible");
                    yield context.result(null);
                }
                yield context.result(() -> new CpuUtilizationMonitor(container));
            }
            case UNRECOGNIZED ->
                    throw new IllegalStateException("constraints hold: " + proto.getModeValue());
        };
    }
}
