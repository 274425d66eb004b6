package dev.attache.filters.istio.stats;

import com.google.protobuf.Struct;
import dev.attache.config.extension.CompileSettings;
import dev.attache.filters.BuiltinExtension;
import dev.attache.filters.ConfigFixture;
import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadBuilder;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.StatLabels;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.testkit.TestCertificates;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.proxy.TestHandshake;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The workloads between which the tests' traffic goes, and what was counted of it. */
final class StatsLab {
    static final String CLIENT_ID = "spiffe://cluster.local/ns/shop/sa/web";
    static final String SERVER_ID = "spiffe://cluster.local/ns/stock/sa/api";
    static final int INBOUND = 1;
    static final int OUTBOUND = 2;

    /** The node that reports; its peers are {@code web} and {@code api}. */
    private static final String NODE =
            """
            {"WORKLOAD_NAME": "own-v1", "NAMESPACE": "home", "CLUSTER_ID": "own-cluster",
             "ISTIO_VERSION": "1.31.0",
             "LABELS": {"app": "own-app", "version": "v7",
              "service.istio.io/canonical-name": "own",
              "service.istio.io/canonical-revision": "r7"}}
            """;

    private static final TestCertificates AUTHORITY = TestCertificates.authority("CN=mesh");

    private StatsLab() {}

    static FilterSetup filter(String fields) {
        String inner = fields.strip();
        String rest = inner.equals("{}") ? "}" : ", " + inner.substring(1);
        return FilterHarness.yaml(
                        "{name: istio.stats, typed_config: {\"@type\":"
                                + " type.googleapis.com/stats.PluginConfig"
                                + rest
                                + "}",
                        BuiltinExtension.all())
                .compiledWith(StatsLab::withNode);
    }

    private static CompileSettings withNode(CompileSettings settings) {
        Struct metadata = ConfigFixture.parse(NODE, Struct.getDefaultInstance());
        Node node = Node.newBuilder().setId("a").setCluster("b").setMetadata(metadata).build();
        return new CompileSettings(
                settings.registry(),
                settings.types(),
                settings.deprecated(),
                settings.unheeded(),
                settings.runtime(),
                settings.secrets(),
                settings.logFiles(),
                settings.knownClusters(),
                settings.environment(),
                settings.hasNode(),
                settings.localCluster(),
                settings.shared(),
                () -> node,
                settings.tracer());
    }

    /** A request that an inbound listener has accepted. */
    static Consumer<StreamInfo> inbound() {
        return info -> info.listenerDirection = INBOUND;
    }

    static Consumer<StreamInfo> outbound() {
        return info -> info.listenerDirection = OUTBOUND;
    }

    /** Metadata exchange has named the peer. */
    static Consumer<StreamInfo> peer(String name, boolean downstream) {
        return info ->
                new Peer(workload(name).build())
                        .store(info.filterState(), downstream, FilterState.Sharing.NONE);
    }

    static WorkloadBuilder workload(String name) {
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.workload = name + "-v2";
        workload.namespace = name + "-ns";
        workload.cluster = name + "-cluster";
        workload.canonicalName = name;
        workload.canonicalRevision = name + "-r2";
        workload.appName = name + "-app";
        workload.appVersion = name + "-2";
        workload.identity = "spiffe://told/ns/" + name + "/sa/" + name;
        return workload;
    }

    /** What the control plane says of the cluster that the request goes to. */
    static Consumer<StreamInfo> cluster(String name, String services) {
        Struct istio = ConfigFixture.parse(services, Struct.getDefaultInstance());
        Metadata metadata =
                new Metadata(
                        Map.of("istio", dev.attache.config.core.MetadataValues.compile(istio)));
        return info -> {
            info.clusterName = name;
            info.cluster = () -> 1;
            info.clusterMetadata = metadata;
        };
    }

    static Consumer<StreamInfo> endpoint(String workload) {
        return info ->
                info.upstreamForWriting().hostMetadata =
                        new Metadata(
                                Map.of(
                                        "istio",
                                        new MetadataValue.Struct(
                                                Map.of(
                                                        "workload",
                                                        new MetadataValue.Text(workload)))));
    }

    /** A handshake of this proxy with a peer, by their identities. */
    static TestHandshake handshake(String own, String peer) {
        return new TestHandshake(
                null,
                List.of(AUTHORITY.leaf("CN=peer").uri(peer).issue().certificate()),
                AUTHORITY.leaf("CN=own").uri(own).issue().certificate(),
                null);
    }

    /** The labels of the only series of a metric. */
    static Map<String, String> labels(StatsStore store, String metric) {
        List<String> names =
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.concat(
                                        store.counters().stream().map(Counter::name),
                                        store.gauges().stream().map(g -> g.name())),
                                store.histograms().stream().map(Histogram::name))
                        .filter(name -> isOf(store, name, metric))
                        .toList();
        if (names.size() != 1) {
            throw new AssertionError(metric + " has not one series: " + names);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (StatLabels.Label label : store.labels(names.getFirst()).labels()) {
            labels.put(label.name(), label.value());
        }
        return labels;
    }

    static long value(StatsStore store, String metric) {
        return store.counters().stream()
                .filter(counter -> isOf(store, counter.name(), metric))
                .mapToLong(Counter::value)
                .sum();
    }

    static List<Histogram> histograms(StatsStore store, String metric) {
        return store.histograms().stream()
                .filter(histogram -> isOf(store, histogram.name(), metric))
                .toList();
    }

    static boolean isOf(StatsStore store, String name, String metric) {
        String suffix = store.labels(name).suffix();
        return name.equals("istiocustom." + metric + suffix);
    }

    static Map<String, String> map(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
