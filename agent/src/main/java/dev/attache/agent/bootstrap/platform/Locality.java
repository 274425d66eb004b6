package dev.attache.agent.bootstrap.platform;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a workload is; each part empty where it is not known.
 *
 * @param region the largest part
 * @param zone a part of the region
 * @param subZone a part of the zone
 */
public record Locality(String region, String zone, String subZone) {

    /** Nowhere in particular. */
    public static final Locality NONE = new Locality("", "", "");

    /** From {@code region/zone/sub_zone}, of which the end may be missing. */
    public static Locality parse(String text) {
        String[] parts = text.split("/", -1);
        return new Locality(
                parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
    }

    /** As {@code envoy.config.core.v3.Locality} in JSON. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        put(tree, "region", region);
        put(tree, "zone", zone);
        put(tree, "sub_zone", subZone);
        return tree;
    }

    private static void put(Map<String, Object> tree, String name, String value) {
        if (!value.isEmpty()) {
            tree.put(name, value);
        }
    }
}
