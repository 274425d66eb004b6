package dev.attache.conformance.generated;

import dev.attache.conformance.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is done to a generated bootstrap before it is explained: virtual hosts say their name to the
 * access log, listeners get further chains, and the clusters of {@link RouteTables} levels,
 * localities and subsets.
 */
final class ExplainedShapes {

    private ExplainedShapes() {}

    /**
     * Changes a tree of modifiable maps and lists.
     *
     * @param transportSocket of a chain that is for TLS
     */
    static void arrange(@Nullable Object tree, Map<String, Object> transportSocket) {
        Map<String, Object> resources = child(child(tree), "static_resources");
        for (Object listener : items(resources.get("listeners"))) {
            chains(child(listener), transportSocket);
        }
        for (Object cluster : items(resources.get("clusters"))) {
            endpoints(child(cluster));
        }
        hosts(resources);
    }

    @SuppressWarnings("unchecked") // what is parsed has texts for keys
    private static Map<String, Object> child(@Nullable Object tree) {
        return tree instanceof Map<?, ?> map ? (Map<String, Object>) map : new LinkedHashMap<>();
    }

    private static Map<String, Object> child(Map<String, Object> tree, String name) {
        return child(tree.get(name));
    }

    @SuppressWarnings("unchecked") // lists are of anything
    private static List<Object> items(@Nullable Object tree) {
        return tree instanceof List<?> list ? (List<Object>) list : new ArrayList<>();
    }

    /** Two chains that are nobody's, before the one in the clear and the one with mutual TLS. */
    private static void chains(Map<String, Object> listener, Map<String, Object> transportSocket) {
        List<Object> chains = items(listener.get("filter_chains"));
        if (chains.size() != 1) {
            return;
        }
        Map<String, Object> own = child(chains.getFirst());
        own.put("name", "here");
        List<Object> all = new ArrayList<>();
        all.add(
                chain(
                        "far",
                        "{source_prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}"));
        all.add(chain("secure", "{server_names: [secure.test], transport_protocol: tls}"));
        own.put("filter_chain_match", Tree.map(Tree.parse("{source_type: SAME_IP_OR_LOOPBACK}")));
        all.add(own);
        Map<String, Object> mesh = new LinkedHashMap<>(own);
        mesh.put("name", "mesh");
        mesh.put(
                "filter_chain_match",
                Tree.map(
                        Tree.parse(
                                "{server_names: ["
                                        + ExplainedClient.SERVER_NAME
                                        + "], transport_protocol: tls}")));
        mesh.put("transport_socket", transportSocket);
        all.add(mesh);
        List<Object> inspectors = new ArrayList<>(items(listener.get("listener_filters")));
        inspectors.add(
                Tree.map(
                        Tree.parse(
                                "{name: tls_inspector, typed_config: {\"@type\":"
                                        + " type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}")));
        listener.put("listener_filters", inspectors);
        listener.put("filter_chains", all);
    }

    private static Object chain(String name, String match) {
        Map<String, Object> chain = new LinkedHashMap<>();
        chain.put("name", name);
        chain.put("filter_chain_match", Tree.parse(match));
        chain.put("filters", List.of());
        return chain;
    }

    private static void endpoints(Map<String, Object> cluster) {
        String name = Tree.text(cluster.get("name"), "");
        Map<String, Object> assignment = child(cluster, "load_assignment");
        List<Object> groups = items(assignment.get("endpoints"));
        List<Object> hosts =
                groups.size() == 1
                        ? items(child(groups.getFirst()).get("lb_endpoints"))
                        : List.of();
        if (hosts.size() < 4) {
            return;
        }
        List<Object> first = hosts.subList(0, 2);
        List<Object> rest = hosts.subList(2, hosts.size());
        if (name.endsWith("_p")) {
            child(first.getFirst()).put("health_status", "UNHEALTHY");
            child(first.getLast()).put("health_status", "DRAINING");
            assignment.put("endpoints", List.of(group(first, 0, 0, ""), group(rest, 1, 0, "")));
        } else if (name.endsWith("_w")) {
            child(first.getFirst()).put("health_status", "UNHEALTHY");
            assignment.put("endpoints", List.of(group(first, 0, 3, "a"), group(rest, 0, 1, "b")));
        } else if (name.endsWith("_s")) {
            first.forEach(host -> tier(child(host), "gold"));
            rest.forEach(host -> tier(child(host), "tin"));
        }
    }

    private static Object group(List<Object> hosts, int priority, int weight, String zone) {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("lb_endpoints", new ArrayList<>(hosts));
        group.put("priority", priority);
        if (weight > 0) {
            group.put("load_balancing_weight", weight);
            group.put("locality", Map.of("zone", zone));
        }
        return group;
    }

    private static void tier(Map<String, Object> host, String tier) {
        host.put("metadata", Map.of("filter_metadata", Map.of("envoy.lb", Map.of("tier", tier))));
    }

    private static void hosts(@Nullable Object tree) {
        if (tree instanceof List<?> list) {
            list.forEach(ExplainedShapes::hosts);
        }
        Map<String, Object> map = child(tree);
        for (Object host : items(map.get("virtual_hosts"))) {
            Map<String, Object> named = child(host);
            Object own =
                    Map.of(
                            "filter_metadata",
                            Map.of("explained", Map.of("name", Tree.text(named.get("name"), ""))));
            Object merged = Tree.merge(named.get("metadata"), own);
            named.put("metadata", merged == null ? own : merged);
        }
        map.values().forEach(ExplainedShapes::hosts);
    }
}
