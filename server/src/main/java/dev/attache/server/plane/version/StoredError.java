package dev.attache.server.plane.version;

import com.google.protobuf.Any;
import java.time.Instant;

/**
 * The last version of a resource that was refused ({@code error_state}).
 *
 * @param details the reason, as the control plane heard it
 */
public record StoredError(Any rejected, String version, Instant at, String details) {}
