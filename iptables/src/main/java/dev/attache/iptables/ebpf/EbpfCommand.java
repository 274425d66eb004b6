package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Maps;
import dev.attache.iptables.ebpf.program.Policy;
import dev.attache.iptables.kernel.BpfFilesystem;
import dev.attache.iptables.kernel.KernelException;
import dev.attache.iptables.kernel.MapSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code attache intercept ebpf [attach|detach|status|stats]}: runs on the caller's
 * thread, prints to the given streams, and returns an exit code: 0 done, 1 failed or drifted, 2 bad
 * arguments, 3 the kernel or the caller's rights do not allow it and iptables is the fallback.
 */
public final class EbpfCommand {
    /** Where the directories of pins are, one for each attachment. */
    static final Path PINS = BpfFilesystem.ROOT.resolve("attache");

    private static final int DONE = 0;
    private static final int FAILED = 1;

    private static final Path RESOLVER = Path.of("/etc/resolv.conf");

    private final Flags flags;
    private final Path resolver;
    private final PrintStream out;

    private EbpfCommand(Flags flags, Path resolver, PrintStream out) {
        this.flags = flags;
        this.resolver = resolver;
        this.out = out;
    }

    /** Runs the command with the environment of this process. */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return run(args, System.getenv(), RESOLVER, out, err);
    }

    static int run(
            String[] args,
            Map<String, String> environment,
            Path resolver,
            PrintStream out,
            PrintStream err) {
        try {
            Flags flags = Flags.parse(List.of(args), environment);
            return new EbpfCommand(flags, resolver, out).run();
        } catch (EbpfException e) {
            err.println("error: " + e.getMessage());
            return e.exitCode();
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            err.println("error: " + e.getMessage());
            return FAILED;
        }
    }

    private int run() throws IOException {
        if (flags.on(Flag.HELP)) {
            help();
            return DONE;
        }
        if (flags.words().size() > 1) {
            throw EbpfException.usage("one of attach, detach, status, stats, not " + flags.words());
        }
        String action = flags.words().isEmpty() ? "attach" : flags.words().getFirst();
        return switch (action) {
            case "attach" -> attach();
            case "detach" -> detach();
            case "status" -> status();
            case "stats" -> stats();
            default ->
                    throw EbpfException.usage(
                            action + ": no such action; it is attach, detach, status or stats");
        };
    }

    private void help() {
        out.println("usage: attache intercept ebpf [attach|detach|status|stats] [flags]");
        out.println("Intercepts the connections of a cgroup without netfilter. Flags:");
        for (Flag flag : Flag.values()) {
            out.print(flag.line());
        }
        out.println("exit codes: 0 done, 1 failed or drifted, 2 bad arguments,");
        out.println("            3 not possible on this kernel or with these rights: use iptables");
    }

    private int attach() throws IOException {
        Target target = target();
        Host host = host(target);
        Policy policy = new PolicyReader(flags, resolver, host, target.proxy()).read();
        if (flags.on(Flag.DRY_RUN)) {
            print(target, policy);
            return DONE;
        }
        List<String> changes = new Attachment(target, policy, host, about(target)).attach();
        changes.forEach(out::println);
        out.println(
                changes.isEmpty()
                        ? "already attached to " + target.application().path() + ", nothing changed"
                        : "attached to " + target.application().path());
        return DONE;
    }

    private static Host host(Target target) throws IOException {
        try {
            return Host.of(target.namespace());
        } catch (KernelException e) {
            throw EbpfException.unsupported(Support.explain(e), e);
        }
    }

    private About about(Target target) {
        About about = new About();
        Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
        about.put("version", "1");
        about.put("time", now.toString());
        about.put("user", System.getProperty("user.name", "unknown"));
        about.put("process", Long.toString(ProcessHandle.current().pid()));
        about.put("cgroup", target.application().path().toString());
        about.put(About.NAMESPACE, target.namespace().toString());
        Cgroup proxy = target.proxy();
        if (proxy != null) {
            about.put(About.PROXY, proxy.path().toString());
        }
        flags.policy().forEach((flag, value) -> about.put("flag." + flag, value));
        flags.policyVariables().forEach((name, value) -> about.put("variable." + name, value));
        return about;
    }

    private void print(Target target, Policy policy) {
        for (MapSpec map : Maps.all()) {
            out.printf(
                    "map %s: %s, key %d bytes, value %d bytes, %d entries%n",
                    map.name(), map.type(), map.keyBytes(), map.valueBytes(), map.entries());
        }
        for (Hook hook : Plan.of(policy, target.proxyElsewhere())) {
            out.printf(
                    "%nprogram %s at %s of %s, %d instructions%n",
                    hook.name(), hook.type(), hook.place(), hook.code().size());
            out.print(hook.code().disassemble());
        }
    }

    private int detach() throws IOException {
        Pins pins = new PinFinder(flags, PINS).find();
        boolean any = new Detachment(pins).detach();
        out.println(any ? "detached, " + pins + " is gone" : "nothing at " + pins);
        return DONE;
    }

    private int status() throws IOException {
        boolean sound = new Status(target(), flags, resolver, out).print();
        return sound ? DONE : FAILED;
    }

    /** One number a line, for programs and for a comparison of two moments. */
    private int stats() throws IOException {
        new Statistics(new PinFinder(flags, PINS).find(), out).print();
        return DONE;
    }

    private Target target() throws IOException {
        Cgroup application = cgroup(Flag.CGROUP, Flag.UNIT);
        if (application == null) {
            throw EbpfException.usage("whose connections? Give --cgroup or --unit");
        }
        Cgroup proxy = cgroup(Flag.PROXY_CGROUP, Flag.PROXY_UNIT);
        String pins = flags.text(Flag.PIN_DIR);
        Path directory = pins.isEmpty() ? PINS.resolve(application.pinName()) : Path.of(pins);
        return new Target(
                application,
                proxy,
                Path.of(flags.text(Flag.NETWORK_NAMESPACE)),
                new Pins(directory));
    }

    private @Nullable Cgroup cgroup(Flag byPath, Flag byUnit) throws IOException {
        String path = flags.text(byPath);
        String unit = flags.text(byUnit);
        if (!path.isEmpty() && !unit.isEmpty()) {
            throw EbpfException.usage(
                    byPath.spelling() + " and " + byUnit.spelling() + " exclude each other");
        }
        if (!path.isEmpty()) {
            return Cgroup.of(byPath.spelling(), Path.of(path));
        }
        return unit.isEmpty() ? null : Cgroup.ofUnit(byUnit.spelling(), unit);
    }
}
