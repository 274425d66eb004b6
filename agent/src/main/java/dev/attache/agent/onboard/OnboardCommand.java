package dev.attache.agent.onboard;

import dev.attache.agent.environment.FileFailures;
import dev.attache.agent.onboard.check.CheckFailure;
import dev.attache.agent.onboard.check.Checks;
import dev.attache.agent.onboard.check.Findings;
import dev.attache.agent.onboard.check.ServerAddress;
import dev.attache.agent.onboard.machine.Account;
import dev.attache.agent.onboard.machine.Journal;
import dev.attache.agent.onboard.machine.Machine;
import dev.attache.agent.onboard.start.AgentGroup;
import dev.attache.agent.onboard.start.StartCommand;
import dev.attache.agent.onboard.start.StartSettings;
import dev.attache.server.log.LogLevel;
import dev.attache.server.log.Logging;
import dev.attache.server.log.Scopes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code attache onboard}: see {@link OnboardFlags#HELP}. Nothing is changed before all checks have
 * passed; doing it again changes nothing. Used once, by one thread.
 */
public final class OnboardCommand {
    private final OnboardFlags flags;
    private final PrintStream out;
    private final PrintStream err;
    private final Path root;

    /** Whether nothing was onboarded here before this run. */
    private boolean fresh;

    private OnboardCommand(OnboardFlags flags, PrintStream out, PrintStream err) {
        this.flags = flags;
        this.out = out;
        this.err = err;
        this.root = Path.of(flags.has("root") ? flags.text("root") : "/");
    }

    /** Runs it and returns the exit code. */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        try {
            OnboardFlags flags = OnboardFlags.parse(arguments);
            if (flags.isOn("help") || arguments.isEmpty()) {
                out.print(OnboardFlags.HELP);
                return arguments.isEmpty() ? ExitCodes.USAGE : ExitCodes.DONE;
            }
            return new OnboardCommand(flags, out, err).run();
        } catch (OnboardException e) {
            err.println("Error: " + e.getMessage());
            if (e.exitCode() == ExitCodes.USAGE) {
                err.println("`attache onboard --help` has the flags.");
            }
            return e.exitCode();
        }
    }

    private int run() throws OnboardException {
        Logging.setLevel(LogLevel.OFF);
        Scopes.setLevel(LogLevel.OFF); // what the parts would log is said in the findings
        rights();
        Enrolment enrolment = new EnrolmentReader(flags).read();
        Findings findings = new Findings(out);
        try {
            checkAsAgent(enrolment, findings);
        } catch (CheckFailure e) {
            findings.failed(e);
            err.println("Error: nothing was changed on this machine.");
            return e.subject().exitCode();
        } catch (IOException e) {
            throw new OnboardException(ExitCodes.INPUT, String.valueOf(e.getMessage()));
        }
        if (flags.isOn("dry-run")) {
            plan(enrolment);
            return ExitCodes.DONE;
        }
        fresh = isFresh();
        write(enrolment);
        if (flags.has("root")) {
            out.println("The image is prepared; its agent starts with `attache agent start`.");
            return ExitCodes.DONE;
        }
        intercept(enrolment);
        return unit();
    }

    private boolean isFresh() throws OnboardException {
        try {
            return Journal.of(root).isEmpty();
        } catch (IOException e) {
            throw new OnboardException(ExitCodes.FILES, FileFailures.words(e));
        }
    }

    private boolean here() {
        return !flags.has("root");
    }

    private void rights() throws OnboardException {
        if (here() && !flags.isOn("dry-run") && !isRoot()) {
            throw new OnboardException(
                    ExitCodes.RIGHTS,
                    "onboarding writes the system's files: run it as root (sudo), or look with"
                            + " --dry-run");
        }
    }

    /** What the machine itself may do is not what counts where it is redirected already. */
    private void checkAsAgent(Enrolment enrolment, Findings findings)
            throws CheckFailure, IOException, OnboardException {
        if (here() && isRoot() && !flags.isOn("no-checks")) {
            AgentGroup acting = AgentGroup.enter(Account.usual(root));
            try {
                check(enrolment, findings);
            } finally {
                acting.close();
            }
        } else {
            check(enrolment, findings);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    /** With the files where the agent will look for them, in a directory that goes afterwards. */
    private void check(Enrolment enrolment, Findings findings)
            throws CheckFailure, IOException, OnboardException {
        if (flags.isOn("no-checks")) {
            if (flags.has("root-fingerprint") && !enrolment.files().containsKey(Enrolment.ROOT)) {
                throw new IOException("--root-fingerprint connects: leave out --no-checks");
            }
            return;
        }
        ServerAddress server = ServerAddress.parse(enrolment.address());
        if (flags.has("root-fingerprint")) {
            String fetched =
                    Checks.root(server, enrolment.addresses(), flags.fingerprint(), findings);
            enrolment.files().put(Enrolment.ROOT, fetched.getBytes(StandardCharsets.UTF_8));
        }
        Path staging = Files.createTempDirectory("attache-onboard");
        enrolment
                .given()
                .forEach((path, file) ->
                        findings.rename(staging.resolve(path).toString(), file.toString()));
        findings.rename(staging.toString(), "");
        try {
            for (Map.Entry<String, byte[]> file : enrolment.files().entrySet()) {
                Path path = staging.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
            if (flags.has("spire-socket")) {
                spire(staging);
            }
            new Checks(staging, StartSettings.ofAgent(staging), enrolment.addresses(), findings)
                    .run(server);
        } finally {
            remove(staging);
        }
    }

    private void spire(Path staging) throws IOException {
        Path link = staging.resolve(MachineFiles.IDENTITY + "/socket");
        Path socket = Path.of(flags.text("spire-socket"));
        if (!Files.exists(socket)) {
            throw new IOException(socket + " is not there: start SPIRE's agent first");
        }
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, socket.toAbsolutePath());
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private void plan(Enrolment enrolment) {
        out.println("Would be written below " + root + ":");
        enrolment
                .files()
                .forEach((path, content) ->
                        out.printf(
                                "  %s %s (%d bytes)%n",
                                enrolment.mode(path), root.resolve(path), content.length));
        enrolment
                .hosts()
                .forEach(line -> out.println("  to " + root.resolve("etc/hosts") + ": " + line));
        if (!Unit.isPackaged(root)) {
            out.println("  " + root.resolve(MachineFiles.UNIT));
        }
        out.println(
                flags.isOn("no-interception")
                        ? "Traffic would be left alone."
                        : "Traffic would be redirected with the ports and networks of cluster.env.");
    }

    private void write(Enrolment enrolment) throws OnboardException {
        try {
            Journal journal = Journal.of(root);
            Machine machine = new Machine(root, journal, isRoot() ? Account.usual(root) : null);
            String socket = flags.has("spire-socket") ? flags.text("spire-socket") : "";
            new MachineFiles(machine, root, out).write(enrolment, socket);
        } catch (IOException e) {
            throw new OnboardException(
                    ExitCodes.FILES,
                    "this machine's files could not be written: "
                            + FileFailures.words(e)
                            + "; mend that and run this again, or undo what was done with `attache"
                            + " leave`");
        }
    }

    private void intercept(Enrolment enrolment) throws OnboardException {
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        try {
            environment.putAll(StartSettings.ofAgent(root));
        } catch (IOException e) {
            throw new OnboardException(ExitCodes.INTERCEPTION, String.valueOf(e.getMessage()));
        }
        if ("true".equals(environment.get("ISTIO_CUSTOM_IP_TABLES"))) {
            out.println("Traffic is left alone.");
            return;
        }
        try {
            Journal journal = Journal.of(root);
            journal.note(new Journal.Entry(Journal.Kind.INTERCEPTION, "rules", "", ""));
        } catch (IOException e) {
            throw new OnboardException(ExitCodes.FILES, String.valueOf(e.getMessage()));
        }
        int code = StartCommand.quietly(List.of("--cleanup-only"), environment, err);
        code = code == 0 ? StartCommand.quietly(List.of(), environment, err) : code;
        if (code != 0) {
            throw new OnboardException(
                    ExitCodes.INTERCEPTION,
                    "traffic could not be redirected (see above): is iptables or nft there, and is"
                            + " this root? `attache leave` undoes what was done;"
                            + " --no-interception does without");
        }
        out.println(
                "Traffic is redirected from now on: until the agent runs, new connections fail.");
    }

    /**
     * An agent that is not ready would leave a machine of which no connection goes through. What an
     * earlier run has done, and perhaps served, stays.
     */
    private OnboardException withdrawn(OnboardException notReady) {
        List<String> reasons = RunningAgent.reasons();
        reasons.forEach(reason -> err.println("agent: " + reason));
        if (!fresh) {
            return new OnboardException(
                    ExitCodes.AGENT,
                    notReady.getMessage()
                            + ". This machine was onboarded before: nothing was taken away;"
                            + " `attache leave` undoes all of it");
        }
        int code = LeaveCommand.run(List.of(), out, err);
        return new OnboardException(
                ExitCodes.AGENT,
                notReady.getMessage()
                        + (code == ExitCodes.DONE
                                ? ". This machine was put back as it was: mend that and run this again"
                                : ". This machine could not be put back as it was (see above): `attache leave` tries again"));
    }

    private int unit() throws OnboardException {
        Unit unit = new Unit(out);
        if (flags.isOn("enable")) {
            try {
                unit.enable(root);
            } catch (OnboardException e) {
                if (e.exitCode() != ExitCodes.AGENT) {
                    throw e;
                }
                if (!Unit.isActive()) {
                    throw withdrawn(e);
                }
                out.println("The agent runs and is ready, though not at the usual status port.");
            }
            return ExitCodes.DONE;
        }
        out.println();
        out.println("What to do next:");
        if (Unit.available()) {
            out.println("  systemctl enable --now " + Unit.NAME + "    start it, now and at boot");
        } else {
            out.println(
                    "  attache agent start                start it (it stays in the foreground)");
        }
        out.println("  attache agent status               see that it is ready, and as whom");
        out.println("  attache leave                      undo all of this");
        return ExitCodes.DONE;
    }
}
