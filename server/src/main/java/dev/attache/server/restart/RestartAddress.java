package dev.attache.server.restart;

import io.netty.channel.unix.DomainSocketAddress;

/**
 * Where a process of an epoch waits for the next one: {@code --socket-path}, a name of ours, ten
 * times {@code --base-id}, and the epoch modulo three, as Envoy's sockets are named. Envoy's own
 * are others: a parent of that kind is not met.
 */
record RestartAddress(String socketPath, long baseId, long epoch) {

    /** As Envoy: when the third starts, the first ends. */
    private static final int PROCESSES = 3;

    boolean isAbstract() {
        return socketPath.startsWith("@");
    }

    /** As lines of the log name it. */
    String text() {
        return socketPath + "_attache_" + (baseId * 10 + epoch % PROCESSES);
    }

    DomainSocketAddress address() {
        String text = text();
        return new DomainSocketAddress(isAbstract() ? "\0" + text.substring(1) : text);
    }

    RestartAddress before() {
        return new RestartAddress(socketPath, baseId, epoch - 1);
    }
}
