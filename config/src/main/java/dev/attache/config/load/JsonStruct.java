package dev.attache.config.load;

import dev.attache.config.load.tree.ConfigNode;
import dev.attache.config.load.tree.JsonReader;
import dev.attache.config.load.tree.SyntaxException;
import dev.attache.proxy.metadata.MetadataValue;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as protobuf reads it into a {@code google.protobuf.Struct}, without a message: what
 * peers send and configuration embeds. Stateless; any thread.
 */
public final class JsonStruct {

    /** Not even a Struct: which the reader finds out on the way. */
    private static final class NoStructException extends Exception {
        private static final long serialVersionUID = 1;

        NoStructException() {
            super("", null, false, false);
        }
    }

    private JsonStruct() {}

    /**
     * The object, or null where the bytes are none: other JSON, a key twice, an infinite number.
     */
    public static MetadataValue.@Nullable Struct read(byte[] utf8) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
            return JsonReader.read("", text) instanceof ConfigNode.Mapping object
                    ? struct(object)
                    : null;
        } catch (CharacterCodingException | SyntaxException | NoStructException e) {
            return null;
        }
    }

    private static MetadataValue.Struct struct(ConfigNode.Mapping object) throws NoStructException {
        Map<String, MetadataValue> fields = new HashMap<>();
        for (ConfigNode.Entry entry : object.entries()) {
            if (fields.put(entry.key(), value(entry.value())) != null) {
                throw new NoStructException();
            }
        }
        return new MetadataValue.Struct(fields);
    }

    private static MetadataValue value(ConfigNode node) throws NoStructException {
        return switch (node) {
            case ConfigNode.Text text -> new MetadataValue.Text(text.value());
            case ConfigNode.Number number -> number(number.text());
            case ConfigNode.Bool bool -> new MetadataValue.Bool(bool.value());
            case ConfigNode.Null none -> MetadataValue.Null.INSTANCE;
            case ConfigNode.Mapping object -> struct(object);
            case ConfigNode.Sequence array -> {
                List<MetadataValue> values = new ArrayList<>(array.items().size());
                for (ConfigNode item : array.items()) {
                    values.add(value(item));
                }
                yield new MetadataValue.Sequence(values);
            }
        };
    }

    private static MetadataValue number(String text) throws NoStructException {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw new NoStructException();
        }
        return new MetadataValue.Number(value);
    }
}
