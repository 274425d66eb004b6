package dev.attache.server.rehearsal;

import dev.attache.server.assembly.StartupException;
import dev.attache.server.log.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Two proxies in this process, loopback only, ports chosen by the system: one answers, the other
 * forwards to it. Takes some seconds; ends with code 0 if every request was answered, so that a
 * broken build is not recorded.
 */
public final class Rehearsal {

    private static final int REQUESTS = 3000;
    private static final String ORIGIN = "origin.json";
    private static final String PROXY = "proxy.yaml";

    private Rehearsal() {}

    public static void main(String[] arguments)
            throws IOException, StartupException, InterruptedException {
        Path directory = Files.createTempDirectory("attache-rehearsal");
        try {
            run(directory);
        } finally {
            for (String file : List.of(ORIGIN, PROXY)) {
                Files.deleteIfExists(directory.resolve(file));
                Files.deleteIfExists(directory.resolve(file + ".admin"));
            }
            Files.delete(directory);
        }
        Logging.flush();
    }

    private static void run(Path directory)
            throws IOException, StartupException, InterruptedException {
        try (RehearsedProxy origin = RehearsedProxy.start(directory, ORIGIN, Map.of());
                RehearsedProxy proxy =
                        RehearsedProxy.start(
                                directory, PROXY, Map.of("origin_port", origin.port("origin")))) {
            for (String listener : List.of("h1", "to_h2", "tcp")) {
                try (RehearsalClient client = new RehearsalClient(proxy.port(listener))) {
                    for (int i = 0; i < REQUESTS; i++) {
                        client.get("/");
                    }
                }
            }
            try (RehearsalClient client = new RehearsalClient(proxy.adminPort())) {
                for (String page : List.of("/ready", "/stats", "/stats/prometheus")) {
                    client.get(page);
                }
            }
        }
    }
}
