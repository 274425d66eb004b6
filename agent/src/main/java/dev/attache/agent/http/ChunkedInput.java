package dev.attache.agent.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body in chunks (RFC 9112 section 7.1); extensions and trailers are passed over. */
final class ChunkedInput extends InputStream {

    private static final int MAX_LINE = 4096;

    private final InputStream in;
    private long left;
    private boolean begun;
    private boolean over;

    ChunkedInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (!over && left == 0) {
            next();
        }
        if (over) {
            return -1;
        }
        int read = in.read(into, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw new EOFException("unexpected EOF");
        }
        left -= read;
        return read;
    }

    private void next() throws IOException {
        int[] budget = {MAX_LINE};
        if (begun && !HttpReply.line(in, budget).isEmpty()) {
            throw new IOException("malformed chunked encoding");
        }
        begun = true;
        String line = HttpReply.line(in, budget);
        int semicolon = line.indexOf(';');
        String size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        try {
            left = Long.parseLong(size, 16);
        } catch (NumberFormatException e) {
            throw new IOException("invalid chunk length \"" + size + "\"", e);
        }
        if (left < 0) {
            throw new IOException("invalid chunk length \"" + size + "\"");
        }
        if (left == 0) {
            over = true;
            while (!HttpReply.line(in, budget).isEmpty()) {
                // A trailer: nobody here asks for it.
                continue;
            }
        }
    }
}
