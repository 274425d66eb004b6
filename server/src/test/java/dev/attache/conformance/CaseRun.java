package dev.attache.conformance;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One run of one case against one proxy: its ports, files, fake upstreams and what was seen. Used
 * by one thread; {@code background} exchanges add to it from their own.
 */
final class CaseRun implements Closeable {
    private static final Pattern PEER = Pattern.compile("127\\.0\\.0\\.1:[0-9]{4,5}");
    private final Map<String, Object> spec;
    private final Path directory;
    private final Path binary;
    private final Certificates certificates;
    private final Normaliser normaliser = new Normaliser();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Upstream> upstreams = new LinkedHashMap<>();
    private final Observation observation = new Observation();

    /** Sends what is in files otherwise, or null. */
    private @Nullable AggregatedDiscovery sender;

    CaseRun(Map<String, Object> spec, Path directory, Path binary, Certificates certificates) {
        this.spec = spec;
        this.directory = directory;
        this.binary = binary;
        this.certificates = certificates;
    }

    /**
     * Plays the case on a proxy of its own.
     *
     * @param expected what another proxy was seen to do, or null; what shows late (log lines,
     *     statistics) is waited for a while until it agrees
     */
    Observation play(@Nullable Observation expected)
            throws IOException, InterruptedException, GeneralSecurityException {
        prepare();
        if (spec.containsKey("run")) {
            new CommandRun(
                            Tree.map(Tree.replace(spec.get("run"), this::lookup)),
                            binary,
                            directory,
                            normaliser)
                    .play(observation);
            return observation;
        }
        return onAProxy(expected, bootstrap -> bootstrap);
    }

    /**
     * Plays the case with its listeners, routes and clusters sent by gRPC.
     *
     * @param manner {@code sotw} or {@code delta}
     */
    Observation playOver(String manner, @Nullable Observation expected)
            throws IOException, InterruptedException, GeneralSecurityException {
        prepare();
        try (AggregatedDiscovery ads = new AggregatedDiscovery(manner, bootstrap())) {
            sender = ads;
            Observation seen = onAProxy(expected, bootstrap -> ads.bootstrap());
            seen.put("refused by " + manner, normaliser.text(String.join("\n", ads.refusals())));
            return seen;
        }
    }

    private Observation onAProxy(
            @Nullable Observation expected, UnaryOperator<Map<String, Object>> from)
            throws IOException, InterruptedException {
        Path config = directory.resolve(Tree.text(spec.get("config_name"), "envoy.yaml"));
        DiscoveryFiles discovery = new DiscoveryFiles(directory);
        if (!spec.containsKey("config_text")) {
            Object tree = from.apply(bootstrap());
            if (DiscoveryFiles.usedBy(this)) {
                discovery.open(List.of(this));
                tree = Tree.merge(tree, discovery.bootstrap());
            }
            Files.writeString(config, Tree.json(tree, false));
        }
        List<String> arguments =
                Tree.strings(Tree.replace(Tree.list(spec.get("arguments")), this::lookup));
        try (ProxyProcess proxy =
                ProxyProcess.start(binary, config, directory, port("admin"), arguments)) {
            exchange(proxy, new Surroundings(this, proxy, discovery));
            LateObservations.collect(List.of(new LateObservations(this, expected)), proxy);
            new ProcessLog(this, proxy).collect(expected);
            if (!proxy.alive()) {
                observation.put("process", "ended:\n" + proxy.log());
            }
        }
        return observation;
    }

    /** The bootstrap of this case, ports and paths filled in. */
    Map<String, Object> bootstrap() {
        return Tree.map(filled(new BootstrapWriter(spec).write()));
    }

    /** Plays the exchanges against a running proxy. */
    void exchange(ProxyProcess proxy, Surroundings surroundings)
            throws IOException, InterruptedException {
        new Exchanges(this, proxy, new Connector(certificates), surroundings)
                .play(Tree.list(filled(spec.get("exchanges"))));
    }

    /** A part of the case with its placeholders replaced. */
    @Nullable Object filled(@Nullable Object part) {
        return Tree.replace(part, this::lookup);
    }

    /** Starts the upstreams, takes ports and writes the files. */
    void prepare() throws IOException, GeneralSecurityException {
        Files.createDirectories(directory);
        for (Map.Entry<String, Object> e : Tree.map(spec.get("upstreams")).entrySet()) {
            upstreams.put(
                    e.getKey(),
                    new Upstream(
                            e.getKey(), Tree.map(filled(e.getValue())), certificates, normaliser));
        }
        normaliser.rules(Tree.list(spec.get("normalise")));
        normaliser.literal(directory.toString(), "<dir>");
        upstreams.forEach((name, upstream) -> {
            for (int i = 0; i < upstream.hosts(); i++) {
                normaliser.port(upstream.port(i), "<port of " + name + ">");
            }
        });
        normaliser.port(port("listener"), "<port of listener>");
        normaliser.port(port("admin"), "<port of admin>");
        for (String name : Tree.strings(spec.get("ports"))) {
            normaliser.port(port("port." + name), "<port of " + name + ">");
        }
        normaliser.rules(List.of(Map.of("pattern", PEER.pattern(), "with", "127.0.0.1:<port>")));
        Map<String, Object> files = new LinkedHashMap<>(Tree.map(spec.get("files")));
        if (spec.containsKey("config_text")) {
            files.put(Tree.text(spec.get("config_name"), "envoy.yaml"), spec.get("config_text"));
        }
        for (Map.Entry<String, Object> e : files.entrySet()) {
            Files.write(directory.resolve(e.getKey()), content(e.getValue()));
        }
    }

    /** Moves a copy of one of the case's files over another, as those who watch a file want it. */
    void replace(String file, String with) throws IOException {
        Path copy = directory.resolve(with + ".moving");
        Files.copy(directory.resolve(with), copy);
        Files.move(copy, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    /** What sends the case's resources by gRPC, or null where they are in files. */
    @Nullable AggregatedDiscovery sender() {
        return sender;
    }

    /** What a file of the case holds: text as it stands, or a tree as JSON. */
    byte[] content(Object file) {
        return Message.bytes(
                file instanceof String s
                        ? Tree.replaceText(s, this::lookup)
                        : Tree.json(filled(file), false));
    }

    Map<String, Object> spec() {
        return spec;
    }

    Path directory() {
        return directory;
    }

    Observation observation() {
        return observation;
    }

    Normaliser normaliser() {
        return normaliser;
    }

    Path accessLog() {
        return directory.resolve("access.log");
    }

    Map<String, Upstream> upstreams() {
        return upstreams;
    }

    int port(String name) {
        return ports.computeIfAbsent(name, any -> Ports.free());
    }

    /** The value of a placeholder. */
    private String lookup(String name) {
        String[] parts = name.split("\\.", 2);
        return switch (parts[0]) {
            case "listener", "admin", "port" -> String.valueOf(port(name));
            case "log" -> accessLog().toString();
            case "dir" -> directory.toString();
            case "cert" -> certificates.chain(parts[1]).toString();
            case "key" -> certificates.key(parts[1]).toString();
            case "ocsp" -> certificates.ocsp(parts[1]).toString();
            case "upstream" -> upstreamPort(parts[1]);
            case "descriptors" -> DescriptorSets.file(parts[1], directory).toString();
            case "token" -> Tokens.token(Tree.map(spec.get("tokens")).get(parts[1]));
            case "jwks" -> Tokens.keys(parts[1]);
            default -> throw new IllegalArgumentException("unknown placeholder ${" + name + "}");
        };
    }

    private String upstreamPort(String name) {
        String[] parts = name.split("\\.");
        Upstream upstream = upstreams.get(parts[0]);
        if (upstream == null) {
            throw new IllegalArgumentException("no upstream is called " + parts[0]);
        }
        return String.valueOf(upstream.port(parts.length > 2 ? Integer.parseInt(parts[2]) : 0));
    }

    @Override
    public void close() throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (Upstream upstream : upstreams.values()) {
            try {
                upstream.close();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }
}
