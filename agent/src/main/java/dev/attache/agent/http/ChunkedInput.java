package dev.attache.agent.http;

import java.io.IOException;
import java.io.InputStream;

/** A body in chunks (RFC 9112 section 7.1); extensions and trailers are passed over. */
final class ChunkedInput extends BodyInput {

    private static final int MAX_LINE = 4096;

    private boolean begun;
    private boolean over;

    ChunkedInput(InputStream in) {
        super(in, 0);
    }

    @Override
    boolean over() throws IOException {
        if (!over && left == 0) {
            next();
        }
        return over;
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
