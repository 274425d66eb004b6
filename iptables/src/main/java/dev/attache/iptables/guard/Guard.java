package dev.attache.iptables.guard;

import java.net.InetSocketAddress;

/**
 * Decides whether a connection may be served. Safe from every thread; a call costs a few hash
 * look-ups and never blocks.
 */
public interface Guard {
    /** Asked once per accepted connection, before anything is done with it. */
    Verdict accepted(Arrival arrival);

    /**
     * Told where the proxy is going to connect to, where it cannot know its own address before; the
     * same thread calls {@link #connecting} next, or {@link #notConnecting}.
     */
    void dialling(Verdict.Allow cause, InetSocketAddress target);

    /** Nothing came of what {@link #dialling} told. */
    void notConnecting(InetSocketAddress target);

    /**
     * Told of a connection the proxy opens, as soon as its local address is known: best after bind
     * and before connect, else right after connect.
     *
     * @param cause what {@link #accepted} allowed
     * @param local its own end
     * @param target its other end
     * @return a refusal if the target, or a connection that meanwhile arrived from {@code local},
     *     is the proxy itself; the caller then closes both
     */
    Verdict connecting(Verdict.Allow cause, InetSocketAddress local, InetSocketAddress target);

    /** Told when a connection that the proxy had opened is closed. */
    void closed(InetSocketAddress local, InetSocketAddress target);

    /** Told when an accepted connection is closed, so that its address may be used again. */
    void gone(InetSocketAddress client, InetSocketAddress target);

    /**
     * Told when the system did not let the proxy connect (EPERM): that is how the eBPF programs
     * refuse a loop, and what packet rules that reject look like.
     */
    Verdict.Refuse notPermitted(InetSocketAddress target);
}
