package dev.attache.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.attache.api.FieldRules.Check;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code validate.FieldRules} from their bytes, by the numbers of validate.proto. */
final class RuleReader {
    private static final int MESSAGE_RULES = 17;

    /** The kind of a number by the number of its rules: float is 1, sfixed64 is 12. */
    private static final FieldType.Kind[] NUMBERS = {
        FieldType.Kind.FLOAT,
        FieldType.Kind.DOUBLE,
        FieldType.Kind.INT32,
        FieldType.Kind.INT64,
        FieldType.Kind.UINT32,
        FieldType.Kind.UINT64,
        FieldType.Kind.SINT32,
        FieldType.Kind.SINT64,
        FieldType.Kind.FIXED32,
        FieldType.Kind.FIXED64,
        FieldType.Kind.SFIXED32,
        FieldType.Kind.SFIXED64,
    };

    /** The numbers of the flags that name a string's format, in the order of the formats. */
    private static final int[] FORMAT_FLAGS = {12, 13, 14, 15, 16, 17, 18, 21, 22};

    private static final FieldRules.Format[] FORMATS = FieldRules.Format.values();

    private RuleReader() {}

    static FieldRules read(ByteString encoded) {
        try {
            return rules(encoded);
        } catch (IOException e) {
            throw new IllegalArgumentException("no validate.rules: " + e.getMessage(), e);
        }
    }

    static FieldRules rules(ByteString encoded) throws IOException {
        boolean required = false;
        boolean skipped = false;
        Check check = null;
        CodedInputStream in = encoded.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            RuleFields fields = RuleFields.read(in.readBytes());
            if (number == MESSAGE_RULES) {
                skipped = fields.flag(1);
                required = fields.flag(2);
            } else {
                check = check(number, fields);
            }
        }
        return new FieldRules(required, skipped, check);
    }

    private static @Nullable Check check(int number, RuleFields f) throws IOException {
        return switch (number) {
            case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 -> numbers(NUMBERS[number - 1], f);
            case 13 -> new FieldRules.Booleans(f.has(1) ? f.flag(1) : null);
            case 14 -> strings(f);
            case 15 -> octets(f);
            case 16 -> enums(f);
            case 18 ->
                    new FieldRules.Items(f.limit(1), f.limit(2), f.flag(3), f.rules(4), f.flag(5));
            case 19 ->
                    new FieldRules.Pairs(
                            f.limit(1), f.limit(2), f.flag(3), f.rules(4), f.rules(5), f.flag(6));
            case 20 -> new FieldRules.Anys(f.flag(1), f.texts(2), f.texts(3));
            case 21 ->
                    new FieldRules.Durations(
                            f.flag(1),
                            f.duration(2),
                            f.duration(3),
                            f.duration(4),
                            f.duration(5),
                            f.duration(6),
                            f.durations(7),
                            f.durations(8));
            case 22 ->
                    new FieldRules.Timestamps(
                            f.flag(1),
                            f.instant(2),
                            f.instant(3),
                            f.instant(4),
                            f.instant(5),
                            f.instant(6),
                            f.flag(7),
                            f.flag(8),
                            f.duration(9));
            default -> null;
        };
    }

    private static Check numbers(FieldType.Kind kind, RuleFields f) throws IOException {
        return new FieldRules.Numbers(
                kind,
                f.number(1, kind),
                f.number(2, kind),
                f.number(3, kind),
                f.number(4, kind),
                f.number(5, kind),
                f.numbers(6, kind),
                f.numbers(7, kind),
                f.flag(8));
    }

    private static Check strings(RuleFields f) {
        return new FieldRules.Strings(
                f.text(1),
                f.limit(19),
                f.limit(2),
                f.limit(3),
                f.limit(20),
                f.limit(4),
                f.limit(5),
                f.text(6),
                f.text(7),
                f.text(8),
                f.text(9),
                f.text(23),
                f.texts(10),
                f.texts(11),
                format(f),
                !f.has(25) || f.flag(25),
                f.flag(26));
    }

    private static FieldRules.@Nullable Format format(RuleFields f) {
        if (f.has(24)) {
            return switch ((int) f.limit(24)) {
                case 1 -> FieldRules.Format.HTTP_HEADER_NAME;
                case 2 -> FieldRules.Format.HTTP_HEADER_VALUE;
                default -> null;
            };
        }
        for (int i = 0; i < FORMAT_FLAGS.length; i++) {
            if (f.flag(FORMAT_FLAGS[i])) {
                return FORMATS[i];
            }
        }
        return null;
    }

    private static Check octets(RuleFields f) {
        return new FieldRules.Octets(
                f.bytes(1),
                f.limit(13),
                f.limit(2),
                f.limit(3),
                f.text(4),
                f.bytes(5),
                f.bytes(6),
                f.bytes(7),
                f.allBytes(8),
                f.allBytes(9),
                f.flag(10)
                        ? FieldRules.Format.IP
                        : f.flag(11)
                                ? FieldRules.Format.IPV4
                                : f.flag(12) ? FieldRules.Format.IPV6 : null,
                f.flag(14));
    }

    private static Check enums(RuleFields f) throws IOException {
        Number constant = f.number(1, FieldType.Kind.INT32);
        return new FieldRules.Enums(
                constant == null ? null : constant.intValue(),
                f.flag(2),
                integers(f, 3),
                integers(f, 4));
    }

    private static List<Integer> integers(RuleFields f, int number) throws IOException {
        return f.numbers(number, FieldType.Kind.INT32).stream().map(Number::intValue).toList();
    }
}
