package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.CelMessage;
import dev.attache.filters.cel.value.Numbers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.List;

/** Writes messages as protobuf's text on one line. One use each. */
final class MessageText {
    private final StringBuilder out = new StringBuilder();

    MessageText open(String field) {
        out.append(field).append(" { ");
        return this;
    }

    MessageText close() {
        out.append("} ");
        return this;
    }

    /** A string, of characters. */
    MessageText text(String field, String value) {
        return octets(field, Octets.of(value));
    }

    /** Bytes. */
    MessageText octets(String field, String octets) {
        out.append(field).append(": \"");
        for (int i = 0; i < octets.length(); i++) {
            escape(octets.charAt(i));
        }
        out.append("\" ");
        return this;
    }

    private void escape(char octet) {
        int letter = "\n\r\t\"'\\".indexOf(octet);
        if (letter >= 0) {
            out.append('\\').append("nrt\"'\\".charAt(letter));
        } else if (octet < ' ' || octet >= 0x7f) {
            out.append('\\')
                    .append((char) ('0' + (octet >> 6)))
                    .append((char) ('0' + (octet >> 3 & 7)))
                    .append((char) ('0' + (octet & 7)));
        } else {
            out.append(octet);
        }
    }

    /** A number or a flag or a name. */
    MessageText word(String field, String value) {
        out.append(field).append(": ").append(value).append(' ');
        return this;
    }

    /** The fields of another message. */
    MessageText fields(CelMessage message) {
        out.append(message.text());
        return this;
    }

    /** The fields of a {@code google.protobuf.Struct}. */
    MessageText struct(MetadataValue.Struct struct) {
        List<String> names = new ArrayList<>(struct.fields().keySet());
        names.sort(null);
        for (String name : names) {
            open("fields").text("key", name).open("value");
            MetadataValue value = struct.get(name);
            if (value != null) {
                value(value);
            }
            close().close();
        }
        return this;
    }

    private void value(MetadataValue value) {
        switch (value) {
            case MetadataValue.Text text -> text("string_value", text.value());
            case MetadataValue.Number number -> word("number_value", number(number.value()));
            case MetadataValue.Bool bool -> word("bool_value", Boolean.toString(bool.value()));
            case MetadataValue.Struct struct -> open("struct_value").struct(struct).close();
            case MetadataValue.Sequence sequence -> {
                open("list_value");
                for (MetadataValue item : sequence.values()) {
                    open("values");
                    value(item);
                    close();
                }
                close();
            }
            case MetadataValue.Null none -> word("null_value", "NULL_VALUE");
        }
    }

    private static String number(double value) {
        return Numbers.round(value);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
