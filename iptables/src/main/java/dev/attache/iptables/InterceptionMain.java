package dev.attache.iptables;

import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.command.InterceptCommand;
import dev.attache.iptables.command.IptablesCommand;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * Entry point of the interception commands. The first argument is the command's name as the
 * launcher was called: {@code iptables}, {@code istio-iptables} or {@code intercept}.
 */
public final class InterceptionMain {
    private InterceptionMain() {}

    /** Runs a command and ends the process with its exit code. */
    @SuppressWarnings("SystemExitOutsideMain") // this is main
    public static void main(String[] args) {
        int code = run(args, System.out, System.err);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    /** Runs a command and returns its exit code. */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        String name = args.length == 0 ? "" : args[0];
        List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
        return switch (name) {
            case "iptables", "istio-iptables" -> IptablesCommand.run(rest, out, err);
            case "intercept" -> InterceptCommand.run(rest, out, err);
            default -> {
                err.println("Error: unknown command \"" + name + "\"; use iptables or intercept");
                yield BadInput.EXIT_USAGE;
            }
        };
    }
}
