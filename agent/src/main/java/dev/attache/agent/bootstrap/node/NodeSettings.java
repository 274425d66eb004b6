package dev.attache.agent.bootstrap.node;

import dev.attache.agent.bootstrap.platform.Platform;
import dev.attache.agent.mesh.ProxyConfig;

/**
 * What a {@link Node} is made of beside variables and files.
 *
 * @param type {@code sidecar}, {@code router}, {@code waypoint}
 * @param domain of DNS; empty for {@code POD_NAMESPACE.svc.cluster.local}
 * @param addresses of the proxy
 * @param config in force
 * @param platform the cloud
 * @param outlierLogPath where ejections are logged; empty for nowhere
 * @param stsPort of the token service; 0 for none
 * @param credentialSocket whether a socket for the secrets of gateways answers
 * @param onlyFiles whether another serves the workload's identity, and we serve files alone
 * @param version of Istio, whose agent this one is equal to
 */
public record NodeSettings(
        String type,
        String domain,
        NodeAddresses addresses,
        ProxyConfig config,
        Platform platform,
        String outlierLogPath,
        int stsPort,
        boolean credentialSocket,
        boolean onlyFiles,
        String version) {}
