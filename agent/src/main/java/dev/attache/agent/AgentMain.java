package dev.attache.agent;

import dev.attache.agent.command.RootFlags;
import dev.attache.agent.command.VersionCommand;
import dev.attache.agent.hook.HookMain;
import dev.attache.agent.onboard.LeaveCommand;
import dev.attache.agent.onboard.OnboardCommand;
import dev.attache.agent.onboard.start.StartCommand;
import dev.attache.agent.report.StatusCommand;
import dev.attache.iptables.InterceptionMain;
import dev.attache.server.lifecycle.Version;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The command {@code attache agent}, also called {@code pilot-agent}: finds the subcommand and runs
 * it. What is loaded depends on which one it is.
 */
public final class AgentMain {

    /** What pilot-agent exits with whatever went wrong. */
    public static final int FAILED = 255;

    /** A subcommand. */
    @FunctionalInterface
    interface Command {
        /** Runs with the arguments behind its name; the exit code. */
        int run(PrintStream out, PrintStream err, String... arguments);
    }

    private static final Map<String, Entry> COMMANDS = commands();

    private record Entry(String help, Supplier<Command> command) {}

    private AgentMain() {}

    public static void main(String[] arguments) {
        int code = FAILED;
        try {
            code = run(System.out, System.err, arguments);
        } catch (RuntimeException | Error e) {
            System.err.println("attache agent: ends by a fault of its own; please report it:");
            e.printStackTrace();
        } finally {
            System.out.flush();
            System.err.flush();
            // Threads may be left that would keep the process: this is its end all the same.
            Runtime.getRuntime().halt(code);
        }
    }

    private static Map<String, Entry> commands() {
        Map<String, Entry> commands = new LinkedHashMap<>();
        commands.put("proxy", new Entry("Runs the agent and its proxy", () -> ProxyRun::run));
        commands.put(
                "version",
                new Entry(
                        "Prints out build version information",
                        () ->
                                (out, err, rest) ->
                                        VersionCommand.run(out, err, Version.revision(), rest)));
        commands.put(
                "request",
                new Entry(
                        "Makes an HTTP request to the Envoy admin API",
                        () -> (out, err, rest) -> HookMain.run(out, err, named("request", rest))));
        commands.put(
                "wait",
                new Entry(
                        "Waits until the Envoy proxy is ready",
                        () -> (out, err, rest) -> HookMain.run(out, err, named("wait", rest))));
        commands.put(
                "istio-iptables",
                new Entry(
                        "Sets up the redirection of traffic to the proxy",
                        () ->
                                (out, err, rest) ->
                                        InterceptionMain.run(
                                                named("istio-iptables", rest), out, err)));
        commands.put(
                "status",
                new Entry(
                        "Prints identity, control plane, pushes, names and readiness of the agent",
                        () -> (out, err, rest) -> StatusCommand.run(List.of(rest), out, err)));
        commands.put(
                "start",
                new Entry(
                        "Starts the agent of a machine with sidecar.env and cluster.env",
                        () -> (out, err, rest) -> StartCommand.run(List.of(rest), out, err)));
        commands.put(
                "onboard",
                new Entry(
                        "Makes a machine part of a mesh",
                        () -> (out, err, rest) -> OnboardCommand.run(List.of(rest), out, err)));
        commands.put(
                "leave",
                new Entry(
                        "Undoes onboard",
                        () -> (out, err, rest) -> LeaveCommand.run(List.of(rest), out, err)));
        return commands;
    }

    private static String[] named(String name, String... rest) {
        String[] all = new String[rest.length + 1];
        all[0] = name;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    /** Runs a command line; the exit code. */
    static int run(PrintStream out, PrintStream err, String... given) {
        String[] arguments = RootFlags.behindCommand(given);
        if (arguments.length == 0 || isHelp(arguments[0])) {
            return help(out, err, arguments);
        }
        Entry entry = COMMANDS.get(arguments[0]);
        if (entry == null) {
            err.println("Error: unknown command \"" + arguments[0] + "\" for \"pilot-agent\"");
            err.println("Run 'pilot-agent --help' for usage.");
            return FAILED;
        }
        return entry.command()
                .get()
                .run(out, err, Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static boolean isHelp(String word) {
        return word.equals("help") || word.equals("--help") || word.equals("-h");
    }

    private static int help(PrintStream out, PrintStream err, String... arguments) {
        if (arguments.length > 1 && COMMANDS.containsKey(arguments[1])) {
            return run(out, err, arguments[1], "--help");
        }
        out.println("The agent of a sidecar: identity, bootstrap, DNS, health, and the proxy.");
        out.println();
        out.println("Usage:");
        out.println("  pilot-agent [command]        (or: attache agent [command])");
        out.println();
        out.println("Available Commands:");
        COMMANDS.forEach((name, entry) -> out.printf("  %-14s %s%n", name, entry.help()));
        out.println();
        out.println("Use \"pilot-agent [command] --help\" for more about a command.");
        out.println("Exit codes: 0 done; 255 failed, or wrong usage.");
        return 0;
    }
}
