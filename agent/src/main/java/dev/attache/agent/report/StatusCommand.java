package dev.attache.agent.report;

import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpReply;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * {@code attache agent status}: asks the agent of this machine or pod for its report and prints it.
 * Exit codes: 0 it is ready, 1 it is not, 2 the command line cannot be read, 3 no agent answers.
 * Used once, by one thread.
 */
public final class StatusCommand {
    public static final int READY = 0;
    public static final int NOT_READY = 1;
    public static final int USAGE = 2;
    public static final int NO_AGENT = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LARGEST = 16 << 20;
    private static final String HELP =
            """
            Usage: attache agent status [--output text|json] [--port 15020]

            Prints what the agent of this machine or pod says of itself: identity and how long it
            holds, control plane, last pushes and rejections, names, readiness, draining.

              -o, --output   text (default) or json
              --port         of the agent's status server, on 127.0.0.1

            Exit codes: 0 ready, 1 not ready, 2 usage, 3 no agent answers.
            """;

    private final PrintStream out;
    private final PrintStream err;
    private int port = 15_020;
    private boolean json;

    private StatusCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs it and returns the exit code. */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        return new StatusCommand(out, err).run(arguments);
    }

    private int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(HELP);
            return READY;
        }
        try {
            read(arguments);
        } catch (IllegalArgumentException e) {
            err.println("Error: " + e.getMessage());
            err.print(HELP);
            return USAGE;
        }
        String address = "http://127.0.0.1:" + port + AgentReport.PATH;
        try {
            AgentReport report = AgentReport.fromJson(ask(port));
            out.print(json ? report.toJson() : ReportText.of(report));
            out.flush();
            return report.readiness().ready() ? READY : NOT_READY;
        } catch (IOException | IllegalArgumentException e) {
            err.println(
                    "Error: no agent answers at "
                            + address
                            + ": "
                            + e.getMessage()
                            + "; is it running here, and is its statusPort "
                            + port
                            + "? (--port names another)");
            return NO_AGENT;
        }
    }

    private void read(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            String value = "";
            int equals = name.indexOf('=');
            if (equals >= 0) {
                value = name.substring(equals + 1);
                name = name.substring(0, equals);
            } else if (i + 1 < arguments.size()) {
                value = arguments.get(++i);
            }
            switch (name) {
                case "-o", "--output" -> json = format(value);
                case "--port" -> port = port(value);
                default -> throw new IllegalArgumentException("unknown argument \"" + name + "\"");
            }
        }
    }

    private static boolean format(String value) {
        return switch (value) {
            case "json" -> true;
            case "text" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "--output is text or json, not \"" + value + "\"");
        };
    }

    private static int port(String value) {
        try {
            int number = Integer.parseInt(value);
            if (number > 0 && number < 1 << 16) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--port is a number, not \"" + value + "\"", e);
        }
        throw new IllegalArgumentException("--port is between 1 and 65535, not " + value);
    }

    private static String ask(int port) throws IOException {
        HttpCall call = HttpCall.get("127.0.0.1", port, AgentReport.PATH);
        try (HttpReply reply = call.send(Deadline.in(PATIENCE))) {
            if (reply.status() != 200) {
                throw new IOException("it answers " + reply.status());
            }
            return new String(reply.body().readNBytes(LARGEST), StandardCharsets.UTF_8);
        }
    }
}
