package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Active health checks: hosts that go down, up and become degraded, panic and failover between
 * priorities. The script changes an upstream, waits until the proxy has seen it, and asks.
 */
final class HealthChecks implements Area {
    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        List<String> groups =
                chance.in(60)
                        ? List.of("a", "b")
                        : chance.in(50) ? List.of("a") : List.of("a", "b", "d");
        String kind = chance.of("http", "http", "http", "tcp", "grpc");
        Map<String, Integer> sizes = new LinkedHashMap<>();
        List<String> localities = new ArrayList<>();
        for (String group : groups) {
            int hosts = chance.of(1, 1, 2);
            sizes.put(group, hosts);
            draft.upstream(group, upstream(kind, hosts));
            draft.merge("clusters", "{$%s: none}".formatted(group));
            localities.add(locality(group, hosts, localities.size()));
        }
        draft.unsteady(
                "health_check[.](attempt|success|failure|network_failure|passive_failure)"
                        + "|[.]upstream_cx_[a-z_0-9]*|[.]http[12][.][a-z_]*");
        draft.merge(
                "pages",
                "[{path: /clusters, lines:"
                        + " '^$self_.*::(health_flags|rq_success|rq_error|rq_total|priority|weight)::'}]");
        draft.merge("access_log_unordered", "true");
        draft.merge("normalise", "[{pattern: '\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z', with: <time>}]");
        draft.cluster("c", cluster(chance, kind, localities));
        draft.route("{match: {prefix: /}, route: {cluster: $c}}");
        new Requests(chance, "/first").addTo(draft);
        Map<String, String> now = new LinkedHashMap<>();
        for (int i = chance.between(2, 4); i > 0; i--) {
            String group = chance.of(groups);
            String before = now.getOrDefault(group, "up");
            List<String> others = new ArrayList<>(List.of("up", "down", "degraded", "down"));
            others.removeIf(
                    m -> m.equals(before) || (m.equals("degraded") && !kind.equals("http")));
            boolean last =
                    groups.stream().allMatch(g -> g.equals(group) || "down".equals(now.get(g)));
            if (last && groups.size() > 1) {
                // with nobody left, traffic is spread over the priorities by chance
                others.removeIf(m -> m.equals("down"));
            }
            if (others.isEmpty()) {
                continue;
            }
            String next = chance.of(others);
            now.put(group, next);
            draft.step("{upstream: {name: $%s, mode: %s}}".formatted(group, next));
            draft.step(noticed(group, sizes.getOrDefault(group, 1), next));
            for (int r = chance.between(1, 2); r > 0; r--) {
                new Requests(chance, "/" + i + r).anyMethod(0, 10).addTo(draft);
            }
        }
    }

    private static String noticed(String group, int hosts, String mode) {
        String flags =
                switch (mode) {
                    case "up" -> "::healthy$";
                    case "down" -> "/failed_active_hc|::failed_active_hc";
                    default -> "::/degraded_active_hc$";
                };
        String ports =
                "${upstream.$%s.port.0}".formatted(group)
                        + (hosts == 1 ? "" : "|${upstream.$%s.port.1}".formatted(group));
        return "{await: {name: '%s %s', path: /clusters, lines: '^$self_c::127.0.0.1:(%s)::health_flags', are: '%s'}}"
                .formatted(group, mode, ports, flags);
    }

    private static String upstream(String kind, int hosts) {
        String checks =
                switch (kind) {
                    case "grpc" ->
                            """
                            {when: {path: /grpc.health, mode: down}, silent: true, headers: ['content-type: application/grpc'], body: "\\0\\0\\0\\0\\x02\\x08\\x02", trailers: ['grpc-status: 0']},
                            {when: {path: /grpc.health}, silent: true, headers: ['content-type: application/grpc'], body: "\\0\\0\\0\\0\\x02\\x08\\x01", trailers: ['grpc-status: 0']}
                            """;
                    case "tcp" ->
                            """
                            {when: {path: /hc, mode: down}, silent: true, end: close}, {when: {path: /hc}, silent: true}
                            """;
                    default ->
                            """
                            {when: {path: /hc, mode: down}, silent: true, status: 503},
                            {when: {path: /hc, mode: degraded}, silent: true, headers: ['x-envoy-degraded: true']},
                            {when: {path: /hc}, silent: true}
                            """;
                };
        return "{protocol: %s, hosts: %d, respond: [%s, {}]}"
                .formatted(
                        kind.equals("grpc") ? "h2" : "h1",
                        hosts,
                        checks.strip().replaceAll(",$", ""));
    }

    private static String locality(String group, int hosts, int priority) {
        List<String> endpoints = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            endpoints.add(
                    "{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: '${upstream.$%s.port.%d}'}}}}"
                            .formatted(group, i));
        }
        return "{priority: %d, lb_endpoints: [%s]}"
                .formatted(priority, String.join(", ", endpoints));
    }

    private static String cluster(Chance chance, String kind, List<String> localities) {
        String check =
                switch (kind) {
                    case "grpc" -> "grpc_health_check: {}";
                    case "tcp" ->
                            "tcp_health_check: {send: {text:"
                                    + " '474554202f686320485454502f312e310d0a0d0a'}, receive: [{text:"
                                    + " '3230'}, {text: '30'}]}";
                    default ->
                            "http_health_check: {path: /hc%s}"
                                    .formatted(
                                            chance.in(30)
                                                    ? ", expected_statuses: [{start: 200, end:"
                                                            + " 300}]"
                                                    : "");
                };
        String options = "";
        if (kind.equals("grpc")) {
            options =
                    ", typed_extension_protocol_options:"
                            + " {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {'@type':"
                            + " type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions,"
                            + " explicit_http_config: {http2_protocol_options: {}}}}";
        }
        return """
        {type: STATIC, connect_timeout: 3s%s,
         common_lb_config: {update_merge_window: 0s, healthy_panic_threshold: {value: %d}%s},
         health_checks: [{timeout: 2s, interval: 0.08s, no_traffic_interval: 0.08s, unhealthy_interval: 0.08s, unhealthy_threshold: %d, healthy_threshold: %d, %s,
           event_logger: [{name: envoy.health_check.event_sinks.file, typed_config: {'@type': type.googleapis.com/envoy.extensions.health_check.event_sinks.file.v3.HealthCheckEventFileSink, event_log_path: '${log}'}}]}],
         load_assignment: {cluster_name: $c, endpoints: [%s]}}
        """
                .formatted(
                        options,
                        chance.of(0, 0, 50, 100),
                        chance.in(15) ? ", ignore_new_hosts_until_first_hc: true" : "",
                        chance.between(1, 2),
                        chance.between(1, 2),
                        check,
                        String.join(", ", localities));
    }
}
