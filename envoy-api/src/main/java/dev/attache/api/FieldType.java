package dev.attache.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.WireFormat;
import org.jspecify.annotations.Nullable;

/** A field of a message of the API. Immutable to whoever gets it. */
public final class FieldType {
    /** The types of protobuf, in the order of their numbers there. */
    public enum Kind {
        DOUBLE(WireFormat.WIRETYPE_FIXED64),
        FLOAT(WireFormat.WIRETYPE_FIXED32),
        INT64(WireFormat.WIRETYPE_VARINT),
        UINT64(WireFormat.WIRETYPE_VARINT),
        INT32(WireFormat.WIRETYPE_VARINT),
        FIXED64(WireFormat.WIRETYPE_FIXED64),
        FIXED32(WireFormat.WIRETYPE_FIXED32),
        BOOL(WireFormat.WIRETYPE_VARINT),
        STRING(WireFormat.WIRETYPE_LENGTH_DELIMITED),
        GROUP(WireFormat.WIRETYPE_START_GROUP),
        MESSAGE(WireFormat.WIRETYPE_LENGTH_DELIMITED),
        BYTES(WireFormat.WIRETYPE_LENGTH_DELIMITED),
        UINT32(WireFormat.WIRETYPE_VARINT),
        ENUM(WireFormat.WIRETYPE_VARINT),
        SFIXED32(WireFormat.WIRETYPE_FIXED32),
        SFIXED64(WireFormat.WIRETYPE_FIXED64),
        SINT32(WireFormat.WIRETYPE_VARINT),
        SINT64(WireFormat.WIRETYPE_VARINT);

        private final int wireType;

        Kind(int wireType) {
            this.wireType = wireType;
        }

        /** How one value is written, by the numbers of {@link WireFormat}. */
        public int wireType() {
            return wireType;
        }

        /** Whether several values may be written as one length-delimited piece. */
        public boolean isPackable() {
            return this != STRING && this != BYTES && this != MESSAGE && this != GROUP;
        }
    }

    static final int KIND_BITS = 31;
    static final int REPEATED = 1 << 5;
    static final int MAP = 1 << 6;
    static final int PACKED = 1 << 7;
    static final int PRESENCE = 1 << 8;
    static final int DEPRECATED = 1 << 9;
    static final int DISALLOWED = 1 << 10;
    static final int SENSITIVE = 1 << 11;
    static final int NEWER = 1 << 12;
    static final int DEFAULT_DEPRECATED = 1 << 13;

    private static final Kind[] KINDS = Kind.values();

    /** What a field says of itself, as whoever builds its message knows it. */
    record Shape(
            int number,
            String name,
            @Nullable String jsonName,
            int flags,
            int oneof,
            int type,
            @Nullable ByteString rules,
            @Nullable Support support) {
        /** {@code oneof} of a field that is in none. */
        static final int NO_ONEOF = -1;

        /** {@code type} of a field that is neither message nor enum. */
        static final int NO_TYPE = -1;
    }

    private final MessageType owner;
    private final TypeSource source;
    private final Shape shape;
    private final Kind kind;

    /** Read on first use; whoever reads it twice at once reads the same. */
    private volatile @Nullable FieldRules rules;

    FieldType(MessageType owner, TypeSource source, Shape shape) {
        this.owner = owner;
        this.source = source;
        this.shape = shape;
        this.kind = KINDS[shape.flags() & KIND_BITS];
    }

    /** The message that declares it. */
    public MessageType owner() {
        return owner;
    }

    public int number() {
        return shape.number();
    }

    public String name() {
        return shape.name();
    }

    public String jsonName() {
        String declared = shape.jsonName();
        return declared == null ? jsonName(shape.name()) : declared;
    }

    /** The name behind its message's, e.g. {@code envoy.config.cluster.v3.Cluster.name}. */
    public String fullName() {
        return owner.fullName() + "." + shape.name();
    }

    public Kind kind() {
        return kind;
    }

    /** Also true of a map. */
    public boolean isRepeated() {
        return has(REPEATED);
    }

    /** Whether it is written as repeated messages of field 1, the key, and field 2, the value. */
    public boolean isMap() {
        return has(MAP);
    }

    public boolean isPacked() {
        return has(PACKED);
    }

    /** Whether a value that equals the type's default differs from none. */
    public boolean hasPresence() {
        return has(PRESENCE);
    }

    /** The oneof that it is in, or null. */
    public @Nullable OneofType oneof() {
        return shape.oneof() == Shape.NO_ONEOF ? null : owner.oneofs().get(shape.oneof());
    }

    /**
     * The type of its values; of a map the type of its entries.
     *
     * @throws IllegalStateException if it is no message
     */
    public MessageType message() {
        if (kind != Kind.MESSAGE && kind != Kind.GROUP) {
            throw new IllegalStateException(fullName() + " is no message");
        }
        return source.message(shape.type());
    }

    /**
     * The type of its values.
     *
     * @throws IllegalStateException if it is no enum
     */
    public EnumType enumeration() {
        if (kind != Kind.ENUM) {
            throw new IllegalStateException(fullName() + " is no enum");
        }
        return source.enumeration(shape.type());
    }

    public boolean isDeprecated() {
        return has(DEPRECATED);
    }

    /** Deprecated, and refused unless the runtime allows it. */
    public boolean isDisallowed() {
        return has(DISALLOWED);
    }

    /** Whether the value of its enum that it has when it is not set is deprecated. */
    public boolean isDefaultDeprecated() {
        return has(DEFAULT_DEPRECATED);
    }

    /** Whether pages that print configuration leave its value out. */
    public boolean isSensitive() {
        return has(SENSITIVE);
    }

    /** Whether the message's class does not have this field. */
    public boolean isNewer() {
        return has(NEWER);
    }

    /** What its value must be, or null where anything will do. */
    public @Nullable FieldRules rules() {
        ByteString encoded = shape.rules();
        if (encoded == null) {
            return null;
        }
        FieldRules read = rules;
        if (read == null) {
            read = FieldRules.read(encoded);
            rules = read;
        }
        return read;
    }

    /** The same as the bytes of a {@code validate.FieldRules}. */
    @Nullable ByteString encodedRules() {
        return shape.rules();
    }

    int flags() {
        return shape.flags();
    }

    /** What this proxy does with it, or null where nothing is declared. */
    public @Nullable Support support() {
        return shape.support();
    }

    /** The name that protobuf makes for JSON: {@code connect_timeout} as {@code connectTimeout}. */
    static String jsonName(String name) {
        if (name.indexOf('_') < 0) {
            return name;
        }
        StringBuilder json = new StringBuilder(name.length());
        boolean upper = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                upper = true;
            } else {
                json.append(upper && c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
                upper = false;
            }
        }
        return json.toString();
    }

    private boolean has(int flag) {
        return (shape.flags() & flag) != 0;
    }

    @Override
    public String toString() {
        return fullName();
    }
}
