package dev.attache.filters.cel.value;

import dev.attache.filters.wire.Utf8;
import dev.attache.proxy.metadata.MetadataValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as text and as JSON. Stateless. */
public final class Printing {
    private Printing() {}

    /** What {@code %CEL%} writes, or null of a fault. */
    public static @Nullable String text(Object value) {
        return switch (value) {
            case Fault none -> null;
            case String text -> text;
            case Boolean flag -> flag.toString();
            case Long number -> number.toString();
            case Uint number -> number.toString();
            case Double real -> Numbers.sixDigits(real);
            case Bytes bytes -> bytes.octets();
            case Null none -> "NULL";
            case Duration duration -> TimeText.print(duration);
            case Instant time -> TimeText.print(time);
            case CelMessage message -> message.text();
            case CelMap map -> "CelMap value";
            case List<?> list -> "CelList value";
            case TypeName type -> "CelType value";
            default -> throw new IllegalArgumentException(value.getClass().getName());
        };
    }

    /** Flags and integers as they are, all else as characters of text; null of a fault. */
    public static @Nullable MetadataValue plain(Object value) {
        return switch (value) {
            case Boolean flag -> new MetadataValue.Bool(flag);
            case Long number -> new MetadataValue.Number(number);
            case Uint number -> new MetadataValue.Number(number.real());
            default -> {
                String text = text(value);
                yield text == null ? null : new MetadataValue.Text(Utf8.of(text));
            }
        };
    }

    /** What {@code %TYPED_CEL%} writes, text being octets; null where there is nothing to write. */
    public static @Nullable MetadataValue json(Object value) {
        return switch (value) {
            case String text -> new MetadataValue.Text(text);
            case Boolean flag -> new MetadataValue.Bool(flag);
            case Long number -> new MetadataValue.Number(number);
            case Uint number -> new MetadataValue.Number(number.real());
            case Double real -> new MetadataValue.Number(real);
            case Bytes bytes -> new MetadataValue.Text(base64(bytes.octets()));
            case Duration duration -> ofText(TimeText.json(duration));
            case Instant time -> ofText(TimeText.json(time));
            case CelMessage message -> message.json();
            case CelMap map -> json(map);
            case List<?> list -> json(list);
            case Null none -> MetadataValue.Null.INSTANCE;
            case Fault none -> null;
            case TypeName type -> null;
            default -> throw new IllegalArgumentException(value.getClass().getName());
        };
    }

    private static @Nullable MetadataValue ofText(@Nullable String text) {
        return text == null ? null : new MetadataValue.Text(text);
    }

    private static String base64(String octets) {
        return Base64.getEncoder().encodeToString(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static @Nullable MetadataValue json(List<?> list) {
        List<MetadataValue> values = new ArrayList<>(list.size());
        for (Object item : list) {
            MetadataValue value = json(item);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return new MetadataValue.Sequence(values);
    }

    /** Keys that are numbers become text, flags are no keys of JSON. */
    private static @Nullable MetadataValue json(CelMap map) {
        List<Object> keys = map.keys();
        if (keys == null) {
            return null;
        }
        Map<String, MetadataValue> fields = new HashMap<>();
        for (Object key : keys) {
            Object found = key instanceof Boolean ? null : map.get(key);
            MetadataValue value = found == null ? null : json(found);
            if (value == null) {
                return null;
            }
            fields.put(key.toString(), value);
        }
        return new MetadataValue.Struct(fields);
    }
}
