package dev.attache.conformance.generated;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From a seed to a case. */
final class Generator {
    private static final Map<String, Area> AREAS = areas();

    private Generator() {}

    private static Map<String, Area> areas() {
        Map<String, Area> areas = new LinkedHashMap<>();
        areas.put("retries", new Retries());
        areas.put("https", new Https());
        areas.put("http2-upstream", new Http2Upstreams());
        areas.put("timeouts", new Timeouts());
        areas.put("limits", new Limits());
        areas.put("health", new HealthChecks());
        areas.put("outliers", new Outliers());
        areas.put("tcp", new TcpConnections());
        areas.put("updates", new Updates());
        areas.put("access rules", new AccessRules());
        areas.put("matcher trees", new MatcherTrees());
        areas.put("cel", new CelExpressions());
        areas.put("metadata", new MetadataFilters());
        areas.put("access log", new AccessLogs());
        areas.put("tracing", new Traces());
        areas.put("tunnels", new Tunnels());
        return areas;
    }

    /** The name of a seed's case, and of everything in it. */
    static String name(long seed) {
        return "s" + seed;
    }

    static String area(long seed) {
        return List.copyOf(AREAS.keySet()).get((int) Math.floorMod(seed, AREAS.size()));
    }

    /** The case of a seed. */
    static Map<String, Object> make(long seed) {
        Draft draft = new Draft(name(seed), new Chance(seed));
        requireNonNull(AREAS.get(area(seed))).write(draft);
        Map<String, Object> made = draft.finished();
        made.put("area", area(seed));
        return made;
    }
}
