package dev.attache.agent;

import dev.attache.agent.bootstrap.node.NodeAddresses;
import dev.attache.agent.dataplane.ProxyCommand;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.ProxyConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is to run: settings that were read, files that were written, the proxy's command
 * line. Immutable.
 *
 * @param type of the proxy: sidecar, router or waypoint
 * @param node the id that the control plane knows the proxy by
 * @param domain of names in this namespace
 * @param addresses of the workload, the first one first
 * @param generated the bootstrap that goes away with the agent; null where somebody else wrote it
 * @param grpcBootstrap the bootstrap of proxyless gRPC; null where there is none
 * @param command the proxy's; null where no proxy is to run
 * @param separate whether the proxy is a process of its own
 * @param profiling whether {@code /debug/pprof/} is served
 */
public record AgentPlan(
        Environment environment,
        AgentFiles files,
        ProxyConfig config,
        String type,
        String node,
        String domain,
        List<String> addresses,
        @Nullable Path generated,
        @Nullable Path grpcBootstrap,
        @Nullable ProxyCommand command,
        boolean separate,
        boolean profiling) {

    public AgentPlan {
        addresses = List.copyOf(addresses);
    }

    boolean sidecar() {
        return type.equals("sidecar");
    }

    /** Whether the workload has addresses of IPv6 only. */
    boolean v6Only() {
        return !addresses.isEmpty()
                && addresses.stream().allMatch(address -> address.indexOf(':') >= 0);
    }

    /** Where the proxy's administration is, as its bootstrap says. */
    String proxyHost() {
        boolean dualStack = environment.truth("ISTIO_DUAL_STACK", false);
        return new NodeAddresses(addresses).servesAtV6(dualStack) ? "::1" : "127.0.0.1";
    }
}
