package dev.attache.iptables.command;

import dev.attache.iptables.apply.HostPrograms;
import dev.attache.iptables.apply.Programs;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.capture.LinuxHost;
import dev.attache.iptables.ebpf.Attachments;
import dev.attache.iptables.ebpf.EbpfCommand;
import dev.attache.iptables.explain.ExplainCommand;
import dev.attache.iptables.status.StatusCommand;
import java.io.PrintStream;
import java.util.List;

/** {@code attache intercept status|explain|ebpf|cleanup}. Used once, by one thread. */
public final class InterceptCommand {
    private static final String USAGE =
            """
            usage: attache intercept COMMAND
              status [flags]         what is installed, by whom, when, and how it differs from the
                                     flags (those given, else those it was installed with);
                                     exit code 0 as asked, 3 nothing installed, 4 different
              explain SRC DST PORT   what happens to a connection, rule by rule; SRC is an address,
                                     "app" or "proxy"; more with "explain" alone
              ebpf ...               interception without packet rules
              cleanup [flags]        remove all packet rules, routes and addresses of ours here
            """;

    private final Host host;
    private final Programs programs;
    private final PrintStream out;
    private final PrintStream err;

    public InterceptCommand(Host host, Programs programs, PrintStream out, PrintStream err) {
        this.host = host;
        this.programs = programs;
        this.out = out;
        this.err = err;
    }

    /** Runs against this machine and returns the exit code. */
    public static int run(List<String> args, PrintStream out, PrintStream err) {
        return new InterceptCommand(new LinuxHost(), new HostPrograms(), out, err).run(args);
    }

    /** Runs and returns the exit code. */
    public int run(List<String> args) {
        String name = args.isEmpty() ? "" : args.getFirst();
        List<String> rest = args.isEmpty() ? args : args.subList(1, args.size());
        // Their flags are those of iptables, of which any may be left out; those of ebpf say it
        // themselves.
        boolean help = rest.contains("--help") || rest.contains("-h");
        try {
            return switch (help && !name.equals("ebpf") ? "help" : name) {
                case "status" ->
                        new StatusCommand(host, programs, Attachments.ofThisHost(out), out)
                                .run(rest);
                case "explain" -> new ExplainCommand(host, programs, out).run(rest);
                case "ebpf" -> EbpfCommand.run(rest.toArray(new String[0]), out, err);
                case "cleanup" -> new CleanupCommand(host, programs, out, err).run(rest);
                case "train" -> Training.run();
                case "help", "-h", "--help" -> {
                    out.print(USAGE);
                    yield 0;
                }
                default -> throw BadInput.usage("unknown command \"" + name + "\"\n" + USAGE);
            };
        } catch (BadInput e) {
            err.println("Error: " + e.text());
            return e.exitCode();
        }
    }
}
