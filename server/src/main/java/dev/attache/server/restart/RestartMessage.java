package dev.attache.server.restart;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What two processes say to each other: four bytes with the length of the rest, a byte for the
 * kind, text in UTF-8. Descriptors follow {@link Kind#SOCKETS} as ancillary data of a byte each.
 * The form of {@link Kind#HELLO} and {@link Kind#REFUSED} stays for ever, so that those of other
 * versions can be refused in words.
 */
record RestartMessage(Kind kind, String text) {

    /** Of everything but the form of the first two messages. */
    static final int VERSION = 1;

    /** Bytes of the length. */
    static final int PREFIX = 4;

    /** Of a message; a hundred thousand statistics take a tenth of it. */
    static final int LONGEST = 64 << 20;

    /** In the order of their bytes. */
    enum Kind {
        /** From the child: version, epoch, pid. */
        HELLO,
        /** The parent's pid and the second of the first epoch's start. */
        WELCOME,
        /** Why the child may not take over; the connection closes. */
        REFUSED,
        /** The admin interface's address: it is closed, its sockets follow. */
        ADMIN,
        /** An address: the sockets of its listener follow. */
        LISTEN,
        /** How many descriptors follow. */
        SOCKETS,
        /** What has been counted since it was asked last. */
        STATS,
        /** The child serves: listening ends, clients are asked to leave. */
        DRAIN,
        /** The time is over. */
        TERMINATE,
        /** Done as asked. */
        DONE
    }

    /**
     * @throws IllegalArgumentException where there is no such kind
     */
    static RestartMessage of(int kind, String text) {
        if (kind < 0 || kind >= Kind.values().length) {
            throw new IllegalArgumentException("no message has the number " + kind);
        }
        return new RestartMessage(Kind.values()[kind], text);
    }

    /** As it is sent, length included. */
    ByteBuffer encoded() {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(PREFIX + 1 + bytes.length)
                .putInt(1 + bytes.length)
                .put((byte) kind.ordinal())
                .put(bytes)
                .flip();
    }
}
