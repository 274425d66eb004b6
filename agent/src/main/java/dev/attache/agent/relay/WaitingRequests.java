package dev.attache.agent.relay;

import java.util.ArrayDeque;
import java.util.Queue;

/** Requests that the control plane does not take yet, and how much they are. Its stream's lock. */
final class WaitingRequests {

    /** How much waits at most, but for the one that is longer. */
    private static final int FULL_BYTES = 1 << 20;

    private final Queue<byte[]> requests = new ArrayDeque<>();
    private int bytes;

    void add(byte[] request) {
        requests.add(request);
        bytes += request.length;
    }

    /** The one that has waited longest. */
    byte[] remove() {
        byte[] request = requests.remove();
        bytes -= request.length;
        return request;
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    /** Whether the proxy is asked for no more. */
    boolean full() {
        return bytes >= FULL_BYTES;
    }

    void clear() {
        requests.clear();
        bytes = 0;
    }
}
