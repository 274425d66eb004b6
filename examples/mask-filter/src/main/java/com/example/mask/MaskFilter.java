package com.example.mask;

import com.example.mask.MaskFilterFactory.Rules;
import dev.attache.filter.Chunk;
import dev.attache.filter.Counter;
import dev.attache.filter.Direction;
import dev.attache.filter.Headers;
import dev.attache.filter.Step;
import dev.attache.filter.StreamHandler;
import dev.attache.filter.StreamingContext;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * One response: a number may be cut anywhere, so the digits at the end of a piece are kept until
 * what follows tells what they are. Never more than {@value #MOST_DIGITS} bytes are kept.
 */
final class MaskFilter implements StreamHandler {
    private static final int MOST_DIGITS = 19;
    private static final int SHOWN = 4;

    private final Counter masked;
    private final Counter left;
    private final byte[] run = new byte[MOST_DIGITS];
    private Rules rules;
    private int length;
    private boolean tooLong;
    private boolean active;
    private int count;

    MaskFilter(Rules rules, Counter masked, Counter left) {
        this.rules = rules;
        this.masked = masked;
        this.left = left;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, StreamingContext stream) {
        Rules ofRoute = stream.override(Rules.class);
        rules = ofRoute == null ? rules : ofRoute;
        active = rules.enabled() && !end && isText(headers);
        if (active && !rules.countTrailer().isEmpty()) {
            headers.remove("content-length"); // trailers need a body in chunks
        }
        return Step.CONTINUE;
    }

    private static boolean isText(Headers headers) {
        String type = headers.get("content-type");
        return type != null
                && (type.startsWith("text/") || type.startsWith("application/json"))
                && !headers.contains("content-encoding");
    }

    @Override
    public Step onResponseData(Chunk chunk, boolean end, StreamingContext stream) {
        if (!active) {
            return Step.CONTINUE;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(chunk.size() + MOST_DIGITS);
        ByteBuffer bytes = chunk.view();
        while (bytes.hasRemaining()) {
            take(bytes.get(), out);
        }
        if (!end) {
            stream.inject(Direction.RESPONSE, out.toByteArray(), false);
            return Step.DONE;
        }
        finish(out);
        if (rules.countTrailer().isEmpty()) {
            stream.inject(Direction.RESPONSE, out.toByteArray(), true);
            return Step.DONE;
        }
        stream.inject(Direction.RESPONSE, out.toByteArray(), false);
        Headers trailers = stream.newHeaders();
        trailers.set(rules.countTrailer(), Integer.toString(count));
        stream.injectTrailers(Direction.RESPONSE, trailers);
        return Step.DONE;
    }

    /** The response ends with trailers of its own: what is kept goes before them. */
    @Override
    public Step onResponseTrailers(Headers trailers, StreamingContext stream) {
        if (active) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(MOST_DIGITS);
            finish(out);
            stream.inject(Direction.RESPONSE, out.toByteArray(), false);
            if (!rules.countTrailer().isEmpty()) {
                trailers.set(rules.countTrailer(), Integer.toString(count));
            }
        }
        return Step.CONTINUE;
    }

    private void take(byte octet, ByteArrayOutputStream out) {
        if (octet < '0' || octet > '9') {
            finish(out);
            out.write(octet);
        } else if (tooLong) {
            out.write(octet);
        } else if (length == MOST_DIGITS) {
            out.write(run, 0, length);
            out.write(octet);
            length = 0;
            tooLong = true;
        } else {
            run[length++] = octet;
        }
    }

    /** A run of digits has ended. */
    private void finish(ByteArrayOutputStream out) {
        if (length >= rules.leastDigits()) {
            for (int i = 0; i < length - SHOWN; i++) {
                run[i] = '*';
            }
            masked.increment();
            count++;
        } else if (tooLong) {
            left.increment();
        }
        out.write(run, 0, length);
        length = 0;
        tooLong = false;
    }
}
