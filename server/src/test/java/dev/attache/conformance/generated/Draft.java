package dev.attache.conformance.generated;

import dev.attache.conformance.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A case in the making. Parts are given as YAML text, in which {@code $name} stands for a name of
 * this case alone ({@code $self} for the case's own name), so that cases can share a start; see the
 * README of the cases for the keys.
 */
final class Draft {
    private static final Pattern OWN = Pattern.compile("\\$([a-z]+[0-9]*)");

    /** Statistics whose values say how long or how large, or hold a hash of the configuration. */
    private static final String UNSTEADY =
            "_ms|_time|_size|_percent_used|_duration|rq_headers_count|rs_headers_count|version"
                    + "|days_until_first_cert_expiring|_bytes_total|_bytes_buffered|rq_per_cx"
                    + "|connections_accepted_per_socket_event|flow_control_[a-z_]*"
                    + "|expiration_unix_time_seconds";

    private final String id;
    private final Chance chance;
    private final Map<String, Object> parts = new LinkedHashMap<>();
    private final List<Object> routes = new ArrayList<>();
    private final List<Object> exchanges = new ArrayList<>();

    Draft(String id, Chance chance) {
        this.id = id;
        this.chance = chance;
        merge("name", "'" + id + "'");
        merge("listener", "{name: $self, stat_prefix: $self}");
        merge("hcm", "{stat_prefix: $self, generate_request_id: false}");
        merge("virtual_host", "{name: $self}");
        unsteady("version");
        merge("stats_of_numbers", "true");
        merge("pages", "[{path: /clusters, lines: '^$self_'}]");
        merge(
                "access_log_format",
                """
                {host: '%UPSTREAM_HOST%', trailer: '%TRAILER(x-t)%', grpc: '%GRPC_STATUS%',
                 long: '%RESPONSE_FLAGS_LONG%', reply: '%RESP(X-R)%'}
                """);
    }

    Chance chance() {
        return chance;
    }

    /** A name that no other case has. */
    String own(String name) {
        return id + "_" + name;
    }

    /** Lays YAML over what a key of the case holds. */
    void merge(String key, String yaml) {
        parts.put(key, merged(parts.get(key), parsed(yaml)));
    }

    /** A part that is better put together than written. */
    void put(String key, Object value) {
        parts.put(key, value);
    }

    /** Lays YAML over one entry of {@code upstreams}, {@code clusters} or {@code files}. */
    void entry(String key, String name, String yaml) {
        Map<String, Object> entries = new LinkedHashMap<>(Tree.map(parts.get(key)));
        entries.put(own(name), merged(entries.get(own(name)), parsed(yaml)));
        parts.put(key, entries);
    }

    /** Leaves more statistics out of the comparison: the ends of their names, as an expression. */
    void unsteady(String ends) {
        String left = UNSTEADY + "|" + ends;
        parts.remove("stats");
        merge("stats", "['(.*\\.)?$self[._](?!.*(" + left + ")$).*']");
    }

    /** An upstream and the static cluster of the same name. */
    void upstream(String name, String yaml) {
        entry("upstreams", name, yaml);
    }

    void cluster(String name, String yaml) {
        entry("clusters", name, yaml);
    }

    void route(String yaml) {
        routes.add(required(parsed(yaml)));
    }

    /** The next step of the script. */
    void step(String yaml) {
        exchanges.add(required(parsed(yaml)));
    }

    /** The next step, with a part that is better put together than written. */
    void step(String kind, Map<String, Object> spec) {
        exchanges.add(Map.of(kind, spec));
    }

    @Nullable Object parsed(String yaml) {
        return Tree.parse(
                OWN.matcher(yaml)
                        .replaceAll(m -> m.group(1).equals("self") ? id : own(m.group(1))));
    }

    /** The case, ready to be played. */
    Map<String, Object> finished() {
        Map<String, Object> tree = new LinkedHashMap<>(parts);
        if (!routes.isEmpty()) {
            tree.put("routes", routes);
        }
        tree.put("exchanges", exchanges);
        return tree;
    }

    private static Object merged(@Nullable Object under, @Nullable Object over) {
        return required(Tree.merge(under, over));
    }

    private static Object required(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("an empty part");
        }
        return value;
    }
}
