package dev.attache.agent.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body that ends before its connection does: so many bytes at a time, and no more. */
abstract class BodyInput extends InputStream {

    /** The connection. */
    final InputStream in;

    /** Bytes that are known to come yet. */
    long left;

    BodyInput(InputStream in, long left) {
        this.in = in;
        this.left = left;
    }

    /** Whether the body has ended; sees to it that some are {@link #left} where it has not. */
    abstract boolean over() throws IOException;

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final int read(byte[] into, int offset, int length) throws IOException {
        if (over()) {
            return -1;
        }
        int read = in.read(into, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw new EOFException("unexpected EOF");
        }
        left -= read;
        return read;
    }
}
