package dev.attache.proxy.listener;

import dev.attache.proxy.address.Address;
import java.util.List;

/**
 * Listening sockets that the process before this one hands over, so that no connection is lost that
 * waits in one of their queues. Asked by the publishing thread.
 */
@FunctionalInterface
public interface InheritedSockets {

    /** There was none, or it has nothing to give. */
    InheritedSockets NONE = address -> List.of();

    /**
     * Descriptors of sockets that listen at {@code address}, which belong to the caller from now
     * on; empty where there are none.
     */
    List<Integer> at(Address address);
}
