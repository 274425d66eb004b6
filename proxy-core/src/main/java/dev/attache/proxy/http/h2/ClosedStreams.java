package dev.attache.proxy.http.h2;

import io.netty.util.collection.IntObjectHashMap;

/**
 * Streams that were reset here a short while ago: what the peer sent before it knew is overlooked.
 * Remembers the last 256.
 */
final class ClosedStreams {

    private static final int KEPT = 256;

    private final IntObjectHashMap<Boolean> ids = new IntObjectHashMap<>();
    private int[] order = new int[0];
    private int next;

    void add(int id) {
        if (order.length == 0) {
            order = new int[KEPT];
        }
        if (ids.put(id, Boolean.TRUE) != null) {
            return;
        }
        int forgotten = order[next];
        if (forgotten != 0) {
            ids.remove(forgotten);
        }
        order[next] = id;
        next = (next + 1) % KEPT;
    }

    boolean contains(int id) {
        return ids.containsKey(id);
    }
}
