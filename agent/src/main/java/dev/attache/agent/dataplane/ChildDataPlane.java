package dev.attache.agent.dataplane;

import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpReply;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy as a child of this process, by its command line: Attache's own launcher, or Envoy. Asked
 * over its administration interface, ended by SIGKILL, as pilot-agent does.
 */
public final class ChildDataPlane implements DataPlane {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);
    private static final int FIRST_SIGNAL = 129;
    private static final String USER = "1337";

    private final ProxyCommand command;
    private final AdminAddress admin;
    private final ProxyRecord record;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private volatile @Nullable Process process;

    /**
     * @param record where the process is noted, for an agent that comes after this one was killed
     */
    public ChildDataPlane(ProxyCommand command, AdminAddress admin, Path record) {
        this.record = new ProxyRecord(record);
        this.command = command;
        this.admin = admin;
    }

    @Override
    public void endPrevious() {
        record.endOrphan();
    }

    @Override
    public void start() throws IOException {
        LOG.info("Envoy command: {}", command.arguments());
        ProcessBuilder builder = new ProcessBuilder(commandLine()).inheritIO();
        builder.environment().putAll(command.extraEnvironment());
        // To the supervisor the agent speaks.
        builder.environment().remove("NOTIFY_SOCKET");
        Process started = builder.start();
        process = started;
        record.keep(started.pid());
        Thread.ofVirtual().name("proxy-process").start(() -> await(started));
    }

    /** Its process' number, 0 before it is started. */
    public long pid() {
        Process running = process;
        return running == null ? 0 : running.pid();
    }

    private List<String> commandLine() {
        List<String> line = new ArrayList<>();
        if (command.asIstioUser()) {
            line.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        line.add(command.binary().toString());
        line.addAll(command.arguments());
        return line;
    }

    private void await(Process started) {
        try {
            String reason = reason(started.waitFor());
            record.forget();
            ended.complete(new Ended(reason));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended.complete(new Ended("interrupted"));
        }
    }

    /** The words of Go for what {@link Process} shows as a number. */
    private static String reason(int code) {
        if (code == 0) {
            return "";
        }
        return switch (code) {
            case 137 -> "signal: killed";
            case 143 -> "signal: terminated";
            case 130 -> "signal: interrupt";
            case 134 -> "signal: aborted (core dumped)";
            case 139 -> "signal: segmentation fault (core dumped)";
            default ->
                    code >= FIRST_SIGNAL && code < FIRST_SIGNAL + 63
                            ? "signal: " + (code - FIRST_SIGNAL + 1)
                            : "exit status " + code;
        };
    }

    @Override
    public String adminGet(String target, Duration limit) throws IOException {
        HttpCall call = admin.authorized(HttpCall.get(admin.host(), admin.adminPort(), target));
        try (HttpReply reply = call.send(Deadline.in(limit))) {
            if (reply.status() != 200) {
                throw new IOException("unexpected status " + reply.status());
            }
            return reply.text();
        } catch (ConnectException e) {
            String url = "http://" + HttpCall.hostAndPort(admin.host(), admin.adminPort());
            throw new IOException("Get \"" + url + target + "\": " + e.getMessage(), e);
        }
    }

    @Override
    public InputStream prometheus(String query, PrometheusAsker asker, Duration limit)
            throws IOException {
        String target = "/stats/prometheus" + (query.isEmpty() ? "" : "?" + query);
        HttpCall call = HttpCall.get("localhost", admin.prometheusPort(), target);
        set(call, "Accept", asker.accept());
        set(call, "User-Agent", asker.userAgent());
        set(call, "X-Prometheus-Scrape-Timeout-Seconds", asker.timeoutSeconds());
        HttpReply reply = call.send(limit.isZero() ? Deadline.never() : Deadline.in(limit));
        if (reply.status() != 200) {
            reply.close();
            throw new IOException("status code: " + reply.status());
        }
        return new FilterInputStream(reply.body()) {
            @Override
            public void close() throws IOException {
                reply.close();
            }
        };
    }

    private static void set(HttpCall call, String name, String value) {
        if (!value.isEmpty()) {
            call.fields().set(name, value);
        }
    }

    @Override
    public void drain(boolean inboundOnly, boolean skipExit) throws IOException {
        String target =
                "/drain_listeners?"
                        + (inboundOnly ? "inboundonly&graceful" : "graceful")
                        + (skipExit ? "&skip_exit" : "");
        HttpCall call =
                admin.authorized(
                        HttpCall.of("POST", admin.host(), admin.adminPort(), target, new byte[0]));
        try (HttpReply reply = call.send(Deadline.in(DRAIN_LIMIT))) {
            reply.text();
        }
    }

    @Override
    public CompletableFuture<Ended> ended() {
        return ended;
    }

    @Override
    public void kill() {
        Process running = process;
        if (running == null) {
            ended.complete(new Ended(""));
            return;
        }
        running.destroyForcibly();
        try {
            running.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
