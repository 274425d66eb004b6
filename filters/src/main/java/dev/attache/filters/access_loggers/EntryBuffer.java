package dev.attache.filters.access_loggers;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.stream.format.FormatContext;

/**
 * Entries that wait to be sent, written one behind another as they will stand in the message. Grows
 * as it needs: how much waits its owner decides. Loop-confined.
 */
public final class EntryBuffer {

    /** Of memory that is kept between batches. */
    private static final int KEPT = 64 * 1024;

    /** Writes the fields of one kind of entries. */
    @FunctionalInterface
    public interface Form {
        void write(MessageWriter out, FormatContext entry);
    }

    private final int field;
    private final MessageWriter written = new MessageWriter(4096);
    private int count;
    private long bytes;

    /**
     * @param field of an entry, in the message that holds them
     */
    public EntryBuffer(int field) {
        this.field = field;
    }

    /** Adds one. Where its form throws nothing of it stays. */
    public void add(Form form, FormatContext entry) {
        int before = written.size();
        int begun = written.begin(field);
        boolean whole = false;
        try {
            form.write(written, entry);
            bytes += written.end(begun);
            whole = true;
        } finally {
            if (!whole) {
                written.truncate(before);
            }
        }
        count++;
    }

    public int count() {
        return count;
    }

    /** Envoy's measure: of the entries alone. */
    public long bytes() {
        return bytes;
    }

    /** The fields that all of them are. */
    public MessageWriter written() {
        return written;
    }

    /** They were sent, or nobody wants them. */
    public void clear() {
        written.clear(KEPT);
        count = 0;
        bytes = 0;
    }
}
