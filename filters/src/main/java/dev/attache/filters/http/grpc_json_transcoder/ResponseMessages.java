package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.filters.http.grpc_json_transcoder.TranscoderSettings.Delimiter;
import dev.attache.filters.http.grpc_json_transcoder.json.Unfit;
import dev.attache.proxy.http.grpc.GrpcFrames;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** JSON of the messages that a response brings. Loop-confined. */
final class ResponseMessages {
    private final TranscoderSettings settings;
    private final Call call;
    private final GrpcFrames frames;
    private boolean first = true;
    private boolean finished;

    /** Of what comes behind the only message. */
    private long ignored;

    private @Nullable String error;
    private String errorCode = "";

    ResponseMessages(TranscoderSettings settings, Call call, GrpcFrames frames) {
        this.settings = settings;
        this.call = call;
        this.frames = frames;
    }

    @Nullable String error() {
        return error;
    }

    /** As Envoy's details name it. */
    String errorCode() {
        return errorCode;
    }

    /** Bytes of what is not whole yet. */
    long kept() {
        return frames.kept() + ignored;
    }

    /** The octets of what has become whole. */
    String read(ByteBuf data) {
        StringBuilder out = new StringBuilder();
        while (error == null && !finished) {
            GrpcFrames.Frame frame = frames.next(data);
            int flags = frame != null ? frame.flags() : frames.flags();
            if (flags > 0 && (frame != null || frames.expected() >= 0)) {
                fail("INTERNAL", "Unsupported gRPC frame flag: " + flags);
            } else if (frame == null) {
                break;
            } else {
                print(frame.message(), out);
            }
        }
        ignored += finished ? data.readableBytes() : 0;
        data.skipBytes(data.readableBytes());
        return out.toString();
    }

    /** Nothing more comes: what ends a stream. */
    String finish() {
        if (error != null || finished) {
            return "";
        }
        if (frames.unfinished()) {
            fail(
                    "INTERNAL",
                    frames.expected() < 0
                            ? "Incomplete gRPC frame header received"
                            : "Incomplete gRPC frame expected size: "
                                    + frames.expected()
                                    + " actual size: "
                                    + frames.kept());
            return "";
        }
        if (!call.method().serverStreaming()) {
            return "";
        }
        finished = true;
        boolean list = settings.responses().delimiter() == Delimiter.LIST;
        return !list ? "" : first ? "[]" : "]";
    }

    private void fail(String code, String message) {
        errorCode = code;
        error = message;
    }

    private void print(byte[] message, StringBuilder out) {
        String json;
        try {
            json = settings.printer().print(call.method().output(), message);
        } catch (Unfit e) {
            fail(e.code(), e.text());
            return;
        }
        if (!call.method().serverStreaming()) {
            out.append(json);
            finished = true;
            return;
        }
        switch (settings.responses().delimiter()) {
            case LIST -> out.append(first ? '[' : ',').append(json);
            case NEWLINE -> out.append(json).append('\n');
            case SSE -> out.append("data: ").append(json).append("\n\n");
        }
        first = false;
    }
}
