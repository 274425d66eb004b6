package dev.attache.agent.names;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the workload is, which decides about the short names it may use. Immutable.
 *
 * @param namespace of the workload
 * @param domain of the workload without its namespace, as {@code svc.cluster.local}
 */
record Placement(String namespace, String domain) {

    private static final String KUBERNETES = "Kubernetes";

    /**
     * @param proxyDomain may begin with the namespace
     */
    static Placement of(String namespace, String proxyDomain) {
        return new Placement(
                namespace,
                proxyDomain.equals(namespace)
                        ? ""
                        : proxyDomain.startsWith(namespace + ".")
                                ? proxyDomain.substring(namespace.length() + 1)
                                : proxyDomain);
    }

    /** All names of a host, each with a dot at its end, in lower case. */
    Set<String> names(String hostname, NameTable.Host host) {
        Set<String> names = new HashSet<>();
        if (!host.registry().equals(KUBERNETES)) {
            names.add(DnsName.lower(hostname.endsWith(".") ? hostname : hostname + "."));
        } else if (!hostname.endsWith(".")) {
            names.add(DnsName.lower(hostname + "."));
            shortNames(hostname, host).forEach(name -> names.add(DnsName.lower(name)));
        }
        return names;
    }

    /** None for a service of another domain: two of them may share a name and a namespace. */
    private List<String> shortNames(String hostname, NameTable.Host host) {
        if (domain.isEmpty() || !hostname.endsWith(domain)) {
            return List.of();
        }
        String inNamespace = host.shortname() + "." + host.namespace() + ".";
        Set<String> names = new HashSet<>();
        names.add(inNamespace);
        if (namespace.equals(host.namespace())) {
            names.add(host.shortname() + ".");
        }
        int dot = domain.indexOf('.');
        names.add(inNamespace + (dot < 0 ? domain : domain.substring(0, dot)) + ".");
        host.altHosts().forEach(other -> names.add(other + "."));
        return List.copyOf(names);
    }
}
