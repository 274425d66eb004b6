package dev.attache.server.review;

import com.google.protobuf.Message;

/**
 * A resource of a configuration with what it compiles to. Immutable.
 *
 * @param isStatic whether it stands in the bootstrap
 */
public record Piece<M extends Message, S>(
        String name, Place place, M message, S spec, boolean isStatic) {}
