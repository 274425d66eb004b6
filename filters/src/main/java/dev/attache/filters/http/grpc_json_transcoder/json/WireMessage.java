package dev.attache.filters.http.grpc_json_transcoder.json;

import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Kind;
import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A message as its bytes have it, by field number: a number ({@link Long}, floating-point ones by
 * their bits), octets ({@link String}) or a {@code WireMessage} for each value.
 */
public final class WireMessage {
    static final int DEEPEST = 100;
    private static final int END_GROUP = 4;

    private final MessageType type;
    private final Map<Integer, List<Object>> values = new HashMap<>();

    private WireMessage(MessageType type) {
        this.type = type;
    }

    /**
     * Reads all of {@code bytes}.
     *
     * @throws Unfit they are no message of that type
     */
    public static WireMessage read(MessageType type, byte[] bytes) throws Unfit {
        WireIn in = new WireIn(bytes);
        WireMessage message = new WireMessage(type);
        message.read(in, bytes.length, -1, DEEPEST);
        return message;
    }

    MessageType type() {
        return type;
    }

    /** Of a field, in their order. */
    List<Object> values(FieldType field) {
        return values.getOrDefault(field.number(), List.of());
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /**
     * Octets of a field; empty where it is not there.
     *
     * @throws Unfit it holds something else
     */
    String text(int field) throws Unfit {
        List<Object> all = values.getOrDefault(field, List.of());
        if (all.isEmpty()) {
            return "";
        }
        if (all.getLast() instanceof String text) {
            return text;
        }
        throw new Unfit("field " + field + " holds no text");
    }

    private void read(WireIn in, int end, int group, int depth) throws Unfit {
        if (depth == 0) {
            throw new Unfit("message nested too deep");
        }
        while (in.at() < end) {
            int tag = (int) in.varint();
            int number = tag >>> 3;
            int wireType = tag & 7;
            if (wireType == END_GROUP) {
                if (number != group) {
                    throw new Unfit("attempted to close group " + number + " before SGROUP tag");
                }
                return;
            }
            FieldType field = type.field(number);
            if (field == null) {
                in.skip(number, wireType);
            } else {
                read(in, field, wireType, depth);
            }
        }
        if (group >= 0) {
            throw new Unfit("unexpected EOF");
        }
    }

    private void read(WireIn in, FieldType field, int wireType, int depth) throws Unfit {
        Kind kind = field.kind();
        switch (wireType) {
            case 0, 1, 5 -> {
                if (kind.wireType() != wireType) {
                    throw unsupported(field, wireType);
                }
                add(field, number(in, kind));
            }
            case 2 -> {
                int end = in.limit();
                if (kind == Kind.TYPE_MESSAGE) {
                    WireMessage inner = new WireMessage(field.messageType());
                    inner.read(in, end, -1, depth - 1);
                    add(field, inner);
                } else if (kind == Kind.TYPE_STRING || kind == Kind.TYPE_BYTES) {
                    add(field, octets(in, end, kind));
                } else if (kind == Kind.TYPE_GROUP) {
                    throw unsupported(field, wireType);
                } else {
                    while (in.at() < end) {
                        add(field, number(in, kind));
                    }
                }
            }
            case 3 -> {
                if (kind != Kind.TYPE_GROUP) {
                    throw new Unfit("field number " + field.number() + " is not a group");
                }
                WireMessage inner = new WireMessage(field.messageType());
                inner.read(in, in.end(), field.number(), depth - 1);
                add(field, inner);
            }
            default -> throw new Unfit("unknown wire type: " + wireType);
        }
    }

    private static Unfit unsupported(FieldType field, int wireType) {
        String what =
                switch (wireType) {
                    case 0 -> "varint fields";
                    case 1 -> "type 64-bit fields";
                    case 5 -> "32-bit fields";
                    default -> "type 2 records";
                };
        return new Unfit(
                "field type "
                        + field.kind().number()
                        + " (number "
                        + field.number()
                        + ") does not support "
                        + what);
    }

    private static String octets(WireIn in, int end, Kind kind) throws Unfit {
        String octets = new String(in.bytes(end - in.at()), StandardCharsets.ISO_8859_1);
        if (kind == Kind.TYPE_STRING && Utf8.validPrefix(octets) < octets.length()) {
            throw new Unfit("proto3 strings must be UTF-8");
        }
        return octets;
    }

    private static Long number(WireIn in, Kind kind) throws Unfit {
        return switch (kind) {
            case TYPE_BOOL -> {
                int octet = in.octet();
                if (octet > 1) {
                    throw new Unfit(
                            "bad value for bool: \\x"
                                    + (octet < 16 ? "0" : "")
                                    + Integer.toHexString(octet));
                }
                yield (long) octet;
            }
            case TYPE_INT32, TYPE_ENUM -> (long) (int) in.varint();
            case TYPE_UINT32 -> in.varint() & 0xffffffffL;
            case TYPE_SINT32 -> {
                int value = (int) in.varint();
                yield (long) (value >>> 1 ^ -(value & 1));
            }
            case TYPE_SINT64 -> {
                long value = in.varint();
                yield value >>> 1 ^ -(value & 1);
            }
            case TYPE_FIXED32 -> in.fixed(4) & 0xffffffffL;
            case TYPE_SFIXED32, TYPE_FLOAT -> (long) (int) in.fixed(4);
            case TYPE_FIXED64, TYPE_SFIXED64, TYPE_DOUBLE -> in.fixed(8);
            default -> in.varint();
        };
    }

    private void add(FieldType field, Object value) throws Unfit {
        List<Object> all = values.computeIfAbsent(field.number(), n -> new ArrayList<>(1));
        if (!field.repeated() && !all.isEmpty()) {
            throw new Unfit("repeated entries for singular field number " + field.number());
        }
        all.add(value);
    }
}
