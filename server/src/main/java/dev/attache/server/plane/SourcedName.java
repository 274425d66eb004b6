package dev.attache.server.plane;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;

/**
 * A resource of a source: what stores know their subscriptions by. The source stands there as its
 * bytes, since the hash code of a message builds the descriptors of its file and of all that the
 * file imports.
 */
record SourcedName(String name, ByteString source) {

    static SourcedName of(String name, ConfigSource source) {
        return new SourcedName(name, source.toByteString());
    }

    // Written out: thousands of clusters look theirs up at the start.
    @Override
    public boolean equals(Object other) {
        return other instanceof SourcedName that
                && name.equals(that.name)
                && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + source.hashCode();
    }
}
