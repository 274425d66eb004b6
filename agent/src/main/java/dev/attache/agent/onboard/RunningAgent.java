package dev.attache.agent.onboard;

import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpReply;
import dev.attache.agent.report.AgentReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The agent of this machine, by its status port and its process. Stateless. */
final class RunningAgent {
    private static final int PORT = 15_020;
    private static final Duration CALL = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 200;

    private RunningAgent() {}

    static boolean awaitReady(Duration patience) {
        return eventually(patience, () -> status("GET", "/healthz/ready") == 200);
    }

    /** Why it is not ready, and what went wrong last at the control plane and with certificates. */
    static List<String> reasons() {
        try (HttpReply reply =
                HttpCall.get("127.0.0.1", PORT, AgentReport.PATH).send(Deadline.in(CALL))) {
            if (reply.status() != 200) {
                return List.of("its status port answers with " + reply.status());
            }
            AgentReport report = AgentReport.fromJson(reply.text());
            List<String> reasons = new ArrayList<>(report.readiness().reasons());
            AgentReport.Authority authority = report.authority();
            if (authority != null && authority.lastFailure() != null) {
                reasons.add("certificate: " + authority.lastFailure());
            }
            if (report.controlPlane().lastFailure() != null) {
                reasons.add("control plane: " + report.controlPlane().lastFailure());
            }
            report.pushes().stream()
                    .filter(AgentReport.Push::standsRejected)
                    .forEach(push -> reasons.add("refused: " + push.rejection()));
            return reasons;
        } catch (IOException | IllegalArgumentException e) {
            return List.of("its status port does not answer: " + e.getMessage());
        }
    }

    /**
     * Asks it to end as a supervisor does, which lets it drain; waits for that.
     *
     * @return false if it still answers
     */
    static boolean stop(Duration patience) {
        Optional<ProcessHandle> process = process();
        if (process.isPresent()) {
            process.get().destroy();
            return eventually(patience, () -> !process.get().isAlive());
        }
        if (status("POST", "/quitquitquit") == 0) {
            return true; // nobody is there
        }
        return eventually(patience, () -> status("GET", "/healthz/ready") == 0);
    }

    /** The process that the report names, if that is an agent. */
    private static Optional<ProcessHandle> process() {
        try (HttpReply reply =
                HttpCall.get("127.0.0.1", PORT, AgentReport.PATH).send(Deadline.in(CALL))) {
            if (reply.status() != 200) {
                return Optional.empty();
            }
            long pid = AgentReport.fromJson(reply.text()).process().pid();
            String command = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
            return isOurs(command) ? ProcessHandle.of(pid) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // no agent of ours: the port alone tells
        }
    }

    /** Whoever has the port may tell any number: only an agent is asked to end by its number. */
    static boolean isOurs(String commandLine) {
        return commandLine.contains("dev.attache.")
                || commandLine.contains("attache\0agent\0")
                || commandLine.contains("pilot-agent\0");
    }

    private static int status(String method, String path) {
        HttpCall call = HttpCall.of(method, "127.0.0.1", PORT, path, new byte[0]);
        try (HttpReply reply = call.send(Deadline.in(CALL))) {
            return reply.status();
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean eventually(Duration patience, java.util.function.BooleanSupplier so) {
        long end = System.nanoTime() + patience.toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
