package dev.attache.agent.onboard;

import dev.attache.agent.onboard.machine.Account;
import dev.attache.agent.onboard.machine.Journal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The unit of systemd that keeps the agent running. Stateless but for where it prints. */
record Unit(PrintStream out) {
    static final String NAME = "attache-agent";

    private static final int PATIENCE_SECONDS = 60;
    private static final Duration BEGINNING = Duration.ofSeconds(5);
    private static final Duration TRAINING = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(200);

    /** Whether systemd runs this machine (sd_booted(3)). */
    static boolean available() {
        return Files.isDirectory(Path.of("/run/systemd/system"));
    }

    /**
     * As Istio's package has it, with this program. Attache's own packages install the same text.
     *
     * @param account who the agent runs as
     */
    static String text(Account account) throws IOException {
        String launcher = System.getProperty("attache.launcher", "/usr/local/bin/attache");
        // Quoted, and with its own signs written twice, as systemd.service(5) reads command lines.
        String program =
                '"' + launcher.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + '"';
        return template()
                .replace("@USER@", Integer.toString(account.user()))
                .replace("@LAUNCHER@", program);
    }

    private static String template() throws IOException {
        try (InputStream in = Unit.class.getResourceAsStream(NAME + ".service")) {
            if (in == null) {
                throw new IOException("no text of the unit beside " + Unit.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Whether a package has installed it below a root. */
    static boolean isPackaged(Path root) {
        return Files.exists(root.resolve("usr/lib/systemd/system/" + NAME + ".service"));
    }

    /** Enables and starts it, and waits until the agent says that it is ready. */
    void enable(Path root) throws OnboardException {
        if (!available()) {
            throw new OnboardException(
                    ExitCodes.UNIT,
                    "systemd does not run this machine: start the agent with `attache agent start`"
                            + " under what supervises services here; everything else is done");
        }
        try {
            Journal.of(root).note(new Journal.Entry(Journal.Kind.UNIT, NAME, "", ""));
            systemctl("daemon-reload");
            systemctl("enable", "--now", "--no-block", NAME);
            awaitTraining();
        } catch (IOException e) {
            throw new OnboardException(ExitCodes.UNIT, String.valueOf(e.getMessage()));
        }
        if (!RunningAgent.awaitReady(Duration.ofSeconds(PATIENCE_SECONDS))) {
            throw new OnboardException(
                    ExitCodes.AGENT,
                    "the agent was started and is not ready after 60 s: `attache agent status`,"
                            + " /var/log/istio/istio.err.log and `journalctl -u "
                            + NAME
                            + "` say why");
        }
        out.println("The agent runs and is ready: `attache agent status` has more.");
    }

    /** A first start may record an AOT cache before the agent begins; its patience begins then. */
    private static void awaitTraining() throws IOException {
        long begun = System.nanoTime();
        Duration patience = BEGINNING;
        while (System.nanoTime() - begun < patience.toNanos()) {
            String state = systemctl("show", "--property=SubState", "--value", NAME);
            switch (state) {
                case "dead" -> LockSupport.parkNanos(POLL.toNanos());
                case "start-pre" -> {
                    patience = TRAINING;
                    LockSupport.parkNanos(POLL.toNanos());
                }
                default -> {
                    return;
                }
            }
        }
    }

    /** Whether it has said that it is ready, at whatever port: it is of Type=notify. */
    static boolean isActive() {
        try {
            return systemctl("is-active", NAME).equals("active");
        } catch (IOException e) {
            return false; // systemctl says so by its exit code
        }
    }

    /** Stops and disables it. */
    static void disable() throws IOException {
        systemctl("disable", "--now", NAME);
    }

    static void reload() throws IOException {
        systemctl("daemon-reload");
    }

    private static String systemctl(String... words) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of("systemctl"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + said.strip());
            }
            return said.strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
