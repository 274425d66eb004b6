package dev.attache.proxy.metadata;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message in metadata ({@code typed_filter_metadata}), as {@code google.protobuf.Any} carries it:
 * handed on to those who know its type, read by nobody here. Immutable.
 */
public final class TypedMetadata {

    private final String typeUrl;
    private final byte[] message;

    /**
     * @param message serialized
     */
    public TypedMetadata(String typeUrl, byte[] message) {
        this.typeUrl = typeUrl;
        this.message = message.clone();
    }

    public String typeUrl() {
        return typeUrl;
    }

    public byte[] message() {
        return message.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TypedMetadata typed
                && typeUrl.equals(typed.typeUrl)
                && Arrays.equals(message, typed.message);
    }

    @Override
    public int hashCode() {
        return 31 * typeUrl.hashCode() + Arrays.hashCode(message);
    }

    @Override
    public String toString() {
        return typeUrl + ", bytes: " + message.length;
    }
}
