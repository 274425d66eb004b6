package dev.attache.api;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the value of a field must be, as protoc-gen-validate's {@code validate.rules} say.
 * Immutable.
 *
 * @param required the message must be set
 * @param skipped the content of the message is not checked
 * @param check what is checked of the value itself
 */
public record FieldRules(boolean required, boolean skipped, @Nullable Check check) {
    /** A length or a count that is not limited. */
    public static final long UNLIMITED = -1;

    /** What is checked of a value, by its type. */
    public sealed interface Check
            permits Numbers,
                    Booleans,
                    Strings,
                    Octets,
                    Enums,
                    Items,
                    Pairs,
                    Anys,
                    Durations,
                    Timestamps {}

    /** How a string must be written. */
    public enum Format {
        EMAIL,
        HOSTNAME,
        IP,
        IPV4,
        IPV6,
        URI,
        URI_REF,
        ADDRESS,
        UUID,
        HTTP_HEADER_NAME,
        HTTP_HEADER_VALUE
    }

    /**
     * Of a number. Integers are {@link Long} (of unsigned 64-bit kinds the bits), others are {@link
     * Double}.
     */
    public record Numbers(
            FieldType.Kind kind,
            @Nullable Number constant,
            @Nullable Number lt,
            @Nullable Number lte,
            @Nullable Number gt,
            @Nullable Number gte,
            List<Number> in,
            List<Number> notIn,
            boolean ignoreEmpty)
            implements Check {}

    /** Of a boolean. */
    public record Booleans(@Nullable Boolean constant) implements Check {}

    /**
     * Of a string. Lengths are in code points, those in bytes in UTF-8.
     *
     * @param pattern a regular expression that must be found
     * @param strict whether header names and values keep to the letters of RFC 7230
     */
    public record Strings(
            @Nullable String constant,
            long len,
            long minLen,
            long maxLen,
            long lenBytes,
            long minBytes,
            long maxBytes,
            @Nullable String pattern,
            @Nullable String prefix,
            @Nullable String suffix,
            @Nullable String contains,
            @Nullable String notContains,
            List<String> in,
            List<String> notIn,
            @Nullable Format format,
            boolean strict,
            boolean ignoreEmpty)
            implements Check {}

    /** Of bytes. The format is IP, IPV4 or IPV6. */
    public record Octets(
            @Nullable ByteString constant,
            long len,
            long minLen,
            long maxLen,
            @Nullable String pattern,
            @Nullable ByteString prefix,
            @Nullable ByteString suffix,
            @Nullable ByteString contains,
            List<ByteString> in,
            List<ByteString> notIn,
            @Nullable Format format,
            boolean ignoreEmpty)
            implements Check {}

    /** Of an enum, by numbers. */
    public record Enums(
            @Nullable Integer constant, boolean definedOnly, List<Integer> in, List<Integer> notIn)
            implements Check {}

    /** Of a repeated field. */
    public record Items(
            long min, long max, boolean unique, @Nullable FieldRules items, boolean ignoreEmpty)
            implements Check {}

    /** Of a map. */
    public record Pairs(
            long min,
            long max,
            boolean noSparse,
            @Nullable FieldRules keys,
            @Nullable FieldRules values,
            boolean ignoreEmpty)
            implements Check {}

    /** Of an Any, by type URLs. */
    public record Anys(boolean required, List<String> in, List<String> notIn) implements Check {}

    /** Of a duration. */
    public record Durations(
            boolean required,
            @Nullable Duration constant,
            @Nullable Duration lt,
            @Nullable Duration lte,
            @Nullable Duration gt,
            @Nullable Duration gte,
            List<Duration> in,
            List<Duration> notIn)
            implements Check {}

    /** Of a timestamp. */
    public record Timestamps(
            boolean required,
            @Nullable Instant constant,
            @Nullable Instant lt,
            @Nullable Instant lte,
            @Nullable Instant gt,
            @Nullable Instant gte,
            boolean ltNow,
            boolean gtNow,
            @Nullable Duration within)
            implements Check {}

    /**
     * Reads the rules of a field as descriptors carry them.
     *
     * @throws IllegalArgumentException if the bytes are none
     */
    static FieldRules read(ByteString encoded) {
        return RuleReader.read(encoded);
    }
}
