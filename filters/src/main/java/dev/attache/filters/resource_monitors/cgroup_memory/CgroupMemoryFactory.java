package dev.attache.filters.resource_monitors.cgroup_memory;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.config.overload.ResourceMonitorSpec;
import io.envoyproxy.envoy.extensions.resource_monitors.cgroup_memory.v3.CgroupMemoryConfig;

/** Memory of the control group against its limit. */
public final class CgroupMemoryFactory
        implements ExtensionFactory<CgroupMemoryConfig, ResourceMonitorSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(
                ExtensionCategory.RESOURCE_MONITOR, CgroupMemoryConfig.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.resource_monitors.cgroup_memory";
    }

    @Override
    public Class<CgroupMemoryConfig> protoType() {
        return CgroupMemoryConfig.class;
    }

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
