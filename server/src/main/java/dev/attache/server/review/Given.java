package dev.attache.server.review;

import com.google.protobuf.ByteString;
import dev.attache.xds.ResourceType;

/**
 * A resource as it is given: not read yet. Immutable.
 *
 * @param bytes of the message
 */
public record Given(String name, ByteString bytes, Place place) {

    /** As diagnostics call a resource of the type. */
    public static String noun(ResourceType type) {
        return switch (type.shortName()) {
            case "cds" -> "cluster";
            case "eds" -> "endpoints";
            case "lds" -> "listener";
            case "rds" -> "route configuration";
            case "sds" -> "secret";
            default -> "extension";
        };
    }
}
