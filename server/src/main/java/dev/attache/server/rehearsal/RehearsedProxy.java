package dev.attache.server.rehearsal;

import dev.attache.server.Attache;
import dev.attache.server.assembly.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A proxy of this process that is started, served and ended as the command does it: flags, a
 * configuration file, {@code /quitquitquit}. Its ports are asked of its admin interface.
 */
final class RehearsedProxy implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int POLL_MILLIS = 5;

    private final String name;
    private final Thread running;
    private final int adminPort;
    private volatile int code = -1;

    private RehearsedProxy(String name, Path directory, Path configuration)
            throws IOException, StartupException, InterruptedException {
        this.name = name;
        Path address = directory.resolve(name + ".admin");
        String[] flags = {
            "-c",
            configuration.toString(),
            "--admin-address-path",
            address.toString(), //
            "--concurrency",
            "1",
            // The name that a proxy without flags takes is not a rehearsal's.
            "--use-dynamic-base-id",
            "-l",
            "info"
        };
        this.running =
                Thread.ofPlatform()
                        .daemon()
                        .name(name)
                        .start(() -> code = Attache.run(System.out, System.err, flags));
        this.adminPort = portOf(awaitText(address));
    }

    /**
     * Starts one and waits until it is live.
     *
     * @param resource its bootstrap, beside this class
     * @param values for the placeholders in it
     */
    static RehearsedProxy start(Path directory, String resource, Map<String, Integer> values)
            throws IOException, StartupException, InterruptedException {
        String text;
        try (InputStream in = Rehearsal.class.getResourceAsStream("/rehearsal/" + resource)) {
            if (in == null) {
                throw new IOException("no " + resource + " beside this class");
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, Integer> value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue().toString());
        }
        Path configuration = directory.resolve(resource);
        Files.writeString(configuration, text);
        RehearsedProxy proxy = new RehearsedProxy(resource, directory, configuration);
        proxy.awaitLive();
        return proxy;
    }

    int adminPort() {
        return adminPort;
    }

    /** The port that a listener is bound to. */
    int port(String listener) throws IOException, StartupException {
        try (RehearsalClient client = new RehearsalClient(adminPort)) {
            String lines = client.get("/listeners");
            String start = listener + "::";
            for (String line : lines.split("\n", -1)) {
                if (line.startsWith(start)) {
                    return portOf(line);
                }
            }
            throw new StartupException(name + " has no listener " + listener + ": " + lines);
        }
    }

    private void awaitLive() throws IOException, StartupException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        try (RehearsalClient client = new RehearsalClient(adminPort)) {
            while (!client.status("/ready").contains(" 200 ")) {
                pause(end, "did not become live");
            }
        }
    }

    private String awaitText(Path file) throws IOException, StartupException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(file) || Files.size(file) == 0) {
            pause(end, "did not open its admin interface");
        }
        return Files.readString(file);
    }

    private void pause(long end, String problem) throws StartupException, InterruptedException {
        if (System.nanoTime() > end || !running.isAlive()) {
            throw new StartupException(name + " " + problem);
        }
        Thread.sleep(POLL_MILLIS);
    }

    private static int portOf(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1).strip());
    }

    /** Ends it as an operator would. */
    @Override
    public void close() throws IOException, StartupException, InterruptedException {
        try (RehearsalClient client = new RehearsalClient(adminPort)) {
            client.post("/quitquitquit");
            running.join(LIMIT);
        }
        if (running.isAlive() || code != 0) {
            throw new StartupException(name + " did not end as it should, code " + code);
        }
    }
}
