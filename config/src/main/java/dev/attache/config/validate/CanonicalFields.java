package dev.attache.config.validate;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.attache.api.OneofType;
import dev.attache.config.validate.constraint.MalformedMessageException;
import dev.attache.config.validate.constraint.WireReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the fields of a message that came as somebody wrote it into the form in which protobuf
 * itself would write what it reads: in the order of their numbers, a single field once. Of a single
 * value that is there twice the last one counts, as of a key of a map; messages are joined, and of
 * a oneof the last field is set.
 */
final class CanonicalFields {
    /** A stretch of the bytes, tag and value. */
    private record Stretch(int from, int to) {}

    private final MessagePlan plan;
    private final WireReader in;
    private final Map<Integer, List<Stretch>> fields = new TreeMap<>();

    /** What is no field of the message, which comes last. */
    private final List<Stretch> strays = new ArrayList<>();

    private CanonicalFields(MessagePlan plan, WireReader in) {
        this.plan = plan;
        this.in = in;
    }

    /** Whether what is left for the reader has the form already; moves it. */
    static boolean are(MessagePlan plan, WireReader in) throws MalformedMessageException {
        int last = 0;
        long oneofs = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            int number = WireFormat.getTagFieldNumber(tag);
            FieldPlan field = readable(plan, tag);
            boolean repeated = field == null || field.isRepeatable();
            if (number < last || number == last && !repeated) {
                return false;
            }
            OneofType oneof = field == null ? null : field.field().oneof();
            if (oneof != null) {
                long bit = 1L << (plan.type().oneofs().indexOf(oneof) & 63);
                if ((oneofs & bit) != 0) {
                    return false;
                }
                oneofs |= bit;
            }
            last = number;
            in.skip(tag);
        }
        return true;
    }

    /** What is left for the reader, in that form. */
    static byte[] of(MessagePlan plan, WireReader in) throws MalformedMessageException {
        CanonicalFields canonical = new CanonicalFields(plan, in);
        canonical.sort();
        try {
            return canonical.write();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
    }

    /** The field of a tag unless it is written as none of its kind, which nobody reads. */
    private static @Nullable FieldPlan readable(MessagePlan plan, int tag) {
        FieldPlan field = plan.field(WireFormat.getTagFieldNumber(tag));
        return field == null || !field.isWrittenAs(WireFormat.getTagWireType(tag)) ? null : field;
    }

    private void sort() throws MalformedMessageException {
        while (in.hasMore()) {
            int from = in.position();
            int tag = in.tag();
            int number = WireFormat.getTagFieldNumber(tag);
            in.skip(tag);
            Stretch stretch = new Stretch(from, in.position());
            FieldPlan field = readable(plan, tag);
            if (field == null) {
                strays.add(stretch);
            } else {
                supersede(field, number);
                fields.computeIfAbsent(number, n -> new ArrayList<>()).add(stretch);
            }
        }
    }

    /** Takes back what the field that comes next replaces. */
    private void supersede(FieldPlan field, int number) {
        OneofType oneof = field.field().oneof();
        if (oneof != null) {
            oneof.fields()
                    .forEach(other -> {
                        if (other.number() != number) {
                            fields.remove(other.number());
                        }
                    });
        }
        if (!field.field().isRepeated() && !field.isMessage()) {
            fields.remove(number);
        }
    }

    private byte[] write() throws IOException, MalformedMessageException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(in.end());
        for (Map.Entry<Integer, List<Stretch>> entry : fields.entrySet()) {
            FieldPlan field = plan.field(entry.getKey());
            List<Stretch> stretches = entry.getValue();
            if (field == null || field.isRepeatable() || stretches.size() == 1) {
                copy(stretches, bytes);
            } else if (field.field().isMap()) {
                copy(lastOfEachKey(field, stretches), bytes);
            } else {
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                out.writeByteArray(entry.getKey(), joined(stretches));
                out.flush();
            }
        }
        copy(strays, bytes);
        return bytes.toByteArray();
    }

    private void copy(List<Stretch> stretches, ByteArrayOutputStream bytes) {
        for (Stretch stretch : stretches) {
            bytes.write(in.bytes, stretch.from(), stretch.to() - stretch.from());
        }
    }

    private List<Stretch> lastOfEachKey(FieldPlan map, List<Stretch> entries)
            throws MalformedMessageException {
        Map<Object, Stretch> last = new LinkedHashMap<>();
        WireReader each = new WireReader();
        MapEntry entry = new MapEntry();
        for (Stretch stretch : entries) {
            open(each, stretch);
            entry.read(map.below(), in.bytes, each.spanStart, each.spanEnd);
            last.put(entry.key.shown(), stretch);
        }
        return new ArrayList<>(last.values());
    }

    /** The content of messages behind each other, which is theirs merged. */
    private byte[] joined(List<Stretch> stretches) throws MalformedMessageException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        WireReader each = new WireReader();
        for (Stretch stretch : stretches) {
            open(each, stretch);
            joined.write(in.bytes, each.spanStart, each.spanEnd - each.spanStart);
        }
        return joined.toByteArray();
    }

    private void open(WireReader reader, Stretch message) throws MalformedMessageException {
        reader.open(in.bytes, message.from(), message.to());
        reader.tag();
        reader.span();
    }
}
