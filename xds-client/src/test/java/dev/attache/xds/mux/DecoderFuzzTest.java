package dev.attache.xds.mux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.xds.XdsResource;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** What a control plane sends: taken apart, or refused as a whole with a reason. */
@Tag("wire")
class DecoderFuzzTest {

    private static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    static Stream<byte[]> responses() {
        Any body =
                Any.newBuilder()
                        .setTypeUrl(CLUSTER)
                        .setValue(Cluster.newBuilder().setName("a").build().toByteString())
                        .build();
        Resource wrapped =
                Resource.newBuilder()
                        .setName("b")
                        .setVersion("1")
                        .setTtl(Duration.newBuilder().setSeconds(-1).setNanos(5))
                        .setResource(body)
                        .build();
        DiscoveryResponse response =
                DiscoveryResponse.newBuilder()
                        .setTypeUrl(CLUSTER)
                        .setVersionInfo("1")
                        .addResources(body)
                        .addResources(wrap(wrapped.toByteString()))
                        .addResources(
                                wrap(wrapped.toBuilder().clearResource().build().toByteString()))
                        .build();
        return Stream.of(
                response.toByteArray(),
                response.toBuilder()
                        .addResources(wrap(ByteString.copyFromUtf8("x")))
                        .build()
                        .toByteArray());
    }

    private static Any wrap(ByteString resource) {
        return Any.newBuilder().setTypeUrl(Decoder.WRAPPER_TYPE_URL).setValue(resource).build();
    }

    @MethodSource("responses")
    @FuzzTest
    void isTakenApartOrRefused(byte[] bytes) {
        DiscoveryResponse response;
        try {
            response = DiscoveryResponse.parseFrom(bytes);
        } catch (InvalidProtocolBufferException refusedByGrpc) {
            return;
        }
        try {
            Decoder.Decoded decoded = Decoder.state(response, "1");
            assertThat(decoded.resources().size() + decoded.heartbeats().size())
                    .isEqualTo(response.getResourcesCount());
            for (XdsResource each : decoded.resources()) {
                assertThat(each.body().getTypeUrl()).isEqualTo(response.getTypeUrl());
            }
        } catch (Decoder.Malformed refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
