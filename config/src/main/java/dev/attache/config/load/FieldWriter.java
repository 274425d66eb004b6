package dev.attache.config.load;

import dev.attache.api.FieldType;

/** Writes values of fields as their types say, with tags unless the field is packed. */
final class FieldWriter {
    private final WireBuffer out;

    FieldWriter(WireBuffer out) {
        this.out = out;
    }

    /**
     * Writes a whole number of any kind, a boolean as 0 or 1, or the number of an enum's value.
     *
     * @param always even where the value says nothing, being what the field has without one
     */
    void integer(FieldType field, long value, boolean always) {
        if (value == 0 && !always) {
            return;
        }
        tag(field);
        switch (field.kind()) {
            case FIXED32, SFIXED32 -> out.fixed32((int) value);
            case FIXED64, SFIXED64 -> out.fixed64(value);
            case SINT32, SINT64 -> out.varint(value << 1 ^ value >> 63);
            case UINT32 -> out.varint(value & 0xFFFF_FFFFL);
            default -> out.varint(value);
        }
    }

    void real(FieldType field, double value, boolean always) {
        if (field.kind() == FieldType.Kind.FLOAT) {
            int bits = Float.floatToRawIntBits((float) value);
            if (bits != 0 || always) {
                tag(field);
                out.fixed32(bits);
            }
            return;
        }
        long bits = Double.doubleToRawLongBits(value);
        if (bits != 0 || always) {
            tag(field);
            out.fixed64(bits);
        }
    }

    void text(FieldType field, String value, boolean always) {
        if (!value.isEmpty() || always) {
            out.tag(field);
            out.text(value);
        }
    }

    void octets(FieldType field, byte[] value, boolean always) {
        if (value.length > 0 || always) {
            out.tag(field);
            out.varint(value.length);
            out.raw(value, 0, value.length);
        }
    }

    /** What the field has without a value, written all the same. */
    void nothing(FieldType field) {
        switch (field.kind()) {
            case DOUBLE, FLOAT -> real(field, 0, true);
            case STRING, BYTES, MESSAGE, GROUP -> {
                out.lengthTag(field);
                out.varint(0);
            }
            default -> integer(field, 0, true);
        }
    }

    private void tag(FieldType field) {
        if (!field.isPacked()) {
            out.tag(field);
        }
    }
}
