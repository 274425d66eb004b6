package dev.attache.proxy.upstream.health;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.log.LineLog;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import dev.attache.proxy.upstream.host.Host;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code envoy.data.core.v3.HealthCheckEvent} as JSON, in the order of its fields, as Envoy writes
 * it. Main thread.
 */
final class HealthEvents {

    private final CheckedCluster cluster;

    HealthEvents(CheckedCluster cluster) {
        this.cluster = cluster;
    }

    void healthy(Host host, boolean first) {
        write(host, "\"add_healthy_event\":{\"first_check\":" + first + "},", "", "");
    }

    void unhealthy(Host host, FailureType why, int status) {
        write(
                host,
                "\"eject_unhealthy_event\":{\"failure_type\":\""
                        + why
                        + "\",\"http_status_code\":"
                        + status
                        + "},",
                "",
                "");
    }

    void failed(Host host, FailureType why, boolean first, int status) {
        write(
                host,
                "",
                ",\"health_check_failure_event\":{\"failure_type\":\""
                        + why
                        + "\",\"first_check\":"
                        + first
                        + ",\"http_status_code\":"
                        + status
                        + "}",
                "");
    }

    void passed(Host host) {
        write(host, "", "", ",\"successful_health_check_event\":{}");
    }

    void degraded(Host host, boolean now) {
        String event = now ? "degraded_healthy_host" : "no_longer_degraded_host";
        write(host, "", ",\"" + event + "\":{}", "");
    }

    /** Envoy's order is that of field numbers, and the kinds of events are spread over it. */
    private void write(Host host, String beforeTime, String afterTime, String last) {
        if (cluster.spec().events().isEmpty()) {
            return;
        }
        StringBuilder out = new StringBuilder(512);
        out.append("{\"health_checker_type\":\"")
                .append(cluster.spec().probe().type())
                .append("\",\"host\":");
        address(out, host.address());
        out.append(",\"cluster_name\":");
        JsonText.quote(out, cluster.name());
        out.append(',').append(beforeTime).append("\"timestamp\":\"");
        out.append(Instant.now().truncatedTo(ChronoUnit.MILLIS)).append('"').append(afterTime);
        metadata(out, host);
        var locality = host.locality();
        out.append(",\"locality\":{\"region\":");
        JsonText.quote(out, locality.region());
        out.append(",\"zone\":");
        JsonText.quote(out, locality.zone());
        out.append(",\"sub_zone\":");
        JsonText.quote(out, locality.subZone());
        out.append('}').append(last).append('}');
        String line = out.toString();
        for (LineLog each : cluster.spec().events()) {
            each.append(line);
        }
    }

    private static void metadata(StringBuilder out, Host host) {
        Map<String, MetadataValue.Struct> all = host.metadata().filterMetadata();
        if (all.isEmpty()) {
            return;
        }
        out.append(",\"metadata\":{\"filter_metadata\":");
        JsonText.append(out, new MetadataValue.Struct(new TreeMap<>(all)));
        out.append(",\"typed_filter_metadata\":{}}");
    }

    private static void address(StringBuilder out, Address address) {
        switch (address) {
            case IpAddress ip -> {
                out.append("{\"socket_address\":{\"protocol\":\"TCP\",\"address\":");
                JsonText.quote(out, ip.host());
                out.append(",\"port_value\":")
                        .append(ip.port())
                        .append(",\"resolver_name\":\"\",\"ipv4_compat\":false,")
                        .append("\"network_namespace_filepath\":\"\"}}");
            }
            case PipeAddress pipe -> {
                out.append("{\"pipe\":{\"path\":");
                JsonText.quote(out, pipe.toString());
                out.append(",\"mode\":").append(pipe.mode()).append("}}");
            }
            case InternalAddress internal -> {
                out.append("{\"envoy_internal_address\":{\"server_listener_name\":");
                JsonText.quote(out, internal.toString());
                out.append(",\"endpoint_id\":\"\"}}");
            }
        }
    }
}
