package dev.attache.conformance.generated;

import dev.attache.conformance.CaseConfigurations;
import dev.attache.conformance.Tree;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.explain.Decision;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.AttacheServer;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.log.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One start of the proxy in this process with the listeners and clusters of several generated
 * cases. Their requests are sent, and what the access log says of each is compared with what {@code
 * /explain} says. Where that needs no scripted answers one upstream serves every host.
 */
final class ExplainedStart {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A placeholder that is neither a port of an upstream nor of a listener. */
    private static final Pattern FOREIGN =
            Pattern.compile("\\$\\{(?!listener}|admin}|upstream\\.[^}]*\\.port\\.)");

    private static final Pattern OF_REQUESTS =
            Pattern.compile(
                    "(?!.*(_cx_|admin)).*(_rq_|lb_|rbac|route|cluster_not|retry|vcluster|fault"
                            + "|ratelimit|rate_limit|ext_authz|jwt).*");

    private final Path log;
    private final ExplainedClient client;
    private final Map<String, Map<String, Object>> cases = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();
    private int compared;
    private int forwarded;
    private int overTls;
    private int overHttp2;

    ExplainedStart(Path directory) throws GeneralSecurityException, IOException {
        this.log = directory.resolve("access.log");
        this.client = new ExplainedClient(directory);
    }

    /** Whether a generated case needs nothing but listeners, clusters and requests of HTTP. */
    static boolean isPlain(Map<String, Object> spec) {
        boolean more =
                List.of("tcp", "tls", "files", "listeners", "bootstrap", "bootstrap_extra").stream()
                        .anyMatch(spec::containsKey);
        Map<String, Object> own = new LinkedHashMap<>(spec);
        own.put("access_log", List.of());
        String bootstrap = Tree.json(CaseConfigurations.bootstrap(own), false);
        return !more && requests(spec).size() > 3 && !FOREIGN.matcher(bootstrap).find();
    }

    void add(String name, Map<String, Object> spec) {
        Map<String, Object> own = new LinkedHashMap<>(spec);
        own.put("access_log", List.of(accessLog()));
        cases.put(name, own);
    }

    /** What the two say differently, one line for each. */
    List<String> differences() {
        return differences;
    }

    int compared() {
        return compared;
    }

    /** Of these, how many came to a host. */
    int forwarded() {
        return forwarded;
    }

    /** Of these, how many came with a client's certificate. */
    int overTls() {
        return overTls;
    }

    /** Of these, how many came over HTTP/2. */
    int overHttp2() {
        return overHttp2;
    }

    private Object accessLog() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", "%REQ(X-REQUEST-ID)%");
        fields.put("chain", "%FILTER_CHAIN_NAME%");
        fields.put("virtual_host", "%METADATA(VIRTUAL_HOST:explained:name)%");
        fields.put("route", "%ROUTE_NAME%");
        fields.put("cluster", "%UPSTREAM_CLUSTER_RAW%");
        fields.put("host", "%UPSTREAM_HOST%");
        fields.put("details", "%RESPONSE_CODE_DETAILS%");
        return Map.of(
                "name",
                "explained",
                "typed_config",
                Map.of(
                        "@type",
                        "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
                        "path",
                        log.toString(),
                        "log_format",
                        Map.of("json_format", fields)));
    }

    /** Starts, sends and compares. */
    void run() throws Exception {
        try (PlainUpstream upstream = new PlainUpstream();
                AttacheServer server = start(upstream)) {
            server.explaining().keep(64 << 20);
            int sent = 0;
            for (Map.Entry<String, Map<String, Object>> each : cases.entrySet()) {
                sent += send(each.getKey(), each.getValue(), server);
            }
            Map<String, Map<String, Object>> lines = logged(sent);
            Map<String, Long> counted = counted(server.stats());
            for (Map.Entry<String, Map<String, Object>> line : lines.entrySet()) {
                Decision kept = server.explaining().find(line.getKey());
                if (kept == null) {
                    differences.add(line.getKey() + ": no decision was kept");
                    continue;
                }
                Explanation said =
                        server.explain(kept.question()).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                compare(line.getKey(), line.getValue(), said);
                overTls += kept.question().tls() && kept.question().peer() != null ? 1 : 0;
                overHttp2 += kept.question().http2() ? 1 : 0;
            }
            Map<String, Long> now = counted(server.stats());
            now.entrySet().removeAll(counted.entrySet());
            now.forEach((name, value) -> differences.add("explaining counts: " + name));
        }
    }

    /** What requests count, which nobody has sent since; what connections count may come late. */
    private static Map<String, Long> counted(StatsStore stats) {
        Map<String, Long> counted = new TreeMap<>();
        for (Counter counter : stats.counters()) {
            if (OF_REQUESTS.matcher(counter.name()).matches()) {
                counted.put(counter.name(), counter.value());
            }
        }
        return counted;
    }

    private AttacheServer start(PlainUpstream upstream) throws Exception {
        Map<String, List<Object>> resources = new LinkedHashMap<>();
        for (Map<String, Object> spec : cases.values()) {
            Object tree =
                    Tree.replace(CaseConfigurations.bootstrap(spec), name -> port(name, upstream));
            Tree.map(Tree.map(tree).get("static_resources"))
                    .forEach((kind, list) ->
                            resources
                                    .computeIfAbsent(kind, any -> new ArrayList<>())
                                    .addAll(Tree.list(list)));
        }
        Object all = Tree.parse(Tree.json(Map.of("static_resources", resources), false));
        ExplainedShapes.arrange(all, client.transportSocket());
        AttacheServer server =
                AttacheServer.start(
                        ServerOptions.builder()
                                .configYaml(Tree.json(all, false))
                                .concurrency(2)
                                .logLevel(LogLevel.ERROR)
                                .fileFlushInterval(Duration.ofMillis(20))
                                .build());
        if (!server.awaitLive(LIMIT)) {
            server.close();
            throw new IllegalStateException("the proxy does not become live");
        }
        return server;
    }

    private static String port(String placeholder, PlainUpstream upstream) {
        if (placeholder.equals("listener") || placeholder.equals("admin")) {
            return "0";
        }
        if (placeholder.startsWith("upstream.") && placeholder.contains(".port.")) {
            int host = Integer.parseInt(placeholder.substring(placeholder.lastIndexOf('.') + 1));
            return String.valueOf(upstream.port(host));
        }
        throw new IllegalArgumentException("${" + placeholder + "} has no place here");
    }

    private static List<Map<String, Object>> requests(Map<String, Object> spec) {
        List<Map<String, Object>> found = new ArrayList<>();
        for (Object step : Tree.list(spec.get("exchanges"))) {
            for (String protocol : List.of("h1", "h2")) {
                Map<String, Object> request = Tree.map(Tree.map(step).get(protocol));
                if (request.containsKey("path") && !request.containsKey("repeat")) {
                    found.add(request);
                }
            }
        }
        return found;
    }

    private int send(String name, Map<String, Object> spec, AttacheServer server)
            throws IOException {
        IpAddress address = (IpAddress) server.listenerAddresses().get(name).getFirst();
        int sent = 0;
        for (Map<String, Object> request : requests(spec)) {
            client.ask(sent, address.port(), request, name + "-" + sent++);
        }
        return sent;
    }

    /** The lines of the log by request, once it has them all or nothing more comes. */
    private Map<String, Map<String, Object>> logged(int sent)
            throws IOException, InterruptedException {
        Map<String, Map<String, Object>> lines = new LinkedHashMap<>();
        int before = -1;
        for (int quiet = 0; lines.size() < sent && quiet < 20; ) {
            Thread.sleep(50);
            quiet = lines.size() == before ? quiet + 1 : 0;
            before = lines.size();
            for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
                Map<String, Object> fields = Tree.map(Tree.parse(line));
                lines.put(Tree.text(fields.get("id"), ""), fields);
            }
        }
        lines.remove("");
        return lines;
    }

    private void compare(String id, Map<String, Object> line, Explanation said) {
        compared++;
        Explanation route = part(said, "route");
        String host = Tree.text(line.get("host"), "");
        check(id, "filter chain", line.get("chain"), part(said, "filter_chain").text("name"), said);
        check(
                id,
                "virtual host",
                line.get("virtual_host"),
                part(said, "virtual_host").text("name"),
                said);
        check(id, "route", line.get("route"), route.text("name"), said);
        boolean unknown = "cluster_not_found".equals(part(said, "outcome").text("details"));
        String cluster = unknown ? null : part(said, "cluster").text("name");
        check(id, "cluster", line.get("cluster"), cluster, said);
        if (!host.isEmpty()) {
            forwarded++;
            if (!eligible(part(said, "cluster"), host)) {
                differences.add(id + ": host " + host + " is not eligible in " + said);
            }
        }
        String details = Tree.text(line.get("details"), "");
        String answer = part(said, "outcome").text("details");
        boolean forwards = "forwarded".equals(part(said, "outcome").text("what"));
        if (!forwards && answer != null && !answer.equals(details)) {
            differences.add(id + ": ended by '" + details + "', explained by " + answer);
        }
    }

    private void check(
            String id, String what, @Nullable Object was, @Nullable String is, Explanation said) {
        String logged = Tree.text(was, "");
        String explained = is == null ? "" : is;
        if (!logged.equals(explained)) {
            differences.add(
                    "%s: %s was '%s', is '%s' in %s".formatted(id, what, logged, explained, said));
        }
    }

    private static boolean eligible(Explanation cluster, String host) {
        for (Object value : cluster.facts().values()) {
            if (!(value instanceof List<?> list)) {
                continue;
            }
            for (Object item : list) {
                if (item instanceof Explanation facts
                        && (isEligible(facts, host) || eligible(facts, host))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isEligible(Explanation facts, String host) {
        return Boolean.TRUE.equals(facts.facts().get("eligible"))
                && host.equals(facts.text("address"));
    }

    private static Explanation part(Explanation said, String name) {
        return said.facts().get(name) instanceof Explanation part ? part : new Explanation();
    }
}
