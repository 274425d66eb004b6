package dev.attache.server.flags;

import org.jspecify.annotations.Nullable;

/**
 * One flag of the command line. The constants stand in the order of the usage text.
 *
 * <p>Names and defaults: Envoy's "Command line options" page.
 */
enum Flag {
    STATS_TAG(
            "stats-tag",
            Kind.REPEATED,
            "a tag:value put on every stat; may be given again and again"),
    ENABLE_CORE_DUMP(
            "enable-core-dump", Kind.SWITCH, "accepted; a JVM decides about core dumps itself"),
    SOCKET_MODE("socket-mode", Kind.STRING, "permission of the hot restart socket, octal (600)"),
    SOCKET_PATH(
            "socket-path",
            Kind.STRING,
            "path of the hot restart socket, @ for an abstract one (@envoy_domain_socket)"),
    DISABLE_EXTENSIONS(
            "disable-extensions", Kind.STRING, "extensions to leave out, category/name, by commas"),
    CPUSET_THREADS("cpuset-threads", Kind.SWITCH, "as many workers as the cpuset has threads"),
    ENABLE_MUTEX_TRACING(
            "enable-mutex-tracing", Kind.SWITCH, "accepted; there is no mutex to trace"),
    DISABLE_HOT_RESTART("disable-hot-restart", Kind.SWITCH, "no process takes over from this one"),
    MODE(
            "mode",
            Kind.STRING,
            "'serve' (default) checks the configuration and serves, 'validate' checks it, with what"
                    + " stands in files that it names, and exits"),
    VALIDATE_BOOTSTRAP_ONLY(
            "validate-bootstrap-only",
            Kind.SWITCH,
            "--mode validate opens no file of resources and says nothing of what is useless, as"
                    + " Envoy"),
    WARNINGS_AS_ERRORS(
            "warnings-as-errors", Kind.SWITCH, "--mode validate exits with 1 where it has warned"),
    PARENT_SHUTDOWN_TIME_S(
            "parent-shutdown-time-s",
            Kind.UINT,
            "seconds after which a hot restart ends the parent (900)"),
    DRAIN_STRATEGY(
            "drain-strategy",
            Kind.STRING,
            "'gradual' (default) closes more and more connections over the drain time, 'immediate'"
                    + " all at once"),
    DRAIN_TIME_S(
            "drain-time-s", Kind.UINT, "seconds that a removed or changed listener drains (600)"),
    SHUTDOWN_DRAIN_S(
            "shutdown-drain-s",
            Kind.UINT,
            "seconds that SIGTERM and SIGINT give what runs to finish, at most (0: none, as Envoy)."
                    + " /ready fails at once, clients are asked to leave, listeners accept for half"
                    + " of the time; over as soon as nobody has been connected for a second. A"
                    + " second signal ends at once"),
    ADMIN_TOKEN_FILE(
            "admin-token-file",
            Kind.STRING,
            "file with the tokens, one a line, of which the admin port demands one (authorization:"
                    + " Bearer TOKEN); read again when it changes. Also ATTACHE_ADMIN_TOKEN_FILE"),
    ADMIN_TLS_CERT(
            "admin-tls-cert",
            Kind.STRING,
            "file with the certificate chain by which the admin port speaks TLS, PEM; read again"
                    + " when it changes. Also ATTACHE_ADMIN_TLS_CERT"),
    ADMIN_TLS_KEY(
            "admin-tls-key",
            Kind.STRING,
            "file with the key of --admin-tls-cert, PEM. Also ATTACHE_ADMIN_TLS_KEY"),
    ADMIN_CLIENT_CA(
            "admin-client-ca",
            Kind.STRING,
            "file with the authorities, PEM, of which clients of the admin port have to show a"
                    + " certificate. Also ATTACHE_ADMIN_CLIENT_CA"),
    ADMIN_OPEN_READY(
            "admin-open-ready",
            Kind.SWITCH,
            "/ready of the admin port needs neither token nor client certificate. Also"
                    + " ATTACHE_ADMIN_OPEN_READY=true"),
    ADMIN_READ_ONLY(
            "admin-read-only",
            Kind.SWITCH,
            "the admin port refuses POST and all that changes the proxy. Also"
                    + " ATTACHE_ADMIN_READ_ONLY=true"),
    METRICS_ADDRESS(
            "metrics-address",
            Kind.STRING,
            "IP:PORT of a port that serves /stats/prometheus and /ready and nothing else, in plain"
                    + " text to everybody. Also ATTACHE_METRICS_ADDRESS"),
    ADMIN_UI_WRITES(
            "admin-ui-writes",
            Kind.SWITCH,
            "lets the admin port's page for people, /ui/, change log levels, drain, and the like"),
    ADMIN_UI_HOSTS(
            "admin-ui-hosts",
            Kind.STRING,
            "host names, by commas, under which browsers may ask for /ui/, beside addresses and"
                    + " localhost"),
    EXPLAIN_KEEP_KB(
            "explain-keep-kb",
            Kind.UINT,
            "KB that decisions about the last requests may take, for /explain?request_id= (0: none"
                    + " are kept)"),
    EXPLAIN_SECRET_PATH(
            "explain-secret-path",
            Kind.STRING,
            "file with a secret: the response to a request that has it in x-attache-explain says"
                    + " there why it went where it went"),
    FILE_FLUSH_MIN_SIZE_KB(
            "file-flush-min-size-kb", Kind.UINT, "size in KB that flushes an access log (64)"),
    FILE_FLUSH_INTERVAL_MSEC(
            "file-flush-interval-msec",
            Kind.UINT,
            "milliseconds after which an access log is flushed (10000)"),
    SERVICE_ZONE("service-zone", Kind.STRING, "zone, where the bootstrap has none"),
    SERVICE_NODE("service-node", Kind.STRING, "node id, where the bootstrap has none"),
    SERVICE_CLUSTER(
            "service-cluster", Kind.STRING, "cluster of the node, where the bootstrap has none"),
    HOT_RESTART_VERSION(
            "hot-restart-version", Kind.SWITCH, "prints the hot restart version and exits"),
    RESTART_EPOCH(
            "restart-epoch",
            Kind.UINT,
            "number of the hot restart: one more than that of the process to take over from (0)"),
    LOG_PATH("log-path", Kind.STRING, "file for the log, instead of standard error"),
    ENABLE_FINE_GRAIN_LOGGING(
            "enable-fine-grain-logging", Kind.SWITCH, "accepted; levels are set by component"),
    LOG_FORMAT_ESCAPED("log-format-escaped", Kind.SWITCH, "escapes line ends in log messages"),
    LOG_FORMAT(
            "log-format",
            Kind.STRING,
            "format of log lines, in spdlog's syntax\n\nDefault is \"[%Y-%m-%d %T.%e][%t][%l][%n]"
                    + " [%g:%#] %v\""),
    COMPONENT_LOG_LEVEL(
            "component-log-level",
            Kind.STRING,
            "levels of components, by commas, e.g. upstream:debug,config:trace"),
    LOG_LEVEL(
            "log-level",
            'l',
            Kind.STRING,
            "one of [trace][debug][info][warning|warn][error][critical][off]\n\nDefault is [info]"),
    LOCAL_ADDRESS_IP_VERSION("local-address-ip-version", Kind.STRING, "v4 (default) or v6"),
    ADMIN_ADDRESS_PATH("admin-address-path", Kind.STRING, "file to write the admin address to"),
    LOG_STACKTRACE_SINGLE_ENTRY(
            "log-stacktrace-single-entry", Kind.SWITCH, "accepted; a stack trace is one log entry"),
    SKIP_DEPRECATED_LOGS(
            "skip-deprecated-logs", Kind.SWITCH, "no log lines about deprecated fields"),
    IGNORE_UNKNOWN_DYNAMIC_FIELDS(
            "ignore-unknown-dynamic-fields",
            Kind.SWITCH,
            "unknown fields of dynamic configuration are ignored silently"),
    REJECT_UNKNOWN_DYNAMIC_FIELDS(
            "reject-unknown-dynamic-fields",
            Kind.SWITCH,
            "unknown fields of dynamic configuration are errors"),
    ALLOW_UNKNOWN_STATIC_FIELDS(
            "allow-unknown-static-fields",
            Kind.SWITCH,
            "unknown fields of the bootstrap are no errors"),
    ALLOW_UNKNOWN_FIELDS(
            "allow-unknown-fields", Kind.SWITCH, "old name of --allow-unknown-static-fields"),
    CONFIG_YAML(
            "config-yaml", Kind.STRING, "configuration in YAML, merged over that of --config-path"),
    CONFIG_PATH("config-path", 'c', Kind.STRING, "file with the configuration"),
    CONCURRENCY("concurrency", Kind.UINT, "number of workers"),
    BASE_ID_PATH("base-id-path", Kind.STRING, "file to write the base id to"),
    SKIP_HOT_RESTART_PARENT_STATS(
            "skip-hot-restart-parent-stats",
            Kind.SWITCH,
            "does not go on with the parent's statistics"),
    SKIP_HOT_RESTART_ON_NO_PARENT(
            "skip-hot-restart-on-no-parent",
            Kind.SWITCH,
            "starts without a parent where none waits"),
    USE_DYNAMIC_BASE_ID("use-dynamic-base-id", Kind.SWITCH, "finds a base id that is free"),
    BASE_ID("base-id", Kind.UINT, "number of the proxy on this host, for hot restarts (0)"),
    IGNORE_REST("ignore_rest", '-', Kind.SWITCH, "what follows is ignored"),
    VERSION("version", Kind.SWITCH, "prints the version and exits"),
    HELP("help", 'h', Kind.SWITCH, "prints this text and exits");

    /** What a flag takes. */
    enum Kind {
        SWITCH,
        STRING,
        UINT,
        REPEATED
    }

    private final String longName;
    private final char shortName;
    private final Kind kind;
    private final String description;

    Flag(String longName, Kind kind, String description) {
        this(longName, '\0', kind, description);
    }

    Flag(String longName, char shortName, Kind kind, String description) {
        this.longName = longName;
        this.shortName = shortName;
        this.kind = kind;
        this.description = description;
    }

    /** The flag that an argument is, or null. */
    static @Nullable Flag of(String argument) {
        for (Flag flag : values()) {
            if (argument.equals("--" + flag.longName)
                    || (flag.shortName != '\0' && argument.equals("-" + flag.shortName))) {
                return flag;
            }
        }
        return null;
    }

    Kind kind() {
        return kind;
    }

    String longName() {
        return longName;
    }

    String description() {
        return description;
    }

    /** As errors name it: {@code -c (--config-path)} or {@code (--mode)}. */
    String errorName() {
        return (shortName == '\0' ? "" : "-" + shortName + " ") + "(--" + longName + ")";
    }

    /** As the brief usage names it. */
    String briefName() {
        String name = shortName == '\0' ? "--" + longName : "-" + shortName;
        return "[" + name + value() + "]" + (kind == Kind.REPEATED ? " ..." : "");
    }

    /** As the long usage names it. */
    String fullName() {
        String names =
                shortName == '\0'
                        ? "--" + longName + value()
                        : "-" + shortName + value() + ",  --" + longName + value();
        return kind == Kind.REPEATED ? names + "  (accepted multiple times)" : names;
    }

    private String value() {
        return switch (kind) {
            case SWITCH -> "";
            case STRING, REPEATED -> " <string>";
            case UINT -> " <uint32_t>";
        };
    }
}
