package dev.attache.iptables.command;

import dev.attache.iptables.apply.HostPrograms;
import dev.attache.iptables.apply.Programs;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.ConfigReader;
import dev.attache.iptables.capture.Flag;
import dev.attache.iptables.capture.FlagParser;
import dev.attache.iptables.capture.FlagValues;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.capture.LinuxHost;
import dev.attache.iptables.kernel.NetworkNamespace;
import dev.attache.iptables.log.Log;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * The drop-in for istio-iptables: reads flags and environment, checks them, installs or removes
 * rules, validates. Exit codes as the original's: 0 done, 1 failed, 126 validation failed, 255 the
 * command line does not parse. Used once, by one thread.
 */
public final class IptablesCommand {
    /** Exit code when the probe's traffic did not arrive. */
    public static final int EXIT_VALIDATION = 126;

    private final Host host;
    private final Programs programs;
    private final PrintStream out;
    private final PrintStream err;

    public IptablesCommand(Host host, Programs programs, PrintStream out, PrintStream err) {
        this.host = host;
        this.programs = programs;
        this.out = out;
        this.err = err;
    }

    /** Runs against this machine and returns the exit code. */
    public static int run(List<String> args, PrintStream out, PrintStream err) {
        return new IptablesCommand(new LinuxHost(), new HostPrograms(), out, err).run(args);
    }

    /** Runs and returns the exit code. */
    public int run(List<String> args) {
        FlagValues flags;
        try {
            flags = FlagParser.parse(args, host.environment());
        } catch (BadInput e) {
            err.println("Error: " + e.text());
            err.println("Run with --help for the flags.");
            return e.exitCode();
        }
        if (flags.helpAsked()) {
            out.print(Usage.text());
            return 0;
        }
        try (LogTarget target = LogTarget.open(flags, out, err)) {
            return run(flags, args, target.log());
        } catch (BadInput e) {
            err.println("Error: " + e.text());
            return e.exitCode();
        }
    }

    private int run(FlagValues flags, List<String> args, Log log) {
        String namespace = flags.text(Flag.NETWORK_NAMESPACE);
        if (namespace.isEmpty() || flags.isOn(Flag.DRY_RUN)) {
            return runHere(flags, args, log);
        }
        try {
            return NetworkNamespace.in(Path.of(namespace), () -> runHere(flags, args, log));
        } catch (IOException e) {
            log.error(
                    flags.name(Flag.NETWORK_NAMESPACE)
                            + " \""
                            + namespace
                            + "\": "
                            + e.getMessage()
                            + "; give the path of a network namespace and run as root");
            return BadInput.EXIT_FAILURE;
        }
    }

    private int runHere(FlagValues flags, List<String> args, Log log) {
        try {
            ConfigReader reader = new ConfigReader(flags, host);
            CaptureConfig config = reader.read();
            reader.warnings().forEach(log::warn);
            ConfigPrinter.print(flags, config, host, log);
            return new Installation(config, args, host, programs, log).run();
        } catch (BadInput e) {
            log.error(e.text());
            return e.exitCode();
        }
    }
}
