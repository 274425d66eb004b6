package dev.attache.filters.istio.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.attache.config.bootstrap.ProcessSubscription;
import dev.attache.config.extension.SharedState;
import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadBuilder;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.filters.istio.metadata.WorkloadMetadata;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.stats.StatsStore;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WorkloadSubscriptionTest {
    private static final byte[] V4 = {10, 0, 0, 1};
    private static final byte[] V6 = {
        0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
    };

    private final StatsStore stats = new StatsStore();
    private final WorkloadDirectory directory = new WorkloadDirectory();
    private final ProcessSubscription subscription =
            new WorkloadSubscriptionWire(
                    ConfigSource.getDefaultInstance(),
                    new SharedState().slot(WorkloadDirectory.class, "test", () -> directory));

    @BeforeEach
    void start() {
        subscription.start(stats.scope(subscription.statPrefix()));
    }

    /** A workload on the wire, by the numbers of the protocol's fields. */
    private static ByteString workload(String uid, byte[]... addresses) {
        MessageWriter out = new MessageWriter(256);
        out.text(1, "name-" + uid);
        for (byte[] address : addresses) {
            out.content(3, address);
        }
        out.text(13, "workload-" + uid);
        out.text(20, uid);
        return ByteString.copyFrom(out.toByteArray());
    }

    private String at(String address) {
        Peer peer = directory.find(IpAddress.parse(address, 80));
        return peer == null ? "nobody" : peer.workload().workload();
    }

    private void total(long expected) {
        assertThat(stats.gauge("workload_discovery.total").value()).isEqualTo(expected);
        assertThat(directory.size()).isEqualTo((int) expected);
    }

    @Test
    void asksForWorkloads() {
        assertThat(subscription.messageType()).isEqualTo("istio.workload.Workload");
        assertThat(subscription.statPrefix()).isEqualTo("workload_discovery.");
    }

    @Test
    void whatIsLeftOutIsTheDefault() {
        subscription.replace(List.of(workload("a", V4)));
        WorkloadMetadata found =
                Objects.requireNonNull(directory.find(IpAddress.parse("10.0.0.1", 0))).workload();
        assertThat(found.serializeAsString())
                .isEqualTo("type=deployment,workload=workload-a,name=name-a,namespace=default");
        assertThat(found.identity()).isEqualTo("spiffe://cluster.local/ns/default/sa/default");
    }

    @Test
    void everyFieldIsTaken() {
        MessageWriter locality = new MessageWriter(64);
        locality.text(1, "r");
        locality.text(2, "z");
        MessageWriter out = new MessageWriter(256);
        out.text(1, "pod");
        out.text(2, "shop");
        out.content(3, V4);
        out.text(6, "d");
        out.text(7, "cart");
        out.text(10, "svc");
        out.text(11, "v3");
        out.number(12, 3);
        out.text(13, "w");
        out.text(18, "east");
        out.text(20, "uid");
        out.content(24, locality.toByteArray());
        subscription.replace(List.of(ByteString.copyFrom(out.toByteArray())));
        WorkloadMetadata found =
                Objects.requireNonNull(directory.find(IpAddress.parse("10.0.0.1", 0))).workload();
        assertThat(found.serializeAsString())
                .isEqualTo(
                        "type=job,workload=w,name=pod,cluster=east,namespace=shop,service=svc,"
                                + "revision=v3,app=svc,version=v3,region=r,availability_zone=z");
        assertThat(found.identity()).isEqualTo("spiffe://d/ns/shop/sa/cart");
    }

    @Test
    void workloadsComeAndGo() {
        subscription.change(List.of(workload("a", V4, V6), workload("none")), List.of());
        assertThat(at("10.0.0.1")).isEqualTo("workload-a");
        assertThat(at("2001:db8::1")).isEqualTo("workload-a");
        total(2);
        subscription.change(List.of(workload("b", V6)), List.of("a"));
        assertThat(at("10.0.0.1")).isEqualTo("nobody");
        assertThat(at("2001:db8::1")).isEqualTo("workload-b");
        total(1);
        subscription.change(List.of(), List.of("unknown"));
        total(1);
        subscription.replace(List.of(workload("c", V4)));
        assertThat(at("10.0.0.1")).isEqualTo("workload-c");
        assertThat(at("2001:db8::1")).isEqualTo("nobody");
        total(1);
    }

    @Test
    void aWorkloadThatMovesIsAtItsNewAddressAlone() {
        subscription.change(List.of(workload("a", V4)), List.of());
        subscription.change(List.of(workload("a", V6)), List.of());
        assertThat(at("10.0.0.1")).isEqualTo("nobody");
        assertThat(at("2001:db8::1")).isEqualTo("workload-a");
    }

    /** An address is given to another workload before its owner is known to be gone. */
    @Test
    void whoHasTheAddressLastKeepsIt() {
        subscription.change(List.of(workload("a", V4)), List.of());
        subscription.change(List.of(workload("b", V4)), List.of());
        subscription.change(List.of(), List.of("a"));
        assertThat(at("10.0.0.1")).isEqualTo("workload-b");
    }

    /** Workers look while the main loop writes. */
    @Test
    void whoStaysIsFoundAllTheWhile() {
        subscription.replace(List.of(workload("a", V4), workload("b", V6)));
        WorkloadDirectory.Entry anew =
                new WorkloadDirectory.Entry(
                        "a",
                        List.of(IpAddress.parse("10.0.0.1", 0).ip()),
                        new WorkloadBuilder().build());
        directory.replace(
                new AbstractList<>() {
                    @Override
                    public WorkloadDirectory.Entry get(int index) {
                        assertThat(at("10.0.0.1")).isEqualTo("workload-a");
                        return anew;
                    }

                    @Override
                    public int size() {
                        return 1;
                    }
                });
        assertThat(at("10.0.0.1")).isEmpty();
        assertThat(at("2001:db8::1")).isEqualTo("nobody");
    }

    @Test
    void whatIsNoAddressIsNotFound() {
        subscription.replace(List.of(workload("a", new byte[] {1, 2}, V4)));
        total(1);
        assertThat(directory.find(new InternalAddress("l", ""))).isNull();
    }

    @Test
    void bytesThatAreNoWorkloadAreRefused() {
        assertThatThrownBy(() -> subscription.replace(List.of(ByteString.copyFromUtf8("\n\5a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("istio.workload.Workload");
    }
}
