package dev.attache.proxy.upstream.pool;

import org.jspecify.annotations.Nullable;

/** First in, first out; removal from the middle in constant time. */
final class PendingQueue {

    private @Nullable PendingStream head;
    private @Nullable PendingStream tail;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(PendingStream stream) {
        stream.queued = true;
        stream.previous = tail;
        if (tail == null) {
            head = stream;
        } else {
            tail.next = stream;
        }
        tail = stream;
        size++;
    }

    @Nullable PendingStream peek() {
        return head;
    }

    @Nullable PendingStream poll() {
        PendingStream first = head;
        if (first != null) {
            remove(first);
        }
        return first;
    }

    void remove(PendingStream stream) {
        PendingStream before = stream.previous;
        PendingStream after = stream.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        stream.next = null;
        stream.previous = null;
        stream.queued = false;
        size--;
    }

    /** Takes everything; what is added from now on is not part of it. */
    PendingQueue takeAll() {
        PendingQueue all = new PendingQueue();
        all.head = head;
        all.tail = tail;
        all.size = size;
        head = null;
        tail = null;
        size = 0;
        return all;
    }

    /** By walking; only while a queue is being failed. */
    boolean contains(PendingStream stream) {
        for (PendingStream each = head; each != null; each = each.next) {
            if (each == stream) {
                return true;
            }
        }
        return false;
    }
}
