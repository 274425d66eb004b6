package dev.attache.proxy.metadata;

import dev.attache.proxy.address.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objects of filter state that configuration can make of text, beside {@link FilterState.Text}.
 * What each prints, and whether connections are told apart by it, is as of Envoy's objects.
 */
public sealed interface StateValue extends FilterState.Value {

    /** Text that is no message: a name that somebody asks for. */
    record Name(String value) implements StateValue {
        @Override
        public String serializeAsString() {
            return value;
        }

        @Override
        public @Nullable MetadataValue typed() {
            return null;
        }
    }

    /** Text by which connections are told apart where it goes upstream. */
    record HashableText(String value) implements StateValue {
        @Override
        public String serializeAsString() {
            return value;
        }

        @Override
        public boolean isHashable() {
            return true;
        }
    }

    /** Text that who knows its name reads, and nobody prints. */
    record Hidden(String value) implements StateValue {
        @Override
        public String serializeAsString() {
            return value;
        }

        @Override
        public boolean isText() {
            return false;
        }
    }

    /** As {@link Hidden}, names of which several may be meant, read where they are asked for. */
    record Names(List<String> values) implements StateValue {
        public Names {
            values = List.copyOf(values);
        }

        @Override
        public String serializeAsString() {
            return String.join(",", values);
        }

        @Override
        public boolean isText() {
            return false;
        }
    }

    record Flag(boolean value) implements StateValue {
        @Override
        public String serializeAsString() {
            return Boolean.toString(value);
        }

        @Override
        public MetadataValue typed() {
            return new MetadataValue.Bool(value);
        }
    }

    /** An unsigned number of 32 bits. */
    record Number(long value) implements StateValue {
        @Override
        public String serializeAsString() {
            return Long.toString(value);
        }

        @Override
        public MetadataValue typed() {
            return new MetadataValue.Number(value);
        }
    }

    /** An unsigned number of 64 bits, which JSON has as text. */
    record LongNumber(long value) implements StateValue {
        @Override
        public String serializeAsString() {
            return Long.toUnsignedString(value);
        }
    }

    /** An address without a port, which is printed with one all the same. */
    record Ip(IpAddress address) implements StateValue {
        @Override
        public String serializeAsString() {
            return address.toString();
        }

        @Override
        public @Nullable MetadataValue typed() {
            return null;
        }
    }

    /** The address that a request is about to be sent to; Envoy has no text for it. */
    record Upstream(IpAddress address) implements StateValue {

        /** Under which it stands. */
        public static final String KEY = "envoy.stream.upstream_address";

        @Override
        public String serializeAsString() {
            return address.toString();
        }

        @Override
        public boolean isText() {
            return false;
        }
    }
}
