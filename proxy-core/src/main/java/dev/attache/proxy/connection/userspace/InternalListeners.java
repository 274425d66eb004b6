package dev.attache.proxy.connection.userspace;

import dev.attache.proxy.address.InternalAddress;

/** The internal listeners of a worker, as who dials them sees them. Loop-confined. */
@FunctionalInterface
public interface InternalListeners {

    /**
     * Gives a connection to the listener of that name, at once.
     *
     * @param accepted its far end, registered with this worker's loop
     * @param hops how many internal connections this one came through, itself included
     * @return whether there is such a listener; it may have closed {@code accepted} all the same
     */
    boolean accept(
            InternalAddress to, UserSpaceChannel accepted, Passthrough passthrough, int hops);
}
