package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.bootstrap.CompiledBootstrap;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.DnsServers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom clusters ask for names: their own servers, or the bootstrap's. */
class DnsResolversTest {
    private static final String CARES =
            "{name: envoy.network.dns_resolver.cares, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig,"
                    + " resolvers: [{socket_address: {address: 10.0.0.%s, port_value: 53}}]%s}}";

    private static final String CLUSTERS =
            """
            static_resources:
              clusters:
              - {name: plain, type: STRICT_DNS, connect_timeout: 1s, load_assignment: {cluster_name: plain}}
              - name: own
                type: STRICT_DNS
                connect_timeout: 1s
                load_assignment: {cluster_name: own}
                typed_dns_resolver_config: OWN
              - name: extension
                connect_timeout: 1s
                load_assignment: {cluster_name: extension}
                cluster_type:
                  name: envoy.clusters.dns
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.clusters.dns.v3.DnsCluster
                    dns_lookup_family: ALL
            """
                    .replace("OWN", CARES.formatted("2", ""));

    private static DnsServers at(String address, boolean searches) {
        return new DnsServers(List.of(IpAddress.parse(address, 53)), searches);
    }

    private static List<DnsServers> servers(String bootstrap) {
        Compiled<CompiledBootstrap> compiled = new BootstrapFixture().yaml(bootstrap + CLUSTERS);
        assertThat(ConfigFixture.errors(compiled)).isEmpty();
        return ((Compiled.Ok<CompiledBootstrap>) compiled)
                .value().clusters().stream()
                        .map(cluster -> cluster.spec().discovery())
                        .map(each -> ((DiscoverySpec.StrictDns) each).dns().servers())
                        .toList();
    }

    @Test
    void withoutAnyTheSystems() {
        assertThat(servers(""))
                .containsExactly(DnsServers.SYSTEM, at("10.0.0.2", true), DnsServers.SYSTEM);
    }

    @Test
    void thoseOfTheBootstrapWhereAClusterNamesNone() {
        DnsServers own = at("10.0.0.2", true);
        DnsServers shared = at("10.0.0.1", false);
        String options = ", dns_resolver_options: {no_default_search_domain: true}";
        assertThat(servers("typed_dns_resolver_config: " + CARES.formatted("1", options) + "\n"))
                .containsExactly(shared, own, shared);
    }

    @ParameterizedTest
    @ValueSource(strings = {"use_resolvers_as_fallback", "filter_unroutable_families"})
    void whatWouldPickOtherServersOrHostsIsRefused(String field) {
        String config = CARES.formatted("1", ", " + field + ": true");
        assertThat(
                        ConfigFixture.errors(
                                new BootstrapFixture()
                                        .yaml("typed_dns_resolver_config: " + config)))
                .singleElement()
                .asString()
                .contains("typed_dns_resolver_config.typed_config." + field);
    }
}
