package dev.attache.filters.istio.workload;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.api.Overlay;
import dev.attache.filters.istio.metadata.WorkloadBuilder;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.filters.istio.metadata.WorkloadMetadata;
import dev.attache.filters.istio.metadata.WorkloadType;
import dev.attache.proxy.http.Octets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads {@code istio.workload.Workload}. Stateless. */
final class WorkloadWire {
    static final String TYPE = "istio.workload.Workload";

    private static final int V4 = 4;
    private static final int V6 = 16;
    private static final String DEFAULT = "default";
    private static final String DEFAULT_DOMAIN = "cluster.local";

    private WorkloadWire() {}

    /**
     * @throws IllegalArgumentException if the bytes are no such message
     */
    static WorkloadDirectory.Entry read(ByteString bytes) {
        MessageType type = Objects.requireNonNull(ApiTable.message(TYPE));
        try {
            Overlay workload = Overlay.parse(type, bytes);
            return new WorkloadDirectory.Entry(
                    workload.text("uid"), addresses(workload), metadata(workload));
        } catch (InvalidProtocolBufferException | IllegalStateException e) {
            throw new IllegalArgumentException("Unable to unpack as " + TYPE, e);
        }
    }

    /** What is no address of IP is never asked for. */
    private static List<InetAddress> addresses(Overlay workload) {
        List<InetAddress> addresses = new ArrayList<>(2);
        for (ByteString address : workload.octets("addresses")) {
            if (address.size() == V4 || address.size() == V6) {
                addresses.add(address(address.toByteArray()));
            }
        }
        return addresses;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address", e); // of that many bytes it is one
        }
    }

    /** What is left out is the default of its kind. */
    private static WorkloadMetadata metadata(Overlay proto) {
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.instance = text(proto, "name");
        workload.cluster = text(proto, "cluster_id");
        workload.namespace = or(text(proto, "namespace"), DEFAULT);
        workload.workload = text(proto, "workload_name");
        workload.canonicalName = text(proto, "canonical_name");
        workload.canonicalRevision = text(proto, "canonical_revision");
        workload.appName = workload.canonicalName;
        workload.appVersion = workload.canonicalRevision;
        workload.type =
                switch (proto.choice("workload_type")) {
                    case "CRONJOB" -> WorkloadType.CRON_JOB;
                    case "JOB" -> WorkloadType.JOB;
                    case "POD" -> WorkloadType.POD;
                    default -> WorkloadType.DEPLOYMENT;
                };
        workload.identity =
                "spiffe://%s/ns/%s/sa/%s"
                        .formatted(
                                or(text(proto, "trust_domain"), DEFAULT_DOMAIN),
                                workload.namespace,
                                or(text(proto, "service_account"), DEFAULT));
        Overlay locality = proto.overlay("locality");
        if (locality != null) {
            workload.region = text(locality, "region");
            workload.zone = text(locality, "zone");
        }
        return workload.build();
    }

    private static String text(Overlay proto, String field) {
        return Octets.of(proto.text(field));
    }

    private static String or(String told, String otherwise) {
        return told.isEmpty() ? otherwise : told;
    }
}
