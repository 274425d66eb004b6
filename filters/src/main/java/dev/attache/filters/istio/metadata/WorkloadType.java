package dev.attache.filters.istio.metadata;

import org.jspecify.annotations.Nullable;

/** What kind of object a workload is in Kubernetes. */
public enum WorkloadType {
    UNKNOWN(null),
    POD("pod"),
    DEPLOYMENT("deployment"),
    JOB("job"),
    CRON_JOB("cronjob");

    private final @Nullable String suffix;

    WorkloadType(@Nullable String suffix) {
        this.suffix = suffix;
    }

    /** Its name in owners and baggage; null of an unknown one. */
    public @Nullable String suffix() {
        return suffix;
    }

    /** The type of that name, or the unknown one. */
    public static WorkloadType of(String suffix) {
        return switch (suffix) {
            case "pod" -> POD;
            case "deployment" -> DEPLOYMENT;
            case "job" -> JOB;
            case "cronjob" -> CRON_JOB;
            default -> UNKNOWN;
        };
    }

    /**
     * The type that an owner names: {@code kubernetes://apis/apps/v1/namespaces/ns/deployments/x}.
     *
     * @param workload its name, the owner's end
     */
    static WorkloadType ofOwner(String owner, String workload) {
        int end = owner.length() - workload.length() - "s/".length();
        if (end <= 0) {
            return UNKNOWN;
        }
        int last = owner.lastIndexOf('/', end - 1);
        return last < 0 ? UNKNOWN : of(owner.substring(last + 1, end));
    }
}
