package dev.attache.server.rehearsal;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.server.AttacheServer;
import dev.attache.server.StartupException;
import dev.attache.server.Version;
import dev.attache.server.flags.CommandLine;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.log.Logging;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two proxies in this process, loopback only, ports chosen by the system: one answers, the other
 * forwards to it. Takes some seconds; ends with code 0 if every request was answered, so that a
 * broken build is not recorded.
 */
public final class Rehearsal {

    private static final int REQUESTS = 3000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Rehearsal() {}

    public static void main(String[] arguments)
            throws IOException, StartupException, InterruptedException {
        try (AttacheServer origin = start("origin.yaml", Map.of());
                AttacheServer proxy =
                        start("proxy.yaml", Map.of("origin_port", port(origin, "origin")))) {
            for (String listener : new String[] {"h1", "to_h2", "tcp"}) {
                try (RehearsalClient client = new RehearsalClient(port(proxy, listener))) {
                    for (int i = 0; i < REQUESTS; i++) {
                        client.get("/");
                    }
                }
            }
            try (RehearsalClient client =
                    new RehearsalClient(port(proxy.adminAddress(), "the admin interface"))) {
                for (String page : new String[] {"/ready", "/stats", "/stats/prometheus"}) {
                    client.get(page);
                }
            }
        }
        Logging.flush();
    }

    private static AttacheServer start(String resource, Map<String, Object> values)
            throws IOException, StartupException, InterruptedException {
        String yaml;
        try (InputStream in = Rehearsal.class.getResourceAsStream("/rehearsal/" + resource)) {
            if (in == null) {
                throw new IOException("no " + resource + " beside this class");
            }
            yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, Object> value : values.entrySet()) {
            yaml = yaml.replace("${" + value.getKey() + "}", value.getValue().toString());
        }
        AttacheServer server = AttacheServer.start(options(yaml));
        if (!server.awaitLive(LIMIT)) {
            server.close();
            throw new StartupException(resource + " did not become live");
        }
        return server;
    }

    /** By the command line, which the real start reads too. */
    private static ServerOptions options(String yaml) throws StartupException {
        String[] flags = {"--config-yaml", yaml, "--concurrency", "1", "-l", "info"};
        return switch (CommandLine.parse("attache", Version.fiveParts(), flags)) {
            case CommandLine.Result.Run run -> run.options();
            case CommandLine.Result.Exit exit -> throw new StartupException(exit.standardError());
        };
    }

    private static int port(AttacheServer server, String listener) throws StartupException {
        List<Address> bound = server.listenerAddresses().getOrDefault(listener, List.of());
        return port(bound.isEmpty() ? null : bound.getFirst(), listener);
    }

    private static int port(@Nullable Address address, String what) throws StartupException {
        if (address instanceof IpAddress ip) {
            return ip.port();
        }
        throw new StartupException(what + " has no port");
    }
}
