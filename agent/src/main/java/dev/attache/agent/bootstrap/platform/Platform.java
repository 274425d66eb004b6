package dev.attache.agent.bootstrap.platform;

import java.util.Map;

/**
 * What a cloud says about this machine.
 *
 * @param metadata names as Istio has them, {@code aws_region}, {@code gcp_project}
 * @param locality where it is
 */
public record Platform(Map<String, String> metadata, Locality locality) {

    /** No cloud, or none that is known. */
    public static final Platform UNKNOWN = new Platform(Map.of(), Locality.NONE);

    public Platform {
        metadata = Map.copyOf(metadata);
    }
}
