package dev.attache.proxy.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what it is told, and can answer at the end of a request. */
public class RecordingSink implements RequestSink {

    public final List<String> events = new ArrayList<>();
    public final StringBuilder body = new StringBuilder();
    public @Nullable Headers headers;
    public @Nullable Headers trailers;
    public boolean ended;
    public int dataCalls;
    public int waiting;
    public @Nullable Runnable onEnd;
    public @Nullable Runnable onHead;

    @Override
    public void informational(Headers interim) {
        events.add("informational " + interim.get(HeaderName.STATUS));
    }

    @Override
    public void headers(Headers head, boolean end) {
        events.add("headers" + (end ? " end" : ""));
        headers = head;
        if (onHead != null) {
            onHead.run();
        }
        ended(end);
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        dataCalls++;
        body.append(chunk.toString(StandardCharsets.ISO_8859_1));
        chunk.release();
        if (end) {
            events.add("data end");
        }
        ended(end);
    }

    @Override
    public void trailers(Headers fields) {
        events.add("trailers");
        trailers = fields;
        ended(true);
    }

    @Override
    public void reset(ResetReason why) {
        events.add("reset " + why);
    }

    @Override
    public void protocolError(int status, String details) {
        events.add("error " + status + " " + details);
    }

    @Override
    public void dispatchAborted() {
        events.add("aborted");
    }

    @Override
    public void bodyWaits(int octets) {
        waiting += octets;
    }

    @Override
    public void streamClosed() {
        events.add("closed");
    }

    private void ended(boolean end) {
        if (end) {
            ended = true;
            if (onEnd != null) {
                onEnd.run();
            }
        }
    }
}
