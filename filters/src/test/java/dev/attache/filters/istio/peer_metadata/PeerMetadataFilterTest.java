package dev.attache.filters.istio.peer_metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.BuiltinFilter;
import dev.attache.filters.istio.IstioFilter;
import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadBuilder;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.filters.istio.metadata.WorkloadMetadata;
import dev.attache.filters.istio.metadata.WorkloadStruct;
import dev.attache.filters.istio.metadata.WorkloadStructWire;
import dev.attache.filters.istio.metadata.WorkloadType;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.netty.util.AsciiString;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerMetadataFilterTest {
    private static final String TYPE = "io.istio.http.peer_metadata.Config";
    private static final String ID = "x-envoy-peer-metadata-id";
    private static final String PEER = "x-envoy-peer-metadata";

    private static final Node NODE =
            Node.newBuilder()
                    .setId("sidecar~10.0.0.9~web-1.shop~shop.svc")
                    .setLocality(Locality.newBuilder().setRegion("r1").setZone("z1"))
                    .setMetadata(
                            Struct.newBuilder()
                                    .putFields("NAME", text("web-1"))
                                    .putFields("NAMESPACE", text("shop"))
                                    .putFields("NETWORK", text("net-a"))
                                    .putFields("WORKLOAD_NAME", text("web"))
                                    .putFields("CLUSTER_ID", text("east"))
                                    .putFields(
                                            "LABELS",
                                            Value.newBuilder()
                                                    .setStructValue(
                                                            Struct.newBuilder()
                                                                    .putFields("app", text("web"))
                                                                    .putFields("role", text("db")))
                                                    .build()))
                    .build();

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private @Nullable SharedSlot<WorkloadDirectory> directory;

    private FilterSetup filter(String fields) {
        return IstioFilter.inStruct("istio.metadata_exchange", TYPE, fields)
                .compiledWith(settings -> {
                    directory =
                            settings.shared()
                                    .slot(
                                            WorkloadDirectory.class,
                                            "workload_discovery",
                                            WorkloadDirectory::new);
                    return BuiltinFilter.withNode(settings, NODE);
                });
    }

    private static WorkloadMetadata workload(String namespace) {
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.instance = "cart-1";
        workload.namespace = namespace;
        workload.workload = "cart";
        workload.cluster = "west";
        workload.canonicalName = "cart-service";
        workload.type = WorkloadType.DEPLOYMENT;
        return workload.build();
    }

    private static String header(String namespace) {
        return Base64.getEncoder()
                .encodeToString(WorkloadStructWire.write(WorkloadStruct.of(workload(namespace))));
    }

    private static @Nullable WorkloadMetadata client(Exchange exchange) {
        return Peer.of(exchange.info().filterState(), true);
    }

    private static @Nullable WorkloadMetadata upstream(Exchange exchange) {
        return Peer.of(exchange.info().filterState(), false);
    }

    private static String namespace(@Nullable WorkloadMetadata workload) {
        return workload == null ? "nobody" : workload.namespace();
    }

    @Test
    void doesNothingWithoutSettings() {
        try (FilterHarness harness = IstioFilter.typed("none", TYPE, "{}").open()) {
            Exchange exchange = harness.get("/", ID, "a", PEER, header("shop"), "baggage", "b");
            exchange.respondEmpty(200);
            assertThat(exchange.forwarded().header(ID)).isEqualTo("a");
            assertThat(exchange.forwarded().header(PEER)).isEqualTo(header("shop"));
            assertThat(client(exchange)).isNull();
            assertThat(exchange.response().header(PEER)).isNull();
        }
    }

    @Test
    void headersOfARequestTellWhoCallsAndGo() {
        try (FilterHarness harness =
                filter("{downstream_discovery: [{istio_headers: {}}]}").open()) {
            Exchange exchange = harness.get("/", ID, "cart-1", PEER, header("shop"));
            assertThat(client(exchange)).isEqualTo(workload("shop"));
            assertThat(exchange.forwarded().header(ID)).isNull();
            assertThat(exchange.forwarded().header(PEER)).isNull();
            exchange.respondEmpty(200, ID, "x", PEER, header("other"));
            assertThat(upstream(exchange)).isNull();
            assertThat(exchange.response().header(ID)).isEqualTo("x");
        }
    }

    /** As peers without padding have it. */
    @ParameterizedTest
    @CsvSource({"'', nobody", "!, ''", "AAAAA, ''", "CgE, nobody"})
    void headersThatAreNoStructTellNothing(String value, String expected) {
        try (FilterHarness harness =
                filter("{downstream_discovery: [{istio_headers: {}}]}").open()) {
            Exchange exchange = harness.get("/", PEER, value);
            assertThat(namespace(client(exchange))).isEqualTo(expected);
            assertThat(exchange.forwarded().header(PEER)).isNull();
            Exchange unpadded = harness.get("/", PEER, header("shop").replace("=", ""));
            assertThat(namespace(client(unpadded))).isEqualTo("shop");
        }
    }

    @Test
    void aPeerIsKnownByItsIdFromThenOn() {
        try (FilterHarness harness =
                filter("{downstream_discovery: [{istio_headers: {}}]}").open()) {
            Exchange first = harness.get("/", ID, "a", PEER, header("shop"));
            Exchange again = harness.get("/", ID, "a", PEER, header("other"));
            assertThat(client(again)).isSameAs(client(first));
            assertThat(namespace(client(harness.get("/", PEER, header("other")))))
                    .isEqualTo("other");
        }
    }

    @Test
    void atMostSoManyPeersAreKept() {
        IstioHeaders headers = new IstioHeaders(true, Set.of());
        dev.attache.proxy.http.Headers request = new dev.attache.proxy.http.Headers();
        request.set(IstioHeaders.PEER, header("shop"));
        try (FilterHarness harness = filter("{}").open()) {
            StreamInfo info = harness.get("/").info();
            for (int i = 0; i < 3 * IstioHeaders.MAX_PEERS; i++) {
                request.set(IstioHeaders.ID, "peer-" + i);
                assertThat(
                                headers.find(
                                        info,
                                        request,
                                        new dev.attache.filters.istio.peer_metadata.Exchange()))
                        .isNotNull();
                assertThat(headers.size()).isBetween(1, IstioHeaders.MAX_PEERS + 1);
            }
            assertThat(headers.size()).isGreaterThan(IstioHeaders.MAX_PEERS / 2);
        }
    }

    @Test
    void peersThatTellMuchAreNotKept() {
        IstioHeaders headers = new IstioHeaders(true, Set.of());
        dev.attache.proxy.http.Headers request = new dev.attache.proxy.http.Headers();
        request.set(IstioHeaders.PEER, header("x".repeat(IstioHeaders.LONGEST_KEPT)));
        request.set(IstioHeaders.ID, "peer");
        try (FilterHarness harness = filter("{}").open()) {
            StreamInfo info = harness.get("/").info();
            for (int i = 0; i < 2; i++) {
                Peer peer =
                        headers.find(
                                info,
                                request,
                                new dev.attache.filters.istio.peer_metadata.Exchange());
                assertThat(Objects.requireNonNull(peer).workload().workload()).isEqualTo("cart");
            }
        }
        assertThat(headers.size()).isZero();
    }

    @Test
    void labelsThatAreAskedForAreRead() {
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.labels.add(new WorkloadMetadata.Label("role", "cache"));
        String value =
                Base64.getEncoder()
                        .encodeToString(
                                WorkloadStructWire.write(WorkloadStruct.of(workload.build())));
        String fields = "downstream_discovery: [{istio_headers: {}}]";
        try (FilterHarness harness = filter("{" + fields + ", additional_labels: [role]}").open()) {
            assertThat(Objects.requireNonNull(client(harness.get("/", PEER, value))).labels())
                    .containsExactly(new WorkloadMetadata.Label("role", "cache"));
        }
        try (FilterHarness harness = filter("{" + fields + "}").open()) {
            assertThat(Objects.requireNonNull(client(harness.get("/", PEER, value))).labels())
                    .isEmpty();
        }
    }

    @Test
    void theFirstWayThatTellsCountsAndAllHeadersGo() {
        String ways = "{downstream_discovery: [%s]}";
        String baggage = "k8s.namespace.name=of-baggage";
        try (FilterHarness harness =
                filter(ways.formatted("{baggage: {}}, {istio_headers: {}}")).open()) {
            Exchange exchange = harness.get("/", "baggage", baggage, PEER, header("shop"));
            assertThat(namespace(client(exchange))).isEqualTo("of-baggage");
            assertThat(exchange.forwarded().header(PEER)).isNull();
            assertThat(exchange.forwarded().header("baggage")).isEqualTo(baggage);
            assertThat(namespace(client(harness.get("/", PEER, header("shop"))))).isEqualTo("shop");
        }
        try (FilterHarness harness =
                filter(ways.formatted("{istio_headers: {}}, {baggage: {}}")).open()) {
            Exchange exchange = harness.get("/", "baggage", baggage, PEER, header("shop"));
            assertThat(namespace(client(exchange))).isEqualTo("shop");
        }
    }

    @Test
    void theDirectoryTellsWhoCallsByTheAddress() throws Exception {
        try (FilterHarness harness =
                        filter(
                                        "{downstream_discovery: [{istio_headers: {}}, {workload_discovery: {}}]}")
                                .open();
                SharedSlot.Lease<WorkloadDirectory> lease = lease()) {
            assertThat(client(harness.get("/"))).isNull();
            fill(lease, "192.0.2.1", "of-directory");
            assertThat(namespace(client(harness.get("/")))).isEqualTo("of-directory");
            assertThat(namespace(client(harness.get("/", PEER, header("shop"))))).isEqualTo("shop");
            // A gateway's address says nothing of who is behind it.
            Exchange far = harness.get("/", "x-forwarded-network", "net-b");
            assertThat(client(far)).isNull();
            assertThat(far.forwarded().header("x-forwarded-network")).isEqualTo("net-b");
            Exchange near = harness.get("/", "x-forwarded-network", "net-a");
            assertThat(namespace(client(near))).isEqualTo("of-directory");
        }
    }

    private SharedSlot.Lease<WorkloadDirectory> lease() {
        return Objects.requireNonNull(directory).lease();
    }

    private static void fill(
            SharedSlot.Lease<WorkloadDirectory> lease, String address, String namespace) {
        lease.value()
                .replace(
                        List.of(
                                new WorkloadDirectory.Entry(
                                        "uid",
                                        List.of(IpAddress.parse(address, 0).ip()),
                                        workload(namespace))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDirectoryTellsWhoWasCalledByTheHost(boolean isInternal) throws Exception {
        Address host =
                isInternal
                        ? new InternalAddress("tunnel", "e")
                        : IpAddress.parse("198.51.100.7", 80);
        Metadata behind =
                metadata("envoy.filters.listener.original_dst", "local", "198.51.100.7:8080");
        try (FilterHarness harness =
                        filter("{upstream_discovery: [{workload_discovery: {}}]}").open();
                SharedSlot.Lease<WorkloadDirectory> lease = lease()) {
            fill(lease, "198.51.100.7", "called");
            Exchange exchange = harness.get("/");
            upstream(exchange, host, isInternal ? behind : Metadata.EMPTY);
            exchange.respondEmpty(200);
            assertThat(namespace(upstream(exchange))).isEqualTo("called");
            assertThat(client(exchange)).isNull();
        }
    }

    @Test
    void anEndpointBehindAGatewayIsNotLookedUp() throws Exception {
        Metadata behind =
                new Metadata(
                        Map.of(
                                "envoy.filters.listener.original_dst",
                                struct("local", "198.51.100.7:8080"),
                                "istio",
                                struct("double_hbone", "x")));
        try (FilterHarness harness =
                        filter("{upstream_discovery: [{workload_discovery: {}}]}").open();
                SharedSlot.Lease<WorkloadDirectory> lease = lease()) {
            fill(lease, "198.51.100.7", "called");
            Exchange exchange = harness.get("/");
            upstream(exchange, new InternalAddress("tunnel", "e"), behind);
            exchange.respondEmpty(200);
            assertThat(upstream(exchange)).isNull();
        }
    }

    private static void upstream(Exchange exchange, Address host, Metadata metadata) {
        UpstreamInfo upstream = exchange.info().upstreamForWriting();
        upstream.host = host;
        upstream.hostMetadata = metadata;
    }

    private static Metadata metadata(String namespace, String name, String value) {
        return new Metadata(Map.of(namespace, struct(name, value)));
    }

    private static MetadataValue.Struct struct(String name, String value) {
        return new MetadataValue.Struct(Map.of(name, new MetadataValue.Text(value)));
    }

    @Test
    void theUpstreamConnectionTellsWhoWasCalled() {
        try (FilterHarness harness =
                filter("{upstream_discovery: [{upstream_filter_state: {peer_metadata_key: k}}]}")
                        .open()) {
            Exchange exchange = harness.get("/");
            upstream(exchange, IpAddress.parse("198.51.100.7", 80), Metadata.EMPTY);
            FilterState state = new FilterState(null);
            state.set("k", new Peer(workload("called")).nodeStruct());
            exchange.info().upstreamForWriting().filterState = state;
            exchange.respondEmpty(200);
            assertThat(namespace(upstream(exchange))).isEqualTo("called");
            Exchange without = harness.get("/");
            without.respondEmpty(200);
            assertThat(upstream(without)).isNull();
        }
    }

    @Test
    void waysOfTheOtherSideAreLeftOutWithAWarning() {
        FilterSetup setup =
                filter(
                        "{upstream_discovery: [{baggage: {}}], downstream_discovery:"
                                + " [{upstream_filter_state: {peer_metadata_key: k}}]}");
        assertThat(setup.errors()).isEmpty();
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/", "baggage", "k8s.namespace.name=a");
            exchange.respondEmpty(200, "baggage", "k8s.namespace.name=a");
            assertThat(client(exchange)).isNull();
            assertThat(upstream(exchange)).isNull();
        }
    }

    @Test
    void requestsSayWhoThisIs() {
        try (FilterHarness harness =
                filter(
                                "{upstream_propagation: [{istio_headers: {}}, {baggage: {}}],"
                                        + " additional_labels: [role]}")
                        .open()) {
            Exchange exchange = harness.get("/", "baggage", "of-client", ID, "of-client");
            assertThat(exchange.forwarded().header(ID)).isEqualTo(NODE.getId());
            assertThat(exchange.forwarded().header("baggage"))
                    .isEqualTo(
                            "k8s.pod.name=web,app.name=web,k8s.namespace.name=shop,"
                                    + "k8s.cluster.name=east,k8s.instance.name=web-1,"
                                    + "cloud.region=r1,cloud.availability_zone=z1");
            byte[] sent =
                    Base64.getDecoder()
                            .decode(Objects.requireNonNull(exchange.forwarded().header(PEER)));
            WorkloadMetadata told =
                    WorkloadStruct.parse(
                            Objects.requireNonNull(WorkloadStructWire.read(sent)), Set.of("role"));
            assertThat(told.serializeAsString())
                    .isEqualTo(
                            "workload=web,name=web-1,cluster=east,namespace=shop,app=web,"
                                    + "region=r1,availability_zone=z1,labels[]role=db");
            exchange.respondEmpty(200);
            assertThat(exchange.response().header(PEER)).isNull();
        }
    }

    @Test
    void responsesSayItToWhoHasSaidIt() {
        try (FilterHarness harness =
                filter(
                                "{downstream_discovery: [{istio_headers: {}}],"
                                        + " downstream_propagation: [{istio_headers: {}}]}")
                        .open()) {
            Exchange silent = harness.get("/");
            silent.respondEmpty(200);
            assertThat(silent.response().header(ID)).isNull();
            assertThat(silent.response().header(PEER)).isNull();
            Exchange half = harness.get("/", ID, "a");
            half.respondEmpty(200);
            assertThat(half.response().header(ID)).isEqualTo(NODE.getId());
            assertThat(half.response().header(PEER)).isNull();
            Exchange both = harness.get("/", ID, "a", PEER, header("shop"));
            both.respondEmpty(200);
            assertThat(both.response().header(ID)).isEqualTo(NODE.getId());
            assertThat(both.response().header(PEER)).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, PassthroughCluster, '', false",
        "false, PassthroughCluster, '', true",
        "true, other, external, false",
        "false, other, external, true",
        "true, other, '', true",
        "true, other, disable_mx, false",
        "false, other, disable_mx, false"
    })
    void clustersOutsideOfTheMeshAreNotTold(
            boolean skips, String cluster, String flag, boolean isTold) {
        dev.attache.proxy.http.Headers request = new dev.attache.proxy.http.Headers();
        try (FilterHarness harness = filter("{}").open()) {
            StreamInfo info = harness.get("/").info();
            info.clusterName = cluster;
            info.clusterMetadata =
                    new Metadata(
                            Map.of(
                                    "istio",
                                    new MetadataValue.Struct(
                                            Map.of(flag, new MetadataValue.Bool(true)))));
            new IstioHeaders.Out(false, AsciiString.of("id"), AsciiString.of("value"), skips)
                    .inject(info, request, new dev.attache.filters.istio.peer_metadata.Exchange());
        }
        assertThat(request.contains(IstioHeaders.PEER)).isEqualTo(isTold);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsFoundGoesUpstreamWhereThatIsAsked(boolean isShared) {
        try (FilterHarness harness =
                filter(
                                "{downstream_discovery: [{baggage: {}}], shared_with_upstream: %s}"
                                        .formatted(isShared))
                        .open()) {
            Exchange exchange = harness.get("/", "baggage", "k8s.namespace.name=a");
            assertThat(exchange.info().filterState().sharedWithUpstream())
                    .extracting(FilterState.Shared::key)
                    .containsExactlyElementsOf(
                            isShared
                                    ? List.of("downstream_peer", "downstream_peer_obj")
                                    : List.of());
        }
    }

    @Test
    void whatTheConnectionKnowsStays() {
        FilterSetup setup =
                filter("{downstream_discovery: [{baggage: {}}]}")
                        .before(info ->
                                new Peer(workload("of-connection"))
                                        .store(
                                                info.downstream().filterState(),
                                                true,
                                                FilterState.Sharing.NONE));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/", "baggage", "k8s.namespace.name=a");
            assertThat(namespace(client(exchange))).isEqualTo("of-connection");
        }
    }
}
