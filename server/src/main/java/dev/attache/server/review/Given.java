package dev.attache.server.review;

import com.google.protobuf.ByteString;

/**
 * A resource as it is given: not read yet. Immutable.
 *
 * @param bytes of the message
 */
public record Given(String name, ByteString bytes, Place place) {}
