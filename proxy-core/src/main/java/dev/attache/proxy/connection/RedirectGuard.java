package dev.attache.proxy.connection;

import dev.attache.proxy.address.Address;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the proxy's own traffic from coming back to it: asked about connections that interception
 * redirected to a listener, and told of those the proxy opens on their behalf. Connections that
 * nobody redirected never reach it and cost nothing. One per process, called by every worker; a
 * call costs a few look-ups and never blocks.
 */
public interface RedirectGuard {

    /** Serves everything. */
    RedirectGuard OFF = new Unguarded();

    /**
     * Leave to serve a redirected connection. Connections opened on its behalf carry it, too, so
     * that the guard knows where they come from.
     */
    interface Pass {}

    /**
     * Asked once per redirected connection, as soon as its original destination is known.
     *
     * @param connection accepted; its local address is the original destination
     * @param inbound whether a listener for inbound traffic took it; null where that is not said
     * @param mark the socket's packet mark, 0 if it has none
     * @return null to close it; otherwise {@link #gone} follows when it is closed
     */
    @Nullable Pass admit(ConnectionInfo connection, @Nullable Boolean inbound, int mark);

    /** An admitted connection is closed. */
    void gone(ConnectionInfo connection);

    /**
     * Told where the proxy is about to connect to; {@link #dialled} or {@link #notDialled} follows
     * on the same thread.
     */
    void dialling(Pass cause, Address target);

    /** connect(2) failed at once. */
    void notDialled(Address target);

    /**
     * Told of a connection the proxy opens, right after connect(2) has given it a local address.
     *
     * @return false if it came straight back: the caller gives it up; if true, {@link #closed}
     *     follows when it is closed
     */
    boolean dialled(Pass cause, Address local, Address target);

    /** A connection the proxy had opened is closed. */
    void closed(Address local, Address target);

    /**
     * The system did not permit a connection to {@code target}, which is how eBPF refuses loops.
     */
    void notPermitted(Address target);

    /** The guard that is none. */
    final class Unguarded implements RedirectGuard {
        private static final Pass PASS = new Pass() {};

        private Unguarded() {}

        @Override
        public Pass admit(ConnectionInfo connection, @Nullable Boolean inbound, int mark) {
            return PASS;
        }

        @Override
        public void gone(ConnectionInfo connection) {
            // Nothing is remembered.
        }

        @Override
        public void dialling(Pass cause, Address target) {
            // Nothing is remembered.
        }

        @Override
        public void notDialled(Address target) {
            // Nothing is remembered.
        }

        @Override
        public boolean dialled(Pass cause, Address local, Address target) {
            return true;
        }

        @Override
        public void closed(Address local, Address target) {
            // Nothing is remembered.
        }

        @Override
        public void notPermitted(Address target) {
            // Whoever dialled reports it.
        }
    }
}
