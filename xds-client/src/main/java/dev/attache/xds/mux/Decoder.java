package dev.attache.xds.mux;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.xds.ResourceType;
import dev.attache.xds.XdsResource;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes responses apart without unpacking the resources. What contradicts the protocol refuses the
 * response as a whole, before anything is applied.
 */
public final class Decoder {

    static final String WRAPPER_TYPE_URL =
            "type.googleapis.com/envoy.service.discovery.v3.Resource";

    private Decoder() {}

    /** A response that contradicts the protocol; the message goes into the NACK. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /**
     * The resources of a response.
     *
     * @param resources those with a body
     * @param heartbeats those that only refresh a time to live: same version, no body
     */
    public record Decoded(List<XdsResource> resources, List<XdsResource> heartbeats) {}

    /** State of the world. {@code heldVersion} is the last accepted version of the type. */
    public static Decoded state(DiscoveryResponse response, String heldVersion) throws Malformed {
        List<XdsResource> resources = new ArrayList<>(response.getResourcesCount());
        List<XdsResource> heartbeats = new ArrayList<>();
        for (Any any : response.getResourcesList()) {
            Resource wrapper = unwrap(any);
            if (wrapper != null && !wrapper.hasResource()) {
                if (!wrapper.getVersion().equals(heldVersion)) {
                    throw new Malformed("resource " + wrapper.getName() + " has no body");
                }
                heartbeats.add(resource(wrapper, response.getVersionInfo()));
                continue;
            }
            Any body = wrapper == null ? any : wrapper.getResource();
            if (!body.getTypeUrl().equals(response.getTypeUrl())) {
                throw new Malformed(
                        "%s does not match the message-wide type URL %s in DiscoveryResponse"
                                .formatted(body.getTypeUrl(), response.getTypeUrl()));
            }
            resources.add(
                    wrapper == null
                            ? bare(body, response.getVersionInfo())
                            : resource(wrapper, response.getVersionInfo()));
        }
        return new Decoded(resources, heartbeats);
    }

    /** Incremental. */
    static Decoded delta(DeltaDiscoveryResponse response, DeltaType held) throws Malformed {
        Set<String> seen = new HashSet<>();
        List<XdsResource> resources = new ArrayList<>(response.getResourcesCount());
        List<XdsResource> heartbeats = new ArrayList<>();
        for (Resource each : response.getResourcesList()) {
            if (!seen.add(each.getName())) {
                throw new Malformed(
                        "duplicate name "
                                + each.getName()
                                + " found among added/updated resources");
            }
            if (!each.hasResource()) {
                if (each.getVersion().equals(held.versionOf(each.getName()))) {
                    heartbeats.add(resource(each, ""));
                } else if (response.getTypeUrl().equals(ResourceType.VIRTUAL_HOST.typeUrl())) {
                    resources.add(resource(each, ""));
                } else {
                    throw new Malformed("resource " + each.getName() + " has no body");
                }
                continue;
            }
            if (!each.getResource().getTypeUrl().equals(response.getTypeUrl())) {
                throw new Malformed(
                        ("type URL %s embedded in an individual Any does not match the message-wide"
                                        + " type URL %s in DeltaDiscoveryResponse")
                                .formatted(each.getResource().getTypeUrl(), response.getTypeUrl()));
            }
            resources.add(resource(each, ""));
        }
        for (String removed : response.getRemovedResourcesList()) {
            if (!seen.add(removed)) {
                throw new Malformed(
                        "duplicate name "
                                + removed
                                + " found in the union of added+removed resources");
            }
        }
        return new Decoded(resources, heartbeats);
    }

    private static @Nullable Resource unwrap(Any any) throws Malformed {
        if (!any.getTypeUrl().equals(WRAPPER_TYPE_URL)) {
            return null;
        }
        try {
            return Resource.parseFrom(any.getValue());
        } catch (InvalidProtocolBufferException e) {
            throw new Malformed(
                    "unreadable envoy.service.discovery.v3.Resource: " + e.getMessage());
        }
    }

    private static XdsResource bare(Any body, String version) throws Malformed {
        return new XdsResource(readName(body), List.of(), version, body, null);
    }

    private static XdsResource resource(Resource from, String responseVersion) throws Malformed {
        String name = from.getName();
        if (name.isEmpty() && from.hasResource()) {
            name = readName(from.getResource());
        }
        return new XdsResource(
                name,
                from.getAliasesList(),
                from.getVersion().isEmpty() ? responseVersion : from.getVersion(),
                from.getResource(),
                from.hasTtl() ? toJava(from.getTtl()) : null);
    }

    private static String readName(Any body) throws Malformed {
        try {
            return XdsResource.nameOf(body.getValue());
        } catch (InvalidProtocolBufferException e) {
            throw new Malformed("unreadable " + body.getTypeUrl() + ": " + e.getMessage());
        }
    }

    private static java.time.Duration toJava(Duration duration) {
        return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }
}
