package dev.attache.agent.onboard.start;

import dev.attache.agent.onboard.machine.Account;
import dev.attache.iptables.apply.HostPrograms;
import dev.attache.iptables.capture.LinuxHost;
import dev.attache.iptables.command.IptablesCommand;
import dev.attache.iptables.status.RecordedHost;
import dev.attache.server.lifecycle.ProcessUser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code attache agent start [clean|init|run]}: what {@code istio-start.sh} does, with the same
 * files, variables and defaults, and no shell. Without an argument redirection is installed anew
 * and the agent started; {@code clean} only takes redirection away, {@code init} only installs it,
 * {@code run} only starts the agent. The process becomes the agent: a supervisor sees one process.
 * Exit codes: 1 if something is wrong; otherwise those of redirection and of the agent.
 */
public final class StartCommand {
    private static final int FAILED = 1;

    /** Words that istio-start.sh knows; what begins with a dash is for redirection. */
    private static final Set<String> MODES = Set.of("clean", "init", "run");

    private static final String HELP =
            """
            Usage: attache agent start [clean|init|run]

            Reads var/lib/istio/envoy/sidecar.env and cluster.env below the working directory
            (ISTIO_SIDECAR_CONFIG and ISTIO_CLUSTER_CONFIG name others), then

              (nothing)  installs redirection anew and becomes the agent, as user istio-proxy
              clean      takes redirection away
              init       installs redirection anew
              run        becomes the agent

            ISTIO_CUSTOM_IP_TABLES=true leaves redirection alone, EXEC_USER names another user.
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final int argumentCount;

    private StartCommand(PrintStream out, PrintStream err, int argumentCount) {
        this.out = out;
        this.err = err;
        this.argumentCount = argumentCount;
    }

    /**
     * Runs it; does not return where it becomes the agent.
     *
     * @param arguments behind {@code start}
     */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(HELP);
            return 0;
        }
        String mode = arguments.isEmpty() ? "run" : arguments.getFirst();
        if (!mode.startsWith("-") && !MODES.contains(mode)) {
            err.println(
                    "Error: start is followed by clean, init, run or nothing, not by \""
                            + mode
                            + "\"");
            err.print(HELP);
            return FAILED;
        }
        try {
            StartSettings settings =
                    StartSettings.of(Path.of(""), System.getenv(), arguments, new ThisMachine());
            if (settings.run() && !settings.described(Path.of(""))) {
                err.println(
                        "Warning: neither "
                                + StartSettings.CLUSTER
                                + " nor "
                                + StartSettings.SIDECAR
                                + " is below "
                                + Path.of("").toAbsolutePath()
                                + ": `attache onboard` writes them; all settings are defaults");
            }
            return new StartCommand(out, err, arguments.size()).run(settings, arguments);
        } catch (IOException e) {
            err.println("Error: " + e.getMessage());
            return FAILED;
        }
    }

    private int run(StartSettings settings, List<String> arguments) throws IOException {
        List<String> flags =
                arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        if (settings.clean()) {
            List<String> cleaning = new ArrayList<>(flags);
            cleaning.add("--cleanup-only");
            int code = redirection(cleaning, settings.environment(), out, err);
            if (code != 0) {
                return code;
            }
        }
        if (settings.redirect()) {
            int code = redirection(flags, settings.environment(), out, err);
            if (code != 0) {
                return code;
            }
        }
        if (settings.run()) {
            become(settings);
        }
        return 0;
    }

    /** Installs or removes redirection with these variables instead of those of the process. */
    public static int redirection(
            List<String> flags, Map<String, String> environment, PrintStream out, PrintStream err) {
        return new IptablesCommand(
                        new RecordedHost(new LinuxHost(), environment),
                        new HostPrograms(),
                        out,
                        err)
                .run(flags);
    }

    /** As {@link #redirection}, silent unless it fails. */
    public static int quietly(
            List<String> flags, Map<String, String> environment, PrintStream err) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code;
        try (PrintStream all = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            code = redirection(flags, environment, all, all);
        }
        if (code != 0) {
            err.print(said.toString(StandardCharsets.UTF_8));
        }
        return code;
    }

    private void become(StartSettings settings) throws IOException {
        Account account = Account.find(Path.of("/"), settings.user());
        if (account == null && !settings.user().equals(Account.USUAL)) {
            throw new IOException(
                    "no user " + settings.user() + ": make it, or name another by EXEC_USER");
        }
        Account wanted = account == null ? Account.usual(Path.of("/")) : account;
        List<String> command = command(settings);
        ProcessImage image = new ProcessImage();
        int user = ProcessUser.number();
        out.flush();
        err.flush();
        if (user != wanted.user()) {
            if (user != 0) {
                throw new IOException(
                        "user %d may not become %s (%d): run as root or as that user, or set EXEC_USER"
                                .formatted(user, settings.user(), wanted.user()));
            }
            image.become(wanted);
            out.println(
                    "The agent's logs are istio.log and istio.err.log in "
                            + settings.logs().toAbsolutePath());
            out.flush();
            image.append(1, settings.logs().resolve("istio.log").toAbsolutePath());
            image.append(2, settings.logs().resolve("istio.err.log").toAbsolutePath());
        }
        image.replace(command, settings.environment());
    }

    /** The agent: {@code pilot-agent} of the directory that is named, or this program itself. */
    private List<String> command(StartSettings settings) throws IOException {
        List<String> command = new ArrayList<>();
        if (settings.program().isEmpty()) {
            String own = Files.readString(Path.of("/proc/self/cmdline"));
            List<String> words = List.of(own.split("\0", -1));
            // behind the last word there is a zero, too; "start" and its arguments go
            command.addAll(words.subList(0, words.size() - 1 - 1 - argumentCount));
            command.set(0, Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
        } else {
            command.add(settings.program());
        }
        command.add("proxy");
        command.addAll(settings.flags());
        return command;
    }
}
