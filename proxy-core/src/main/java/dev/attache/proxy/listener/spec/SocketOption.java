package dev.attache.proxy.listener.spec;

/**
 * {@code core.v3.SocketOption}: a setsockopt(2) call in numbers. Immutable; treat the value as
 * such.
 *
 * @param value in host byte order; an int value is four bytes
 */
public record SocketOption(String description, int level, int name, byte[] value, State state) {

    /** When in a socket's life it is set. */
    public enum State {
        PREBIND,
        BOUND,
        LISTENING
    }
}
