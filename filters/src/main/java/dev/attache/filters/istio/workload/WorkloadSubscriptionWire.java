package dev.attache.filters.istio.workload;

import com.google.protobuf.ByteString;
import dev.attache.config.bootstrap.ProcessSubscription;
import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the directory as the control plane tells it. Main loop only. */
final class WorkloadSubscriptionWire implements ProcessSubscription {
    private final ConfigSource source;
    private final SharedSlot<WorkloadDirectory> slot;

    /** Never given back: the directory is there while the process is. */
    private SharedSlot.@Nullable Lease<WorkloadDirectory> lease;

    private @Nullable Gauge total;

    WorkloadSubscriptionWire(ConfigSource source, SharedSlot<WorkloadDirectory> slot) {
        this.source = source;
        this.slot = slot;
    }

    @Override
    public ConfigSource source() {
        return source;
    }

    @Override
    public String messageType() {
        return WorkloadWire.TYPE;
    }

    @Override
    public String statPrefix() {
        return "workload_discovery.";
    }

    @Override
    public void start(Scope stats) {
        total = stats.gauge("total");
        lease = slot.lease();
    }

    @Override
    public void replace(List<ByteString> resources) {
        directory().replace(entries(resources));
        count();
    }

    @Override
    public void change(List<ByteString> changed, List<String> removed) {
        directory().change(entries(changed), removed);
        count();
    }

    private static List<WorkloadDirectory.Entry> entries(List<ByteString> resources) {
        List<WorkloadDirectory.Entry> entries = new ArrayList<>(resources.size());
        for (ByteString resource : resources) {
            entries.add(WorkloadWire.read(resource));
        }
        return entries;
    }

    private WorkloadDirectory directory() {
        if (lease == null) {
            throw new IllegalStateException("not started");
        }
        return lease.value();
    }

    private void count() {
        if (total != null) {
            total.set(directory().size());
        }
    }
}
