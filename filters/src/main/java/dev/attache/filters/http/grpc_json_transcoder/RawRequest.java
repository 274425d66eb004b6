package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.filters.http.grpc_json_transcoder.json.WireOut;
import dev.attache.filters.http.grpc_json_transcoder.path.Binding;
import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.pipeline.FilterContext;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body goes on as it is, in {@code google.api.HttpBody}: as one message, or of a
 * stream in several. Loop-confined; {@link #close} gives back what waits.
 */
final class RawRequest implements AutoCloseable {
    private static final int MOST_IN_A_MESSAGE = 1 << 20;
    private static final String UNKNOWN_TYPE =
            "type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3"
                    + ".UnknownQueryParams";

    private final Call call;

    /** What path and query say; goes with the first message. */
    private byte[] initial;

    private String contentType;
    private final byte[] unknown;
    private final KeptBody body;
    private boolean sent;

    RawRequest(
            Call call,
            byte[] initial,
            String contentType,
            List<Binding> unknown,
            FilterContext context) {
        this.call = call;
        this.initial = initial;
        this.contentType = contentType;
        this.unknown = unknown(unknown);
        this.body = new KeptBody(context.memory(), context.connection().worker().allocator());
    }

    /** {@code UnknownQueryParams} in an {@code Any}, or nothing. */
    private static byte[] unknown(List<Binding> parameters) {
        if (parameters.isEmpty()) {
            return new byte[0];
        }
        Map<String, WireOut> values = new LinkedHashMap<>();
        for (Binding each : parameters) {
            values.computeIfAbsent(String.join(".", each.field()), name -> new WireOut())
                    .field(1, each.value());
        }
        WireOut all = new WireOut();
        values.forEach((name, list) -> {
            WireOut entry = new WireOut();
            entry.field(1, name);
            entry.field(2, list.toBytes());
            all.field(1, entry.toBytes());
        });
        WireOut any = new WireOut();
        any.field(1, UNKNOWN_TYPE);
        any.field(2, all.toBytes());
        return any.toBytes();
    }

    long size() {
        return body.size();
    }

    void add(ByteBuf data) {
        body.add(data.retainedSlice());
    }

    /** What waits, in messages of a stream; nothing where that is nothing new. */
    byte[] stream() {
        byte[] all = take();
        WireOut frames = new WireOut();
        int at = 0;
        while (!sent || at < all.length) {
            int length = Math.min(MOST_IN_A_MESSAGE, all.length - at);
            message(frames, all, at, length);
            at += length;
        }
        return frames.toBytes();
    }

    /** What waits as a message; null where that is nothing new. */
    byte @Nullable [] whole() {
        if (sent && body.size() == 0) {
            return null;
        }
        byte[] all = take();
        WireOut frame = new WireOut();
        message(frame, all, 0, all.length);
        return frame.toBytes();
    }

    private byte[] take() {
        ByteBuf all = body.take();
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        all.release();
        return bytes;
    }

    private void message(WireOut frames, byte[] data, int from, int length) {
        WireOut envelope = new WireOut();
        if (!contentType.isEmpty()) {
            envelope.field(1, contentType);
        }
        if (unknown.length > 0) {
            envelope.field(3, unknown);
        }
        envelope.field(2, java.util.Arrays.copyOfRange(data, from, from + length));
        byte[] content = envelope.toBytes();
        List<FieldType> path = call.requestBody();
        for (int i = path.size() - 1; i >= 0; i--) {
            WireOut around = new WireOut();
            around.field(path.get(i).number(), content);
            content = around.toBytes();
        }
        WireOut message = new WireOut();
        message.raw(initial);
        message.raw(content);
        RequestMessages.frame(frames, message.toBytes());
        initial = new byte[0];
        contentType = "";
        sent = true;
    }

    @Override
    public void close() {
        body.release();
    }
}
