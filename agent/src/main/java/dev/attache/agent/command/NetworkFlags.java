package dev.attache.agent.command;

import dev.attache.agent.environment.Environment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What of a machine's network is used for what, where it has several interfaces. Each is said by a
 * flag, else by a variable ({@code ATTACHE_DATA_ADDRESS}), else by ProxyConfig's proxyMetadata.
 *
 * @param advertised what the mesh knows this proxy by, put first: addresses, or interfaces
 * @param interfaces whose addresses are announced; empty for all
 * @param data from where the proxy connects to others; empty for what routes say
 * @param controlPlane from where control plane and authority are connected to, by their families;
 *     empty for what routes say
 */
public record NetworkFlags(
        List<String> advertised,
        List<String> interfaces,
        List<String> data,
        List<String> controlPlane) {

    public NetworkFlags {
        advertised = List.copyOf(advertised);
        interfaces = List.copyOf(interfaces);
        data = List.copyOf(data);
        controlPlane = List.copyOf(controlPlane);
    }

    /** With variables and metadata where flags say nothing. */
    public NetworkFlags or(Environment environment, Map<String, String> proxyMetadata) {
        return new NetworkFlags(
                list(advertised, "ATTACHE_ADVERTISE_ADDRESS", environment, proxyMetadata),
                list(interfaces, "ATTACHE_INTERFACES", environment, proxyMetadata),
                list(data, "ATTACHE_DATA_ADDRESS", environment, proxyMetadata),
                list(controlPlane, "ATTACHE_CONTROL_PLANE_ADDRESS", environment, proxyMetadata));
    }

    private static List<String> list(
            List<String> flag,
            String variable,
            Environment environment,
            Map<String, String> proxyMetadata) {
        return flag.isEmpty()
                ? Arrays.stream(said(variable, environment, proxyMetadata).split(","))
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .toList()
                : flag;
    }

    private static String said(
            String variable, Environment environment, Map<String, String> proxyMetadata) {
        return environment.text(variable, proxyMetadata.getOrDefault(variable, ""));
    }
}
