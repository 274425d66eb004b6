package dev.attache.iptables.command;

import dev.attache.iptables.apply.ApplyException;
import dev.attache.iptables.apply.HostXtables;
import dev.attache.iptables.apply.IptablesInstaller;
import dev.attache.iptables.apply.IptablesInstaller.Outcome;
import dev.attache.iptables.apply.LoopbackRoutes;
import dev.attache.iptables.apply.NftInstaller;
import dev.attache.iptables.apply.Programs;
import dev.attache.iptables.apply.RecordedXtables;
import dev.attache.iptables.apply.XtablesDetector;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.CaptureConfig.Operation;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.log.Log;
import dev.attache.iptables.probe.RedirectProbe;
import dev.attache.iptables.rules.IptablesPair;
import dev.attache.iptables.rules.IptablesSidecar;
import dev.attache.iptables.rules.NftRules;
import dev.attache.iptables.rules.NftSidecar;
import dev.attache.iptables.status.InstallRecord;
import dev.attache.iptables.status.RecordedHost;
import dev.attache.iptables.status.Recorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of the iptables command after its flags are read. Used once, by one thread. */
final class Installation {
    private final CaptureConfig config;
    private final Operation operation;
    private final List<String> args;
    private final Host host;
    private final Programs programs;
    private final Log log;

    Installation(CaptureConfig config, List<String> args, Host host, Programs programs, Log log) {
        this.config = config;
        this.operation = config.operation();
        this.args = args;
        this.host = host;
        this.programs = programs;
        this.log = log;
    }

    /** Returns the exit code. */
    int run() throws BadInput {
        try {
            if (operation.dryRun()) {
                dryRun();
            } else if (!operation.skipApply()) {
                Rights.require();
                apply();
            }
        } catch (ApplyException e) {
            log.error(String.valueOf(e.getMessage()));
            return BadInput.EXIT_FAILURE;
        }
        return operation.validate() && !operation.dryRun() ? validate() : 0;
    }

    private void dryRun() throws BadInput, ApplyException {
        log.info("running in dry-run mode, no rule changes will be made");
        if (operation.skipApply()) {
            return;
        }
        String text = operation.nftables() ? recordNft() : recordIptables();
        String file = host.environment().getOrDefault("DRY_RUN_FILE_PATH", "");
        if (!file.isEmpty()) {
            try {
                Files.writeString(Path.of(file), text, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw BadInput.value(
                        "DRY_RUN_FILE_PATH",
                        file,
                        "cannot be written: " + e,
                        "give a file in an existing directory");
            }
        }
        for (String command : new LoopbackRoutes(config, programs, log).describe()) {
            log.info("would run: " + command);
        }
    }

    private String recordNft() {
        String text =
                operation.cleanupOnly()
                        ? NftRules.cleanupTransaction()
                        : NftSidecar.rules(config).transaction();
        log.info("nft -f - would get:\n" + text);
        return text;
    }

    private String recordIptables() throws ApplyException {
        RecordedXtables recorded = new RecordedXtables();
        new IptablesInstaller(config, IptablesSidecar.rules(config), recorded, host, log).run();
        if (operation.cleanupOnly()) {
            log.info("would run:\n" + recorded.text());
        }
        return recorded.text();
    }

    private void apply() throws BadInput, ApplyException {
        Recorder recorder = new Recorder(host, Clock.systemUTC(), log);
        LoopbackRoutes routes = new LoopbackRoutes(config, programs, log);
        if (operation.cleanupOnly()) {
            InstallRecord record = recorder.read();
            install(config);
            routes.remove();
            if (record != null) {
                removeRecorded(record);
            }
            recorder.removed();
            return;
        }
        Outcome outcome = install(config);
        try {
            routes.install();
        } catch (ApplyException e) {
            if (outcome == Outcome.INSTALLED) {
                log.info("Taking back what was installed");
                install(config.forCleanup());
                routes.remove();
            }
            throw e;
        }
        if (outcome != Outcome.UNCHANGED || recorder.read() == null) {
            recorder.installed(operation.nftables() ? "nft" : "iptables", args);
        }
    }

    /** What the flags of this cleanup do not name, because it was installed with others. */
    private void removeRecorded(InstallRecord record) throws BadInput, ApplyException {
        CaptureConfig recorded = RecordedHost.config(record, host).forCleanup();
        install(recorded);
        new LoopbackRoutes(recorded, programs, log).remove();
    }

    private Outcome install(CaptureConfig wanted) throws BadInput, ApplyException {
        if (wanted.operation().nftables()) {
            return new NftInstaller(wanted, NftSidecar.rules(wanted), programs, host, log).run();
        }
        String lockFile = operation.cniMode() ? operation.networkNamespace() : "";
        HostXtables xtables =
                new XtablesDetector(programs)
                        .detect(wanted.operation().forcedBinary(), lockFile, wanted.ipv6());
        IptablesPair rules = IptablesSidecar.rules(wanted);
        return new IptablesInstaller(wanted, rules, xtables, host, log).replacing(former()).run();
    }

    /** What the record of this namespace says was installed. */
    private @Nullable IptablesPair former() {
        InstallRecord record = new Recorder(host, Clock.systemUTC(), log).read();
        if (record == null || !record.backend().equals("iptables")) {
            return null;
        }
        try {
            return IptablesSidecar.rules(RecordedHost.config(record, host));
        } catch (BadInput e) {
            log.debug("the install record is of no use: " + e.text());
            return null;
        }
    }

    private int validate() {
        if (new RedirectProbe(config, log).passes()) {
            return 0;
        }
        log.error(
                "iptables validation failed; workload is not ready for Istio.\n"
                        + "When using Istio CNI, this can occur if a pod is scheduled before the"
                        + " node is ready.\n\nIf installed with 'cni.repair.deletePods=true', this"
                        + " pod should automatically be deleted and retry.\nOtherwise, this pod will"
                        + " need to be manually removed so that it is scheduled on a node with"
                        + " istio-cni running, allowing iptables rules to be established.");
        return IptablesCommand.EXIT_VALIDATION;
    }
}
