package dev.attache.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.util.List;
import org.junit.jupiter.api.Test;

class XdsResourceTest {

    @Test
    void readsTheNameOfEveryTypeWithoutParsingIt() throws Exception {
        var messages =
                List.of(
                        Cluster.newBuilder().setName("n").setAltStatName("x").build(),
                        ClusterLoadAssignment.newBuilder().setClusterName("n").build(),
                        Listener.newBuilder().setName("n").setStatPrefix("x").build(),
                        RouteConfiguration.newBuilder().setName("n").build(),
                        ScopedRouteConfiguration.newBuilder().setName("n").build(),
                        VirtualHost.newBuilder().setName("n").addDomains("x").build(),
                        Secret.newBuilder().setName("n").build(),
                        TypedExtensionConfig.newBuilder().setName("n").build(),
                        Runtime.newBuilder().setName("n").build());
        for (var message : messages) {
            assertThat(XdsResource.nameOf(message.toByteString())).isEqualTo("n");
        }
    }

    @Test
    void readsAnUnsetNameAsEmptyAndRefusesGarbage() throws Exception {
        assertThat(XdsResource.nameOf(ByteString.EMPTY)).isEmpty();
        assertThatThrownBy(() -> XdsResource.nameOf(ByteString.fromHex("0aff")))
                .isInstanceOf(InvalidProtocolBufferException.class);
    }

    @Test
    void comparesBodiesByTheirBytes() {
        Any one = Any.pack(Cluster.newBuilder().setName("a").build());
        Any same = Any.pack(Cluster.newBuilder().setName("a").build());
        Any other = Any.pack(Cluster.newBuilder().setName("a").setAltStatName("b").build());
        assertThat(resource(one).sameBody(resource(same))).isTrue();
        assertThat(resource(one).sameBody(resource(other))).isFalse();
    }

    private static XdsResource resource(Any body) {
        return new XdsResource("a", List.of(), "1", body, null);
    }
}
