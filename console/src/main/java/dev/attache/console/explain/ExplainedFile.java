package dev.attache.console.explain;

import dev.attache.console.command.UsageException;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.server.AttacheServer;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.explain.QuestionReader;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.flags.ServerOptions.ExplainOptions;
import dev.attache.server.log.LogLevel;
import dev.attache.server.log.Logging;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A file explained: a proxy of this process takes it as any proxy would, but for what would open a
 * port, ask a control plane or check hosts.
 */
final class ExplainedFile {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private ExplainedFile() {}

    /**
     * Starts a proxy from the file, asks it and ends it.
     *
     * @throws IOException where the file is refused, or needs something that no file can have
     */
    static Explanation ask(String file, Map<String, String> parameters)
            throws UsageException, IOException {
        if (parameters.containsKey("request_id")) {
            throw new UsageException(
                    "--request-id is for a running proxy; a file has seen nothing");
        }
        Question question;
        try {
            question = QuestionReader.read(parameters);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
        Logging.setLevel(LogLevel.OFF);
        ServerOptions options =
                ServerOptions.builder()
                        .configPath(file)
                        .concurrency(1)
                        .logLevel(LogLevel.OFF)
                        .explain(ExplainOptions.OFFLINE)
                        .build();
        try (AttacheServer server = AttacheServer.start(options)) {
            if (!server.awaitLive(LIMIT)) {
                throw new IOException(
                        file
                                + ": something that it needs does not come without a control plane"
                                + " (routes by rds, secrets by sds)");
            }
            return server.explain(question).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (StartupException e) {
            throw new IOException(file + " is refused: " + e.getMessage(), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("explaining failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
