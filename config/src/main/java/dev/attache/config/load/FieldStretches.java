package dev.attache.config.load;

import dev.attache.api.FieldType;
import java.util.Arrays;

/**
 * The fields of one message as they were written, in the order of a text, to be brought into that
 * of their numbers, in which protobuf itself writes. Of a packed field the bare values are written;
 * they get tag and length here. Of a single value that is there twice the last one stays; messages
 * stay behind each other, which is how protobuf joins them.
 */
final class FieldStretches {
    private final WireBuffer out;
    private final int from;
    private FieldType[] fields;
    private int[] starts;
    private int count;
    private int last;
    private boolean ordered = true;

    /**
     * @param out what is written from now on is the message
     * @param expected how many fields there may be
     */
    FieldStretches(WireBuffer out, int expected) {
        this.out = out;
        this.from = out.size();
        this.fields = new FieldType[expected];
        this.starts = new int[expected];
    }

    /** What is written next is a value, or several, of the field. */
    void begin(FieldType field) {
        if (count == fields.length) {
            fields = Arrays.copyOf(fields, 2 * count + 4);
            starts = Arrays.copyOf(starts, 2 * count + 4);
        }
        int number = field.number();
        ordered &= number > last || number == last && field.isRepeated();
        ordered &= !field.isPacked();
        last = number;
        fields[count] = field;
        starts[count++] = out.size();
    }

    /** Whether a field was there before the one that was begun last. */
    boolean isAgain() {
        FieldType field = fields[count - 1];
        for (int i = 0; i < count - 1; i++) {
            if (fields[i] == field) {
                return true;
            }
        }
        return false;
    }

    /** All is written. */
    void end() {
        if (ordered) {
            return;
        }
        long[] order = new long[count];
        for (int i = 0; i < count; i++) {
            order[i] = (long) fields[i].number() << 32 | i;
        }
        Arrays.sort(order);
        WireBuffer sorted = new WireBuffer(out.size() - from + 16);
        for (int i = 0; i < count; ) {
            i = copy(order, i, sorted);
        }
        out.replaceFrom(from, sorted);
    }

    /** Copies one field with all its stretches, and returns where the next one is. */
    private int copy(long[] order, int first, WireBuffer sorted) {
        FieldType field = fields[(int) order[first]];
        int open = 0;
        int begin = sorted.size();
        if (field.isPacked()) {
            sorted.lengthTag(field);
            open = sorted.open();
        }
        boolean last = !field.isRepeated() && field.kind() != FieldType.Kind.MESSAGE;
        int next = first;
        while (next < count && fields[(int) order[next]] == field) {
            int each = (int) order[next++];
            int end = each + 1 == count ? out.size() : starts[each + 1];
            if (last && end > starts[each]) {
                sorted.cut(begin);
            }
            sorted.append(out, starts[each], end);
        }
        if (open > 0) {
            if (sorted.size() == open) {
                sorted.cut(begin);
            } else {
                sorted.close(open);
            }
        }
        return next;
    }
}
