package dev.attache.xds.stream;

import com.google.protobuf.Message;
import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import org.jspecify.annotations.Nullable;

/** The gRPC methods of the discovery services. */
public final class DiscoveryMethods {

    private DiscoveryMethods() {}

    public static MethodDescriptor<DiscoveryRequest, DiscoveryResponse> aggregated() {
        return AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod();
    }

    public static MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse>
            deltaAggregated() {
        return AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod();
    }

    /** The type's own state-of-the-world method, or null if it has none. */
    public static @Nullable MethodDescriptor<DiscoveryRequest, DiscoveryResponse> sotw(
            ResourceType type) {
        return method(
                type.service(),
                type.sotwMethod(),
                DiscoveryRequest.getDefaultInstance(),
                DiscoveryResponse.getDefaultInstance());
    }

    /** The type's own incremental method, or null if it has none. */
    public static @Nullable MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> delta(
            ResourceType type) {
        return method(
                type.service(),
                type.deltaMethod(),
                DeltaDiscoveryRequest.getDefaultInstance(),
                DeltaDiscoveryResponse.getDefaultInstance());
    }

    private static <Q extends Message, R extends Message> @Nullable MethodDescriptor<Q, R> method(
            @Nullable String service, @Nullable String name, Q request, R response) {
        if (service == null || name == null) {
            return null;
        }
        return MethodDescriptor.<Q, R>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(response))
                .build();
    }
}
