package dev.attache.console;

import dev.attache.console.admin.RefusedException;
import dev.attache.console.command.Command;
import dev.attache.console.command.ExitCode;
import dev.attache.console.command.Invocation;
import dev.attache.console.command.UsageException;
import dev.attache.console.explain.ExplainCommand;
import dev.attache.console.top.TopCommand;
import dev.attache.console.xds.XdsCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Finds the command and runs it. What is loaded depends on which one it is. */
public final class Console {

    /** By name, in the order of the overview. */
    private static final Map<String, Supplier<Command>> COMMANDS = commands();

    private Console() {}

    private static Map<String, Supplier<Command>> commands() {
        Map<String, Supplier<Command>> commands = new LinkedHashMap<>();
        commands.put("explain", ExplainCommand::command);
        commands.put("xds", XdsCommand::command);
        commands.put("top", TopCommand::command);
        return commands;
    }

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        Invocation invocation = new Invocation(out, System.err, System.getenv());
        int code = ExitCode.FAULT;
        try {
            code = run(List.of(arguments), invocation);
        } catch (RuntimeException | Error e) {
            System.err.println("attache: ends by a fault of its own; please report it:");
            e.printStackTrace();
        } finally {
            out.flush();
            System.err.flush();
            // A time limit that is still running keeps nobody.
            Runtime.getRuntime().halt(code);
        }
    }

    /** Runs a command line; the exit code. */
    static int run(List<String> arguments, Invocation invocation) {
        String name = arguments.isEmpty() ? "" : arguments.getFirst();
        if (name.isEmpty() || name.equals("--help") || name.equals("-h")) {
            (name.isEmpty() ? invocation.err() : invocation.out()).print(overview());
            return name.isEmpty() ? ExitCode.USAGE : ExitCode.DONE;
        }
        Supplier<Command> command = COMMANDS.get(name);
        if (command == null) {
            invocation.err().println("attache: there is no command \"" + name + "\"");
            invocation.err().print(overview());
            return ExitCode.USAGE;
        }
        return run(command.get(), arguments.subList(1, arguments.size()), invocation);
    }

    private static int run(Command command, List<String> arguments, Invocation invocation) {
        String called = "attache " + command.name();
        try {
            return command.run(arguments, invocation);
        } catch (UsageException e) {
            invocation.err().println(called + ": " + e.getMessage());
            invocation.err().println("See " + called + " --help.");
            return ExitCode.USAGE;
        } catch (RefusedException e) {
            invocation.err().println(called + ": " + e.getMessage());
            return ExitCode.REFUSED;
        } catch (IOException e) {
            invocation.err().println(called + ": " + e.getMessage());
            return ExitCode.NO_ANSWER;
        }
    }

    private static String overview() {
        StringBuilder text = new StringBuilder("Commands that ask a running proxy:\n\n");
        COMMANDS.forEach((name, command) ->
                text.append("  attache ")
                        .append(name)
                        .append(" ".repeat(Math.max(1, 10 - name.length())))
                        .append(command.get().summary())
                        .append('\n'));
        return text.append("\nEach has --help.\n").toString();
    }
}
