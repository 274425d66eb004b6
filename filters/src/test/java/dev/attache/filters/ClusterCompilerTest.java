package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.ClusterCompiler;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.RequestPolicies;
import dev.attache.proxy.route.RouteAction.Mirror;
import dev.attache.proxy.tls.ClientTlsSpec;
import dev.attache.proxy.tls.secret.TlsVersion;
import dev.attache.proxy.transport.RawClientTransportSpec;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.lb.LeastRequestSpec;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings.LocalityMode;
import dev.attache.proxy.upstream.lb.RingHashSpec;
import dev.attache.proxy.upstream.lb.RoundRobinSpec;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.OutlierSpec;
import dev.attache.proxy.upstream.spec.TransportSelection.Labels;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec.ProtocolChoice;
import dev.attache.proxy.worker.JitteredTime;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** YAML clusters to specs or diagnostics; texts as the real Envoy 1.40 prints them. */
final class ClusterCompilerTest {
    private final ConfigFixture fixture = new ConfigFixture();

    @Test
    void defaultsAreEnvoys() {
        ClusterSpec spec = ok("name: a").spec();
        assertThat(spec)
                .isEqualTo(
                        ClusterSpec.named("a")
                                .addedViaApi(true)
                                .endpoints(
                                        new dev.attache.proxy.upstream.host.LoadAssignment(
                                                "",
                                                java.util.List.of(),
                                                140,
                                                false,
                                                0,
                                                java.util.List.of()))
                                .build());
        assertThat(spec.connectTimeoutMillis()).isEqualTo(5000);
        assertThat(spec.loadBalancer()).isEqualTo(RoundRobinSpec.DEFAULTS);
    }

    @Test
    void endpointsOfAStaticCluster() {
        ClusterSpec spec =
                ok("""
                name: a
                load_assignment:
                  cluster_name: a
                  policy: {overprovisioning_factor: 100, drop_overloads: [{category: c, drop_percentage: {numerator: 5}}]}
                  endpoints:
                  - locality: {region: r, zone: z}
                    load_balancing_weight: 3
                    priority: 1
                    lb_endpoints:
                    - endpoint: {address: {socket_address: {address: "::1", port_value: 80}}, hostname: h}
                      health_status: DRAINING
                      load_balancing_weight: 7
                      metadata: {filter_metadata: {envoy.lb: {v: "1"}}}
                    - endpoint: {address: {pipe: {path: ./var/x.sock}}}
                    - endpoint: {address: {envoy_internal_address: {server_listener_name: in}}}
                """)
                        .spec();
        var locality = spec.endpoints().localities().getFirst();
        assertThat(locality.locality().region()).isEqualTo("r");
        assertThat(locality.priority()).isEqualTo(1);
        assertThat(locality.weight()).isEqualTo(3);
        assertThat(locality.endpoints())
                .extracting(e -> e.address().toString())
                .containsExactly("[::1]:80", "./var/x.sock", "envoy://in/");
        assertThat(locality.endpoints().getFirst().weight()).isEqualTo(7);
        assertThat(spec.endpoints().overprovisioningFactor()).isEqualTo(100);
        assertThat(spec.endpoints().dropOverloads().getFirst().numerator()).isEqualTo(5);
    }

    @Test
    void dnsClustersKeepNames() {
        ClusterSpec spec =
                ok("""
                name: a
                type: LOGICAL_DNS
                dns_lookup_family: ALL
                dns_refresh_rate: 1s
                dns_failure_refresh_rate: {base_interval: 2s}
                load_assignment:
                  cluster_name: a
                  endpoints:
                  - lb_endpoints:
                    - endpoint: {address: {socket_address: {address: foo.com, port_value: 80}}}
                """)
                        .spec();
        assertThat(spec.discovery())
                .isInstanceOfSatisfying(
                        DiscoverySpec.LogicalDns.class,
                        dns -> {
                            assertThat(dns.dns().refreshMillis()).isEqualTo(1000);
                            assertThat(dns.dns().failureMaxMillis()).isEqualTo(20_000);
                        });
        assertThat(spec.endpoints().localities().getFirst().endpoints().getFirst().address())
                .isEqualTo(new EndpointAddress.Named("foo.com", 80));
    }

    @Test
    void edsWaitsForItsEndpoints() {
        CompiledCluster cluster =
                ok(
                        "{name: a, type: EDS, eds_cluster_config: {service_name: s, eds_config:"
                                + " {ads: {}}}}");
        assertThat(cluster.spec().discovery()).isEqualTo(new DiscoverySpec.Eds("s"));
        assertThat(cluster.dependencies()).hasSize(1);
        assertThat(cluster.dependencies().getFirst().name()).isEqualTo("s");
    }

    @Test
    void autoMtlsPicksSocketsByMetadata() {
        CompiledCluster cluster =
                ok(
                        """
                        name: a
                        transport_socket_matches:
                        - name: tlsMode-istio
                          match: {tlsMode: istio}
                          transport_socket:
                            name: tls
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                              sni: s
                              common_tls_context:
                                alpn_protocols: [istio]
                                tls_certificate_sds_secret_configs: [{name: default, sds_config: {ads: {}}}]
                                combined_validation_context:
                                  default_validation_context: {match_typed_subject_alt_names: [{san_type: URI, matcher: {exact: spiffe://a}}]}
                                  validation_context_sds_secret_config: {name: ROOTCA, sds_config: {ads: {}}}
                        - name: tlsMode-disabled
                          match: {}
                          transport_socket:
                            name: raw
                            typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}
                        """);
        var matches = cluster.spec().transports().matches();
        assertThat(matches.get(1).transport()).isEqualTo(new RawClientTransportSpec());
        assertThat(matches.getFirst().transport())
                .isInstanceOfSatisfying(
                        ClientTlsSpec.class,
                        tls -> {
                            assertThat(tls.sni()).isEqualTo("s");
                            assertThat(tls.params().alpn()).containsExactly("istio");
                            assertThat(tls.params().maxVersion()).isEqualTo(TlsVersion.TLS_1_2);
                            assertThat(tls.certificate().current()).isNull();
                        });
        assertThat(fixture.secrets.subscribed).containsExactly("default", "ROOTCA");
        assertThat(cluster.dependencies())
                .extracting(d -> d.name())
                .containsExactly("default", "ROOTCA");
    }

    @Test
    void typedProtocolOptionsReplaceTheDeprecatedFields() {
        ClusterSpec spec =
                ok("""
                name: a
                http_protocol_options: {accept_http_10: true}
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: {http2_protocol_options: {max_concurrent_streams: 5}}
                    common_http_protocol_options: {idle_timeout: 3s, max_connection_duration: 4s, max_connection_duration_jitter: {value: 10}}
                    upstream_http_protocol_options: {auto_sni: true}
                """)
                        .spec();
        assertThat(spec.http().protocol()).isEqualTo(ProtocolChoice.HTTP2);
        assertThat(spec.http().http2().maxConcurrentStreams()).isEqualTo(5);
        assertThat(spec.http().http1().acceptHttp10()).isFalse();
        assertThat(spec.http().idleTimeoutMillis()).isEqualTo(3000);
        assertThat(spec.http().maxConnectionDuration()).isEqualTo(new JitteredTime(4000, 10));
        assertThat(spec.http().autoSni()).isTrue();
        assertThat(ok("{name: a, http2_protocol_options: {}}").spec().http().protocol())
                .isEqualTo(ProtocolChoice.HTTP2);
    }

    @Test
    void policiesComeByEnumOrByTheFirstSupportedExtension() {
        assertThat(ok("{name: a, lb_policy: LEAST_REQUEST}").spec().loadBalancer())
                .isEqualTo(LeastRequestSpec.DEFAULTS);
        ClusterSpec spec =
                ok("""
                name: a
                load_balancing_policy:
                  policies:
                  - typed_extension_config: {name: p1, typed_config: {"@type": type.googleapis.com/google.protobuf.StringValue, value: a}}
                  - typed_extension_config:
                      name: p2
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality
                        endpoint_picking_policy:
                          policies:
                          - typed_extension_config:
                              name: p3
                              typed_config:
                                "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash
                                consistent_hashing_lb_config: {hash_balance_factor: 120}
                """)
                        .spec();
        assertThat(spec.loadBalancer()).isEqualTo(RingHashSpec.DEFAULTS);
        assertThat(spec.balancing().localityMode()).isEqualTo(LocalityMode.LOCALITY_WEIGHTED);
        assertThat(spec.balancing().hashBalanceFactor()).isEqualTo(120);
    }

    @Test
    void istiosUnlimitedBreakersDoNotOverflow() {
        ClusterSpec spec =
                ok("{name: a, circuit_breakers: {thresholds: [{max_connections: 4294967295,"
                                + " retry_budget: {}}]}}")
                        .spec();
        assertThat(spec.circuitBreakers().defaultPriority().maxConnections())
                .isEqualTo(4294967295L);
        assertThat(spec.circuitBreakers().defaultPriority().retryBudget().percent()).isEqualTo(20);
        assertThat(spec.circuitBreakers().highPriority().maxConnections()).isEqualTo(1024);
    }

    @Test
    void aRetryBudgetMayBeOfAnInterval() {
        String breakers =
                "{name: a, circuit_breakers: {thresholds: [{retry_budget: {budget_interval:"
                        + " %s}}]}}";
        assertThat(
                        ok(breakers.formatted("0.25s"))
                                .spec()
                                .circuitBreakers()
                                .defaultPriority()
                                .retryBudget())
                .isEqualTo(new CircuitBreakerSpec.RetryBudget(20, 3, 250));
        assertThat(ConfigFixture.errors(compile(breakers.formatted("-1s"))))
                .singleElement()
                .asString()
                .contains("thresholds[0].retry_budget.budget_interval");
    }

    @Test
    void aMatcherNamesTheTransportSocket() {
        String cluster =
                "{name: a, transport_socket_matches: [{name: '%s', transport_socket: {name: raw, typed_config:"
                        + " {'@type': type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}}],"
                        + " transport_socket_matcher: {matcher_tree: {input: {name: i, typed_config: {'@type':"
                        + " type.googleapis.com/envoy.extensions.matching.common_inputs.transport_socket.v3.%s}},"
                        + " exact_match_map: {map: {'1.500000': {action: {name: picked, typed_config: {'@type':"
                        + " type.googleapis.com/envoy.extensions.matching.common_inputs.transport_socket.v3.TransportSocketNameAction,"
                        + " name: raw}}}}}}}}";
        var matcher =
                ok(cluster.formatted("raw", "EndpointMetadataInput, filter: f, path: [{key: k}]"))
                        .spec()
                        .transports()
                        .matcher();
        assertThat(matcher).isNotNull();
        assertThat(matcher.match(new Labels(labels(1.5), Metadata.EMPTY)).action())
                .isEqualTo("raw");
        assertThat(matcher.match(new Labels(labels(1), labels(1.5))).action()).isNull();
        assertThat(
                        ConfigFixture.errors(
                                compile(cluster.formatted("raw", "FilterStateInput, key: k"))))
                .isNotEmpty();
    }

    private static Metadata labels(double value) {
        return new Metadata(
                Map.of(
                        "f",
                        new MetadataValue.Struct(Map.of("k", new MetadataValue.Number(value)))));
    }

    @Test
    void policiesOfRoutesMayStandInACluster() {
        String options =
                "{name: a, typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions:"
                        + " {'@type': type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions,"
                        + " explicit_http_config: {http_protocol_options: {}}%s}}}";
        assertThat(ok(options.formatted("")).spec().http().policies())
                .isEqualTo(RequestPolicies.NONE);
        RequestPolicies policies =
                ok(options.formatted(
                                ", retry_policy: {retry_on: 5xx, num_retries: 3}, hash_policy:"
                                        + " [{header: {header_name: x}, terminal: true}],"
                                        + " request_mirror_policies: [{cluster: b}]"))
                        .spec()
                        .http()
                        .policies();
        assertThat(policies.retry()).isNotNull();
        assertThat(policies.retry().numRetries()).isEqualTo(3);
        assertThat(policies.hashPolicies()).hasSize(1);
        assertThat(policies.mirrors()).extracting(Mirror::cluster).containsExactly("b");
        assertThat(
                        ConfigFixture.errors(
                                compile(
                                        options.formatted(
                                                ", retry_policy: {retry_back_off: {base_interval: 2s, max_interval: 1s}}"))))
                .singleElement()
                .asString()
                .contains("retry_policy.retry_back_off.max_interval");
    }

    @Test
    void outlierDetectionHasEnvoysDefaultsOncePresent() {
        assertThat(ok("{name: a}").spec().outlier()).isNull();
        assertThat(ok("{name: a, outlier_detection: {}}").spec().outlier())
                .isEqualTo(OutlierSpec.DEFAULTS);
        assertThat(
                        ok("{name: a, outlier_detection: {detect_degraded_hosts: true}}")
                                .spec()
                                .outlier()
                                .detectDegraded())
                .isTrue();
        OutlierSpec istios =
                ok("{name: a, outlier_detection: {consecutive_5xx: 7, base_ejection_time: 400s,"
                                + " enforcing_success_rate: 0, max_ejection_percent: 100}}")
                        .spec()
                        .outlier();
        assertThat(istios.consecutive5xx()).isEqualTo(7);
        assertThat(istios.baseEjectionMillis()).isEqualTo(400_000);
        assertThat(istios.maxEjectionMillis()).isEqualTo(400_000);
        assertThat(istios.successRate().enforcing()).isZero();
        assertThat(istios.maxEjectionPercent()).isEqualTo(100);
    }

    @Test
    void theClustersBindConfigReplacesTheInheritedOne() {
        BindConfig inherited =
                ConfigFixture.parse(
                        "{source_address: {address: 127.0.0.2, port_value: 0}}",
                        BindConfig.getDefaultInstance());
        var cluster =
                ConfigFixture.parse(
                        "{name: a, upstream_connection_options: {tcp_keepalive: {}}}",
                        Cluster.getDefaultInstance());
        ClusterSpec spec =
                ClusterCompiler.compileResource(cluster, inherited, fixture.settings())
                        .orThrow()
                        .spec();
        assertThat(spec.sockets().sourceAddress()).isEqualTo(IpAddress.parse("127.0.0.2", 0));
        assertThat(spec.sockets().keepalive()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    type: EDS; eds_cluster_config: cannot create an EDS cluster without an EDS config
                    load_assignment: {cluster_name: a, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: foo.com, port_value: 80}}}}]}]}; load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address: malformed IP address: foo.com. Consider setting resolver_name or setting cluster type to 'STRICT_DNS' or 'LOGICAL_DNS'
                    type: LOGICAL_DNS; load_assignment: LOGICAL_DNS clusters must have a single host
                    type: ORIGINAL_DST; lb_policy: cluster: LB policy ROUND_ROBIN is not valid for Cluster type ORIGINAL_DST. Only 'CLUSTER_PROVIDED' is allowed with cluster type 'ORIGINAL_DST'
                    type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, load_assignment: {cluster_name: a}; load_assignment: ORIGINAL_DST clusters must have no load assignment configured
                    lb_policy: CLUSTER_PROVIDED; lb_policy: cluster manager: cluster provided LB specified but cluster 'a' did not provide one. Check cluster documentation.
                    lb_policy: LOAD_BALANCING_POLICY_CONFIG; load_balancing_policy: cluster: field load_balancing_policy need to be set
                    load_balancing_policy: {}; load_balancing_policy: cluster: didn't find a registered load balancer factory implementation for cluster: 'a' with names from []
                    circuit_breakers: {per_host_thresholds: [{max_requests: 1}]}; circuit_breakers.per_host_thresholds[0]: Unsupported field in per_host_thresholds
                    transport_socket: {name: tls}; transport_socket.typed_config: Didn't find a registered implementation for 'tls' with type URL: ''
                    upstream_bind_config: {source_address: {address: bla, port_value: 0}}; upstream_bind_config.source_address.address: malformed IP address: bla
                    upstream_bind_config: {source_address: {address: 1.2.3.4, port_value: 0}, extra_source_addresses: [{address: {address: 1.2.3.5, port_value: 0}}]}; upstream_bind_config: Cluster a's upstream binding config has two same IP version source addresses. Only two different IP version source addresses can be supported in BindConfig's source_address and extra_source_addresses/additional_source_addresses fields
                    lb_policy: RING_HASH, ring_hash_lb_config: {minimum_ring_size: 10, maximum_ring_size: 5}; ring_hash_lb_config: ring hash: minimum_ring_size (10) > maximum_ring_size (5)
                    lb_policy: MAGLEV, maglev_lb_config: {table_size: 10}; maglev_lb_config.table_size: The table size of maglev must be prime number
                    cluster_type: {name: foo}; cluster_type: Didn't find a registered cluster factory implementation for name: 'foo'
                    http2_protocol_options: {custom_settings_parameters: [{identifier: 30, value: 3},{identifier: 30, value: 4}]}; 'http2_protocol_options.custom_settings_parameters: inconsistent HTTP/2 custom SETTINGS parameter(s) detected; identifiers = {0x1e}'
                    typed_extension_protocol_options: {b: {}}; typed_extension_protocol_options["b"]: Didn't find a registered network or http filter or protocol options implementation for name: 'b'
                    lb_policy: CLUSTER_PROVIDED, type: ORIGINAL_DST, lb_subset_config: {subset_selectors: [{keys: [a]}]}; lb_subset_config: cluster: LB policy CLUSTER_PROVIDED cannot be combined with lb_subset_config
                    load_balancing_policy: {policies: [{typed_extension_config: {name: r, typed_config: {'@type': type.googleapis.com/envoy.extensions.load_balancing_policies.random.v3.Random}}}]}, lb_subset_config: {}; lb_subset_config: cluster: load_balancing_policy cannot be combined with lb_subset_config
                    lb_subset_config: {subset_selectors: [{keys: [a], fallback_policy: KEYS_SUBSET}]}; lb_subset_config.subset_selectors[0].fallback_keys_subset: fallback_keys_subset cannot be empty
                    lb_subset_config: {subset_selectors: [{keys: [a], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [b]}]}; lb_subset_config.subset_selectors[0].fallback_keys_subset: fallback_keys_subset must be a subset of selector keys
                    lb_subset_config: {subset_selectors: [{keys: [a], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [a]}]}; lb_subset_config.subset_selectors[0].fallback_keys_subset: fallback_keys_subset cannot be equal to keys
                    lb_subset_config: {subset_selectors: [{keys: [a], fallback_keys_subset: [a]}]}; lb_subset_config.subset_selectors[0].fallback_keys_subset: fallback_keys_subset can be set only for KEYS_SUBSET fallback_policy
                    outlier_detection: {max_ejection_time: 1s}; outlier_detection: outlier detector's max_ejection_time cannot be smaller than base_ejection_time
                    connect_timeout: -1s; connect_timeout: Proto constraint validation failed (ClusterValidationError.ConnectTimeout: Invalid duration: Expected positive duration)
                    """,
            ignoreLeadingAndTrailingWhitespace = true)
    void badClusters(String fields, String error) {
        assertThat(ConfigFixture.errors(compile("{name: a, " + fields + "}")))
                .containsExactly(error.strip());
    }

    @Test
    void aCredentialThatIsFetchedIsRefusedAmongTheFiltersOfACluster() {
        String cluster =
                """
                name: a
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    '@type': type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: {http_protocol_options: {}}
                    http_filters:
                    - name: credential
                      typed_config:
                        '@type': type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector
                        credential:
                          name: token
                          typed_config:
                            '@type': type.googleapis.com/envoy.extensions.http.injected_credentials.oauth2.v3.OAuth2
                            token_endpoint: {uri: a.test/t, cluster: t, timeout: 1s}
                            client_credentials:
                              client_id: id
                              client_secret: {name: s, sds_config: {path_config_source: {path: /dev/null}}}
                    - name: codec
                      typed_config:
                        '@type': type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec
                """;
        assertThat(ConfigFixture.errors(compile(cluster)))
                .anyMatch(error ->
                        error.contains(
                                "a credential that is fetched is not supported among the"
                                        + " filters of a cluster"));
    }

    private CompiledCluster ok(String yaml) {
        return compile(yaml).orThrow();
    }

    private Compiled<CompiledCluster> compile(String yaml) {
        return ClusterCompiler.compileResource(
                ConfigFixture.parse(yaml, Cluster.getDefaultInstance()),
                BindConfig.getDefaultInstance(),
                fixture.settings());
    }
}
