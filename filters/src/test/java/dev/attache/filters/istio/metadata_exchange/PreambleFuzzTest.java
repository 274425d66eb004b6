package dev.attache.filters.istio.metadata_exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.filters.istio.metadata.WorkloadBuilder;
import dev.attache.filters.istio.metadata.WorkloadMetadata;
import dev.attache.filters.istio.metadata.WorkloadStruct;
import dev.attache.proxy.metadata.MetadataValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a peer says of itself: whatever it is, a workload or nobody is read from it, and a workload
 * that is said again is the same.
 */
@Tag("wire")
class PreambleFuzzTest {

    static Stream<byte[]> messages() {
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.namespace = "\u00c3\u00a9";
        workload.workload = "cart";
        workload.labels.add(new WorkloadMetadata.Label("role", ""));
        byte[] whole = PreambleWire.write(WorkloadStruct.of(workload.build()), "id");
        Value number = Value.newBuilder().setNumberValue(Double.NaN).build();
        Struct other = Struct.newBuilder().putFields("x-envoy-peer-metadata", number).build();
        return Stream.of(
                Arrays.copyOfRange(whole, PreambleWire.HEAD, whole.length),
                Any.pack(other).toByteArray(),
                Any.pack(number).toByteArray(),
                new byte[] {10, 2, 8},
                new byte[0]);
    }

    @MethodSource("messages")
    @FuzzTest
    void readsMessages(byte[] bytes) {
        WorkloadMetadata read = read(bytes);
        if (read == null) {
            return;
        }
        byte[] again = PreambleWire.write(WorkloadStruct.of(read), "");
        byte[] message = Arrays.copyOfRange(again, PreambleWire.HEAD, again.length);
        assertThat(read(message)).isEqualTo(read);
    }

    private static @Nullable WorkloadMetadata read(byte[] bytes) {
        ByteBuf data = Unpooled.wrappedBuffer(bytes);
        MetadataValue.Struct sent = PreambleWire.read(data, bytes.length);
        assertThat(data.readableBytes()).as("left to the filter").isEqualTo(bytes.length);
        MetadataValue.Struct workload = sent == null ? null : PreambleWire.workload(sent);
        return workload == null ? null : WorkloadStruct.parse(workload, Set.of("role"));
    }
}
