package dev.attache.agent.dataplane;

import dev.attache.server.Attache;
import dev.attache.server.AttacheServer;
import dev.attache.server.admin.AdminPage;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.CommandLine;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.Version;
import dev.attache.server.log.Logging;
import dev.attache.xds.stream.LocalServices;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy in this process: it takes the child's command line and runs on its own threads. Asked
 * on its main loop without a connection; what the agent waits for, it waits for on its own threads.
 */
public final class EmbeddedDataPlane implements DataPlane {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    /** As long as a scrape takes that nobody limits. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final ServerOptions options;
    private final LocalServices local;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private volatile @Nullable AttacheServer server;

    private EmbeddedDataPlane(ServerOptions options, LocalServices local) {
        this.options = options;
        this.local = local;
    }

    /**
     * By the arguments of a child.
     *
     * @param services in-process servers by the paths of the sockets that the proxy would use
     * @throws IOException if they are not those of a proxy that serves; the message says what is
     *     wrong with them
     */
    public static EmbeddedDataPlane of(ProxyCommand command, Map<String, String> services)
            throws IOException {
        CommandLine.Result parsed =
                CommandLine.parse(
                        "attache", Version.fiveParts(), command.arguments().toArray(String[]::new));
        return switch (parsed) {
            case CommandLine.Result.Run run ->
                    new EmbeddedDataPlane(run.options(), new LocalServices(services));
            case CommandLine.Result.Exit exit ->
                    throw new IOException(
                            "the proxy does not take its command line: "
                                    + exit.standardError()
                                    + exit.standardOutput());
        };
    }

    @Override
    public void start() throws IOException {
        Attache.configureLog(options);
        Thread.ofPlatform().name("proxy-start").start(this::run);
    }

    private void run() {
        try {
            AttacheServer started = AttacheServer.start(options, local, this::lost);
            server = started;
            started.awaitClosed();
            String failure = started.lifecycle().failure();
            ended.complete(new Ended(failure == null ? "" : failure));
        } catch (StartupException e) {
            LOG.error(
                    "error initializing configuration '{}': {}",
                    options.configPath(),
                    e.getMessage());
            ended.complete(new Ended("exit status 1"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended.complete(new Ended("interrupted"));
        } catch (RuntimeException | Error e) {
            LOG.error("starting the proxy failed", e);
            ended.complete(new Ended("exit status 1"));
        }
    }

    /** The proxy cannot go on, and neither can its process. */
    private void lost(int code) {
        ended.complete(new Ended("exit status " + code));
    }

    @Override
    public String adminGet(String target, Duration limit) throws IOException {
        return new String(ask("GET", target, limit).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public InputStream prometheus(String query, PrometheusAsker asker, Duration limit)
            throws IOException {
        String target = "/stats/prometheus" + (query.isEmpty() ? "" : "?" + query);
        return ask("GET", target, limit.isZero() ? LONGEST : limit);
    }

    private InputStream ask(String method, String target, Duration limit) throws IOException {
        AttacheServer running = server;
        if (running == null) {
            throw new IOException("the proxy has not started yet");
        }
        AdminPage page = running.ask(method, target, limit);
        if (page.status() != 200) {
            throw new IOException("unexpected status " + page.status());
        }
        return page.body();
    }

    @Override
    public void drain(boolean inboundOnly, boolean skipExit) throws IOException {
        ask(
                        "POST",
                        "/drain_listeners?"
                                + (inboundOnly ? "inboundonly&graceful" : "graceful")
                                + (skipExit ? "&skip_exit" : ""),
                        DRAIN_LIMIT)
                .close();
    }

    @Override
    public CompletableFuture<Ended> ended() {
        return ended;
    }

    /** Opens the log and the access logs anew, as SIGUSR1 has it. */
    public void reopenLogs() {
        Logging.reopen();
        AttacheServer running = server;
        if (running != null) {
            running.reopenLogs();
        }
    }

    /** The end of the process follows; closing in order would only take time. */
    @Override
    public void kill() {
        ended.complete(new Ended("signal: killed"));
    }
}
