package dev.attache.filters.istio.metadata;

import java.util.ArrayList;
import java.util.List;

/**
 * A workload as the value of a {@code baggage} header (W3C Baggage), of which Istio uses a part.
 */
public final class Baggage {
    /** Name of the header. */
    public static final String HEADER = "baggage";

    private Baggage() {}

    /**
     * What the text tells; keys that nobody knows say nothing, and of a key that is there twice the
     * last one counts.
     *
     * @param identity of whoever sent it, or empty
     */
    public static WorkloadMetadata parse(String text, String identity) {
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.identity = identity;
        for (String property : text.split(",", -1)) {
            int equals = property.indexOf('=');
            String key = equals < 0 ? property : property.substring(0, equals);
            int next = equals < 0 ? -1 : property.indexOf('=', equals + 1);
            String value = equals < 0 ? "" : property.substring(equals + 1, end(property, next));
            take(workload, key, value);
        }
        return workload.build();
    }

    /** A value ends at the next equals sign, as what follows has no place in a pair. */
    private static int end(String property, int next) {
        return next < 0 ? property.length() : next;
    }

    private static void take(WorkloadBuilder workload, String key, String value) {
        switch (key) {
            case "k8s.namespace.name" -> workload.namespace = value;
            case "k8s.cluster.name" -> workload.cluster = value;
            case "k8s.instance.name" -> workload.instance = value;
            case "cloud.region" -> workload.region = value;
            case "cloud.availability_zone" -> workload.zone = value;
            case "service.name" -> {
                workload.canonicalName = value;
                workload.appName = or(workload.appName, value);
            }
            case "service.version" -> {
                workload.canonicalRevision = value;
                workload.appVersion = or(workload.appVersion, value);
            }
            case "app.name" -> {
                workload.appName = value;
                workload.canonicalName = or(workload.canonicalName, value);
            }
            case "app.version" -> {
                workload.appVersion = value;
                workload.canonicalRevision = or(workload.canonicalRevision, value);
            }
            case "k8s.deployment.name" -> named(workload, value, WorkloadType.DEPLOYMENT);
            case "k8s.pod.name" -> named(workload, value, WorkloadType.POD);
            case "k8s.cronjob.name" -> named(workload, value, WorkloadType.CRON_JOB);
            case "k8s.job.name" -> named(workload, value, WorkloadType.JOB);
            default -> {}
        }
    }

    private static void named(WorkloadBuilder workload, String name, WorkloadType type) {
        workload.workload = name;
        workload.type = type;
    }

    private static String or(String known, String other) {
        return known.isEmpty() ? other : known;
    }

    /** The header's value. */
    public static String of(WorkloadMetadata workload) {
        List<String> parts = new ArrayList<>();
        String suffix = workload.type().suffix();
        add(parts, "k8s." + (suffix == null ? "pod" : suffix) + ".name", workload.workload());
        // The service's own name and version stand there even if they are empty: then the
        // application's say nothing more.
        add(parts, "service.name", workload.canonicalName());
        if (!workload.appName().equals(workload.canonicalName())) {
            add(parts, "app.name", workload.appName());
        }
        add(parts, "service.version", workload.canonicalRevision());
        if (!workload.appVersion().equals(workload.canonicalRevision())) {
            add(parts, "app.version", workload.appVersion());
        }
        add(parts, "k8s.namespace.name", workload.namespace());
        add(parts, "k8s.cluster.name", workload.cluster());
        add(parts, "k8s.instance.name", workload.instance());
        add(parts, "cloud.region", workload.region());
        add(parts, "cloud.availability_zone", workload.zone());
        return String.join(",", parts);
    }

    private static void add(List<String> parts, String key, String value) {
        if (!value.isEmpty()) {
            parts.add(key + "=" + value);
        }
    }
}
