package dev.attache.config.extension;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place of one shared value ({@link SharedState}): empty until somebody leases it, and again
 * after the last lease. Any thread; nothing of it belongs on the way of a request, which uses the
 * value that a lease holds.
 */
public final class SharedSlot<T> {

    /** A hold on the value, from {@link #lease} until closed. Any thread. */
    public static final class Lease<T> implements AutoCloseable {
        private final T value;
        private @Nullable SharedSlot<T> slot;

        private Lease(SharedSlot<T> slot, T value) {
            this.slot = slot;
            this.value = value;
        }

        public T value() {
            return value;
        }

        /** Gives the value back; a second time does nothing. */
        @Override
        public void close() {
            SharedSlot<T> held;
            synchronized (this) {
                held = slot;
                slot = null;
            }
            if (held != null) {
                held.release();
            }
        }
    }

    private final Class<T> type;
    private final Supplier<T> maker;
    private @Nullable T value;
    private int leases;

    SharedSlot(Class<T> type, Supplier<T> maker) {
        this.type = type;
        this.maker = maker;
    }

    /** Holds the value, made now if nobody holds it. What the maker throws is thrown on. */
    public synchronized Lease<T> lease() {
        T held = value;
        if (held == null) {
            held = maker.get();
            value = held;
        }
        leases++;
        return new Lease<>(this, held);
    }

    private void release() {
        T gone;
        synchronized (this) {
            if (--leases > 0) {
                return;
            }
            gone = value;
            value = null;
        }
        if (gone instanceof AutoCloseable closeable) {
            close(closeable);
        }
    }

    private static void close(AutoCloseable value) {
        try {
            value.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(value.getClass().getName() + " could not be closed", e);
        }
    }

    synchronized @Nullable T held() {
        return value;
    }

    @SuppressWarnings("unchecked") // checked by hand: a slot has the type that it was made for
    <U> SharedSlot<U> of(Class<U> wanted) {
        if (type != wanted) {
            throw new IllegalStateException(type + " is not " + wanted);
        }
        return (SharedSlot<U>) this;
    }
}
