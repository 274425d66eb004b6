package dev.attache.filters.istio.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkloadMetadataTest {
    private static final String IDENTITY = "spiffe://cluster.local/ns/shop/sa/cart";

    private static WorkloadBuilder cart() {
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.instance = "cart-7f-x";
        workload.cluster = "east";
        workload.namespace = "shop";
        workload.workload = "cart";
        workload.canonicalName = "cart-service";
        workload.canonicalRevision = "v3";
        workload.type = WorkloadType.DEPLOYMENT;
        workload.identity = IDENTITY;
        return workload;
    }

    @ParameterizedTest
    @CsvSource({
        "DEPLOYMENT, 'type=deployment,'",
        "POD, 'type=pod,'",
        "JOB, 'type=job,'",
        "CRON_JOB, 'type=cronjob,'",
        "UNKNOWN, ''"
    })
    void isWrittenInPairs(WorkloadType type, String first) {
        WorkloadBuilder workload = cart();
        workload.type = type;
        assertThat(workload.build().serializeAsString())
                .isEqualTo(
                        first
                                + "workload=cart,name=cart-7f-x,cluster=east,namespace=shop,"
                                + "service=cart-service,revision=v3");
        workload.appName = "shop-app";
        workload.appVersion = "1";
        workload.region = "r";
        workload.zone = "z";
        workload.labels.add(new WorkloadMetadata.Label("role", "db"));
        assertThat(workload.build().serializeAsString())
                .endsWith(",app=shop-app,version=1,region=r,availability_zone=z,labels[]role=db");
    }

    @Test
    void hasFieldsByTheirNames() {
        WorkloadMetadata workload = cart().build();
        assertThat(workload.field("workload")).isEqualTo("cart");
        assertThat(workload.field("name")).isEqualTo("cart-7f-x");
        assertThat(workload.field("service")).isEqualTo("cart-service");
        assertThat(workload.field("type")).isEqualTo("deployment");
        assertThat(workload.field("app")).isEmpty();
        assertThat(workload.field("identity")).isNull();
        assertThat(new WorkloadBuilder().build().field("type")).isEqualTo("unknown");
    }

    @Test
    void isAStructForExpressionsAndLogs() {
        WorkloadBuilder workload = cart();
        workload.labels.add(new WorkloadMetadata.Label("rÃ´le", "db"));
        FilterState state = new FilterState(null);
        new Peer(workload.build()).store(state, true, FilterState.Sharing.NONE);
        FilterState.Value struct = Objects.requireNonNull(state.get("downstream_peer"));
        MetadataValue seen = Objects.requireNonNull(struct.expression());
        assertThat(seen)
                .isEqualTo(
                        new MetadataValue.Struct(
                                Map.of(
                                        "type", text("deployment"),
                                        "workload", text("cart"),
                                        "name", text("cart-7f-x"),
                                        "cluster", text("east"),
                                        "namespace", text("shop"),
                                        "service", text("cart-service"),
                                        "revision", text("v3"),
                                        "identity", text(IDENTITY),
                                        "labels",
                                                new MetadataValue.Struct(
                                                        Map.of("rôle", text("db"))))));
        assertThat(WorkloadStructWire.read(bytes(struct.serializeAsString()))).isEqualTo(seen);
        assertThat(struct.typedText())
                .startsWith(
                        "{\"@type\":\"type.googleapis.com/google.protobuf.Struct\",\"value\":{");
        assertThat(Objects.requireNonNull(state.get("downstream_peer_obj")).typedText())
                .contains("\"workload\":\"cart\"")
                .contains("\"rÃ´le\":\"db\"");
    }

    private static byte[] bytes(String octets) {
        return octets.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static MetadataValue.Text text(String value) {
        return new MetadataValue.Text(value);
    }

    /** The instance stands in the struct where the cluster does. */
    @Test
    void anInstanceWithoutAClusterIsNotInTheStruct() {
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.instance = "i";
        assertThat(workload.build().typed()).isEqualTo(MetadataValue.EMPTY_STRUCT);
        workload.instance = "";
        workload.cluster = "c";
        assertThat(workload.build().typed().fields()).containsEntry("name", text(""));
    }

    @Test
    void twoOfOneTextAreOneKeyOfAPool() {
        assertThat(cart().build()).isEqualTo(cart().build()).hasSameHashCodeAs(cart().build());
        assertThat(cart().build().isHashable()).isTrue();
    }

    @Test
    void comesBackOfTheStructOfItsNode() {
        WorkloadBuilder workload = cart();
        workload.region = "r";
        workload.zone = "z";
        workload.appName = "app";
        workload.appVersion = "9";
        WorkloadMetadata there = workload.build();
        assertThat(there.owner())
                .isEqualTo("kubernetes://apis/apps/v1/namespaces/shop/deployments/cart");
        MetadataValue.Struct struct = WorkloadStruct.of(there);
        byte[] wire = WorkloadStructWire.write(struct);
        assertThat(
                        WorkloadStruct.parse(
                                Objects.requireNonNull(WorkloadStructWire.read(wire)), Set.of()))
                .isEqualTo(there);
    }

    @Test
    void labelsThatWereAskedForAreKept() {
        WorkloadBuilder workload = cart();
        workload.labels.add(new WorkloadMetadata.Label("a", "1"));
        workload.labels.add(new WorkloadMetadata.Label("b", "2"));
        MetadataValue.Struct struct = WorkloadStruct.of(workload.build());
        assertThat(WorkloadStruct.parse(struct, Set.of("b", "a")).labels())
                .isEqualTo(workload.labels);
        assertThat(
                        WorkloadStruct.parse(struct, Set.of("b", "service.istio.io/canonical-name"))
                                .labels())
                .containsExactly(new WorkloadMetadata.Label("b", "2"));
        assertThat(WorkloadStruct.parse(struct, Set.of()).labels()).isEmpty();
    }

    @Test
    void qualifiedLabelsComeBeforePlainOnes() {
        MetadataValue.Struct labels =
                new MetadataValue.Struct(
                        Map.of(
                                "app", text("plain"),
                                "app.kubernetes.io/name", text("qualified"),
                                "version", text("1")));
        WorkloadMetadata workload =
                WorkloadStruct.parse(
                        new MetadataValue.Struct(Map.of("LABELS", labels)), Set.of(), "r", "z");
        assertThat(workload.appName()).isEqualTo("qualified");
        assertThat(workload.appVersion()).isEqualTo("1");
        assertThat(workload.region() + workload.zone()).isEqualTo("rz");
    }

    @ParameterizedTest
    @CsvSource({
        "kubernetes://apis/apps/v1/namespaces/n/deployments/w, DEPLOYMENT",
        "kubernetes://apis/batch/v1/namespaces/n/cronjobs/w, CRON_JOB",
        "kubernetes://apis/apps/v1/namespaces/n/statefulsets/w, UNKNOWN",
        "deployments/w, UNKNOWN",
        "w, UNKNOWN"
    })
    void anOwnerTellsTheType(String owner, WorkloadType type) {
        MetadataValue.Struct node =
                new MetadataValue.Struct(Map.of("OWNER", text(owner), "WORKLOAD_NAME", text("w")));
        assertThat(WorkloadStruct.parse(node, Set.of()).type()).isEqualTo(type);
    }

    @Test
    void aStructOfNothingIsAWorkloadOfNothing() {
        WorkloadMetadata nothing = WorkloadStruct.parse(MetadataValue.EMPTY_STRUCT, Set.of());
        assertThat(nothing).isEqualTo(new WorkloadBuilder().build());
        assertThat(nothing.serializeAsString()).isEmpty();
        // Labels stand there all the same, with nothing in them.
        assertThat(
                        Base64.getEncoder()
                                .encodeToString(
                                        WorkloadStructWire.write(WorkloadStruct.of(nothing))))
                .isEqualTo("CgwKBkxBQkVMUxICKgA=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a;b", "a;;;b", "a;b;c;d"})
    void anEndpointWithLessThanFivePartsTellsNothing(String text) {
        assertThat(WorkloadMetadata.ofEndpoint(text)).isNull();
    }

    @Test
    void anEndpointTellsFiveThings() {
        WorkloadMetadata workload = WorkloadMetadata.ofEndpoint("cart;shop;cart-service;v3;east;x");
        assertThat(workload).isNotNull();
        assertThat(Objects.requireNonNull(workload).serializeAsString())
                .isEqualTo(
                        "workload=cart,cluster=east,namespace=shop,service=cart-service,revision=v3");
    }

    @Test
    void bytesThatAreNoStructAreNothing() {
        assertThat(WorkloadStructWire.read(new byte[] {10, 5, 1})).isNull();
        assertThat(List.of(WorkloadType.values())).hasSize(5);
    }
}
