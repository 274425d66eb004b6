package dev.attache.server.plane.version;

import com.google.protobuf.Any;
import java.time.Instant;

/**
 * A resource as it arrived, for {@code /config_dump}.
 *
 * @param version of the resource or response; empty for static ones
 */
public record StoredVersion(Any body, String version, Instant updated) {}
