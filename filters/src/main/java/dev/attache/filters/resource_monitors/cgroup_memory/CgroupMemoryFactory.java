package dev.attache.filters.resource_monitors.cgroup_memory;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.overload.ResourceMonitorSpec;
import io.envoyproxy.envoy.extensions.resource_monitors.cgroup_memory.v3.CgroupMemoryConfig;

/** Memory of the control group against its limit. */
public final class CgroupMemoryFactory
        implements ExtensionCompiler<CgroupMemoryConfig, ResourceMonitorSpec> {
    @Override
    public CgroupMemoryConfig prototype() {
        return CgroupMemoryConfig.getDefaultInstance();
    }

    @Override
    public Compiled<ResourceMonitorSpec> compile(CgroupMemoryConfig proto, CompileContext context) {
        CgroupMemory memory = CgroupMemory.find(CgroupMemory.ROOT);
        if (memory == null) {
            context.error("No supported cgroup memory implementation found");
            return context.result(null);
        }
        long max = proto.getMaxMemoryBytes();
        return context.result(() -> () -> memory.pressure(max));
    }
}
