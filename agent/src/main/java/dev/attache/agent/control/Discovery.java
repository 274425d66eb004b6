package dev.attache.agent.control;

import dev.attache.agent.mesh.ProxyConfig;
import java.util.Map;

/**
 * What of the mesh's settings says where the control plane is. Immutable.
 *
 * @param address of ProxyConfig's {@code discoveryAddress}: host and port
 * @param mutualTls false for {@code controlPlaneAuthPolicy: NONE}: the resources come in plain text
 * @param proxyMetadata of ProxyConfig: names the files of a client that brings its certificates
 */
public record Discovery(String address, boolean mutualTls, Map<String, String> proxyMetadata) {

    public Discovery {
        proxyMetadata = Map.copyOf(proxyMetadata);
    }

    /** That of a ProxyConfig. */
    public static Discovery of(ProxyConfig config) {
        return new Discovery(
                config.discoveryAddress(), config.controlPlaneMutualTls(), config.proxyMetadata());
    }
}
