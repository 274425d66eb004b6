package dev.attache.agent.hook;

import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpFields;
import dev.attache.agent.http.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code wait} and {@code request}: pilot-agent's flags, words and exit codes. */
public final class HookMain {

    /** What pilot-agent exits with whatever went wrong. */
    public static final int FAILED = 255;

    private static final Set<Integer> DEBUG_PORTS =
            new TreeSet<>(List.of(15000, 15004, 15020, 15021));
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);

    private final PrintStream out;
    private final PrintStream err;

    private HookMain(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs and exits. */
    public static void main(String[] arguments) {
        int code = run(System.out, System.err, arguments);
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    /**
     * Runs the command that the first argument names.
     *
     * @return the exit code: 0, or 255 as pilot-agent's
     */
    public static int run(PrintStream out, PrintStream err, String... arguments) {
        HookMain main = new HookMain(out, err);
        List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
        try {
            return arguments[0].equals("wait") ? main.await(rest) : main.request(rest);
        } catch (HookException | IOException e) {
            return main.failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return main.failed("interrupted");
        }
    }

    private int failed(String why) {
        log("error", why);
        err.println("Error: " + why);
        return FAILED;
    }

    /** As Istio's logger writes to the terminal. */
    private void log(String level, String message) {
        out.println(Instant.now().truncatedTo(ChronoUnit.MICROS) + "\t" + level + "\t" + message);
    }

    private int await(List<String> arguments) throws HookException, InterruptedException {
        HookFlags flags = HookFlags.parse(arguments, HookUsage.WAIT_FLAGS);
        if (flags.help()) {
            out.print(HookUsage.WAIT);
            return 0;
        }
        int timeout = flags.number("timeoutSeconds");
        long period = Math.max(0, flags.number("periodMillis"));
        URI url = url(flags.text("url"));
        log("info", "Waiting for Envoy proxy to be ready (timeout: " + timeout + " seconds)...");
        long end = System.nanoTime() + timeout * 1_000_000_000L;
        String last = "<nil>";
        while (true) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left < period) {
                Thread.sleep(Math.max(0, left));
                throw new HookException(
                        "timeout waiting for Envoy proxy to become ready. Last error: " + last);
            }
            Thread.sleep(period);
            last = notReady(url, flags.number("requestTimeoutMillis"));
            if (last.isEmpty()) {
                log("info", "Envoy is ready!");
                return 0;
            }
        }
    }

    private static URI url(String text) throws HookException {
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new HookException("parse \"" + text + "\": " + e.getMessage());
        }
        if (!"http".equals(url.getScheme()) || url.getHost() == null) {
            throw new HookException("the URL has to begin with http:// and name a host: " + text);
        }
        return url;
    }

    /** Why it is not, empty when it is. */
    private static String notReady(URI url, int timeoutMillis) {
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        int port = url.getPort() < 0 ? 80 : url.getPort();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
        HttpCall call = HttpCall.get(host, port, target);
        Deadline limit =
                timeoutMillis <= 0
                        ? Deadline.never()
                        : Deadline.in(Duration.ofMillis(timeoutMillis));
        try (HttpReply reply = call.send(limit)) {
            reply.body().transferTo(java.io.OutputStream.nullOutputStream());
            return reply.status() == 200 ? "" : "HTTP status code " + reply.status();
        } catch (SocketTimeoutException e) {
            return "Get \""
                    + url
                    + "\": context deadline exceeded (Client.Timeout exceeded while awaiting"
                    + " headers)";
        } catch (IOException e) {
            return "Get \"" + url + "\": " + e.getMessage();
        }
    }

    private int request(List<String> arguments) throws HookException, IOException {
        HookFlags flags = HookFlags.parse(arguments, HookUsage.REQUEST_FLAGS);
        if (flags.help()) {
            out.print(HookUsage.REQUEST);
            return 0;
        }
        List<String> words = flags.words();
        if (words.size() < 2) {
            throw new HookException("requires at least 2 arg(s), only received " + words.size());
        }
        int port = flags.number("debug-port");
        if (!DEBUG_PORTS.contains(port)) {
            throw new HookException(
                    "debug port "
                            + port
                            + " is not in allowed list "
                            + DEBUG_PORTS.toString().replace(",", ""));
        }
        String body = words.size() > 2 ? words.get(2) : "";
        return request(words.get(0), words.get(1), body, port);
    }

    private int request(String method, String path, String body, int port)
            throws HookException, IOException {
        String target = "/" + (path.startsWith("/") ? path.substring(1) : path);
        String url = "http://localhost:" + port + target;
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpFields fields =
                HttpFields.of(
                        "Host", "localhost:" + port,
                        "User-Agent", "Go-http-client/1.1",
                        "Connection", "close");
        HttpCall call = new HttpCall("localhost", port, null, null, method, target, fields, bytes);
        try (HttpReply reply = call.send(Deadline.in(REQUEST_LIMIT))) {
            if (reply.status() > 399 && reply.status() != 404) {
                throw new HookException(
                        "received unsuccessful status code "
                                + reply.status()
                                + ": "
                                + reply.text());
            }
            print(reply.body());
            return 0;
        } catch (IOException e) {
            throw new HookException(
                    method.charAt(0)
                            + method.substring(1).toLowerCase(java.util.Locale.ROOT)
                            + " \""
                            + url
                            + "\": "
                            + e.getMessage());
        }
    }

    /** As it comes: a dump of a large configuration is not held. */
    private void print(InputStream body) throws IOException {
        body.transferTo(out);
        out.print('\n');
        out.flush();
    }
}
