package dev.attache.server.flags;

import dev.attache.proxy.address.IpAddress;
import dev.attache.server.log.Components;
import dev.attache.server.log.LogLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the command line. Text and exit codes are those of Envoy, checked against 1.40.
 *
 * <p>Longer than files here should be: the flags with Envoy's texts are most of it.
 */
public final class CommandLine {

    /**
     * What {@code --hot-restart-version} prints, for wrappers that compare it: of this proxy's own
     * protocol, so none of Envoy's.
     */
    public static final String HOT_RESTART_VERSION = "attache.1";

    /** What to do. */
    public sealed interface Result {
        /** Run with these options. */
        record Run(ServerOptions options) implements Result {}

        /** Print and exit; one of the texts is empty. */
        record Exit(int code, String standardOutput, String standardError) implements Result {}
    }

    /** Ends parsing early. */
    private static final class ExitException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Result.Exit exit;

        ExitException(Result.Exit exit) {
            super(exit.standardError, null, false, false);
            this.exit = exit;
        }
    }

    private final String program;
    private final String version;
    private final Map<String, String> environment;
    private final Map<Flag, List<String>> given = new EnumMap<>(Flag.class);

    private CommandLine(String program, String version, Map<String, String> environment) {
        this.program = program;
        this.version = version;
        this.environment = environment;
    }

    /**
     * @param program how the program was called, for the texts
     * @param version what {@code --version} prints behind {@code version: }
     */
    public static Result parse(String program, String version, String... arguments) {
        return parse(program, version, System.getenv(), arguments);
    }

    /** As {@link #parse(String, String, String...)}, with the variables that stand for flags. */
    static Result parse(
            String program, String version, Map<String, String> environment, String... arguments) {
        CommandLine line = new CommandLine(program, version, environment);
        try {
            line.read(List.of(arguments));
            return new Result.Run(line.options());
        } catch (ExitException e) {
            return e.exit;
        }
    }

    private void read(List<String> arguments) throws ExitException {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            Flag flag = Flag.of(argument);
            if (flag == null) {
                throw parseError(argument, "Couldn't find match for argument");
            }
            if (flag == Flag.IGNORE_REST) {
                return;
            }
            if (flag == Flag.VERSION) {
                throw exit(0, "\n" + program + "  version: " + version + "\n\n", "");
            }
            if (flag == Flag.HELP) {
                throw exit(0, Usage.full(program), "");
            }
            if (given.containsKey(flag) && flag.kind() != Flag.Kind.REPEATED) {
                throw parseError(flag.errorName(), "Argument already set!");
            }
            String value = "";
            if (flag.kind() != Flag.Kind.SWITCH) {
                i++;
                if (i == arguments.size()) {
                    throw parseError(flag.errorName(), "Missing a value for this argument!");
                }
                value = arguments.get(i);
                checkNumber(flag, value);
            }
            given.computeIfAbsent(flag, f -> new ArrayList<>()).add(value);
        }
    }

    private void checkNumber(Flag flag, String value) throws ExitException {
        if (flag.kind() == Flag.Kind.UINT) {
            try {
                Integer.parseUnsignedInt(value);
            } catch (NumberFormatException e) {
                throw parseError(
                        flag.errorName(),
                        "Couldn't read argument value from string '" + value + "'");
            }
        }
    }

    private ServerOptions options() throws ExitException {
        ServerOptions.Builder options = ServerOptions.builder();
        options.logLevel = level(text(Flag.LOG_LEVEL, "info"));
        options.componentLogLevels = componentLevels(text(Flag.COMPONENT_LOG_LEVEL, ""));
        if (has(Flag.ENABLE_FINE_GRAIN_LOGGING) && has(Flag.COMPONENT_LOG_LEVEL)) {
            throw error("--component-log-level will not work with --enable-fine-grain-logging");
        }
        options.mode = mode(text(Flag.MODE, "serve"));
        options.localAddressV6 = v6(text(Flag.LOCAL_ADDRESS_IP_VERSION, "v4"));
        options.drainImmediately = immediate(text(Flag.DRAIN_STRATEGY, "gradual"));
        options.statsTags = statsTags();
        if (has(Flag.HOT_RESTART_VERSION)) {
            throw exit(0, HOT_RESTART_VERSION + "\n", "");
        }
        options.restart = restart();
        texts(options);
        options.admin = admin();
        numbers(options);
        options.notes = notes();
        return options.build();
    }

    private void texts(ServerOptions.Builder options) {
        options.configPath = text(Flag.CONFIG_PATH, "");
        options.configYaml = text(Flag.CONFIG_YAML, "");
        options.allowUnknownStaticFields =
                has(Flag.ALLOW_UNKNOWN_STATIC_FIELDS) || has(Flag.ALLOW_UNKNOWN_FIELDS);
        options.rejectUnknownDynamicFields = has(Flag.REJECT_UNKNOWN_DYNAMIC_FIELDS);
        options.ignoreUnknownDynamicFields = has(Flag.IGNORE_UNKNOWN_DYNAMIC_FIELDS);
        options.skipDeprecatedLogs = has(Flag.SKIP_DEPRECATED_LOGS);
        options.logFormat = has(Flag.LOG_FORMAT) ? text(Flag.LOG_FORMAT, "") : null;
        options.logFormatEscaped = has(Flag.LOG_FORMAT_ESCAPED);
        options.logPath = text(Flag.LOG_PATH, "");
        options.adminAddressPath = text(Flag.ADMIN_ADDRESS_PATH, "");
        options.serviceCluster = text(Flag.SERVICE_CLUSTER, "");
        options.serviceNode = text(Flag.SERVICE_NODE, "");
        options.serviceZone = text(Flag.SERVICE_ZONE, "");
        options.disabledExtensions = list(Flag.DISABLE_EXTENSIONS);
        options.review =
                new ServerOptions.ReviewOptions(
                        has(Flag.VALIDATE_BOOTSTRAP_ONLY), has(Flag.WARNINGS_AS_ERRORS));
        options.web =
                new ServerOptions.WebOptions(has(Flag.ADMIN_UI_WRITES), list(Flag.ADMIN_UI_HOSTS));
    }

    private List<String> list(Flag flag) {
        return Arrays.stream(text(flag, "").split(",", -1))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** Variables stand in for these flags, so that an agent's proxy has them, too. */
    private AdminOptions admin() throws ExitException {
        AdminOptions admin =
                new AdminOptions(
                        orVariable(Flag.ADMIN_TOKEN_FILE),
                        orVariable(Flag.ADMIN_TLS_CERT),
                        orVariable(Flag.ADMIN_TLS_KEY),
                        orVariable(Flag.ADMIN_CLIENT_CA),
                        has(Flag.ADMIN_OPEN_READY) || isSet(Flag.ADMIN_OPEN_READY),
                        has(Flag.ADMIN_READ_ONLY) || isSet(Flag.ADMIN_READ_ONLY),
                        orVariable(Flag.METRICS_ADDRESS));
        if (admin.tlsCert().isEmpty() != admin.tlsKey().isEmpty()) {
            throw error("--admin-tls-cert and --admin-tls-key go together");
        }
        if (!admin.clientCa().isEmpty() && admin.tlsCert().isEmpty()) {
            throw error("--admin-client-ca needs --admin-tls-cert and --admin-tls-key");
        }
        if (!admin.metricsAddress().isEmpty()
                && IpAddress.parseWithPort(admin.metricsAddress()) == null) {
            throw error("--metrics-address '" + admin.metricsAddress() + "' is no IP:PORT");
        }
        return admin;
    }

    private String orVariable(Flag flag) {
        return text(flag, environment.getOrDefault(variable(flag), ""));
    }

    private boolean isSet(Flag flag) throws ExitException {
        String value = environment.getOrDefault(variable(flag), "");
        return switch (value) {
            case "true", "1" -> true;
            case "", "false", "0" -> false;
            default -> throw error(variable(flag) + " is true or false, not '" + value + "'");
        };
    }

    private static String variable(Flag flag) {
        return "ATTACHE_" + flag.name();
    }

    private void numbers(ServerOptions.Builder options) {
        options.fileFlushInterval =
                Duration.ofMillis(number(Flag.FILE_FLUSH_INTERVAL_MSEC, 10_000));
        options.fileFlushMinSizeKb =
                (int) Math.min(Integer.MAX_VALUE / 1024, number(Flag.FILE_FLUSH_MIN_SIZE_KB, 64));
        options.drainTime = Duration.ofSeconds(number(Flag.DRAIN_TIME_S, 600));
        options.explain =
                new ServerOptions.ExplainOptions(
                        number(Flag.EXPLAIN_KEEP_KB, 0), text(Flag.EXPLAIN_SECRET_PATH, ""), false);
        options.shutdownDrain = Duration.ofSeconds(number(Flag.SHUTDOWN_DRAIN_S, 0));
        options.parentShutdownTime = Duration.ofSeconds(number(Flag.PARENT_SHUTDOWN_TIME_S, 900));
        if (has(Flag.CONCURRENCY)) {
            options.concurrency = (int) Math.clamp(number(Flag.CONCURRENCY, 1), 1, Short.MAX_VALUE);
        }
    }

    private ServerOptions.RestartOptions restart() throws ExitException {
        if (has(Flag.USE_DYNAMIC_BASE_ID) && number(Flag.RESTART_EPOCH, 0) > 0) {
            throw error(
                    "cannot use --restart-epoch="
                            + number(Flag.RESTART_EPOCH, 0)
                            + " with --use-dynamic-base-id");
        }
        int socketMode;
        String mode = text(Flag.SOCKET_MODE, "600");
        try {
            socketMode = Integer.parseInt(mode, 8);
        } catch (NumberFormatException e) {
            throw error("invalid socket-mode '" + mode + "'");
        }
        return new ServerOptions.RestartOptions(
                number(Flag.BASE_ID, 0),
                has(Flag.BASE_ID),
                has(Flag.USE_DYNAMIC_BASE_ID),
                text(Flag.BASE_ID_PATH, ""),
                number(Flag.RESTART_EPOCH, 0),
                has(Flag.DISABLE_HOT_RESTART),
                text(Flag.SOCKET_PATH, "@envoy_domain_socket"),
                socketMode,
                has(Flag.SKIP_HOT_RESTART_ON_NO_PARENT),
                has(Flag.SKIP_HOT_RESTART_PARENT_STATS),
                has(Flag.CPUSET_THREADS),
                has(Flag.ENABLE_MUTEX_TRACING),
                has(Flag.ENABLE_CORE_DUMP),
                has(Flag.ENABLE_FINE_GRAIN_LOGGING));
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (has(Flag.ALLOW_UNKNOWN_FIELDS)) {
            notes.add(
                    "--allow-unknown-fields is deprecated, use --allow-unknown-static-fields"
                            + " instead.");
        }
        if (has(Flag.CONCURRENCY) && has(Flag.CPUSET_THREADS)) {
            notes.add(
                    "Both --concurrency and --cpuset-threads options are set; not applying"
                            + " --cpuset-threads.");
        }
        List<String> unused = new ArrayList<>();
        for (Flag flag : given.keySet()) {
            if (flag.description().startsWith("accepted;")) {
                unused.add("--" + flag.longName());
            }
        }
        if (!unused.isEmpty()) {
            notes.add("accepted without effect in this proxy: " + String.join(", ", unused));
        }
        return notes;
    }

    private LogLevel level(String name) throws ExitException {
        LogLevel level = LogLevel.byName(name);
        if (level == null) {
            throw error("invalid log level specified '" + name + "'");
        }
        return level;
    }

    private Map<String, LogLevel> componentLevels(String list) throws ExitException {
        Map<String, LogLevel> levels = new LinkedHashMap<>();
        if (list.isEmpty()) {
            return levels;
        }
        for (String each : list.split(",", -1)) {
            String[] parts = each.split(":", -1);
            if (parts.length != 2) {
                throw error("component log level not correctly specified '" + each + "'");
            }
            LogLevel level = level(parts[1]);
            if (!Components.NAMES.contains(parts[0])) {
                throw error("invalid component specified '" + parts[0] + "'");
            }
            levels.put(parts[0], level);
        }
        return levels;
    }

    private ServerOptions.Mode mode(String name) throws ExitException {
        for (ServerOptions.Mode mode : ServerOptions.Mode.values()) {
            if (mode.text().equals(name)) {
                return mode;
            }
        }
        throw error("unknown mode '" + name + "'");
    }

    private boolean v6(String name) throws ExitException {
        return switch (name) {
            case "v4" -> false;
            case "v6" -> true;
            default -> throw error("unknown IP address version '" + name + "'");
        };
    }

    private boolean immediate(String name) throws ExitException {
        return switch (name) {
            case "gradual" -> false;
            case "immediate" -> true;
            default -> throw error("unknown drain-strategy '" + name + "'");
        };
    }

    private List<ServerOptions.StatsTag> statsTags() throws ExitException {
        List<ServerOptions.StatsTag> tags = new ArrayList<>();
        for (String tag : given.getOrDefault(Flag.STATS_TAG, List.of())) {
            int colon = tag.indexOf(':');
            if (colon < 0) {
                throw error("misformatted stats-tag '" + tag + "'");
            }
            String name = tag.substring(0, colon);
            String value = tag.substring(colon + 1);
            if (!name.chars().allMatch(CommandLine::alphanumeric)) {
                throw error(
                        "misformatted stats-tag '"
                                + tag
                                + "' contains invalid char in '"
                                + name
                                + "'");
            }
            if (value.isEmpty() || value.indexOf('.') >= 0) {
                throw error(
                        "misformatted stats-tag '"
                                + tag
                                + "' contains invalid char in '"
                                + value
                                + "'");
            }
            tags.add(new ServerOptions.StatsTag(name, value));
        }
        return tags;
    }

    private static boolean alphanumeric(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private boolean has(Flag flag) {
        return given.containsKey(flag);
    }

    private String text(Flag flag, String otherwise) {
        List<String> values = given.get(flag);
        return values == null ? otherwise : values.getLast();
    }

    private long number(Flag flag, long otherwise) {
        String value = text(flag, "");
        return value.isEmpty()
                ? otherwise
                : Integer.toUnsignedLong(Integer.parseUnsignedInt(value));
    }

    private ExitException parseError(String argument, @Nullable String problem) {
        return exit(1, "", Usage.failure(program, argument, String.valueOf(problem)));
    }

    private static ExitException error(String message) {
        return exit(1, "", "error: " + message + "\n");
    }

    private static ExitException exit(int code, String out, String err) {
        return new ExitException(new Result.Exit(code, out, err));
    }
}
