package dev.attache.filters.http.header_to_metadata;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Value;
import dev.attache.config.core.MetadataValues;
import dev.attache.filters.metadata.NumberText;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A header's octets as a value of metadata. Stateless. */
final class ValueWire {

    private ValueWire() {}

    /** Null where they are none of that type. */
    static @Nullable MetadataValue of(String octets, Target.Type type) {
        return switch (type) {
            case STRING -> new MetadataValue.Text(Octets.text(octets));
            case NUMBER -> number(octets);
            case PROTOBUF_VALUE -> message(octets);
        };
    }

    private static @Nullable MetadataValue number(String octets) {
        Double number = NumberText.parse(octets);
        return number == null ? null : new MetadataValue.Number(number);
    }

    private static @Nullable MetadataValue message(String octets) {
        try {
            return MetadataValues.compile(
                    Value.parseFrom(octets.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (InvalidProtocolBufferException e) {
            return null; // whatever a client sends
        }
    }
}
