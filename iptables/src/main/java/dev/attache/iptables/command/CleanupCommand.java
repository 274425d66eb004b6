package dev.attache.iptables.command;

import dev.attache.iptables.apply.ApplyException;
import dev.attache.iptables.apply.HostXtables;
import dev.attache.iptables.apply.Inventory;
import dev.attache.iptables.apply.IptablesInstaller;
import dev.attache.iptables.apply.LoopbackRoutes;
import dev.attache.iptables.apply.NftInstaller;
import dev.attache.iptables.apply.Programs;
import dev.attache.iptables.apply.XtablesDetector;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.ConfigReader;
import dev.attache.iptables.capture.FlagParser;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.log.Log;
import dev.attache.iptables.rules.IptablesSidecar;
import dev.attache.iptables.rules.NftSidecar;
import dev.attache.iptables.status.InstallRecord;
import dev.attache.iptables.status.RecordedHost;
import dev.attache.iptables.status.Recorder;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code attache intercept cleanup [flags]}: removes what any mode installed in this network
 * namespace, with the flags given and those on record. Used once, by one thread.
 */
final class CleanupCommand {
    private static final Path EBPF_PINS = Path.of("/sys/fs/bpf/attache");

    private final Host host;
    private final Programs programs;
    private final Log log;

    CleanupCommand(Host host, Programs programs, PrintStream out, PrintStream err) {
        this.host = host;
        this.programs = programs;
        this.log = new Log(out, err, Log.Level.INFO, false);
    }

    int run(List<String> args) throws BadInput {
        Rights.require();
        Recorder recorder = new Recorder(host, Clock.systemUTC(), log);
        List<CaptureConfig> configs = new ArrayList<>();
        configs.add(read(args));
        InstallRecord record = recorder.read();
        if (record != null) {
            List<String> recorded = new ArrayList<>(record.arguments());
            recorded.add("--cleanup-only");
            configs.add(
                    new ConfigReader(
                                    FlagParser.parse(recorded, record.environment()),
                                    new RecordedHost(host, record.environment()))
                            .read());
        }
        Set<String> backends = backends();
        try {
            for (CaptureConfig config : configs) {
                for (String backend : backends) {
                    removeRules(config, backend);
                }
                new LoopbackRoutes(config, programs, log).remove();
            }
        } catch (ApplyException e) {
            log.error(String.valueOf(e.getMessage()));
            return BadInput.EXIT_FAILURE;
        }
        recorder.removed();
        mentionEbpf();
        List<Inventory.Found> left = new Inventory(programs, host).look();
        left.forEach(found -> log.error("left in " + found.backend() + ": " + found.summary()));
        return left.isEmpty() ? 0 : BadInput.EXIT_FAILURE;
    }

    private CaptureConfig read(List<String> args) throws BadInput {
        List<String> all = new ArrayList<>(args);
        all.add("--cleanup-only");
        return new ConfigReader(FlagParser.parse(all, host.environment()), host).read();
    }

    /** Where there is something of ours: "legacy", "nft" or "" of iptables, or "native". */
    private Set<String> backends() {
        Set<String> backends = new LinkedHashSet<>();
        for (Inventory.Found found : new Inventory(programs, host).look()) {
            log.info("removing " + found.backend() + ": " + found.summary());
            String name = found.backend();
            int dash = name.indexOf('-');
            backends.add(name.equals("nft") ? "native" : dash < 0 ? "" : name.substring(dash + 1));
        }
        return backends;
    }

    private void removeRules(CaptureConfig config, String backend) throws BadInput, ApplyException {
        if (backend.equals("native")) {
            new NftInstaller(config, NftSidecar.rules(config), programs, host, log).run();
            return;
        }
        HostXtables xtables = new XtablesDetector(programs).detect(backend, "", false);
        new IptablesInstaller(config, IptablesSidecar.rules(config), xtables, host, log).run();
    }

    /** Attachments belong to cgroups, not to this namespace, so they are not removed unasked. */
    private void mentionEbpf() {
        if (Files.isDirectory(EBPF_PINS)) {
            log.info(
                    "eBPF attachments of cgroups are under "
                            + EBPF_PINS
                            + "; \"attache intercept ebpf detach --cgroup ...\" removes one");
        }
    }
}
