package dev.attache.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Several cases on one start of a proxy: their listeners, clusters and secrets stand beside each
 * other in one bootstrap, so their names must be their own. A few scripts play at a time; those
 * that change the proxy's list of listeners or clusters take turns.
 */
public final class SharedStart {
    private static final int LANES = 4;
    private final Path binary;
    private final Path directory;
    private final Certificates certificates;

    /**
     * @param binary the proxy
     * @param directory where its configuration, logs and the cases' files go; made when missing
     */
    public SharedStart(Path binary, Path directory, Certificates certificates) {
        this.binary = binary;
        this.directory = directory;
        this.certificates = certificates;
    }

    /**
     * Plays the cases.
     *
     * @param cases by name
     * @param expected what another proxy was seen to do, by name; empty when there is none yet
     * @return what was seen, by name
     * @throws ProxyProcess.NotStarted when the proxy refuses the configuration of one of them
     */
    public Map<String, Observation> play(
            Map<String, Map<String, Object>> cases, Map<String, Observation> expected)
            throws IOException, InterruptedException, GeneralSecurityException {
        Map<String, CaseRun> runs = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Map<String, Object>> e : cases.entrySet()) {
                Path own = directory.resolve(e.getKey());
                CaseRun run = new CaseRun(e.getValue(), own, binary, certificates);
                runs.put(e.getKey(), run);
                run.prepare();
            }
            start(runs, expected);
        } finally {
            for (CaseRun run : runs.values()) {
                run.close();
            }
        }
        Map<String, Observation> seen = new LinkedHashMap<>();
        runs.forEach((name, run) -> seen.put(name, run.observation()));
        return seen;
    }

    private void start(Map<String, CaseRun> runs, Map<String, Observation> expected)
            throws IOException, InterruptedException {
        int admin = Ports.free();
        List<CaseRun> all = List.copyOf(runs.values());
        DiscoveryFiles discovery = new DiscoveryFiles(directory);
        discovery.open(all);
        Path config = directory.resolve("envoy.json");
        Files.writeString(config, Tree.json(bootstrap(admin, all, discovery), false));
        try (ProxyProcess proxy = ProxyProcess.start(binary, config, directory, admin, List.of())) {
            exchange(all, proxy, discovery);
            List<LateObservations> late = new ArrayList<>();
            runs.forEach((name, run) -> late.add(new LateObservations(run, expected.get(name))));
            if (proxy.alive()) {
                LateObservations.collect(late, proxy);
            }
            if (!proxy.alive()) {
                String log = proxy.complaints();
                all.forEach(run -> run.observation().put("process", "ended:\n" + log));
            }
        }
    }

    private static void exchange(List<CaseRun> runs, ProxyProcess proxy, DiscoveryFiles discovery)
            throws IOException, InterruptedException {
        try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
            List<Future<?>> scripts = new ArrayList<>();
            for (CaseRun run : runs) {
                scripts.add(lanes.submit(() -> exchange(run, proxy, discovery)));
            }
            for (Future<?> script : scripts) {
                script.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a script could not be played", e);
        }
    }

    private static CaseRun exchange(CaseRun run, ProxyProcess proxy, DiscoveryFiles discovery)
            throws IOException, InterruptedException {
        boolean changing = DiscoveryFiles.usedBy(run);
        if (changing) {
            discovery.turn.lock();
        }
        try {
            run.exchange(proxy, new Surroundings(run, proxy, discovery));
        } finally {
            if (changing) {
                discovery.turn.unlock();
            }
        }
        return run;
    }

    /** One bootstrap of all: lists of resources are joined, everything else is merged. */
    private static Map<String, Object> bootstrap(
            int admin, List<CaseRun> runs, DiscoveryFiles discovery) {
        Map<String, Object> joined = new LinkedHashMap<>(discovery.bootstrap());
        Map<String, List<Object>> resources = new LinkedHashMap<>();
        for (CaseRun run : runs) {
            Map<String, Object> own = new LinkedHashMap<>(run.bootstrap());
            Tree.map(own.remove("static_resources"))
                    .forEach((kind, list) ->
                            resources
                                    .computeIfAbsent(kind, any -> new ArrayList<>())
                                    .addAll(Tree.list(list)));
            joined = new LinkedHashMap<>(Tree.map(Tree.merge(joined, own)));
        }
        Object address = Map.of("address", "127.0.0.1", "port_value", admin);
        joined.put("admin", Map.of("address", Map.of("socket_address", address)));
        joined.put("static_resources", resources);
        return joined;
    }
}
