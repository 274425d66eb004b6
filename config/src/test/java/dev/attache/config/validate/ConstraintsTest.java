package dev.attache.config.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Diagnostics;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.support.SupportTable;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected texts were printed by the real Envoy 1.40 for the same configurations. */
final class ConstraintsTest {
    private final MessageChecker checker =
            new MessageChecker(new SupportTable(), new TypeRegistry());

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    static_resources: {clusters: [{name: a, connect_timeout: 0s}]}; static_resources.clusters[0].connect_timeout; BootstrapValidationError.StaticResources: embedded message failed validation | caused by StaticResourcesValidationError.Clusters[0]: embedded message failed validation | caused by ClusterValidationError.ConnectTimeout: value must be greater than 0s
                    static_resources: {clusters: [{name: a, type: 99}]}; static_resources.clusters[0].type; BootstrapValidationError.StaticResources: embedded message failed validation | caused by StaticResourcesValidationError.Clusters[0]: embedded message failed validation | caused by ClusterValidationError.Type: value must be one of the defined enum values
                    cluster_manager: {upstream_bind_config: {source_address: {address: "", port_value: 1}}}; cluster_manager.upstream_bind_config.source_address.address; BootstrapValidationError.ClusterManager: embedded message failed validation | caused by ClusterManagerValidationError.UpstreamBindConfig: embedded message failed validation | caused by BindConfigValidationError.SourceAddress: embedded message failed validation | caused by SocketAddressValidationError.Address: value length must be at least 1 characters
                    stats_flush_interval: 0.0001s; stats_flush_interval; BootstrapValidationError.StatsFlushInterval: value must be inside range [1ms, 5m0s)
                    stats_config: {histogram_bucket_settings: [{match: {exact: a}, buckets: [0]}]}; stats_config.histogram_bucket_settings[0].buckets[0]; BootstrapValidationError.StatsConfig: embedded message failed validation | caused by StatsConfigValidationError.HistogramBucketSettings[0]: embedded message failed validation | caused by HistogramBucketSettingsValidationError.Buckets[0]: value must be greater than 0
                    layered_runtime: {layers: [{name: a}]}; layered_runtime.layers[0].layer_specifier; BootstrapValidationError.LayeredRuntime: embedded message failed validation | caused by LayeredRuntimeValidationError.Layers[0]: embedded message failed validation | caused by field: "layer_specifier", reason: is required
                    watchdogs: {main_thread_watchdog: {multikill_threshold: {value: 101}}}; watchdogs.main_thread_watchdog.multikill_threshold.value; BootstrapValidationError.Watchdogs: embedded message failed validation | caused by WatchdogsValidationError.MainThreadWatchdog: embedded message failed validation | caused by WatchdogValidationError.MultikillThreshold: embedded message failed validation | caused by PercentValidationError.Value: value must be inside range [0, 100]
                    static_resources: {clusters: [{name: a, outlier_detection: {max_ejection_percent: 101}}]}; static_resources.clusters[0].outlier_detection.max_ejection_percent; BootstrapValidationError.StaticResources: embedded message failed validation | caused by StaticResourcesValidationError.Clusters[0]: embedded message failed validation | caused by ClusterValidationError.OutlierDetection: embedded message failed validation | caused by OutlierDetectionValidationError.MaxEjectionPercent: value must be less than or equal to 100
                    static_resources: {clusters: [{name: a, dns_refresh_rate: 0.0001s}]}; static_resources.clusters[0].dns_refresh_rate; BootstrapValidationError.StaticResources: embedded message failed validation | caused by StaticResourcesValidationError.Clusters[0]: embedded message failed validation | caused by ClusterValidationError.DnsRefreshRate: value must be greater than 1ms
                    static_resources: {clusters: [{name: a, metadata: {filter_metadata: {"": {}}}}]}; static_resources.clusters[0].metadata.filter_metadata[]; BootstrapValidationError.StaticResources: embedded message failed validation | caused by StaticResourcesValidationError.Clusters[0]: embedded message failed validation | caused by ClusterValidationError.Metadata: embedded message failed validation | caused by MetadataValidationError.FilterMetadata[]: value length must be at least 1 characters
                    """)
    void bootstrap(String yaml, String path, String reason) {
        check(Bootstrap.getDefaultInstance(), yaml, path, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    {stat_prefix: "", route_config: {}}; stat_prefix; HttpConnectionManagerValidationError.StatPrefix: value length must be at least 1 characters
                    {stat_prefix: a, route_config: {}, max_request_headers_kb: 9000}; max_request_headers_kb; HttpConnectionManagerValidationError.MaxRequestHeadersKb: value must be inside range (0, 8192]
                    {stat_prefix: a, route_config: {}, http2_protocol_options: {initial_stream_window_size: 1}}; http2_protocol_options.initial_stream_window_size; HttpConnectionManagerValidationError.Http2ProtocolOptions: embedded message failed validation | caused by Http2ProtocolOptionsValidationError.InitialStreamWindowSize: value must be inside range [65535, 2147483647]
                    {stat_prefix: a, route_config: {virtual_hosts: [{name: a, domains: []}]}}; route_config.virtual_hosts[0].domains; HttpConnectionManagerValidationError.RouteConfig: embedded message failed validation | caused by RouteConfigurationValidationError.VirtualHosts[0]: embedded message failed validation | caused by VirtualHostValidationError.Domains: value must contain at least 1 item(s)
                    {stat_prefix: a, route_config: {virtual_hosts: [{name: a, domains: [a], request_headers_to_remove: ["a\\n"]}]}}; route_config.virtual_hosts[0].request_headers_to_remove[0]; HttpConnectionManagerValidationError.RouteConfig: embedded message failed validation | caused by RouteConfigurationValidationError.VirtualHosts[0]: embedded message failed validation | caused by VirtualHostValidationError.RequestHeadersToRemove[0]: value does not match regex pattern "^[^\\x00\\n\\r]*$"
                    """)
    void connectionManager(String yaml, String path, String reason) {
        check(HttpConnectionManager.getDefaultInstance(), yaml, path, reason);
    }

    @Test
    void aSoundMessagePasses() {
        Findings found = checker.check(Bootstrap.getDefaultInstance(), "");
        assertThat(found.violations()).isEmpty();
        assertThat(found.violation("bootstrap")).isNull();
    }

    @Test
    void aResourceIsCheckedByTheBytesItCameIn() {
        Cluster unnamed = Cluster.getDefaultInstance();
        Findings found = checker.check(unnamed, unnamed.toByteString());
        assertThat(found.violations()).containsExactly("name");
        assertThat(found.violation("cluster c"))
                .startsWith("cluster c: name: Proto constraint validation failed")
                .contains("ClusterValidationError.Name");
    }

    private void check(
            com.google.protobuf.Message prototype, String yaml, String path, String reason) {
        var message =
                new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT)
                        .yaml(yaml, "test.yaml", prototype, "test")
                        .orThrow()
                        .message();
        Diagnostics diagnostics = new Diagnostics("test");
        checker.check(message, "")
                .report(
                        new UnheededFields(UnknownFieldPolicy.REJECT),
                        DeprecatedFeatures.STRICT,
                        diagnostics);
        assertThat(diagnostics.errors())
                .filteredOn(error -> !error.message().contains("cannot be honoured"))
                .hasSize(1);
        assertThat(diagnostics.errors().getFirst().fieldPath()).isEqualTo(path);
        assertThat(diagnostics.errors().getFirst().message())
                .isEqualTo("Proto constraint validation failed (" + reason + ")");
    }
}
