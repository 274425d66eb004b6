package dev.attache.agent.http;

import java.io.InputStream;

/** A body of a length that was announced. */
final class SizedInput extends BodyInput {

    SizedInput(InputStream in, long length) {
        super(in, length);
    }

    @Override
    boolean over() {
        return left <= 0;
    }
}
