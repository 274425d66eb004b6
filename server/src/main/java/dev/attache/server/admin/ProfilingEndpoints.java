package dev.attache.server.admin;

import static dev.attache.server.admin.http.AdminEndpoint.choice;
import static dev.attache.server.admin.http.AdminEndpoint.get;
import static dev.attache.server.admin.http.AdminEndpoint.post;

import dev.attache.server.admin.http.AdminEndpoint;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.List;

/**
 * Endpoints that look into Envoy's allocator, profiler and symbol table, or change its runtime.
 * What has a counterpart here answers; what has none says so (501) and what to use instead.
 */
final class ProfilingEndpoints {

    private final AdminSubject server;

    ProfilingEndpoints(AdminSubject server) {
        this.server = server;
    }

    List<AdminEndpoint> all() {
        return List.of(
                post(
                        "/allocprofiler",
                        "enable/disable the allocation profiler (if supported)",
                        r -> profiler(r, "allocation", "jcmd <pid> JFR.start settings=profile"),
                        choice("enable", "enable/disable the allocation profiler", "y", "n")),
                get(
                        "/contention",
                        "dump current Envoy mutex contention stats (if enabled)",
                        r ->
                                AdminResponse.text(
                                        "Mutex contention tracing is not enabled. To enable, run"
                                                + " Envoy with flag --enable-mutex-tracing.")),
                post(
                        "/cpuprofiler",
                        "enable/disable the CPU profiler",
                        r -> profiler(r, "cpu", "jcmd <pid> JFR.start settings=profile"),
                        choice("enable", "enables the CPU profiler", "y", "n")),
                get(
                        "/heap_dump",
                        "dump current Envoy heap (if supported)",
                        r -> unsupported("heap dump", "jcmd <pid> GC.heap_dump <file>")),
                post(
                        "/heapprofiler",
                        "enable/disable the heap profiler",
                        r -> unsupported("heap profiler", "jcmd <pid> GC.class_histogram"),
                        choice("enable", "enable/disable the heap profiler", "y", "n")),
                get("/memory/tcmalloc", "print TCMalloc stats", r -> memoryPools()),
                get(
                        "/peak_heap_dump",
                        "dump peak Envoy heap (if supported)",
                        r -> unsupported("peak heap dump", "jcmd <pid> GC.heap_dump <file>")),
                post(
                        "/runtime_modify",
                        "Adds or modifies runtime values as passed in query parameters. To delete a"
                                + " previously added key, use an empty string as the value. Note"
                                + " that deletion only applies to overrides added via this"
                                + " endpoint; values loaded from disk can be modified via override"
                                + " but not deleted. E.g. ?key1=value1&key2=value2...",
                        this::modifyRuntime),
                get(
                        "/stats/recentlookups",
                        "Show recent stat-name lookups",
                        r ->
                                AdminResponse.text(
                                        "Lookup tracking is not enabled. Use"
                                                + " /stats/recentlookups/enable to enable.\n\n"
                                                + "total: 0\n")),
                post(
                        "/stats/recentlookups/clear",
                        "clear list of stat-name lookups and counter",
                        r -> AdminResponse.text("OK\n")),
                post(
                        "/stats/recentlookups/disable",
                        "disable recording of reset stat-name lookup names",
                        r -> AdminResponse.text("OK\n")),
                post(
                        "/stats/recentlookups/enable",
                        "enable recording of reset stat-name lookup names",
                        r -> unsupported("stat-name lookup tracking", "names are plain strings")));
    }

    private static AdminResponse profiler(AdminRequest request, String which, String instead) {
        String enable = request.get("enable");
        if (!"y".equals(enable) && !"n".equals(enable)) {
            return AdminResponse.text(400, "?enable=<y|n>\n");
        }
        return unsupported(which + " profiler", instead);
    }

    private static AdminResponse unsupported(String what, String instead) {
        return AdminResponse.text(
                501, "The current build does not support " + what + " (" + instead + ")");
    }

    /** The JVM's own allocator, pool by pool. */
    private static AdminResponse memoryPools() {
        StringBuilder out = new StringBuilder("JVM memory pools, bytes\n");
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            out.append(pool.getName())
                    .append(": used ")
                    .append(pool.getUsage().getUsed())
                    .append(", committed ")
                    .append(pool.getUsage().getCommitted())
                    .append(", max ")
                    .append(pool.getUsage().getMax())
                    .append('\n');
        }
        return new AdminResponse(200, "text/plain", out.toString());
    }

    private AdminResponse modifyRuntime(AdminRequest request) {
        if (request.query().isEmpty()) {
            return AdminResponse.text(
                    400,
                    """
                    usage: /runtime_modify?key1=value1&key2=value2&keyN=valueN
                           or send the parameters as form values
                    use an empty value to remove a previously added override\
                    """);
        }
        boolean admin =
                server.bootstrap().getLayeredRuntime().getLayersList().stream()
                        .anyMatch(layer -> layer.hasAdminLayer());
        return admin
                ? unsupported(
                        "changing the runtime while serving",
                        "set the value in layered_runtime and restart")
                : AdminResponse.text(503, "No admin layer specified");
    }
}
