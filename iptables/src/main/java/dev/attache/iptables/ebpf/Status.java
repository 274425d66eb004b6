package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Counter;
import dev.attache.iptables.ebpf.program.Maps;
import dev.attache.iptables.ebpf.program.Policy;
import dev.attache.iptables.kernel.BpfLink;
import dev.attache.iptables.kernel.BpfMap;
import dev.attache.iptables.kernel.KernelException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what is attached, by whom and when, what it has done, and where it differs from what the
 * flags ask for: those given, or else those it was attached with.
 */
final class Status {
    private static final String HOOK = "hook.";

    private final Target target;
    private final Flags flags;
    private final Path resolver;
    private final PrintStream out;
    private final List<String> drift = new ArrayList<>();
    private List<Integer> named = List.of();

    Status(Target target, Flags flags, Path resolver, PrintStream out) {
        this.target = target;
        this.flags = flags;
        this.resolver = resolver;
        this.out = out;
    }

    /**
     * Prints it.
     *
     * @return whether all is attached as the flags ask
     */
    boolean print() throws IOException {
        if (!Files.isDirectory(target.pins().directory())) {
            out.println("not attached: there is no " + target.pins());
            return false;
        }
        try (PinnedMaps maps = PinnedMaps.openExisting(target.pins())) {
            BpfMap about = maps.find(Maps.ABOUT);
            if (about == null) {
                out.println(
                        "not attached: " + target.pins() + " holds no record; detach cleans up");
                return false;
            }
            print(maps, About.read(about));
        }
        drift.forEach(line -> out.println("drift: " + line));
        return drift.isEmpty();
    }

    private void print(PinnedMaps maps, About about) throws IOException {
        out.printf(
                "attached to %s at %s by %s (process %s), pinned in %s%n",
                about.getOr("cgroup", "?"),
                about.getOr("time", "?"),
                about.getOr("user", "?"),
                about.getOr("process", "?"),
                target.pins());
        about.startingWith("flag.")
                .forEach((flag, value) -> out.println("  " + flag + "=" + value));
        about.startingWith("variable.").forEach((n, value) -> out.println("  " + n + "=" + value));
        for (Map.Entry<String, String> hook : about.startingWith(HOOK).entrySet()) {
            printHook(hook.getKey(), hook.getValue());
        }
        counters(maps).forEach((c, n) -> out.printf("%12d %s%n", n, c.meaning()));
        Host host = Host.of(target.namespace());
        compare(maps.find(Maps.LOCAL), host.localEntries());
        compare(maps.find(Maps.ROUTES), host.routeEntries());
        comparePolicy(about, host);
        reportUnnamedProxies(maps);
    }

    /** Processes whose own connections are refused because they would come back to them. */
    private void reportUnnamedProxies(PinnedMaps maps) throws KernelException {
        BpfMap proxies = maps.find(Maps.PROXIES);
        long refused = counters(maps).getOrDefault(Counter.LOOP_UNNAMED, 0L);
        if (refused == 0 || proxies == null) {
            return;
        }
        drift.add("loop: " + refused + " " + Counter.LOOP_UNNAMED.meaning());
        for (byte[] key : proxies.keys()) {
            ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
            int user = words.getInt();
            int process = words.getInt();
            if (!named.contains(user)) {
                drift.add(
                        "process %d of user %d accepts redirected connections, but the flags name another proxy; attach with -u %d, or --proxy-cgroup or --proxy-unit"
                                .formatted(process, user, user));
            }
        }
    }

    private void printHook(String name, String record) throws IOException {
        if (Files.exists(target.pins().program(name))) {
            out.println("  " + name + " runs on the sockets of the map of pairs");
            return;
        }
        if (!Files.exists(target.pins().link(name))) {
            drift.add(name + " is no longer pinned");
            return;
        }
        try (BpfLink link = BpfLink.open(target.pins().link(name))) {
            BpfLink.LinkInfo info = link.info();
            out.printf("  %s is program %d by link %d%n", name, info.programId(), info.id());
            if (!record.endsWith(" " + info.programId())) {
                drift.add(name + " runs program " + info.programId() + ", attached was " + record);
            }
        }
    }

    /** Returns the sum over all CPUs of each counter. */
    static Map<Counter, Long> counters(PinnedMaps maps) throws KernelException {
        Map<Counter, Long> counts = new LinkedHashMap<>();
        BpfMap map = maps.find(Maps.COUNTERS);
        if (map == null) {
            return counts;
        }
        for (Counter counter : Counter.values()) {
            byte[] key = new byte[4];
            key[0] = (byte) counter.ordinal();
            byte[] values = map.get(key);
            counts.put(counter, values == null ? 0 : sum(values));
        }
        return counts;
    }

    private static long sum(byte[] values) {
        ByteBuffer buffer = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
        long sum = 0;
        while (buffer.hasRemaining()) {
            sum += buffer.getLong();
        }
        return sum;
    }

    private void compare(@Nullable BpfMap map, Map<String, String> now) throws KernelException {
        if (map == null) {
            drift.add("a map is no longer pinned; detach, then attach");
            return;
        }
        Map<String, String> known = Attachment.entries(map);
        String name = map.spec().name();
        now.forEach((key, value) -> {
            if (!value.equals(known.get(key))) {
                drift.add(name + " " + Attachment.describe(key) + " is new; attach again");
            }
        });
        known.keySet().stream()
                .filter(key -> !now.containsKey(key))
                .forEach(key -> drift.add(name + " " + Attachment.describe(key) + " is gone"));
    }

    private void comparePolicy(About about, Host host) throws IOException {
        Map<String, String> attached = about.startingWith(HOOK);
        for (Hook hook : wanted(about, host)) {
            String record = attached.remove(hook.name());
            if (record == null) {
                drift.add("the flags ask for " + hook.name() + ", which was not attached");
            } else if (!record.startsWith(hook.code().digest() + " ")) {
                drift.add(hook.name() + " is not the program that the flags ask for now");
            }
            comparePlace(hook);
        }
        attached.keySet().forEach(name -> drift.add(name + " is more than the flags ask for"));
    }

    private List<Hook> wanted(About about, Host host) throws IOException {
        Flags asked = flags.policy().isEmpty() ? Flags.remembered(about) : flags;
        try {
            Policy policy = new PolicyReader(asked, resolver, host, target.proxy()).read();
            named = policy.proxy().uids();
            return Plan.of(policy, target.proxyElsewhere());
        } catch (EbpfException e) {
            drift.add("the flags no longer fit this host: " + e.getMessage());
            return List.of();
        }
    }

    /** A cgroup that was removed and made again is another one, and nothing is attached to it. */
    private void comparePlace(Hook hook) throws IOException {
        if (!Files.exists(target.pins().link(hook.name()))) {
            return;
        }
        try (BpfLink link = BpfLink.open(target.pins().link(hook.name()))) {
            if (link.info().target() != target.id(hook.place())) {
                drift.add(
                        hook.name()
                                + " is not on "
                                + target.path(hook.place())
                                + ", which was made anew since; attach again");
            }
        }
    }
}
