package dev.attache.agent.relay;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.nio.charset.StandardCharsets;

/** What proxies and control planes say to each other, with one resource at most. */
final class DiscoveryMessages {
    static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";

    private DiscoveryMessages() {}

    static DiscoveryRequest sotw(String type) {
        return DiscoveryRequest.newBuilder().setTypeUrl(type).build();
    }

    static DiscoveryResponse response(String type, String nonce, String value) {
        return DiscoveryResponse.newBuilder()
                .setTypeUrl(type)
                .setVersionInfo("v" + nonce)
                .setNonce(nonce)
                .addResources(any(type, ByteString.copyFromUtf8(value)))
                .build();
    }

    static DeltaDiscoveryRequest delta(String type) {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(type).build();
    }

    /**
     * @param value a byte for each character
     */
    static DeltaDiscoveryResponse changes(String type, String nonce, String value) {
        ByteString bytes = ByteString.copyFrom(value, StandardCharsets.ISO_8859_1);
        return DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(type)
                .setNonce(nonce)
                .addResources(
                        Resource.newBuilder()
                                .setName("it")
                                .setVersion("7")
                                .setResource(any(type, bytes)))
                .build();
    }

    private static Any any(String type, ByteString value) {
        return Any.newBuilder().setTypeUrl(type).setValue(value).build();
    }
}
