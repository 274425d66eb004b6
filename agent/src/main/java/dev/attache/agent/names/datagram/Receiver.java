package dev.attache.agent.names.datagram;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Takes datagrams. Called on the loop of the socket. */
@FunctionalInterface
public interface Receiver {

    /**
     * One has come.
     *
     * @param from who asks
     * @param message its bytes, nobody else's
     * @param answer takes what goes back, at any later time, on the same loop
     */
    void received(InetSocketAddress from, byte[] message, Consumer<byte[]> answer);
}
