package dev.attache.agent.names.datagram;

import java.util.function.Consumer;

/** Takes datagrams. Called on the loop of the socket. */
@FunctionalInterface
public interface Receiver {

    /**
     * One has come.
     *
     * @param message its bytes, nobody else's
     * @param answer takes what goes back, at any later time, on the same loop
     */
    void received(byte[] message, Consumer<byte[]> answer);
}
