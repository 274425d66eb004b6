package dev.attache.agent.names;

import dev.attache.agent.environment.Environment;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How names are served. Immutable.
 *
 * @param address host and port; {@code localhost} are the loopback addresses of the families that
 *     the machine's own servers have
 * @param namespace of the workload
 * @param domain of the workload
 * @param parallel whether all of the machine's servers are asked at once
 * @param upstreamTimeout how long one of them may take
 * @param resolvConf what the machine's resolver is told
 * @param answerUnsynced whether names are looked up elsewhere before the first table, instead of
 *     being refused: for the port of a machine's own name server
 */
public record NameServerSettings(
        String address,
        String namespace,
        String domain,
        boolean parallel,
        Duration upstreamTimeout,
        Path resolvConf,
        boolean answerUnsynced) {

    static final String DEFAULT_ADDRESS = "localhost:15053";

    private static final Path OF_MACHINE = Path.of("/etc/resolv.conf");
    private static final Path BESIDES = Path.of("/var/lib/istio/resolv.conf");

    /**
     * By the variables of Istio's agent.
     *
     * @param domain of the workload, as the command's flag says
     * @param root whether this process may listen on port 53 in place of the machine's server
     */
    public static NameServerSettings of(Environment environment, String domain, boolean root) {
        String asked = environment.text("DNS_PROXY_ADDR", DEFAULT_ADDRESS);
        boolean ofMachine = asked.endsWith(":53");
        String address = asked.isEmpty() || ofMachine && !root ? DEFAULT_ADDRESS : asked;
        boolean instead = ofMachine && root;
        return new NameServerSettings(
                address,
                environment.text("POD_NAMESPACE", ""),
                domain,
                environment.truth("DNS_FORWARD_PARALLEL", false),
                environment.duration("DNS_FORWARD_TIMEOUT", Duration.ofSeconds(5)),
                instead && BESIDES.toFile().exists() ? BESIDES : OF_MACHINE,
                instead);
    }

    /**
     * Whether names are served at all.
     *
     * @param sidecar whether the proxy is one
     */
    public static boolean wanted(Environment environment, boolean sidecar) {
        return sidecar && environment.truth("ISTIO_META_DNS_CAPTURE", false)
                || environment.truth("ISTIO_META_ENABLE_DNS_SERVER", false);
    }
}
