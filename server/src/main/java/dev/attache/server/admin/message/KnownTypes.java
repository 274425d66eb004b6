package dev.attache.server.admin.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.attache.api.MessageType;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import org.jspecify.annotations.Nullable;

/** The types of messages that Anys name: Envoy's, and those of users' extensions. Thread-safe. */
public final class KnownTypes {
    private static final int TYPE_URL = 1;
    private static final int VALUE = 2;

    private final TypeRegistry registry;
    private final ConfigLoader loader;

    public KnownTypes(TypeRegistry registry) {
        this.registry = registry;
        this.loader = new ConfigLoader(registry, UnknownFieldPolicy.IGNORE);
    }

    /** The type of the URL, or null. */
    public @Nullable MessageType find(String typeUrl) {
        return registry.message(TypeRegistry.nameOf(typeUrl));
    }

    /** The message that a TypedStruct spells; null where it spells none that is known. */
    @Nullable MessageBytes spelledOut(MessageBytes typedStruct) {
        WireField url = typedStruct.field(TYPE_URL);
        WireField value = typedStruct.field(VALUE);
        MessageType type = url == null || value == null ? null : find(url.text());
        return type == null || value == null || Form.of(type) != Form.FIELDS
                ? null
                : spelledOut(type, value.octets());
    }

    private @Nullable MessageBytes spelledOut(MessageType type, ByteString struct) {
        try {
            Compiled<ByteString> read =
                    loader.structBytes(Struct.parseFrom(struct), type, "", new Diagnostics(""));
            return read instanceof Compiled.Ok<ByteString> ok
                    ? MessageBytes.of(type, ok.value().toByteArray())
                    : null;
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }
}
