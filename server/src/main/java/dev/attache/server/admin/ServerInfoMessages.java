package dev.attache.server.admin;

import com.google.protobuf.Duration;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.ServerState;
import dev.attache.server.lifecycle.Version;
import dev.attache.server.log.Logging;
import io.envoyproxy.envoy.admin.v3.CommandLineOptions;
import io.envoyproxy.envoy.admin.v3.Memory;
import io.envoyproxy.envoy.admin.v3.ServerInfo;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code /server_info} and {@code /memory}. Pure, over the running server. */
final class ServerInfoMessages {

    private ServerInfoMessages() {}

    static ServerInfo serverInfo(AdminSubject server) {
        Duration uptime =
                Duration.newBuilder().setSeconds(server.lifecycle().uptime().toSeconds()).build();
        return ServerInfo.newBuilder()
                .setVersion(Version.fiveParts())
                .setState(state(server.lifecycle().state()))
                .setUptimeCurrentEpoch(uptime)
                .setUptimeAllEpochs(
                        Duration.newBuilder()
                                .setSeconds(server.lifecycle().uptimeOfAll().toSeconds()))
                .setHotRestartVersion(server.lifecycle().restartVersion())
                .setCommandLineOptions(options(server.options()))
                .setNode(server.node().toBuilder().clearClientFeatures())
                .build();
    }

    private static ServerInfo.State state(ServerState state) {
        return switch (state) {
            case LIVE -> ServerInfo.State.LIVE;
            case DRAINING -> ServerInfo.State.DRAINING;
            case PRE_INITIALIZING -> ServerInfo.State.PRE_INITIALIZING;
            case INITIALIZING -> ServerInfo.State.INITIALIZING;
        };
    }

    private static CommandLineOptions options(ServerOptions options) {
        CommandLineOptions.Builder message =
                CommandLineOptions.newBuilder()
                        .setConcurrency(options.concurrency())
                        .setConfigPath(options.configPath())
                        .setConfigYaml(options.configYaml())
                        .setAllowUnknownStaticFields(options.allowUnknownStaticFields())
                        .setRejectUnknownDynamicFields(options.rejectUnknownDynamicFields())
                        .setIgnoreUnknownDynamicFields(options.ignoreUnknownDynamicFields())
                        .setAdminAddressPath(options.adminAddressPath())
                        .setLogLevel(options.logLevel().text())
                        .setServiceCluster(options.serviceCluster())
                        .setServiceNode(options.serviceNode())
                        .setServiceZone(options.serviceZone())
                        .setFileFlushInterval(duration(options.fileFlushInterval()))
                        .setDrainTime(duration(options.drainTime()))
                        .setLocalAddressIpVersion(
                                options.localAddressV6()
                                        ? CommandLineOptions.IpVersion.v6
                                        : CommandLineOptions.IpVersion.v4)
                        .setParentShutdownTime(duration(options.parentShutdownTime()))
                        .setMode(mode(options.mode()))
                        .setDrainStrategy(
                                options.drainImmediately()
                                        ? CommandLineOptions.DrainStrategy.Immediate
                                        : CommandLineOptions.DrainStrategy.Gradual)
                        .setSkipDeprecatedLogs(options.skipDeprecatedLogs())
                        .setLogFormat(Logging.pattern(options.logFormat()))
                        .setLogFormatEscaped(options.logFormatEscaped())
                        .setLogPath(options.logPath())
                        .setComponentLogLevel(componentLevels(options))
                        .addAllDisabledExtensions(options.disabledExtensions());
        restart(options.restart(), message);
        options.statsTags().forEach(tag -> message.addStatsTag(tag.name() + ":" + tag.value()));
        return message.build();
    }

    private static CommandLineOptions.Mode mode(ServerOptions.Mode mode) {
        return switch (mode) {
            case SERVE -> CommandLineOptions.Mode.Serve;
            case VALIDATE -> CommandLineOptions.Mode.Validate;
            case INIT_ONLY -> CommandLineOptions.Mode.InitOnly;
        };
    }

    private static String componentLevels(ServerOptions options) {
        return options.componentLogLevels().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + ":" + entry.getValue().text())
                .collect(Collectors.joining(","));
    }

    private static void restart(
            ServerOptions.RestartOptions options, CommandLineOptions.Builder message) {
        message.setBaseId(options.baseId())
                .setUseDynamicBaseId(options.useDynamicBaseId())
                .setBaseIdPath(options.baseIdPath())
                .setRestartEpoch((int) options.restartEpoch())
                .setDisableHotRestart(options.disableHotRestart())
                .setSkipHotRestartOnNoParent(options.skipOnNoParent())
                .setSkipHotRestartParentStats(options.skipParentStats())
                .setSocketPath(options.socketPath())
                .setSocketMode(options.disableHotRestart() ? 0 : options.socketMode())
                .setCpusetThreads(options.cpusetThreads())
                .setEnableMutexTracing(options.enableMutexTracing())
                .setEnableCoreDump(options.enableCoreDump())
                .setEnableFineGrainLogging(options.fineGrainLogging());
    }

    private static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.toSeconds())
                .setNanos(duration.toNanosPart())
                .build();
    }

    /**
     * The JVM's numbers under TCMalloc's names: allocated is used heap, heap_size what is
     * committed.
     */
    static Memory memory() {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        long nonHeap = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getCommitted();
        return Memory.newBuilder()
                .setAllocated(used)
                .setHeapSize(runtime.totalMemory())
                .setPageheapUnmapped(runtime.maxMemory() - runtime.totalMemory())
                .setPageheapFree(runtime.freeMemory())
                .setTotalPhysicalBytes(runtime.totalMemory() + nonHeap)
                .build();
    }
}
