package dev.attache.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What happens around a proxy between two requests: an upstream changes its mind, a configuration
 * file is replaced, and the script waits until the proxy has noticed. Nothing here waits for a
 * clock: each wait ends when a statistic or a page of the admin interface says so.
 */
final class Surroundings {
    private static final long PATIENCE = 8_000_000_000L;

    /** A worker adopts what the main thread has accepted a moment later. */
    private static final int ADOPTION = 60;

    private final CaseRun run;
    private final ProxyProcess proxy;
    private final DiscoveryFiles discovery;

    /**
     * @param discovery the files that dynamic listeners and clusters come from
     */
    Surroundings(CaseRun run, ProxyProcess proxy, DiscoveryFiles discovery) {
        this.run = run;
        this.proxy = proxy;
        this.discovery = discovery;
    }

    /** Plays one step and says how it ended. */
    String change(String kind, Map<String, Object> spec) throws IOException, InterruptedException {
        return switch (kind) {
            case "upstream" -> upstream(spec);
            case "file" -> {
                Path file = run.directory().resolve(Tree.text(spec.get("name"), ""));
                yield replaced(file, run.content(spec.getOrDefault("content", "")), spec);
            }
            case "resources" -> resources(spec);
            case "disconnect" -> {
                AggregatedDiscovery sender = run.sender();
                if (sender != null) {
                    sender.disconnect();
                }
                yield "";
            }
            case "await" -> await(spec);
            default -> throw new IllegalArgumentException("unknown exchange: " + kind);
        };
    }

    private String upstream(Map<String, Object> spec) {
        named(Tree.text(spec.get("name"), "")).mode(Tree.text(spec.get("mode"), ""));
        return "";
    }

    private Upstream named(String name) {
        Upstream upstream = run.upstreams().get(name);
        if (upstream == null) {
            throw new IllegalArgumentException("no upstream is called " + name);
        }
        return upstream;
    }

    private String resources(Map<String, Object> spec) throws IOException, InterruptedException {
        String kind = Tree.text(spec.get("kind"), "");
        byte[] content = discovery.with(run, kind, Tree.list(spec.get("resources")));
        return replaced(discovery.file(kind), content, spec);
    }

    /** Moves new content over a file and waits until the subscription has counted a verdict. */
    private String replaced(Path file, byte[] content, Map<String, Object> spec)
            throws IOException, InterruptedException {
        String prefix = Tree.text(spec.get("counters"), "");
        Map<String, Long> before = verdicts(prefix);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        AggregatedDiscovery sender = run.sender();
        if (sender != null) {
            sender.replaced(file, content);
        }
        if (prefix.isEmpty()) {
            return "";
        }
        if (before.isEmpty()) {
            throw new IllegalArgumentException("no subscription is counted below " + prefix);
        }
        long deadline = System.nanoTime() + PATIENCE;
        while (System.nanoTime() < deadline) {
            Map<String, Long> now = verdicts(prefix);
            if (!now.equals(before)) {
                Thread.sleep(ADOPTION);
                return now.entrySet().stream()
                        .filter(e -> !e.getValue().equals(before.get(e.getKey())))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.joining(" ", "", "\n"));
            }
            Thread.sleep(10);
        }
        return "not noticed\n";
    }

    private Map<String, Long> verdicts(String prefix) throws IOException, InterruptedException {
        Pattern verdict =
                Pattern.compile(Pattern.quote(prefix) + "update_(success|rejected|failure)");
        return stats().stream()
                .filter(line -> verdict.matcher(line.split(": ")[0]).matches())
                .collect(
                        Collectors.toMap(
                                line -> line.split(": ")[0].substring(prefix.length()),
                                line -> Long.valueOf(line.split(": ")[1])));
    }

    /**
     * Waits for a statistic ({@code stat}, {@code reaches}), or for lines of an admin page ({@code
     * path}, {@code lines}, {@code are}: a regular expression that each of them matches).
     */
    private String await(Map<String, Object> spec) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE;
        String last = "";
        while (System.nanoTime() < deadline) {
            if (spec.containsKey("stat")) {
                last = stat(Tree.text(spec.get("stat"), ""));
                if (last.equals(Tree.text(spec.get("reaches"), ""))) {
                    return "reached\n";
                }
            } else if (spec.containsKey("upstream")) {
                Pattern wanted = Pattern.compile(Tree.text(spec.get("receives"), ""));
                List<String> received = named(Tree.text(spec.get("upstream"), "")).received();
                if (received.stream().anyMatch(text -> wanted.matcher(text).find())) {
                    return "reached\n";
                }
            } else {
                List<String> lines = lines(spec);
                Pattern wanted = Pattern.compile(Tree.text(spec.get("are"), ""));
                last = String.join("\n", lines);
                if (!lines.isEmpty() && lines.stream().allMatch(l -> wanted.matcher(l).find())) {
                    return "reached\n";
                }
            }
            Thread.sleep(15);
        }
        return "not reached: " + run.normaliser().text(last) + "\n";
    }

    private String stat(String name) throws IOException, InterruptedException {
        return stats().stream()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("absent");
    }

    private List<String> lines(Map<String, Object> spec) throws IOException, InterruptedException {
        Pattern wanted = Pattern.compile(Tree.text(spec.get("lines"), ".*"));
        return new AdminPages(proxy)
                .lines(Tree.text(spec.get("path"), "/")).stream()
                        .filter(line -> wanted.matcher(line).find())
                        .toList();
    }

    private List<String> stats() throws IOException, InterruptedException {
        return new AdminPages(proxy).lines("/stats");
    }
}
