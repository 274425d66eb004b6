package dev.attache.server.flags;

import dev.attache.server.log.LogLevel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one proxy is to run: Envoy's command line as values. Immutable. {@link #builder} starts from
 * the defaults; embedders (tests, demo, agent) use it, the command line goes through {@link
 * CommandLine}.
 *
 * @param configPath {@code --config-path}; empty = none
 * @param configYaml {@code --config-yaml}; empty = none
 * @param mode serve or validate
 * @param concurrency number of workers, at least 1
 * @param logLevel level of all components
 * @param componentLogLevels levels of single components, over {@code logLevel}
 * @param logFormat {@code --log-format}, or null for the default or the bootstrap's
 * @param logPath {@code --log-path}; empty = standard error
 * @param shutdownDrain {@code --shutdown-drain-s}; zero = a signal ends what runs
 * @param statsTags {@code --stats-tag}, in order
 * @param explain {@code --explain-keep-kb} and {@code --explain-secret-path}
 * @param admin who may use the admin port, and a port for metrics
 * @param web what the admin port's page for people may do
 * @param review how far {@code --mode validate} goes
 * @param notes what the flags say that has no effect here; logged once
 */
public record ServerOptions(
        String configPath,
        String configYaml,
        Mode mode,
        int concurrency,
        boolean allowUnknownStaticFields,
        boolean rejectUnknownDynamicFields,
        boolean ignoreUnknownDynamicFields,
        boolean skipDeprecatedLogs,
        LogLevel logLevel,
        Map<String, LogLevel> componentLogLevels,
        @Nullable String logFormat,
        boolean logFormatEscaped,
        String logPath,
        String adminAddressPath,
        boolean localAddressV6,
        String serviceCluster,
        String serviceNode,
        String serviceZone,
        Duration fileFlushInterval,
        int fileFlushMinSizeKb,
        Duration drainTime,
        boolean drainImmediately,
        Duration shutdownDrain,
        Duration parentShutdownTime,
        List<String> disabledExtensions,
        List<StatsTag> statsTags,
        RestartOptions restart,
        AdminOptions admin,
        WebOptions web,
        ExplainOptions explain,
        ReviewOptions review,
        List<String> notes) {

    public ServerOptions {
        componentLogLevels = Map.copyOf(componentLogLevels);
        disabledExtensions = List.copyOf(disabledExtensions);
        statsTags = List.copyOf(statsTags);
        notes = List.copyOf(notes);
    }

    /** {@code --mode}. */
    public enum Mode {
        SERVE("serve"),
        VALIDATE("validate"),
        INIT_ONLY("init_only");

        private final String text;

        Mode(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** {@code --stats-tag}. */
    public record StatsTag(String name, String value) {}

    /**
     * The place of the process in a row of them, and what only {@code /server_info} shows.
     *
     * @param baseIdGiven whether the number was said, rather than the default
     * @param socketMode octal permission bits
     * @param skipOnNoParent an epoch after the first starts without a parent, too
     * @param skipParentStats the parent's statistics are not gone on with
     */
    public record RestartOptions(
            long baseId,
            boolean baseIdGiven,
            boolean useDynamicBaseId,
            String baseIdPath,
            long restartEpoch,
            boolean disableHotRestart,
            String socketPath,
            int socketMode,
            boolean skipOnNoParent,
            boolean skipParentStats,
            boolean cpusetThreads,
            boolean enableMutexTracing,
            boolean enableCoreDump,
            boolean fineGrainLogging) {

        public static final RestartOptions DEFAULTS =
                new RestartOptions(
                        0,
                        false,
                        false,
                        "",
                        0,
                        false,
                        "@envoy_domain_socket",
                        0600,
                        false,
                        false,
                        false,
                        false,
                        false,
                        false);
    }

    /**
     * The page for people at {@code /ui/} of the admin port.
     *
     * @param writes {@code --admin-ui-writes}: it may change log levels, drain, and the like
     * @param hosts {@code --admin-ui-hosts}: names under which browsers may ask for it, beside
     *     addresses and {@code localhost}
     */
    public record WebOptions(boolean writes, List<String> hosts) {

        public static final WebOptions DEFAULTS = new WebOptions(false, List.of());

        public WebOptions {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * What is switched on to find out why requests go where they go.
     *
     * @param keepKb {@code --explain-keep-kb}, KB of decisions that are kept; 0 = none
     * @param secretPath {@code --explain-secret-path}; empty = no request is told
     * @param offline of a proxy that is only asked: it binds no port, asks no control plane, checks
     *     no host and writes no log
     */
    public record ExplainOptions(long keepKb, String secretPath, boolean offline) {
        public static final ExplainOptions DEFAULTS = new ExplainOptions(0, "", false);
        public static final ExplainOptions OFFLINE = new ExplainOptions(0, "", true);
    }

    /**
     * What {@code --mode validate} looks at.
     *
     * @param bootstrapOnly {@code --validate-bootstrap-only}: no file is followed and nothing said
     *     of what is useless, as Envoy does it
     * @param warningsAsErrors {@code --warnings-as-errors}
     */
    public record ReviewOptions(boolean bootstrapOnly, boolean warningsAsErrors) {
        public static final ReviewOptions DEFAULTS = new ReviewOptions(false, false);
    }

    /** Envoy's defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects what differs from the defaults. Not thread-safe. */
    public static final class Builder {
        String configPath = "";
        String configYaml = "";
        Mode mode = Mode.SERVE;
        int concurrency;
        boolean allowUnknownStaticFields;
        boolean rejectUnknownDynamicFields;
        boolean ignoreUnknownDynamicFields;
        boolean skipDeprecatedLogs;
        LogLevel logLevel = LogLevel.INFO;
        Map<String, LogLevel> componentLogLevels = Map.of();
        @Nullable String logFormat;
        boolean logFormatEscaped;
        String logPath = "";
        String adminAddressPath = "";
        boolean localAddressV6;
        String serviceCluster = "";
        String serviceNode = "";
        String serviceZone = "";
        Duration fileFlushInterval = Duration.ofMillis(10_000);
        int fileFlushMinSizeKb = 64;
        Duration drainTime = Duration.ofSeconds(600);
        boolean drainImmediately;
        Duration shutdownDrain = Duration.ZERO;
        Duration parentShutdownTime = Duration.ofSeconds(900);
        List<String> disabledExtensions = List.of();
        List<StatsTag> statsTags = List.of();
        RestartOptions restart = RestartOptions.DEFAULTS;
        AdminOptions admin = AdminOptions.OPEN;
        WebOptions web = WebOptions.DEFAULTS;
        ExplainOptions explain = ExplainOptions.DEFAULTS;
        ReviewOptions review = ReviewOptions.DEFAULTS;
        List<String> notes = List.of();

        private Builder() {}

        /** Who may use the admin port, and a port for metrics. */
        public Builder admin(AdminOptions value) {
            admin = value;
            return this;
        }

        public Builder configPath(String value) {
            configPath = value;
            return this;
        }

        /** YAML or JSON text, merged over the file's. */
        public Builder configYaml(String value) {
            configYaml = value;
            return this;
        }

        public Builder mode(Mode value) {
            mode = value;
            return this;
        }

        /** 0 = as many as this machine and its cgroup allow. */
        public Builder concurrency(int value) {
            concurrency = value;
            return this;
        }

        public Builder drainTime(Duration value) {
            drainTime = value;
            return this;
        }

        public Builder explain(ExplainOptions value) {
            explain = value;
            return this;
        }

        public Builder review(ReviewOptions value) {
            review = value;
            return this;
        }

        public Builder shutdownDrain(Duration value) {
            shutdownDrain = value;
            return this;
        }

        public Builder drainImmediately(boolean value) {
            drainImmediately = value;
            return this;
        }

        public Builder serviceNode(String value) {
            serviceNode = value;
            return this;
        }

        public Builder serviceCluster(String value) {
            serviceCluster = value;
            return this;
        }

        public Builder logLevel(LogLevel value) {
            logLevel = value;
            return this;
        }

        public Builder allowUnknownStaticFields(boolean value) {
            allowUnknownStaticFields = value;
            return this;
        }

        public Builder fileFlushInterval(Duration value) {
            fileFlushInterval = value;
            return this;
        }

        public Builder web(WebOptions value) {
            web = value;
            return this;
        }

        public ServerOptions build() {
            return new ServerOptions(
                    configPath,
                    configYaml,
                    mode,
                    concurrency > 0 ? concurrency : Concurrency.ofThisMachine(),
                    allowUnknownStaticFields,
                    rejectUnknownDynamicFields,
                    ignoreUnknownDynamicFields,
                    skipDeprecatedLogs,
                    logLevel,
                    componentLogLevels,
                    logFormat,
                    logFormatEscaped,
                    logPath,
                    adminAddressPath,
                    localAddressV6,
                    serviceCluster,
                    serviceNode,
                    serviceZone,
                    fileFlushInterval,
                    fileFlushMinSizeKb,
                    drainTime,
                    drainImmediately,
                    shutdownDrain,
                    parentShutdownTime,
                    disabledExtensions,
                    statsTags,
                    restart,
                    admin,
                    web,
                    explain,
                    review,
                    notes);
        }
    }
}
