package dev.attache.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of one message, in order: the only representation between codecs and filters.
 *
 * <p>Text lives in one byte array, positions in one int array; no object per header, no String for
 * a header that nobody asks for as a String. A codec copies the bytes in once, and the other side's
 * codec copies them out once. Strings in and out are ISO 8859-1, which keeps any octet as it is.
 *
 * <p>The file is longer than files here should be: reading, changing and a codec's access in place
 * all work on the same two arrays, and a second class between them would cost a call per field.
 *
 * <p>Names are lower case. What is added to a name that {@link MessagePart} calls one value joins
 * it; any other name keeps its fields apart. Owned by its stream, confined to its loop, and
 * reusable after {@link #clear()}. Index-based access is valid until the next change.
 */
public final class Headers {

    private static final int FIELDS = 5;
    private static final int ID = 0;
    private static final int NAME = 1;
    private static final int NAME_LENGTH = 2;
    private static final int VALUE = 3;
    private static final int VALUE_LENGTH = 4;

    /** A cleared object keeps no more text than this, whatever one large message needed. */
    private static final int KEPT_TEXT = 8192;

    private static final int KEPT_TABLE = 100 * FIELDS;

    /** Of the object and its arrays without their elements, in bytes. */
    private static final int OBJECTS = 160;

    private final MessagePart part;
    private byte[] text;
    private @Nullable NameSpelling spelling;

    /** A codec has put a field beside another that it joins. */
    private boolean repeated;

    private int textEnd;
    private int[] table;
    private int size;
    private int byteSize;

    /** By well-known id: how many fields of that name there are, saturating. */
    private final byte[] present = new byte[HeaderName.knownCount()];

    /** Fields of no message in particular, which stay as they are added. */
    public Headers() {
        this(MessagePart.NONE);
    }

    public Headers(MessagePart part) {
        this(part, 512, 24);
    }

    public Headers(MessagePart part, int textCapacity, int fieldCapacity) {
        this.part = part;
        this.text = new byte[textCapacity];
        this.table = new int[fieldCapacity * FIELDS];
    }

    /** A copy that shares nothing, and does not remember how a peer spelled the names. */
    public Headers copy() {
        Headers copy = new Headers(part, Math.max(64, textEnd), Math.max(4, size));
        copy.addAll(this);
        return copy;
    }

    // ---- reading --------------------------------------------------------------------------

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Sum of name and value lengths, what Envoy's {@code byteSize()} counts. */
    public int byteSize() {
        return byteSize;
    }

    public boolean contains(HeaderName name) {
        return indexOf(name) >= 0;
    }

    /** Index of the first field of that name, or -1. Constant time to say no to known names. */
    public int indexOf(HeaderName name) {
        return indexOf(name, 0);
    }

    /** Index of the first field of that name at or after {@code from}, or -1. */
    public int indexOf(HeaderName name, int from) {
        int id = name.id();
        if (id >= 0) {
            if (present[id] == 0) {
                return -1;
            }
            for (int i = from; i < size; i++) {
                if (table[i * FIELDS + ID] == id) {
                    return i;
                }
            }
            return -1;
        }
        byte[] wanted = name.bytes();
        for (int i = from; i < size; i++) {
            int at = i * FIELDS;
            if (table[at + ID] < 0
                    && name.matches(text, table[at + NAME], table[at + NAME_LENGTH])
                    && wanted.length == table[at + NAME_LENGTH]) {
                return i;
            }
        }
        return -1;
    }

    /** The first value, or null. */
    public @Nullable String get(HeaderName name) {
        int i = indexOf(name);
        return i < 0 ? null : value(i);
    }

    /** The first value, or {@code absent}. */
    public String getOr(HeaderName name, String absent) {
        int i = indexOf(name);
        return i < 0 ? absent : value(i);
    }

    /** All values joined with commas, as Envoy's header matchers see them; null when absent. */
    public @Nullable String getJoined(HeaderName name) {
        int first = indexOf(name);
        if (first < 0) {
            return null;
        }
        int next = indexOf(name, first + 1);
        if (next < 0) {
            return value(first);
        }
        StringBuilder joined = new StringBuilder(value(first));
        for (; next >= 0; next = indexOf(name, next + 1)) {
            joined.append(',').append(value(next));
        }
        return joined.toString();
    }

    public int count(HeaderName name) {
        int count = 0;
        for (int i = indexOf(name); i >= 0; i = indexOf(name, i + 1)) {
            count++;
        }
        return count;
    }

    /** The well-known name at {@code index}, or null. */
    public @Nullable HeaderName knownName(int index) {
        int id = table[index * FIELDS + ID];
        return id < 0 ? null : HeaderName.known(id);
    }

    @SuppressWarnings("deprecation") // The one String constructor that copies octets as they are.
    public String name(int index) {
        HeaderName known = knownName(index);
        int at = index * FIELDS;
        return known != null
                ? known.toString()
                : new String(text, 0, table[at + NAME], table[at + NAME_LENGTH]);
    }

    @SuppressWarnings("deprecation")
    public String value(int index) {
        int at = index * FIELDS;
        return new String(text, 0, table[at + VALUE], table[at + VALUE_LENGTH]);
    }

    public int nameLength(int index) {
        HeaderName known = knownName(index);
        return known != null ? known.bytes().length : table[index * FIELDS + NAME_LENGTH];
    }

    public int valueLength(int index) {
        return table[index * FIELDS + VALUE_LENGTH];
    }

    public byte valueByte(int index, int offset) {
        return text[table[index * FIELDS + VALUE] + offset];
    }

    public boolean valueEquals(int index, AsciiString expected) {
        int at = index * FIELDS;
        int length = table[at + VALUE_LENGTH];
        return expected.length() == length
                && Arrays.equals(
                        text,
                        table[at + VALUE],
                        table[at + VALUE] + length,
                        expected.array(),
                        expected.arrayOffset(),
                        expected.arrayOffset() + length);
    }

    /** ASCII case is ignored. */
    public boolean valueEqualsIgnoreCase(int index, String expected) {
        int at = index * FIELDS;
        int length = table[at + VALUE_LENGTH];
        if (expected.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            int a = text[table[at + VALUE] + i] & 0xff;
            int b = expected.charAt(i);
            if (a != b && lower(a) != lower(b)) {
                return false;
            }
        }
        return true;
    }

    public boolean is(HeaderName name, AsciiString value) {
        int i = indexOf(name);
        return i >= 0 && valueEquals(i, value);
    }

    /**
     * The array behind the text; read-only, valid until the next change. See {@link #valueStart}.
     */
    public byte[] text() {
        return text;
    }

    public int valueStart(int index) {
        return table[index * FIELDS + VALUE];
    }

    /** Copies the name at {@code index}; how many octets it has. */
    public int copyName(int index, byte[] to, int at) {
        HeaderName known = knownName(index);
        int field = index * FIELDS;
        byte[] from = known != null ? known.bytes() : text;
        int start = known != null ? 0 : table[field + NAME];
        int length = known != null ? from.length : table[field + NAME_LENGTH];
        System.arraycopy(from, start, to, at, length);
        return length;
    }

    /** Both as views for HPACK; the bytes are copied, so the result outlives changes. */
    public AsciiString nameAscii(int index) {
        HeaderName known = knownName(index);
        int at = index * FIELDS;
        return known != null
                ? known.ascii()
                : new AsciiString(text, table[at + NAME], table[at + NAME_LENGTH], true);
    }

    public AsciiString valueAscii(int index) {
        int at = index * FIELDS;
        return new AsciiString(text, table[at + VALUE], table[at + VALUE_LENGTH], true);
    }

    /** The value as a non-negative decimal, or -1 where absent or anything else. */
    public long getLong(HeaderName name) {
        int i = indexOf(name);
        if (i < 0) {
            return -1;
        }
        int at = i * FIELDS;
        int length = table[at + VALUE_LENGTH];
        if (length == 0 || length > 18) {
            return -1;
        }
        long value = 0;
        for (int k = 0; k < length; k++) {
            int digit = text[table[at + VALUE] + k] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** Bytes of heap that it takes, whatever of them is in use. */
    public int footprint() {
        int spelled = spelling == null ? 0 : textEnd;
        return OBJECTS + text.length + Integer.BYTES * table.length + spelled;
    }

    // ---- writing --------------------------------------------------------------------------

    public void clear() {
        size = 0;
        textEnd = 0;
        byteSize = 0;
        spelling = null;
        repeated = false;
        Arrays.fill(present, (byte) 0);
        if (text.length > KEPT_TEXT) {
            text = new byte[KEPT_TEXT / 8];
        }
        if (table.length > KEPT_TABLE) {
            table = new int[KEPT_TABLE / 4];
        }
    }

    // ---- for codecs: text received in place, fields as spans of it ---------------------------

    /**
     * Copies {@code length} octets to the end of the text without making a field of them; where
     * they begin. Fields over them follow with {@link #addSpan}.
     */
    public int receive(ByteBuf in, int length) {
        int start = reserve(length);
        in.readBytes(text, start, length);
        return start;
    }

    /** Octets of text that need no more memory. */
    public int room() {
        return text.length - textEnd;
    }

    /** End of the text in use. */
    public int textEnd() {
        return textEnd;
    }

    /** Gives back text at the end that turned out not to belong to this message. */
    public void truncateText(int end) {
        textEnd = end;
    }

    /**
     * Adds a field that lies in the text already; its name must be lower case. It stays apart from
     * others of its name until {@link #joinRepeated}.
     */
    public void addSpan(int name, int nameLength, int nameHash, int value, int valueLength) {
        HeaderName known = HeaderName.lookup(text, name, nameLength, nameHash);
        if (known != null) {
            addSpan(known, value, valueLength);
            return;
        }
        addUnknown(name, nameLength, value, valueLength);
    }

    private void addUnknown(int name, int nameLength, int value, int valueLength) {
        int at = field(-1);
        table[at + NAME] = name;
        table[at + NAME_LENGTH] = nameLength;
        table[at + VALUE] = value;
        table[at + VALUE_LENGTH] = valueLength;
        byteSize += nameLength + valueLength;
    }

    /** Adds a well-known field whose value lies in the text already; it stays apart, too. */
    public void addSpan(HeaderName name, int value, int valueLength) {
        int id = name.id();
        repeated |= id >= 0 && present[id] != 0 && part.joins(id);
        int at = newField(name);
        table[at + VALUE] = value;
        table[at + VALUE_LENGTH] = valueLength;
        byteSize += valueLength;
    }

    /**
     * Adds a field as it came, its name lower case; it stays apart from others of its name until
     * {@link #joinRepeated}.
     */
    public void addReceived(AsciiString name, AsciiString value) {
        byte[] bytes = name.array();
        int offset = name.arrayOffset();
        int length = name.length();
        HeaderName known =
                HeaderName.lookup(bytes, offset, length, HeaderName.hash(bytes, offset, length));
        int start = reserve(value.length());
        System.arraycopy(value.array(), value.arrayOffset(), text, start, value.length());
        if (known != null) {
            addSpan(known, start, value.length());
            return;
        }
        int nameStart = reserve(length);
        System.arraycopy(bytes, offset, text, nameStart, length);
        addUnknown(nameStart, length, start, value.length());
    }

    /**
     * A codec has added everything: fields of names that are one value become one, at the place of
     * the first. In one pass over all of them, so that many fields cost no more than few.
     */
    public void joinRepeated() {
        if (!repeated) {
            return;
        }
        repeated = false;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int id = table[i * FIELDS + ID];
            if (id >= 0 && present[id] > 1 && part.joins(id)) {
                int first = indexOf(HeaderName.known(id));
                if (first < kept) {
                    // Its value has gone to the first one.
                    byteSize -= HeaderName.known(id).bytes().length;
                    continue;
                }
                joinAt(i);
            }
            System.arraycopy(table, i * FIELDS, table, kept * FIELDS, FIELDS);
            kept++;
        }
        size = kept;
        recount();
    }

    /** Gathers the values of {@code index}'s name, from there on, in a new piece of text. */
    private void joinAt(int index) {
        int id = table[index * FIELDS + ID];
        int start = textEnd;
        int bytes = 0;
        for (int i = index; i < size; i++) {
            int at = i * FIELDS;
            if (table[at + ID] == id) {
                bytes += table[at + VALUE_LENGTH];
                join(start, table[at + VALUE], table[at + VALUE_LENGTH]);
            }
        }
        int at = index * FIELDS;
        table[at + VALUE] = start;
        table[at + VALUE_LENGTH] = textEnd - start;
        byteSize += textEnd - start - bytes;
    }

    /** Puts a value behind what the text holds from {@code start} on. */
    private void join(int start, int value, int length) {
        if (length == 0) {
            return;
        }
        if (textEnd > start) {
            int comma = reserve(1);
            text[comma] = ',';
        }
        int to = reserve(length);
        System.arraycopy(text, value, text, to, length);
    }

    private void recount() {
        Arrays.fill(present, (byte) 0);
        for (int i = 0; i < size; i++) {
            int id = table[i * FIELDS + ID];
            if (id >= 0 && present[id] != Byte.MAX_VALUE) {
                present[id]++;
            }
        }
    }

    /** Points the field at {@code index} to another value in the text. */
    public void setSpan(int index, int value, int valueLength) {
        replaceValue(index, value, valueLength);
    }

    /** Where the name of an unknown field begins in {@link #text()}; -1 for a well-known one. */
    public int nameStart(int index) {
        int at = index * FIELDS;
        return table[at + ID] >= 0 ? -1 : table[at + NAME];
    }

    /** How names were spelled by the peer, where the codec was told to remember it; else null. */
    public @Nullable NameSpelling spelling() {
        return spelling;
    }

    public void spelling(@Nullable NameSpelling remembered) {
        this.spelling = remembered;
    }

    /** Adds a field, or joins its value to the one that is there. */
    public void add(HeaderName name, String value) {
        int start = reserve(value.length());
        copyLatin1(value, start);
        put(name, start, value.length());
    }

    public void add(HeaderName name, AsciiString value) {
        add(name, value.array(), value.arrayOffset(), value.length());
    }

    public void add(HeaderName name, byte[] source, int offset, int length) {
        int start = reserve(length);
        System.arraycopy(source, offset, text, start, length);
        put(name, start, length);
    }

    /** Adds a field, or joins it, whose value lies at the end of the text. */
    private void put(HeaderName name, int value, int length) {
        int id = name.id();
        if (id >= 0 && present[id] != 0 && part.joins(id)) {
            int i = indexOf(name);
            if (i >= 0) {
                int start = textEnd;
                join(start, table[i * FIELDS + VALUE], table[i * FIELDS + VALUE_LENGTH]);
                join(start, value, length);
                replaceValue(i, start, textEnd - start);
                return;
            }
        }
        int at = newField(name);
        table[at + VALUE] = value;
        table[at + VALUE_LENGTH] = length;
        byteSize += length;
    }

    public void add(HeaderName name, long value) {
        int length = digits(value);
        put(name, textEnd - length, length);
    }

    /** Puts a number at the end of the text; how many characters it has. */
    private int digits(long value) {
        if (value < 0) {
            String text = Long.toString(value);
            copyLatin1(text, reserve(text.length()));
            return text.length();
        }
        int length = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            length++;
        }
        int start = reserve(length);
        long rest = value;
        for (int i = start + length - 1; i >= start; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return length;
    }

    /** Adds a field whose name bytes are lower case already; known names are recognised. */
    public void add(
            byte[] name, int nameOffset, int nameLength, byte[] value, int offset, int length) {
        HeaderName known =
                HeaderName.lookup(
                        name,
                        nameOffset,
                        nameLength,
                        HeaderName.hash(name, nameOffset, nameLength));
        if (known != null) {
            add(known, value, offset, length);
            return;
        }
        int start = reserve(nameLength + length);
        System.arraycopy(name, nameOffset, text, start, nameLength);
        System.arraycopy(value, offset, text, start + nameLength, length);
        addUnknown(start, nameLength, start + nameLength, length);
    }

    public void addAll(Headers other) {
        for (int i = 0; i < other.size; i++) {
            int at = i * FIELDS;
            HeaderName known = other.knownName(i);
            if (known != null) {
                add(known, other.text, other.table[at + VALUE], other.table[at + VALUE_LENGTH]);
            } else {
                add(
                        other.text,
                        other.table[at + NAME],
                        other.table[at + NAME_LENGTH],
                        other.text,
                        other.table[at + VALUE],
                        other.table[at + VALUE_LENGTH]);
            }
        }
    }

    /** Replaces every field of that name by one; an existing first field keeps its place. */
    public void set(HeaderName name, String value) {
        int i = indexOf(name);
        if (i < 0) {
            add(name, value);
            return;
        }
        removeFrom(name, i + 1);
        setValue(i, value);
    }

    public void set(HeaderName name, AsciiString value) {
        int i = indexOf(name);
        if (i < 0) {
            add(name, value);
            return;
        }
        removeFrom(name, i + 1);
        int start = reserve(value.length());
        System.arraycopy(value.array(), value.arrayOffset(), text, start, value.length());
        replaceValue(i, start, value.length());
    }

    public void set(HeaderName name, long value) {
        int i = indexOf(name);
        if (i < 0) {
            add(name, value);
            return;
        }
        removeFrom(name, i + 1);
        int length = digits(value);
        replaceValue(i, textEnd - length, length);
    }

    public void setIfAbsent(HeaderName name, String value) {
        if (!contains(name)) {
            add(name, value);
        }
    }

    /** Replaces the value of the field at {@code index}. */
    public void setValue(int index, String value) {
        int start = reserve(value.length());
        copyLatin1(value, start);
        replaceValue(index, start, value.length());
    }

    /**
     * Makes one field of every value of that name and {@code value}, {@code separator} between
     * them; adds it where there is none. What is appended last stays last, however many lines came.
     */
    public void appendJoined(HeaderName name, String value, String separator) {
        int i = indexOf(name);
        if (i < 0) {
            add(name, value);
            return;
        }
        StringBuilder joined = new StringBuilder(value(i));
        for (int next = indexOf(name, i + 1); next >= 0; next = indexOf(name, next + 1)) {
            joined.append(joined.isEmpty() ? "" : separator).append(value(next));
        }
        joined.append(joined.isEmpty() ? "" : separator).append(value);
        removeFrom(name, i + 1);
        setValue(i, joined.toString());
    }

    /** Removes every field of that name; how many there were. */
    public int remove(HeaderName name) {
        return removeFrom(name, 0);
    }

    public void removeAt(int index) {
        int at = index * FIELDS;
        int id = table[at + ID];
        if (id >= 0) {
            byteSize -= HeaderName.known(id).bytes().length;
            if (present[id] != Byte.MAX_VALUE) {
                present[id]--;
            }
        } else {
            byteSize -= table[at + NAME_LENGTH];
        }
        byteSize -= table[at + VALUE_LENGTH];
        System.arraycopy(table, at + FIELDS, table, at, (size - index - 1) * FIELDS);
        size--;
    }

    private int removeFrom(HeaderName name, int from) {
        int removed = 0;
        for (int i = indexOf(name, from); i >= 0; i = indexOf(name, i)) {
            removeAt(i);
            removed++;
        }
        return removed;
    }

    private void replaceValue(int index, int start, int length) {
        int at = index * FIELDS;
        byteSize += length - table[at + VALUE_LENGTH];
        table[at + VALUE] = start;
        table[at + VALUE_LENGTH] = length;
    }

    private int newField(HeaderName name) {
        int id = name.id();
        int at = field(id);
        byte[] bytes = name.bytes();
        byteSize += bytes.length;
        if (id < 0) {
            int start = reserve(bytes.length);
            System.arraycopy(bytes, 0, text, start, bytes.length);
            table[at + NAME] = start;
            table[at + NAME_LENGTH] = bytes.length;
        }
        return at;
    }

    private int field(int id) {
        int at = size * FIELDS;
        if (at == table.length) {
            table = Arrays.copyOf(table, table.length * 2);
        }
        size++;
        table[at + ID] = id;
        if (id >= 0 && present[id] != Byte.MAX_VALUE) {
            present[id]++;
        }
        return at;
    }

    private int reserve(int length) {
        int start = textEnd;
        if (start + length > text.length) {
            text = Arrays.copyOf(text, Math.max(text.length * 2, start + length));
        }
        textEnd = start + length;
        return start;
    }

    /**
     * One byte for each character; what is none becomes a question mark, rather than the byte that
     * is left of it, which may end the line.
     */
    private void copyLatin1(String value, int start) {
        byte[] to = text;
        for (int i = 0, length = value.length(); i < length; i++) {
            char c = value.charAt(i);
            to[start + i] = c > 0xff ? (byte) '?' : (byte) c;
        }
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    /** One field a line; for logs and tests. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < size; i++) {
            out.append(name(i)).append(": ").append(value(i)).append('\n');
        }
        return out.toString();
    }
}
