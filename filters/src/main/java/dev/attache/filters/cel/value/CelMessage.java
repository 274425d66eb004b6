package dev.attache.filters.cel.value;

import dev.attache.proxy.metadata.MetadataValue;

/** A message of Envoy's API as expressions see it. Read by one thread. */
public interface CelMessage {

    /** Full name. */
    String typeName();

    /** A field's value, or its default; {@link Fault#FAULT} where the message has no such field. */
    Object field(String name);

    /** Whether it is set: a Boolean, or {@link Fault#FAULT} where there is no such field. */
    Object has(String name);

    /** On one line as protobuf prints messages, each field with a space behind it. */
    String text();

    /** As JSON with the names of the API; text is octets. */
    MetadataValue json();
}
