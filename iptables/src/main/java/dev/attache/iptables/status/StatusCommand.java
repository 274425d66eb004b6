package dev.attache.iptables.status;

import dev.attache.iptables.apply.Drift;
import dev.attache.iptables.apply.Inventory;
import dev.attache.iptables.apply.NftDrift;
import dev.attache.iptables.apply.Programs;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.ConfigReader;
import dev.attache.iptables.capture.FlagParser;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.ebpf.Attachments;
import dev.attache.iptables.log.Log;
import dev.attache.iptables.rules.Family;
import dev.attache.iptables.rules.IptablesSidecar;
import dev.attache.iptables.rules.NftSidecar;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code attache intercept status [flags]}: what is installed here, by whom and when, and how it
 * differs from the flags given, or else from those it was installed with; packet rules of this
 * network namespace, and eBPF attachments of this host. Changes nothing.
 */
public final class StatusCommand {
    /** Installed and as asked. */
    public static final int EXIT_AS_ASKED = 0;

    /** Nothing of ours is installed. */
    public static final int EXIT_NOTHING = 3;

    /** Installed, but not as asked. */
    public static final int EXIT_DRIFT = 4;

    private final Host host;
    private final Programs programs;
    private final Attachments attachments;
    private final PrintStream out;

    /**
     * @param attachments eBPF's
     */
    public StatusCommand(Host host, Programs programs, Attachments attachments, PrintStream out) {
        this.host = host;
        this.programs = programs;
        this.attachments = attachments;
        this.out = out;
    }

    /**
     * Prints and returns the exit code.
     *
     * @throws BadInput if the flags to compare with are not understood
     */
    public int run(List<String> args) throws BadInput {
        List<Inventory.Found> found = new Inventory(programs, host).look();
        if (found.isEmpty()) {
            if (!attachments.any()) {
                attachments.status();
                out.println("nothing is installed in this network namespace");
                return EXIT_NOTHING;
            }
            return attachments.status() ? EXIT_AS_ASKED : EXIT_DRIFT;
        }
        int rules = ofRules(args, found);
        boolean sound = attachments.status();
        return rules == EXIT_AS_ASKED && !sound ? EXIT_DRIFT : rules;
    }

    private int ofRules(List<String> args, List<Inventory.Found> found) throws BadInput {
        Log silent = new Log(out, out, Log.Level.NONE, false);
        InstallRecord record = new Recorder(host, Clock.systemUTC(), silent).read();
        for (Inventory.Found one : found) {
            out.println("installed: " + one.backend() + ": " + one.summary());
        }
        describe(record);
        CaptureConfig wanted = wanted(args, record);
        if (wanted == null) {
            out.println("drift:     unknown; give the flags to compare with");
            return EXIT_AS_ASKED;
        }
        List<String> drift = drift(wanted, found);
        if (drift.isEmpty()) {
            out.println("drift:     none");
            return EXIT_AS_ASKED;
        }
        out.println("drift:     " + drift.size() + " differences from the flags");
        drift.forEach(line -> out.println("  " + line));
        return EXIT_DRIFT;
    }

    private void describe(@Nullable InstallRecord record) {
        if (record == null) {
            out.println("by:        unknown (no record: another program installed it)");
            return;
        }
        out.println("by:        " + record.by());
        out.println("when:      " + record.when());
        out.println("with:      " + record.commandLine());
    }

    private @Nullable CaptureConfig wanted(List<String> args, @Nullable InstallRecord record)
            throws BadInput {
        if (!args.isEmpty()) {
            return new ConfigReader(FlagParser.parse(args, host.environment()), host).read();
        }
        return record == null ? null : RecordedHost.config(record, host);
    }

    private List<String> drift(CaptureConfig wanted, List<Inventory.Found> found) {
        List<String> lines = new ArrayList<>();
        boolean nft = wanted.operation().nftables();
        boolean seenV4 = false;
        boolean seenV6 = false;
        for (Inventory.Found one : found) {
            Family family = one.family();
            if (nft != one.backend().equals("nft")) {
                lines.add("extra:     rules in " + one.backend() + ", which the flags do not use");
            } else if (family == null || one.saved() == null) {
                lines.addAll(
                        NftDrift.between(NftSidecar.rules(wanted), one.tables(), host).lines());
                seenV4 = true;
                seenV6 = true;
            } else {
                Drift drift =
                        Drift.between(IptablesSidecar.rules(wanted).of(family), one.saved(), host);
                drift.lines().forEach(line -> lines.add(one.backend() + " " + line));
                seenV4 |= family == Family.V4;
                seenV6 |= family == Family.V6;
            }
        }
        if (!seenV4) {
            lines.add("missing:   all rules of IPv4");
        }
        if (wanted.ipv6() && !seenV6) {
            lines.add("missing:   all rules of IPv6");
        }
        return lines;
    }
}
