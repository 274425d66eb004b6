package dev.attache.server.plane.version;

import org.jspecify.annotations.Nullable;

/** All that {@code /config_dump} says about one resource. Immutable; made when asked for. */
public record StoredResource(
        String name,
        boolean isStatic,
        @Nullable StoredVersion active,
        @Nullable StoredVersion warming,
        @Nullable StoredError error) {}
