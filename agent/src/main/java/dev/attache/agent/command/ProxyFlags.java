package dev.attache.agent.command;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The command line of {@code proxy}: pilot-agent's flags, and of our own those with hyphens. Flags
 * that are not known have no effect, as there.
 *
 * @param type the sort of proxy
 * @param domain of DNS; empty for that of the namespace
 * @param meshConfig the file of mesh configuration
 * @param stsPort where tokens are exchanged; 0 for nowhere
 * @param serviceCluster the name for telemetry, where ProxyConfig has an empty one
 * @param proxyLogLevel the proxy's level, and those of components, parted by commas
 * @param proxyComponentLogLevel levels of components, where {@code proxyLogLevel} has none
 * @param concurrency worker threads; 0 for what ProxyConfig says
 * @param templateFile a template of the bootstrap; empty for none
 * @param outlierLogPath where ejections are logged; empty for nowhere
 * @param profiling whether the status port shows the agent's threads
 * @param separate whether the proxy is a process of its own
 * @param network what of the machine's network is used for what
 * @param log the log's flags
 */
public record ProxyFlags(
        String type,
        String domain,
        String meshConfig,
        int stsPort,
        String serviceCluster,
        String proxyLogLevel,
        String proxyComponentLogLevel,
        int concurrency,
        String templateFile,
        String outlierLogPath,
        boolean profiling,
        boolean separate,
        NetworkFlags network,
        LogFlags log) {

    private static final List<String> TYPES =
            List.of("sidecar", "router", "waypoint", "ztunnel", "agentgateway");

    /** How {@code proxy --help} answers. */
    public static final String USAGE =
            """
            Runs the agent and its proxy.

            Usage:
              pilot-agent proxy [sidecar|router|waypoint] [flags]

            Flags:
                  --advertise-address string        addresses, or interfaces, that the mesh knows this proxy by; put first
                  --concurrency int                 number of worker threads to run
                  --control-plane-address string    addresses, or interfaces, from which the control plane is connected to
                  --data-address string             addresses, or interfaces, from which the proxy connects to others
                  --domain string                   DNS domain suffix. If not provided uses ${POD_NAMESPACE}.svc.cluster.local
              -h, --help                            help for proxy
                  --interfaces string               interfaces whose addresses are announced; all where none is named
                  --meshConfig string               file of mesh configuration (default "./etc/istio/config/mesh")
                  --outlierLogPath string           the log path for outlier detection
                  --profiling                       show the agent's threads at /debug/pprof/ (default true)
                  --proxyComponentLogLevel string   log levels of components; use proxyLogLevel instead
                  --proxyLogLevel string            trace, debug, info, warning, error, critical or off, and scopes: 'info,misc:error' (default "warning")
                  --separate                        run the proxy, ProxyConfig's binaryPath, as a process of its own
                  --serviceCluster string           service cluster (default "istio-proxy")
                  --stsPort int                     port of the token service; 0 for none
                  --templateFile string             Go template of the bootstrap
                  --tokenManagerPlugin string       plugin of the token service

            Global Flags:
                  --log_as_json                     lines of the log are JSON
                  --log_caller string               scopes whose lines say where they come from
                  --log_output_level string         least levels of scopes, as default:debug,xdsproxy:none; all is every scope
                  --log_target stringArray          stdout, stderr or a file for the agent's lines (default stdout)
                  --log_stacktrace_level, --vklog   taken, without effect
            """;

    /**
     * Reads a command line without {@code proxy} itself.
     *
     * @throws UsageException if a value does not fit, or the sort of proxy is not known
     * @throws HelpWanted if help is asked for
     */
    public static ProxyFlags parse(String... arguments) throws UsageException, HelpWanted {
        Flags flags = new Flags(known(), Map.of(), true).read(arguments);
        if (flags.help()) {
            throw new HelpWanted();
        }
        String type = flags.words().isEmpty() ? "sidecar" : flags.words().getFirst();
        if (!TYPES.contains(type)) {
            throw new UsageException("invalid proxy Type: " + type);
        }
        if (flags.whole("stsPort", 0) != 0) {
            throw new UsageException(
                    "--stsPort: tokens are not exchanged here; leave the flag out");
        }
        return new ProxyFlags(
                type,
                flags.text("domain", ""),
                flags.text("meshConfig", "./etc/istio/config/mesh"),
                flags.whole("stsPort", 0),
                flags.text("serviceCluster", "istio-proxy"),
                flags.text("proxyLogLevel", "warning"),
                flags.text("proxyComponentLogLevel", ""),
                flags.whole("concurrency", 0),
                flags.text("templateFile", ""),
                flags.text("outlierLogPath", ""),
                flags.truth("profiling", true),
                flags.truth("separate", false),
                new NetworkFlags(
                        list(flags, "advertise-address"),
                        list(flags, "interfaces"),
                        list(flags, "data-address"),
                        list(flags, "control-plane-address")),
                LogFlags.of(flags));
    }

    /** Someone asks what there is to say. */
    public static final class HelpWanted extends Exception {

        private static final long serialVersionUID = 1;

        HelpWanted() {
            super("help", null, false, false);
        }
    }

    private static List<String> list(Flags flags, String name) {
        return flags.texts(name).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .filter(text -> !text.isBlank())
                .map(String::strip)
                .toList();
    }

    private static Map<String, Flags.Kind> known() {
        Map<String, Flags.Kind> known = new HashMap<>(LogFlags.known());
        for (String text :
                List.of(
                        "domain",
                        "meshConfig",
                        "tokenManagerPlugin",
                        "serviceCluster",
                        "proxyLogLevel",
                        "proxyComponentLogLevel",
                        "templateFile",
                        "outlierLogPath",
                        "advertise-address",
                        "interfaces",
                        "data-address",
                        "control-plane-address")) {
            known.put(text, Flags.Kind.TEXT);
        }
        known.put("stsPort", Flags.Kind.WHOLE);
        known.put("concurrency", Flags.Kind.WHOLE);
        known.put("profiling", Flags.Kind.TRUTH);
        known.put("separate", Flags.Kind.TRUTH);
        return known;
    }
}
