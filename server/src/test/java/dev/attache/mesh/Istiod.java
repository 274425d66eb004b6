package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A running control plane of Istio and the objects that it configures proxies from. */
interface Istiod extends AutoCloseable {
    /** The version that its proxies have. */
    String version();

    /** The port that proxies ask in plain text. */
    int xds();

    /** The port with the pages for debugging. */
    int http();

    void apply(List<Map<String, Object>> objects) throws IOException, InterruptedException;

    void delete(List<Map<String, Object>> objects) throws IOException, InterruptedException;

    String log() throws IOException;

    @Override
    void close();

    default String debug(String page) {
        return PeerProcess.http("GET", http(), "/debug/" + page);
    }

    /** What istiod's page {@code syncz} says of a node. */
    record Sync(String clusters, String listeners, List<String> refused, boolean waiting) {}

    /** By the ends of the nodes' ids; empty where istiod does not answer. */
    default Map<String, Sync> syncs() {
        Map<String, Sync> all = new TreeMap<>();
        String page = debug("syncz");
        for (Object each : page.isEmpty() ? List.of() : Tree.list(Tree.parse(page))) {
            Map<String, Object> proxy = Tree.map(each);
            List<String> refused = new ArrayList<>();
            boolean[] waiting = {false};
            Tree.map(proxy.get("resources"))
                    .forEach((type, value) -> {
                        Map<String, Object> status = Tree.map(value);
                        String error = Tree.text(status.get("lastError"), "");
                        if (!error.isEmpty()) {
                            refused.add(type.substring(type.lastIndexOf('.') + 1) + ": " + error);
                        } else if (!Tree.text(status.get("sent"), "")
                                .equals(Tree.text(status.get("acked"), ""))) {
                            waiting[0] = true;
                        }
                    });
            all.put(
                    String.valueOf(proxy.get("proxy")),
                    new Sync(
                            Tree.text(proxy.get("cluster_sent"), ""),
                            Tree.text(proxy.get("listener_sent"), ""),
                            List.copyOf(refused),
                            waiting[0]));
        }
        return all;
    }
}
