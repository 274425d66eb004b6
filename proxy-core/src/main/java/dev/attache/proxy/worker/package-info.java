/**
 * What a room may know about its thread. One worker is one event loop and owns everything it
 * touches: its listening sockets, connections, pools, balancer cursors, timers and stat cells.
 *
 * <p>Nothing here is shared between workers; every method must be called on the worker's own loop
 * unless its documentation says otherwise.
 */
@NullMarked
package dev.attache.proxy.worker;

import org.jspecify.annotations.NullMarked;
