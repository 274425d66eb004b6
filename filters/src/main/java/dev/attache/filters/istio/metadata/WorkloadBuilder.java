package dev.attache.filters.istio.metadata;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is known of a workload, as octets. Confined to who fills it. */
public final class WorkloadBuilder {
    public String instance = "";
    public String cluster = "";
    public String namespace = "";
    public String workload = "";
    public String canonicalName = "";
    public String canonicalRevision = "";
    public String appName = "";
    public String appVersion = "";
    public WorkloadType type = WorkloadType.UNKNOWN;
    public String identity = "";
    public String region = "";
    public String zone = "";
    public final List<WorkloadMetadata.Label> labels = new ArrayList<>(0);

    public WorkloadMetadata build() {
        return new WorkloadMetadata(
                instance,
                cluster,
                namespace,
                workload,
                canonicalName,
                canonicalRevision,
                appName,
                appVersion,
                type,
                identity,
                region,
                zone,
                labels);
    }
}
